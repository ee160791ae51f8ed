/**
 * Values and texts as one line of a POSIX shell. The only place where text for a shell is made for a target that is reached by
 * ssh; tested against dash, bash and busybox.
 */

/** A value as one word on one line: quoted; a newline stands as the variable `rb_l`, which the agent has set. NUL cannot be said. */
export function shellWord(value: string): string {
  return `'${value.replaceAll("'", "'\\''").replaceAll("\n", `'"$rb_l"'`)}'`;
}

/** Any text, NUL included, as one word on one line for `printf %b`. */
export function printfWord(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\0", "\\0000");
  return `'${escaped.replaceAll("'", "'\\''")}'`;
}

/** A line that ends with one of these goes on in the next. */
const GOES_ON = /(?:\{|\(|\||&|\bdo|\bthen|\belse|\bin|;;)$/;

/** A program of the shell on one line: its lines joined as the grammar wants it. Lines that begin with `#` are left out. */
export function onOneLine(program: string): string {
  const lines = program.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line, index) => (index === lines.length - 1 ? line : GOES_ON.test(line) ? `${line} ` : `${line}; `)).join("");
}

/** Names that a shell keeps to itself, or that are ours. */
const NO_VARIABLE = /^(?:rb_.*|UID|EUID|PPID|BASHOPTS|SHELLOPTS|BASH_VERSINFO)$/;

/** True for a name that a shell can put into the environment of a program. */
export function isVariable(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !NO_VARIABLE.test(name);
}
