import type { CodeBlock } from "./blocks.ts";

/** A command of a page, with the lines that the page shows of its output. */
export interface ShownCommand {
  readonly line: string;
  readonly shown: readonly string[];
}

/** A line without what differs from run to run and from machine to machine: the name of `run`, lengths of time, hours, and how wide a table is. */
export function shapeOf(line: string, run?: string): string {
  return (run === undefined ? line : line.replaceAll(run, "RUN")).replaceAll(/\b\d[\d.]*(?:ms|s|m|h|d)(?:\d+(?:ms|s|m|h))*\b/g, "TIME").replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d|Z)/g, "HOUR").replaceAll(/\s+/g, " ").trim();
}

/** The commands of a page's blocks in their order. One that asks, or installs, is left out. */
export function commandsIn(blocks: readonly CodeBlock[]): readonly ShownCommand[] {
  const commands: { line: string; shown: string[] }[] = [];
  for (const { language, text } of blocks) {
    if (language === "sh") commands.push(...text.split("\n").filter((line) => line.startsWith("npx --no-install runbook ")).map((line) => ({ line, shown: [] })));
    else if (language === "text") commands.at(-1)?.shown.push(...text.split("\n").filter((line) => line.trim() !== ""));
  }
  return commands.filter(({ line }) => !line.includes("--pace"));
}
