/** The longest excerpt in a message, in UTF-16 units. */
const LONGEST = 80;

/** A foreign text as a message may quote it: one line, without control characters, cut with `…` after 80 characters; `(nothing)` for an empty one. */
export function excerpt(text: string): string {
  const start = text.trimStart().slice(0, LONGEST + 1);
  const line = start.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]+/g, " ").trimEnd();
  if (line.trim() === "") return "(nothing)";
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
