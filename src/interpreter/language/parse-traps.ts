import type { Fault, FaultCode } from "./parse-fault.ts";

/** A value that YAML reads as something else, and that quotes would save. Offsets in the text. */
export interface Trap {
  readonly start: number;
  readonly end: number;
  /** The key whose value it is; "" for an item of a list. */
  readonly key: string;
  readonly fault: Fault;
}

/** Answers with the faults of a line that is read by itself, in its order. */
export type FaultsOfLine = (line: string) => readonly Fault[];

/** Longer lines are nobody's typing; looking for the values in them would cost a reading for each of their commas. */
const LINE_LIMIT = 2_000;

/** How many beginnings of a value are tried before a fault, from the nearest. */
const CANDIDATES = 12;

/** More values that need quotes than a line that somebody typed has. */
const TRAPS_IN_A_LINE = 20;

/** Faults that have a better cure than quotes. */
const OTHER_CURE: ReadonlySet<FaultCode> = new Set(["bad-escape", "block-header", "duplicate-key", "merge-key", "self-reference", "too-deep", "too-many-values", "alias-expansion", "several-documents", "unclosed-bracket", "unclosed-quote"]);

/** Values that are no text which lost its quotes: a list behind its key, a tag of YAML's own. */
const NO_TEXT = /^-\s/;
const TAG = /^(?:!!(?:str|int|float|bool|null|map|seq|set|omap|pairs|binary|timestamp|merge|value|yaml)(?:\s|$)|![A-Za-z][\w-]*\s)/;

