import { errorAt } from "../../core/diagnostic.ts";
import { nearestName } from "../../core/names.ts";
import type { Runbook, Step } from "../../core/runbook.ts";
import type { FileContext } from "./lower-context.ts";
import { valueAt, type Node } from "./node.ts";

/** A step with the path that it has below its file: the ids of the calls and loops around it and its own (semantics.md, "Words"). */
function* pathsOf(steps: readonly Step[], prefix: string): Generator<readonly [path: string, step: Step]> {
  for (const step of steps) {
    yield [prefix + step.id, step];
    if (step.body.kind !== "block") continue;
    const inner = step.loop === undefined ? prefix : `${prefix}${step.id}/`;
    for (const list of [step.body.steps, step.body.rescue, step.body.always]) yield* pathsOf(list, inner);
  }
}

const paths = new WeakMap<readonly Step[], ReadonlyMap<string, Step>>();

/** The steps of a file by their paths, those of called files not included. Made once for a file. */
function pathsIn(steps: readonly Step[]): ReadonlyMap<string, Step> {
  const known = paths.get(steps);
  if (known !== undefined) return known;
  const made = new Map(pathsOf(steps, ""));
  paths.set(steps, made);
  return made;
}

/** A path without the items of its loops: `nodes[NODEA]/copy` → `nodes/copy`. */
function withoutItems(path: string): string {
  return path.replace(/\[[^\]]*\]/g, "");
}

type Resolved = { readonly kind: "found" } | { readonly kind: "missing"; readonly hint: string | undefined };

function resolve(segments: readonly string[], steps: readonly Step[], above: string): Resolved {
  const known = pathsIn(steps);
  for (let length = segments.length; length > 0; length -= 1) {
    const step = known.get(segments.slice(0, length).join("/"));
    if (step === undefined) continue;
    if (length === segments.length) return { kind: "found" };
    if (step.body.kind === "call") return resolve(segments.slice(length), stepsOf(step.body.runbook), `${above}${segments.slice(0, length).join("/")}/`);
  }
  const wanted = segments.join("/");
  const last = segments.at(-1) ?? "";
  const elsewhere = [...known.keys()].find((path) => path.endsWith(`/${last}`)) ?? (known.has(last) ? last : undefined) ?? insideCalls(known, last) ?? nearestName(wanted, known.keys());
  return { kind: "missing", hint: elsewhere === undefined ? "a path is the ids of the calls and loops around a step and its own: `update_b/install`" : `did you mean \`${above}${elsewhere}\`?` };
}

/** The path of a step of a called file that has this id. */
function insideCalls(known: ReadonlyMap<string, Step>, id: string): string | undefined {
  for (const [path, { body }] of known) if (body.kind === "call" && pathsIn(stepsOf(body.runbook)).has(id)) return `${path}/${id}`;
  return undefined;
}

const lists = new WeakMap<Runbook, readonly Step[]>();

/** All lists of a file in one; one list for a file, so that its paths are made once. */
function stepsOf(runbook: Runbook): readonly Step[] {
  const known = lists.get(runbook);
  if (known !== undefined) return known;
  const made = [...runbook.preconditions, ...runbook.steps, ...runbook.postconditions];
  lists.set(runbook, made);
  return made;
}

/** The paths under `down-only-during` lead to steps. One whose step is declared but could not be lowered has its own message already. */
export function checkPaths(probes: Node | undefined, steps: readonly Step[], context: FileContext): void {
  for (const { value: probe } of probes?.kind === "map" ? probes.entries : []) {
    const during = probe.kind === "map" ? valueAt(probe, "down-only-during") : undefined;
    for (const item of during?.kind === "list" ? during.items : []) {
      if (item.kind !== "scalar") continue;
      const segments = withoutItems(item.text).split("/");
      const found = resolve(segments, steps, "");
      const [first = ""] = segments;
      const isBroken = context.stepsById.has(first) && !pathsIn(steps).has(first) && ![...pathsIn(steps).keys()].some((path) => path.endsWith(`/${first}`));
      if (found.kind === "missing" && !isBroken) context.report(errorAt(item.span, "no-such-path", `no step has the path \`${item.text}\``, found.hint));
    }
  }
}
