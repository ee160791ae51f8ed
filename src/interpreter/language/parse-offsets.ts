/** Text as it stands in a file, unit by unit: what is left of it after indentation, folding marks and escapes are taken out. */
interface RawText {
  text: string;
  readonly at: number[];
}

/** How a scalar is written. */
export type ScalarForm = "plain" | "single-quoted" | "double-quoted" | "literal" | "folded";

/**
 * The offset in the file of each unit of a scalar's text, and of its end. `source` is the file, `start` and `end` enclose the
 * scalar, quotes or block header included.
 */
export function offsetsOf(source: string, start: number, end: number, form: ScalarForm, text: string): readonly number[] {
  switch (form) {
    case "plain":
      return align(text, flowText(source, start, end, "none"), end);
    case "single-quoted":
      return align(text, flowText(source, start + 1, end - 1, "doubled-quotes"), end - 1);
    case "double-quoted":
      return align(text, flowText(source, start + 1, end - 1, "backslashes"), end - 1);
    case "literal":
    case "folded":
      return align(text, blockText(source, start, end), end);
  }
}

/**
 * Puts a text beside the raw text that it was decoded from: equal units belong together; a folded line end is a blank or
 * nothing. Where the two differ otherwise, a unit stands where the raw text has come to.
 */
function align(text: string, raw: RawText, end: number): readonly number[] {
  const offsets: number[] = [];
  let next = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text[index] ?? "";
    const isLineEnd = raw.text[next] === "\n";
    if (isLineEnd && unit === " ") while (raw.text[next + 1] === "\n") next += 1;
    else if (isLineEnd && unit !== "\n") while (raw.text[next] === "\n") next += 1;
    offsets.push(raw.at[next] ?? end);
    next += 1;
  }
  offsets.push(text === "" ? (raw.at[0] ?? end) : Math.min(raw.at[next] ?? end, end));
  return offsets;
}

/** The lengths of the escapes that name a character by its number. */
const NUMBERED: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A quoted or plain scalar: blanks around line ends are gone, escapes are one unit (two for a character beyond U+FFFF). */
function flowText(source: string, start: number, end: number, escapes: "none" | "doubled-quotes" | "backslashes"): RawText {
  const raw: RawText = { text: "", at: [] };
  const add = (unit: string, offset: number): void => {
    raw.text += unit;
    raw.at.push(offset);
  };
  let i = start;
  while (i < end) {
    const unit = source[i] ?? "";
    const lineEnd = /[ \t]*(?:\r?\n[ \t]*)/y;
    lineEnd.lastIndex = i;
    const folded = unit === " " || unit === "\t" || unit === "\r" || unit === "\n" ? lineEnd.exec(source) : null;
    if (folded !== null) {
      add("\n", i);
      i += folded[0].length;
    } else if (escapes === "doubled-quotes" && unit === "'") {
      add("'", i);
      i += 2;
    } else if (escapes === "backslashes" && unit === "\\") {
      i += addEscape(source, i, add);
    } else {
      add(unit, i);
      i += 1;
    }
  }
  return raw;
}

/** Adds what a backslash stands for; gives the length of the escape. A line end behind it joins the lines. */
function addEscape(source: string, at: number, add: (unit: string, offset: number) => void): number {
  const letter = source[at + 1] ?? "";
  const joined = /\\(?:\r?\n)[ \t]*/y;
  joined.lastIndex = at;
  const lineEnd = joined.exec(source);
  if (lineEnd !== null) return lineEnd[0].length;
  const length = 2 + (NUMBERED[letter] ?? 0);
  add("\uFFFF", at);
  if (letter === "U" && Number.parseInt(source.slice(at + 2, at + length), 16) > 0xff_ff) add("\uFFFF", at);
  return length;
}

/** A block scalar without its header and its indentation. */
function blockText(source: string, start: number, end: number): RawText {
  const raw: RawText = { text: "", at: [] };
  const header = source.indexOf("\n", start);
  if (header === -1 || header >= end) return raw;
  const indent = indentOf(source, start, header, end);
  let i = header + 1;
  while (i < end) {
    let lineEnd = source.indexOf("\n", i);
    if (lineEnd === -1 || lineEnd > end) lineEnd = end;
    const textEnd = source[lineEnd - 1] === "\r" && lineEnd > i ? lineEnd - 1 : lineEnd;
    for (let at = Math.min(i + indent, textEnd); at < textEnd; at += 1) {
      raw.text += source[at] ?? "";
      raw.at.push(at);
    }
    raw.text += "\n";
    raw.at.push(textEnd);
    i = lineEnd + 1;
  }
  return raw;
}

/** The indentation of a block scalar: that of its first line that is not blank, less what the header's digit leaves to the text. */
function indentOf(source: string, start: number, header: number, end: number): number {
  const firstLine = /[^\S\n]*(?=[^\s])/g;
  const said = /^[|>][-+]?([1-9])/.exec(source.slice(start, header));
  if (said !== null) {
    const lineStart = source.lastIndexOf("\n", start) + 1;
    const parent = /^(?:[ ]|-(?= ))*/.exec(source.slice(lineStart, start));
    return (parent?.[0].length ?? 0) + Number(said[1]);
  }
  firstLine.lastIndex = header + 1;
  const found = firstLine.exec(source);
  if (found === null || found.index >= end) return 0;
  return found.index + found[0].length - (source.lastIndexOf("\n", found.index + found[0].length - 1) + 1);
}
