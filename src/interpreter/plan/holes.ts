import { emptyObject } from "../../core/json.ts";
import { hole } from "../../core/plan.ts";
import type { Path, Scope, Template } from "../../core/runbook.ts";
import type { Properties, Schema } from "../../core/schema.ts";
import { valueAtPath } from "../language/template-path.ts";
import { pathsOf } from "../language/template.ts";

/** Roots whose values only a run can tell. `inputs` is none: an absent optional input is absent. */
const STATIC_ROOTS: ReadonlySet<string> = new Set(["inputs", "vars", "targets"]);

/** The scope for a template at planning time: every path that only a run can fill holds a hole with that path's name. */
export function withHoles(template: Template, scope: Scope): Scope {
  const open = pathsOf(template).filter(({ path }) => !STATIC_ROOTS.has(path[0] ?? "") && valueAtPath(scope, path) === undefined);
  if (open.length === 0) return scope;
  const overlaid = Object.assign(emptyObject<unknown>(), scope);
  for (const { path } of open) setHole(overlaid, path);
  return overlaid;
}

function setHole(scope: Record<string, unknown>, path: Path): void {
  let at = scope;
  for (const segment of path.slice(0, -1)) {
    const inner = at[segment];
    const copy = Object.assign(emptyObject<unknown>(), typeof inner === "object" ? inner : {});
    at[segment] = copy;
    at = copy;
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = hole(path.join("."));
}

/** A hole where a value of this schema stands: a list holds one that stands for any number of items, a map one entry for any number of entries, an object one in every property. */
export function holeFor(name: string, schema: Schema): unknown {
  switch (schema.type) {
    case "list":
      return [holeFor(`${name}…`, schema.items)];
    case "object":
      return holesFor(name, schema.properties);
    case "map":
      return { [hole(`${name}…`)]: holeFor(`${name}…`, schema.values) };
    case "condition":
    case "reading":
      return { kind: "not-known", because: "only the run can tell" };
    default:
      return hole(name);
  }
}

function holesFor(name: string, properties: Properties): Readonly<Record<string, unknown>> {
  const object = emptyObject<unknown>();
  for (const [key, schema] of Object.entries(properties)) object[key] = holeFor(`${name}.${key}`, schema);
  return object;
}
