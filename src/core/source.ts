/** A text with a name: what every position points into. */
export interface Source {
  /** The path as the user would write it, for `name:line:column`. */
  readonly name: string;
  readonly text: string;
}

/** A range of a source, in UTF-16 offsets: `start` inclusive, `end` exclusive; `start === end` is a point. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A place as people and editors count it, both from 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStarts = new WeakMap<Source, readonly number[]>();

/** The offset at which each line begins. Built once for a source, and only when a position is asked for. */
function lineStartsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = source.text.indexOf("\n"); at !== -1; at = source.text.indexOf("\n", at + 1)) starts.push(at + 1);
  lineStarts.set(source, starts);
  return starts;
}

/** Line and column of an offset; an offset past the end is the end. */
export function positionOf(source: Source, offset: number): Position {
  const starts = lineStartsOf(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The text of a line (from 1), without its line end. */
export function lineText(source: Source, line: number): string {
  const starts = lineStartsOf(source);
  const start = starts[line - 1];
  if (start === undefined) return "";
  return source.text.slice(start, (starts[line] ?? source.text.length + 1) - 1).replace(/\r$/, "");
}
