import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtins } from "../../../src/builtins/index.ts";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { error, ok } from "../../../src/core/result.ts";
import { positionOf } from "../../../src/core/source.ts";
import { loadRunbook } from "../../../src/interpreter/language/load.ts";

const CASES = join(import.meta.dirname, "../../cases/check");

const files = { read: (path: string) => (existsSync(path) ? ok(readFileSync(path, "utf8")) : error("there is no such file")) };

/** `file:line:column code: message`, and what to do about it on the next line. */
function shown({ span, code, message, hint }: Diagnostic): string {
  const at = span === undefined ? undefined : positionOf(span.source, span.start);
  const place = at === undefined ? "" : `${span?.source.name ?? ""}:${at.line}:${at.column} `;
  return `${place}${code}: ${message}\n${hint === undefined ? "" : `    ${hint}\n`}`;
}

const names = readdirSync(CASES).filter((name) => name.endsWith(".yml"));

test.each(names)("%s has exactly the faults that its .txt lists", async (name) => {
  const { diagnostics, runbook } = loadRunbook(join(CASES, name), name, { files, registry: builtins, projectFolder: CASES });
  const listed = diagnostics.map((diagnostic) => shown(diagnostic).replaceAll(CASES, "PROJECT")).join("");
  await expect(listed === "" ? "no faults\n" : listed).toMatchFileSnapshot(join(CASES, name.replace(/\.yml$/, ".txt")));
  expect(runbook === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
});
