import { resolve } from "node:path";
import { errorWithoutPlace, hasErrors, type Diagnostic } from "../core/diagnostic.ts";
import type { Registry } from "../core/builtin.ts";
import { loadInventory } from "../interpreter/language/inventory.ts";
import { readTree } from "../interpreter/language/load-file.ts";
import { loadRunbook } from "../interpreter/language/load.ts";
import { parse } from "../interpreter/language/parse.ts";
import { fileKindOf, type FileKind, unknownKind } from "../interpreter/language/validate.ts";
import { readTextFile } from "../world/files.ts";
import { displayPath, projectFolderOf } from "./find-file.ts";

/** What is said of one file. */
export interface ValidatedFile {
  /** As a person in the working folder would write it. */
  readonly file: string;
  /** Undefined where its first key says none. */
  readonly kind: FileKind | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether a file is legal, by the kind that its first key says; a runbook with all that it calls. Opens nothing but files. */
export async function validateFile(typed: string, workingFolder: string, registry: Registry): Promise<ValidatedFile> {
  const path = resolve(workingFolder, typed);
  const file = displayPath(path, workingFolder);
  const text = readTextFile(path);
  if (text.kind === "error") return { file, kind: undefined, diagnostics: [errorWithoutPlace("cannot-read", text.error)] };
  const source = { name: file, text: text.value };
  const { node, diagnostics } = parse(source);
  const kind = node === undefined ? undefined : fileKindOf(node);
  if (node === undefined) return { file, kind, diagnostics };
  switch (kind) {
    case "runbook": {
      const projectFolder = projectFolderOf(path);
      return { file, kind, diagnostics: loadRunbook(path, file, { files: { read: readTextFile }, registry, projectFolder }).diagnostics };
    }
    case "inventory":
      return { file, kind, diagnostics: loadInventory(path, file, { read: readTextFile }).diagnostics };
    case "world":
      return { file, kind, diagnostics: (await import("./world-file.ts")).readWorld(path, source).diagnostics };
    case "texts":
    case "config":
      return { file, kind, diagnostics: readTree(kind, source).diagnostics };
    case undefined:
      return { file, kind, diagnostics: hasErrors(diagnostics) ? diagnostics : [...diagnostics, ...unknownKind(node)] };
  }
}
