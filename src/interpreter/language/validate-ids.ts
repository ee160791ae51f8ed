import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import { positionOf } from "../../core/source.ts";
import { type MapNode, type Node, type ScalarNode, valueAt } from "./node.ts";

const LISTS = ["preconditions", "steps", "checks", "postconditions"];
const INNER_LAST_FIRST = ["rollback", "always", "rescue", "block"];

/** An id stands once in a file, in whichever list of steps; probes and invariants share one name space (language.md sections 5 and 8). */
export function validateIds(root: MapNode): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const steps = new Map<string, ScalarNode>();
  const pending: Node[] = LISTS.flatMap((list) => valueAt(root, list) ?? []).toReversed();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === "list") pending.push(...node.items.toReversed());
    if (node.kind !== "map") continue;
    claim(valueAt(node, "id"), steps, "step", diagnostics);
    for (const key of INNER_LAST_FIRST) {
      const inner = valueAt(node, key);
      if (inner !== undefined) pending.push(inner);
    }
  }
  const watched = new Map<string, ScalarNode>();
  const probes = valueAt(root, "probes");
  if (probes?.kind === "map") for (const { key } of probes.entries) watched.set(key.text, key);
  const invariants = valueAt(root, "invariants");
  if (invariants?.kind === "list") {
    for (const invariant of invariants.items) if (invariant.kind === "map") claim(valueAt(invariant, "id"), watched, "probe or invariant", diagnostics);
  }
  return diagnostics;
}

function claim(id: Node | undefined, taken: Map<string, ScalarNode>, what: string, diagnostics: Diagnostic[]): void {
  if (id?.kind !== "scalar" || id.text === "") return;
  const first = taken.get(id.text);
  if (first === undefined) taken.set(id.text, id);
  else {
    const { line } = positionOf(first.span.source, first.span.start);
    diagnostics.push(errorAt(id.span, "duplicate-id", `another ${what} is called \`${id.text}\`, on line ${line}`, "an id is unique in its file"));
  }
}
