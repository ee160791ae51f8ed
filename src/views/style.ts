/** How a page is set: for which width, and with which means. */
export interface Style {
  /** Columns that a line may fill; at least 20. */
  readonly columns: number;
  /** `ansi`: with colours (SGR sequences); `none`: text alone. */
  readonly colour: "ansi" | "none";
}

/** What a piece of text means; colour only repeats what the words say. */
export type Tone = "strong" | "quiet" | "good" | "bad" | "warn" | "name";

const SGR: Readonly<Record<Tone, readonly [open: number, close: number]>> = {
  strong: [1, 22],
  quiet: [2, 22],
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  name: [36, 39],
};

/** A text in a tone; unchanged where the style has no colours or the text is empty. */
export function paint(style: Style, tone: Tone, text: string): string {
  if (style.colour === "none" || text === "") return text;
  const [open, close] = SGR[tone];
  return `\u001B[${open}m${text}\u001B[${close}m`;
}

/** A plain page of 80 columns: what a pipe or a file gets. */
export const PLAIN: Style = { columns: 80, colour: "none" };
