import stringWidth from "fast-string-width";

/** Whole escape sequences: CSI, OSC and other strings up to their end, and two-character ones. */
const ESCAPES = /[\u001B\u009B](?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)|(?<=\u009B)[0-?]*[ -/]*[@-~]|[ -/]*[0-~])?/gu;

/** C0, DEL, C1. */
const CONTROLS = /[\u0000-\u001F\u007F-\u009F]/gu;

/** What is invisible, turns the direction of writing or breaks a line: bidi marks, zero-width letters, fillers, tags, separators. The selector of emoji does no harm. */
const HIDDEN = /[[\p{Default_Ignorable_Code_Point}\u2028\u2029\uFFF9-\uFFFB]--[\uFE0F]]/gv;

/** More marks on one letter than any script needs: they would climb into the lines above. */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Most texts are; to ask the Unicode tables for the first time takes a tenth of the time that a small file is validated in. */
const HARMLESS = /^[ -~]*$/;

const REPLACEMENT = "\uFFFD";

/**
 * A foreign text as one line that is safe on a terminal: escape sequences are gone, line ends and tabs are blanks, any other
 * control character shows as its picture (`␇`), and what is invisible or turns the direction of writing shows as `�`.
 */
export function oneLine(text: string): string {
  return safe(text.replace(/\r\n|[\r\n\t\v\f\u0085\u2028\u2029]/gu, " "));
}

/** A foreign text as lines that are each safe on a terminal (see {@link oneLine}). Tabs become two blanks; the empty line after a last line end is dropped. */
export function safeLines(text: string): readonly string[] {
  const lines = text.replace(/(?:\r\n|[\r\n])$/u, "").split(/\r\n|[\r\n\u0085\u2028\u2029]/u);
  return lines.map((line) => safe(line.replaceAll("\t", "  ")));
}

function safe(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text
    .toWellFormed()
    .replace(ESCAPES, "")
    .replace(CONTROLS, (letter) => (letter <= "\u001F" ? String.fromCharCode(0x24_00 + letter.charCodeAt(0)) : letter === "\u007F" ? "\u2421" : REPLACEMENT))
    .replace(HIDDEN, REPLACEMENT)
    .replace(STACKED_MARKS, "$1");
}

/** Columns that a text fills on a terminal; colour sequences count nothing. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** A text without colours cut to a number of columns, with `…` where something was cut. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  if (columns <= 0) return "";
  return `${head(text, columns - 1).trimEnd()}…`;
}

/** A text filled with blanks up to a number of columns; a longer one is unchanged. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - widthOf(text)));
}

/** True for a word of a script that is written without blanks: it may be broken anywhere. */
function hasWideLetters(word: string): boolean {
  return /[\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF]/u.test(word);
}

/** As many whole letters from the beginning as fit. */
function head(text: string, columns: number): string {
  let taken = "";
  let used = 0;
  letters ??= new Intl.Segmenter();
  for (const { segment } of letters.segment(text)) {
    used += widthOf(segment);
    if (used > columns) break;
    taken += segment;
  }
  return taken;
}

/** Made when it is first needed: it takes as long to make as everything else that `validate` does before it reads the file. */
let letters: Intl.Segmenter | undefined;

/**
 * A safe line broken at blanks into lines of at most `columns`; what has no blank is broken inside. The first line begins with
 * `first`, each further one with `rest`. A text that fits keeps its blanks; an empty one gives one line, `first`.
 */
export function wrapped(text: string, columns: number, first = "", rest = first): readonly string[] {
  if (widthOf(first) + widthOf(text) <= columns) return [(first + text).trimEnd()];
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  const room = (): number => Math.max(8, columns) - widthOf(line);
  const turn = (): void => {
    lines.push(line.trimEnd());
    line = rest;
    isEmpty = true;
  };
  for (const word of text.split(/ +/u)) {
    if (word === "") continue;
    if (!isEmpty && widthOf(word) + 1 > room() && !(hasWideLetters(word) && room() > 4)) turn();
    if (!isEmpty) line += " ";
    let left = word;
    while (widthOf(left) > room()) {
      const piece = head(left, Math.max(1, room()));
      const taken = piece === "" ? left.slice(0, [...left][0]?.length ?? 1) : piece;
      line += taken;
      left = left.slice(taken.length);
      if (left !== "") turn();
    }
    line += left;
    if (left !== "") isEmpty = false;
  }
  if (!isEmpty || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}
