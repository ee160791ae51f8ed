import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import { positionOf, type Source, type Span } from "../../core/source.ts";
import type { Node } from "./node.ts";
import { isLeftBehind, setAside, spreads } from "./parse-aside.ts";
import { breaksTree, type Fault, type FaultCode } from "./parse-fault.ts";
import { readSimple } from "./parse-simple.ts";
import { buildTree, isEmptyDocument } from "./parse-tree.ts";
import { diagnosticOfTrap } from "./parse-trap-words.ts";
import { blankOut, findTraps, missingColon, type Trap } from "./parse-traps.ts";
import { diagnosticOf } from "./parse-words.ts";
import { readYaml } from "./parse-yaml.ts";

/** Longest text that is read, in UTF-16 units. */
const LENGTH_LIMIT = 10_000_000;

/** How often a text is read again after values that need quotes were set aside: enough for traps that hide each other. */
const ROUNDS = 6;

/** Texts longer than this are read once: looking for traps costs a reading each. */
const TRAPS_UP_TO = 1_000_000;

/** How many letters of single lines are read, all told, in the search for traps. */
const LINES_UP_TO = 2_000_000;

/** What a text came to. */
export interface ParseResult {
  /** Undefined where the text is so broken that later phases would only find echoes. A value that needs quotes stands in the tree as it was meant. */
  readonly node: Node | undefined;
  /** In the order of the text, one for each fault; empty for a sound one. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a text as YAML 1.2, one document, into a tree in which every scalar is still text (language.md section 1). */
export function parse(source: Source): ParseResult {
  const refused = refusal(source);
  if (refused !== undefined) return { node: undefined, diagnostics: [refused] };
  const node = readSimple(source);
  return node === undefined ? parseWithLibrary(source) : { node, diagnostics: [] };
}

/** The same with the YAML library, which reads all of YAML, and with which every fault is told; for a text that is not refused. */
export function parseWithLibrary(source: Source): ParseResult {
  const traps: Trap[] = [];
  const kept: Fault[] = [];
  let reading = read(source, source.text, traps);
  const tabs = reading.faults.filter(({ code }) => code === "tab-indentation");
  for (let round = 0; round < ROUNDS && reading.faults.length > 0 && source.text.length <= TRAPS_UP_TO; round += 1) {
    const found = trapsIn(reading.text, reading.faults);
    for (const trap of found.traps) if (!traps.some(({ start }) => start === trap.start)) traps.push(trap);
    const text = found.traps.reduce((before, trap) => blankOut(before, trap.start, trap.end), reading.text);
    const aside = found.first === undefined ? undefined : setAside(text, reading.faults, found.first);
    if (aside !== undefined) kept.push(...(aside.fault.code === "tab-indentation" ? tabs : [aside.fault]));
    else if (found.traps.length === 0) break;
    reading = read(source, aside?.text ?? text, traps);
    if (kept.length > 0) reading = { ...reading, faults: reading.faults.filter((fault) => !isLeftBehind(fault)) };
  }
  // Where all rounds went by, nobody can tell the rest from echoes; in a large file the first says enough.
  const first = reading.faults.find(spreads);
  kept.push(...reading.faults.filter((fault) => !spreads(fault) || (fault === first && kept.length === 0)));
  const told = withoutEchoes(kept.toSorted((a, b) => a.start - b.start), source).filter((fault) => !traps.some(({ start, end }) => fault.start >= start && fault.start < end));
  const diagnostics = [...traps.map((trap) => diagnosticOfTrap(trap, source)), ...told.map((fault) => diagnosticOf(fault, source))];
  diagnostics.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  if (reading.node === undefined && diagnostics.length === 0) return { node: undefined, diagnostics: [empty(source)] };
  return { node: kept.some(breaksTree) ? undefined : reading.node, diagnostics };
}

interface Reading {
  readonly text: string;
  readonly node: Node | undefined;
  readonly faults: readonly Fault[];
}

/** `text` is the source's, with the traps found so far blanked out: offsets are the same. */
function read(source: Source, text: string, traps: readonly Trap[]): Reading {
  const { document, faults } = readYaml(text);
  if (document === undefined || isEmptyDocument(document)) return { text, node: undefined, faults };
  const tree = buildTree(document, source, new Map(traps.map((trap) => [trap.start, trap.end])));
  return { text, node: tree.node, faults: [...faults, ...tree.faults].toSorted((a, b) => a.start - b.start) };
}

/** The traps of every line with a fault, up to the first fault that others may follow from. */
function trapsIn(text: string, faults: readonly Fault[]): { readonly traps: readonly Trap[]; readonly first: Fault | undefined } {
  const traps: Trap[] = [];
  let behind = -1;
  let left = LINES_UP_TO;
  for (const [index, fault] of faults.entries()) {
    if (fault.start < behind) continue;
    const lineEnd = text.indexOf("\n", fault.start);
    behind = lineEnd === -1 ? text.length : lineEnd;
    const codes = new Set<FaultCode>();
    for (let i = index; (faults[i]?.start ?? behind) < behind; i += 1) codes.add(faults[i]?.code ?? fault.code);
    const found = findTraps(text, fault.start, (line) => {
      left -= line.length;
      return left < 0 ? [{ ...fault, start: 0, end: 0 }] : faultsAlone(line, codes);
    });
    traps.push(...found);
    if (found.length === 0 && (spreads(fault) || missingColon(text, fault.start) !== undefined)) return { traps, first: fault };
  }
  return { traps, first: undefined };
}

/** The faults of a line by itself; an anchor may have its references, and a reference its anchor, in another line. */
function faultsAlone(line: string, codes: ReadonlySet<FaultCode>): readonly Fault[] {
  const { faults } = read({ name: "", text: line }, line, []);
  return faults.filter(({ code }) => (code !== "unknown-anchor" && code !== "unused-anchor") || codes.has(code));
}

/** One fault a line, and of those that stand outside of everything only the first, unless another came before: the rest follows from it. */
function withoutEchoes(faults: readonly Fault[], source: Source): readonly Fault[] {
  const kept: Fault[] = [];
  const lines = new Set<number>();
  for (const fault of faults) {
    const { line } = positionOf(source, fault.start);
    if (lines.has(line) || (fault.code === "stray" && kept.some(breaksTree))) continue;
    lines.add(line);
    kept.push(fault);
  }
  return kept;
}

/** What makes a text unfit for any reading. */
function refusal(source: Source): Diagnostic | undefined {
  const { text } = source;
  const start = { source, start: 0, end: 0 };
  if (text.length > LENGTH_LIMIT) return errorAt(start, "too-large", "the file is larger than 10 MB", "split it: a part can be called as a file of its own");
  const foreign = text.search(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFD]|\r(?!\n)/);
  if (foreign !== -1) return foreignAt({ source, start: foreign, end: foreign + 1 }, text);
  return /^\uFEFF?\s*$/.test(text) ? empty(source) : undefined;
}

/** What to say of a character that no file may hold. */
function foreignAt(span: Span, text: string): Diagnostic {
  const unit = text[span.start] ?? "";
  if (unit === "\r") return errorAt(span, "not-text", "a line ends with a carriage return alone", "save the file with line ends of LF or CRLF");
  if (unit === "\uFFFD") return errorAt(span, "not-text", "this is not a text in UTF-8", "save the file as UTF-8");
  if (unit === "\0" && (text[span.start + 2] === "\0" || span.start === 0)) return errorAt(span, "not-text", "this is not a text in UTF-8, it looks like UTF-16", "save the file as UTF-8");
  const code = unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return errorAt(span, "not-text", `a control character (U+${code}) cannot stand in a file`, "leave it out");
}

function empty(source: Source): Diagnostic {
  return errorAt({ source, start: 0, end: 0 }, "empty-file", "the file is empty", "a runbook begins with `runbook: 1`");
}
