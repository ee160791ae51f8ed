/** A text without its line ends: what a program has folded reads there as it was. */
export interface JoinedLines {
  readonly text: string;
  /** Where a letter of it stands in the text with line ends, in UTF-16 offsets. */
  place(at: number): number;
}

/** A text without its line ends; undefined where it has none. */
export function joinedLines(text: string): JoinedLines | undefined {
  const joined = withoutLineEnds(text);
  if (joined.length === text.length) return undefined;
  let places: readonly number[] | undefined;
  return { text: joined, place: (at) => (places ??= placesIn(text))[at] ?? text.length };
}

/** The same text on one line. */
export function withoutLineEnds(text: string): string {
  return text.replaceAll("\n", "").replaceAll("\r", "");
}

/** True for a letter that ends a line. */
export function isLineEnd(letter: string): boolean {
  return letter === "\n" || letter === "\r";
}

function placesIn(text: string): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < text.length; at += 1) if (!isLineEnd(text.charAt(at))) places.push(at);
  return places;
}
