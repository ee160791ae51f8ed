import { assertNever } from "../core/assert-never.ts";
import type { Block, Cell, Line, Page } from "./page-block.ts";
import { oneLine, safeLines } from "./terminal-text.ts";

/**
 * What means something inside a line to CommonMark 0.31, to GFM 0.29 and to the pages that show them (mentions, formulas): each is one punctuation
 * character, which stands for itself behind a backslash. What has a meaning only where a line begins is harmless: no foreign text begins one.
 */
const MEANINGFUL = /[\\`*[<|~&$#@{]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|(?<=\bwww)\.|:(?=\/\/)|(?<=\bmailto|\bxmpp):/giu;

/** A page as GitHub-flavoured Markdown. No text on it can make a heading, a row, a link or HTML. */
export function renderMarkdown({ title, blocks }: Page): string {
  return [`# ${words(title)}`, ...blocks.flatMap(blockLines)].map((part) => `${part}\n`).join("\n");
}

/** A block as parts with an empty line between them. */
function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case "heading":
      return [`${"#".repeat(block.level)} ${words(block.text)}`];
    case "paragraph":
      return [lineText(block.line, "page")];
    case "facts":
      return [`**${words(block.caption)}**`, rows(["", ""], block.rows.map(([name, cell]) => [words(name), cellText(cell)]))];
    case "table":
      return [`**${words(block.caption)}**`, rows(block.columns.map(words), block.rows.map((row) => row.map(cellText)))];
    case "output":
      return [`${words(block.title)}:`, fenced(block.text)];
    case "timeline":
      return [];
    default:
      return assertNever(block);
  }
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.map((cell) => (cell === "" ? " " : cell)).join(" | ")} |`).join("\n");
}

/** Where a line stands: in a table a bar ends the cell, even in a fixed width. */
type Place = "page" | "table";

function cellText(cell: Cell): string {
  return cell.map((line) => lineText(line, "table")).filter((line) => line !== "").join("; ");
}

function lineText(line: Line, place: Place): string {
  return line.map((piece) => (piece.as === "code" ? codeText(piece.text, place) : words(piece.text))).join("");
}

/** A foreign text in a line. */
function words(text: string): string {
  return oneLine(text).replace(MEANINGFUL, "\\$&");
}

/** A foreign text in a fixed width: between more backticks than it holds. */
function codeText(text: string, place: Place): string {
  const shown = oneLine(text).trim();
  if (shown === "") return "";
  const fence = fenceOf([shown], 1);
  const padding = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${fence}${padding}${place === "table" ? shown.replaceAll("|", "\\|") : shown}${padding}${fence}`;
}

function fenced(text: string): string {
  const lines = safeLines(text);
  const fence = fenceOf(lines, 3);
  return [`${fence}text`, ...lines, fence].join("\n");
}

/** More backticks than stand anywhere in a row in the lines, and no fewer than `atLeast`. */
function fenceOf(lines: readonly string[], atLeast: number): string {
  const longest = Math.max(0, ...lines.flatMap((line) => [...line.matchAll(/`+/gu)].map(([run]) => run.length)));
  return "`".repeat(Math.max(atLeast, longest + 1));
}
