import type { Tone } from "./style.ts";
import { dayAndHourOf } from "../core/time.ts";
import type { Timeline } from "./timeline.ts";

/** A piece of a line. Its text is foreign as a rule: whoever writes the page makes it harmless there. */
export interface Piece {
  readonly text: string;
  /** `code`: as it stands, in a fixed width; `time`: day and hour, kept on one line. Default: running text. */
  readonly as?: "code" | "time";
  /** What it means; colour only repeats what the words say. */
  readonly tone?: Tone;
}

/** One line of a cell. */
export type Line = readonly Piece[];

/** A cell: no lines, one, or some, one below the other. */
export type Cell = readonly Line[];

/** A part of a page, of which both Markdown and HTML are made, so that both say the same. */
export type Block =
  | { readonly kind: "heading"; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: "paragraph"; readonly line: Line }
  /** Rows of a name and what there is to say of it. */
  | { readonly kind: "facts"; readonly caption: string; readonly rows: readonly (readonly [name: string, cell: Cell])[] }
  | { readonly kind: "table"; readonly caption: string; readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  /** Lines of a program, as they are. */
  | { readonly kind: "output"; readonly title: string; readonly text: string }
  /** Drawn where a page can hold a drawing; elsewhere the tables tell the same. */
  | { readonly kind: "timeline"; readonly timeline: Timeline };

/** A whole page. */
export interface Page {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A cell of one line of running text; an empty text gives an empty cell. */
export function textCell(text: string, tone?: Tone): Cell {
  return text === "" ? [] : [[piece(text, tone)]];
}

/** A cell of one line in a fixed width; an empty text gives an empty cell. */
export function codeCell(text: string): Cell {
  return text === "" ? [] : [[code(text)]];
}

/** A cell of an RFC 3339 time; "" gives an empty cell. */
export function timeCell(at: string): Cell {
  return at === "" ? [] : [[{ text: dayAndHourOf(at), as: "time" }]];
}

/** Running text. */
export function piece(text: string, tone?: Tone): Piece {
  return { text, ...(tone === undefined ? {} : { tone }) };
}

/** Text in a fixed width. */
export function code(text: string): Piece {
  return { text, as: "code" };
}

/** A heading with what stands under it; no blocks where nothing stands there. */
export function section(title: string, blocks: readonly Block[]): readonly Block[] {
  const filled = blocks.filter((block) => (block.kind !== "table" && block.kind !== "facts") || block.rows.length > 0);
  return filled.length === 0 ? [] : [{ kind: "heading", level: 2, text: title }, ...filled];
}
