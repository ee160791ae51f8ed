import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./project.ts";

/** A fenced block of a page. */
export interface CodeBlock {
  /** `docs/language.md:42` */
  readonly place: string;
  /** What stands behind the fence: `yaml`, `sh`, `ts`, `text`. */
  readonly language: string;
  readonly text: string;
}

/** The hand-written pages. */
export const PAGES: readonly string[] = ["README.md", ...globSync("docs/*.md", { cwd: PROJECT })].toSorted();

/** The text of a page. */
export function pageText(page: string): string {
  return readFileSync(join(PROJECT, page), "utf8");
}

/** Every fenced block of a page. */
export function blocksOf(page: string): readonly CodeBlock[] {
  const text = pageText(page);
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((found) => ({
    place: `${page}:${text.slice(0, found.index).split("\n").length}`,
    language: found[1] ?? "",
    text: found[2] ?? "",
  }));
}

/** Every fenced block of every page in one language. */
export function blocksIn(language: string): readonly CodeBlock[] {
  return PAGES.flatMap((page) => blocksOf(page)).filter((block) => block.language === language);
}
