import { resolve, dirname } from "node:path";
import { errorAt, errorWithoutPlace, hasErrors, type Diagnostic } from "../core/diagnostic.ts";
import { sha256 } from "../core/digest.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Source } from "../core/source.ts";
import { readTree } from "../interpreter/language/load-file.ts";
import type { MapNode } from "../interpreter/language/node.ts";
import { nodeAtPath } from "../interpreter/language/node-path.ts";
import { valueOf } from "../interpreter/language/value-of.ts";
import { checkWorld } from "../simulator/check-world.ts";
import { startState, type PackageContent } from "../simulator/start-world.ts";
import { WORLD_SCHEMA, type WorldFile } from "../simulator/world-schema.ts";
import { World } from "../simulator/world.ts";
import { readFileFacts } from "../world/file-facts.ts";

/** A world file that says a world which can be. */
export interface SoundWorld {
  readonly file: WorldFile;
  readonly node: MapNode;
  readonly folder: string;
  /** SHA-256 of its text. */
  readonly digest: string;
}

/** What came of reading a world file. */
export interface ReadWorld {
  /** Undefined where it has errors. */
  readonly world: SoundWorld | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a world file: structure, types, and whether it contradicts itself. `path` is absolute. */
export function readWorld(path: string, source: Source): ReadWorld {
  const tree = readTree("world", source);
  if (tree.node === undefined || hasErrors(tree.diagnostics)) return { world: undefined, diagnostics: tree.diagnostics };
  const { node } = tree;
  const { value, diagnostics: misfits } = valueOf(node, WORLD_SCHEMA);
  if (value === undefined || hasErrors(misfits)) return { world: undefined, diagnostics: [...tree.diagnostics, ...misfits] };
  // The schema that the value was just converted by is the one that the type is made from.
  const file = value as unknown as WorldFile;
  const contradictions = checkWorld(file).map((fault) => errorAt((nodeAtPath(node, fault.path) ?? node).span, "contradiction", fault.message, fault.hint));
  const diagnostics = [...tree.diagnostics, ...misfits, ...contradictions];
  return { world: hasErrors(diagnostics) ? undefined : { file, node, folder: dirname(path), digest: sha256(source.text) }, diagnostics };
}

/** The world at its beginning. Faults are stand-ins of packages that cannot be read. */
export async function startedWorld({ file, node, folder }: SoundWorld): Promise<Result<World, readonly Diagnostic[]>> {
  const contents = new Map<string, PackageContent>();
  const faults: Diagnostic[] = [];
  for (const [index, { from }] of (file.packages ?? []).entries()) {
    const path = resolve(folder, from);
    const facts = await readFileFacts(path, new AbortController().signal).catch((fault: NodeJS.ErrnoException) => fault.code ?? fault.message);
    const span = nodeAtPath(node, ["packages", index, "from"])?.span;
    const message = typeof facts === "string" ? `the package's stand-in ${path} cannot be read (${facts})` : facts.folder ? `the package's stand-in ${path} is a folder` : undefined;
    if (message !== undefined) faults.push(span === undefined ? errorWithoutPlace("cannot-read", message) : errorAt(span, "cannot-read", message, "`from` is relative to the world file"));
    else if (typeof facts !== "string") contents.set(from, { sha256: facts.sha256, bytes: facts.bytes });
  }
  return faults.length > 0 ? error(faults) : ok(new World(startState(file, contents, Date.now())));
}
