import { join, relative } from "node:path";
import { parseDocument, stringify, visit, type Document, type Node, type Pair } from "yaml";
import type { Registry } from "../../src/core/builtin.ts";
import type { Diagnostic } from "../../src/core/diagnostic.ts";
import type { Runbook } from "../../src/core/runbook.ts";
import { builtins } from "../../src/builtins/index.ts";
import { loadRunbook } from "../../src/interpreter/language/load.ts";
import { PROJECT } from "../docs/project.ts";
import { diskFiles } from "../runbooks/loaded.ts";
import { filesOfProcedure, treeOf, type Removal, type TreePath } from "./removals.ts";

/** The procedure without a part of it. */
export interface Reduced {
  /** Undefined where no sound file is left: then nobody could run it. */
  readonly runbook: Runbook | undefined;
  /** What had to go with the part, since it named it; `FILE PATH`. */
  readonly also: readonly string[];
  /** Why it cannot be loaded. */
  readonly fault: string;
}

const FLAGSHIP = join(PROJECT, "runbooks/ccr-rollup.yml");
/** So many parts may hang on one. */
const MOST_ROUNDS = 25;
/** What can be cut out of a file where it names something that is gone; the innermost that is around the place. */
const CUTTABLE: readonly ((path: TreePath) => boolean)[] = [
  (path) => typeof path.at(-1) === "number",
  (path) => ["if", "wait-until", "retry", "on-failure", "every", "because", "why", "expect", "always", "rescue", "after-rescue", "timeout"].includes(String(path.at(-1))),
  (path) => ["with", "outputs", "probes", "vars"].includes(String(path.at(-2))),
];

/** The flagship, loaded with one registry, and with its files as they are but for one part, and for what cannot be without it. */
export function loadWithout(removal: Removal | undefined, registry: Registry = builtins): Reduced {
  const trees = new Map<string, unknown>(filesOfProcedure().map((file) => [file, withoutTexts(file)]));
  const also: string[] = [];
  const cut = (file: string, path: TreePath): void => {
    deleteAt(trees.get(file), path);
  };
  if (removal !== undefined) cut(removal.file, removal.path);
  for (let round = 0; ; round += 1) {
    const texts = new Map([...trees].map(([file, tree]) => [join(PROJECT, file), stringify(tree, { aliasDuplicateObjects: false })] as const));
    const files = { read: (path: string) => { const text = texts.get(path); return text === undefined ? diskFiles.read(path) : { kind: "ok", value: text } as const; } };
    const loaded = loadRunbook(FLAGSHIP, relative(PROJECT, FLAGSHIP), { files, registry, projectFolder: PROJECT });
    if (loaded.runbook !== undefined) return { runbook: loaded.runbook, also, fault: "" };
    const first = loaded.diagnostics.find(({ severity }) => severity === "error");
    const place = first === undefined || round === MOST_ROUNDS ? undefined : placeOf(first);
    if (first === undefined || place === undefined) return { runbook: undefined, also, fault: first === undefined ? "" : `${first.code}: ${first.message}` };
    also.push(`${place.file} ${place.path.join(".")}`);
    cut(place.file, place.path);
  }
}

/** A file without its translations, which name every step. */
function withoutTexts(file: string): unknown {
  const { translations: _translations, ...tree } = treeOf(file);
  return tree;
}

/** The part around a fault that can go. A step that lacks something that it must have goes as a whole. */
function placeOf({ span }: Diagnostic): { readonly file: string; readonly path: TreePath } | undefined {
  if (span === undefined) return undefined;
  const path = pathAt(parseDocument(span.source.text), span.start);
  for (let length = path.length; length > 0; length -= 1) {
    const part = path.slice(0, length);
    if (CUTTABLE.some((fits) => fits(part))) return { file: relative(PROJECT, join(PROJECT, span.source.name)), path: part };
  }
  return undefined;
}

/** The innermost place of a document that holds an offset. */
function pathAt(document: Document, offset: number): TreePath {
  let best: TreePath = [];
  const holds = (node: unknown): boolean => {
    const range = (node as Node | null)?.range;
    return range !== undefined && range !== null && range[0] <= offset && offset <= range[1];
  };
  visit(document, {
    Pair: (_key, pair: Pair, ancestors) => {
      if (holds(pair.key) || holds(pair.value)) best = [...pathOf(ancestors, pair), keyOf(pair)];
    },
    Node: (key, node, ancestors) => {
      const parent = ancestors.at(-1);
      if (typeof key === "number" && parent !== undefined && "items" in parent && !("key" in parent) && holds(node)) best = [...pathOf(ancestors, node), key];
    },
  });
  return best;
}

function pathOf(ancestors: readonly unknown[], inner: unknown): TreePath {
  const chain = [...ancestors, inner];
  return chain.slice(0, -1).flatMap((node, index): TreePath => {
    const next = chain[index + 1];
    if (typeof node === "object" && node !== null && "key" in node && "value" in node) return [keyOf(node as Pair)];
    const items = typeof node === "object" && node !== null && "items" in node ? (node.items as readonly unknown[]) : [];
    const isSequence = items.length > 0 && !(typeof items[0] === "object" && items[0] !== null && "key" in items[0]);
    return isSequence && next !== inner ? [items.indexOf(next)] : [];
  });
}

function keyOf(pair: Pair): string {
  return String((pair.key as { readonly value?: unknown }).value);
}

/** Deletes an entry or an item; what is empty then goes too, but for lists of steps' own meaning. */
function deleteAt(tree: unknown, path: TreePath): void {
  const last = path.at(-1);
  const around = path.slice(0, -1);
  const parent = around.reduce<unknown>((value, key) => (value as Readonly<Record<string | number, unknown>> | undefined)?.[key], tree);
  if (Array.isArray(parent) && typeof last === "number") {
    parent.splice(last, 1);
    if (parent.length === 0 && around.at(-1) !== "down-only-during") deleteAt(tree, around);
  } else if (typeof parent === "object" && parent !== null && last !== undefined) {
    delete (parent as Record<string | number, unknown>)[last];
    if (last === "rescue") delete (parent as Record<string, unknown>)["after-rescue"];
    if (Object.keys(parent).length === 0 && around.length > 0) deleteAt(tree, around);
  }
}
