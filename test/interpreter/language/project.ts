import { builtins } from "../../../src/builtins/index.ts";
import type { Registry } from "../../../src/core/builtin.ts";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { error, ok } from "../../../src/core/result.ts";
import { positionOf } from "../../../src/core/source.ts";
import type { Runbook } from "../../../src/core/runbook.ts";
import { loadRunbook, type Files, type Loaded } from "../../../src/interpreter/language/load.ts";

/** Files by their path below `/project`. */
export type Texts = Readonly<Record<string, string>>;

/** The way to texts that are kept in memory. */
export function filesOf(texts: Texts): Files {
  return {
    read: (path) => {
      const name = path.replace(/^\/project\//, "");
      const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
      return text === undefined ? error("there is no such file") : ok(text);
    },
  };
}

/** Loads `main.yml` of a project in memory. */
export function load(texts: Texts, registry: Registry = builtins): Loaded {
  return loadRunbook("/project/main.yml", "main.yml", { files: filesOf(texts), registry, projectFolder: "/project" });
}

/** The runbook of a project without faults. */
export function runbookOf(texts: Texts): Runbook {
  const { runbook, diagnostics } = load(texts);
  if (runbook === undefined) throw new Error(shown(diagnostics).join("\n"));
  return runbook;
}

/** Faults as `file:line:column code: message`. */
export function shown(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ span, code, message }) => {
    if (span === undefined) return `${code}: ${message}`;
    const { line, column } = positionOf(span.source, span.start);
    return `${span.source.name}:${line}:${column} ${code}: ${message}`;
  });
}

/** A runbook with one step that looks, and what else is given. */
export function withOneStep(head: string): string {
  return `runbook: 1\nname: main\ntitle: Main\n${head}steps:\n  - id: look\n    uses: cluster.quorum\n    target: local\n`;
}
