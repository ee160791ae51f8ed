/** Escape sequences of terminals, control characters, and what is invisible or turns the direction of writing. */
const UNSAFE = /\u001B\[[0-?]*[ -/]*[@-~]|[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu;

/** A text as one line that cannot move the cursor of a terminal: texts of questions may hold what a target said. */
export function plainLine(text: string): string {
  return text.replace(/\r\n|[\r\n\t]/gu, " ").replace(UNSAFE, "\uFFFD");
}

/** A text as lines, each as {@link plainLine} makes it. */
export function plainLines(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n]/u).map(plainLine);
}
