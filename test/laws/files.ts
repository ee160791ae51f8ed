import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Every file below a folder of the project, as paths from the root with `/`. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .toSorted();
}

/** The text of a file of the project. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Every TypeScript file below a folder, but what is generated. */
export function codeBelow(folder: string): readonly string[] {
  return filesBelow(folder).filter((path) => path.endsWith(".ts") && !path.includes("/generated/"));
}

/** An import of a file: what it names and in which line. Type imports count. */
export interface Import {
  readonly file: string;
  readonly line: number;
  readonly from: string;
}

/** Every static and dynamic import with a literal name. */
export function importsOf(file: string): readonly Import[] {
  const text = textOf(file);
  const pattern = /(?:^|\n)\s*(?:import|export)\b[^;]*?(?<!")\bfrom\s*"([^"]+)"|(?:^|\n)\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/g;
  return [...text.matchAll(pattern)].map((found) => ({
    file, line: text.slice(0, found.index + found[0].length).split("\n").length, from: found[1] ?? found[2] ?? found[3] ?? "",
  }));
}

/** An imported name as a path from the root, where it is a file of the project. */
export function resolveImport({ file, from }: Import): string | undefined {
  return from.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), from)).replaceAll("\\", "/") : undefined;
}

/** What a command of the project prints. */
export function output(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd: ROOT, encoding: "utf8" });
}
