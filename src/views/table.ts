import { padded, widthOf, wrapped } from "./terminal-text.ts";

/**
 * Rows as aligned columns, two blanks between them, indented by two. Every column but the last is as wide as its widest cell
 * (at most 32 columns); the last one is wrapped, below the others where they leave it less than half of the line. No rows give no lines.
 */
export function table(rows: readonly (readonly string[])[], columns: number): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, Math.min(32, widthOf(cell)));
    });
  }
  return rows.flatMap((row) => {
    const lead = row.slice(0, -1).map((cell, index) => padded(cell, widths[index] ?? 0)).join("  ");
    const first = row.length > 1 ? `  ${lead}  ` : "  ";
    const last = row.at(-1) ?? "";
    if (widthOf(first) + widthOf(last) > columns && widthOf(first) > columns / 2) return [...wrapped(lead, columns, "  ", "    "), ...wrapped(last, columns, "      ")];
    return wrapped(last, columns, first, " ".repeat(widthOf(first)));
  });
}