/** Before a value: the beginning of an item, the colon behind a key, or what opens or parts a collection in brackets. */
const BEFORE_VALUE = /(?<=^|\s)-[ \t]+|:[ \t]+|[[{,][ \t]*/g;
/** A key, a bracket or a quote behind it, and no colon between them. */
const NO_COLON = /^(?:-[ \t]+)*([a-z][a-z0-9_-]*)[ \t]+(?:["'[]|\{(?!\{))/;
const KEY = /([A-Za-z_][\w.-]*)["']?:[ \t]+$/;
const NEXT_KEY = /,\s*["']?[A-Za-z_][\w.-]*["']?:(?:\s|$)/y;

/** The values on the line of an offset that need quotes, so that the line can be read; none where quotes do not help. */
export function findTraps(text: string, offset: number, faultsOf: FaultsOfLine): readonly Trap[] {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const nextLine = text.indexOf("\n", lineStart);
  const whole = text.slice(lineStart, nextLine === -1 ? text.length : nextLine).trimEnd();
  const margin = whole.length - whole.trimStart().length;
  if (whole.length > LINE_LIMIT || goesOn(whole, nextLine === -1 ? "" : text.slice(nextLine + 1, nextLine + 1 + LINE_LIMIT))) return [];
  let line = whole.slice(margin);
  if (NO_COLON.test(line)) return [];
  const traps: Trap[] = [];
  for (let [fault] = faultsOf(line); fault !== undefined; [fault] = faultsOf(line)) {
    const trap = traps.length < TRAPS_IN_A_LINE ? trapAround(line, fault, faultsOf) : undefined;
    if (trap === undefined) return [];
    traps.push({ ...trap, start: lineStart + margin + trap.start, end: lineStart + margin + trap.end });
    line = blankOut(line, trap.start, trap.end);
  }
  return traps;
}

/** The fault of a line whose key has a bracket or a quote behind it and no colon between them, whatever YAML made of it; undefined where that is not so. */
export function missingColon(text: string, offset: number): Fault | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const margin = /^[ \t]*/.exec(text.slice(lineStart, offset + 1))?.[0].length ?? 0;
  const name = NO_COLON.exec(text.slice(lineStart + margin, lineStart + margin + LINE_LIMIT))?.[1];
  if (name === undefined) return undefined;
  const start = lineStart + margin + text.slice(lineStart + margin).indexOf(name);
  return { code: "missing-colon", start, end: start + name.length, name };
}

/** True if what is behind a key is not all of its value: the next line is indented further, or is an item of its list. */
function goesOn(line: string, next: string): boolean {
  const column = /^(?:\s|-\s)*/.exec(line)?.[0].length ?? 0;
  const following = /^(?:[ \t]*(?:#.*)?\r?\n)*([ \t]*)(-\s)?\S/.exec(next);
  if (following === null || /[[{,]$/.test(line)) return false;
  const [, indent = "", item] = following;
  return indent.length > column || (item !== undefined && indent.length === column);
}

/** The smallest value around the first fault of a line without which the line is sound up to behind it. */
function trapAround(line: string, fault: Fault, faultsOf: FaultsOfLine): Trap | undefined {
  if (OTHER_CURE.has(fault.code)) return undefined;
  const starts = [...line.matchAll(BEFORE_VALUE)].map((match) => match.index + match[0].length).filter((start) => start <= fault.start);
  for (const start of starts.toReversed().slice(0, CANDIDATES)) {
    const end = endOfValue(line, start);
    if (fault.start <= end && TAG.test(line.slice(start, end))) return undefined;
    if (end <= start || fault.start > end || NO_TEXT.test(line.slice(start, end))) continue;
    const [next] = faultsOf(blankOut(line, start, end));
    if (next === undefined || next.start >= end) return { start, end, key: KEY.exec(line.slice(0, start))?.[1] ?? "", fault };
  }
  return undefined;
}

/** A text in which one part is replaced by letters that YAML reads as a plain value of the same length. */
export function blankOut(text: string, start: number, end: number): string {
  return text.slice(0, start) + "x".repeat(end - start) + text.slice(end);
}

/** Where a value ends as its author meant it: brackets and quotes hold together; a comma ends it only before the next key or item. */
function endOfValue(line: string, start: number): number {
  const around = bracketAround(line, start);
  let depth = 0;
  let i = start;
  for (; i < line.length; i += 1) {
    const unit = line[i] ?? "";
    if (unit === "#" && /\s/.test(line[i - 1] ?? "")) break;
    if (opensQuote(line, i)) i = closingQuote(line, i);
    else if ("([{".includes(unit)) depth += 1;
    else if (")]}".includes(unit)) {
      if (depth === 0 && around !== "") break;
      depth = Math.max(0, depth - 1);
    } else if (unit === "," && depth === 0 && endsHere(line, i, around)) break;
  }
  // A comma at the end parts the entries of a mapping over several lines.
  return start + line.slice(start, i).trimEnd().replace(/,$/, "").length;
}

function endsHere(line: string, comma: number, around: "" | "[" | "{"): boolean {
  if (around !== "{") return around === "[";
  NEXT_KEY.lastIndex = comma;
  return NEXT_KEY.test(line);
}

/** The bracket of a collection that is open at a place of a line; "" outside of one. */
function bracketAround(line: string, at: number): "" | "[" | "{" {
  const open: ("[" | "{")[] = [];
  for (let i = 0; i < at; i += 1) {
    const unit = line[i] ?? "";
    if (opensQuote(line, i)) i = closingQuote(line, i);
    else if (unit === "[" || unit === "{") open.push(unit);
    else if (unit === "]" || unit === "}") open.pop();
  }
  return open.at(-1) ?? "";
}

/** An apostrophe behind a letter is one (`don't`). */
function opensQuote(line: string, at: number): boolean {
  const unit = line[at];
  return unit === '"' || (unit === "'" && !/\w/.test(line[at - 1] ?? ""));
}

/** The place of the quote that closes the one at `at`; `at` itself where none does. */
function closingQuote(line: string, at: number): number {
  const quote = line[at] ?? "";
  for (let i = at + 1; i < line.length; i += 1) {
    if (quote === '"' && line[i] === "\\") i += 1;
    else if (line[i] === quote) return i;
  }
  return at;
}
