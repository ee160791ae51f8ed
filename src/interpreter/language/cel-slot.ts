import type { Path } from "../../core/runbook.ts";
import { nameHint } from "../../core/names.ts";
import type { Schema } from "../../core/schema.ts";
import { TYPE_NAMES, type CelFault } from "./cel-function.ts";
import type { CelRead } from "./cel-read.ts";
import { celTypeOf, celTypeWords } from "./cel-type.ts";
import type { TypeScope } from "./expression.ts";
import { elsewhere } from "./name-elsewhere.ts";

/** A value of the scope that an expression needs: it stands in the expression as one variable. */
export interface CelSlot {
  readonly path: Path;
  readonly kind: "value" | "presence";
  readonly schema: Schema;
}

/** What a name is: a value with a type; a name of CEL itself; or the reason why it is nothing. */
export type Resolved = { readonly slot: CelSlot } | { readonly own: true } | { readonly fault: CelFault };

/** Roots that only hold other names, and are no values themselves. */
const NAMESPACES: ReadonlySet<string> = new Set(["inputs", "vars", "targets", "steps", "run", "probes", "outputs", "failure"]);

/** Finds the type of a name that an expression reads. */
export function resolve(read: CelRead, scope: TypeScope): Resolved {
  const { path, kind } = read;
  const [root = ""] = path;
  if (path.length === 1 && kind === "value" && NAMESPACES.has(root) && scope.namesAt([]).includes(root)) {
    return { fault: { ...placeOfPart(read, 0), code: "not-a-value", message: `\`${root}\` is no value: name a part of it`, ...hint("", scope.namesAt(path)) } };
  }
  if (path.length === 1 && kind === "presence") return { fault: { ...placeOfPart(read, 0), code: "wrong-type", message: "`has` asks for a name with a dot", hint: "`has(outputs.name)`" } };
  const schema = scope.lookup(path);
  if (schema !== undefined) return { slot: { path, kind, schema: kind === "presence" ? { type: "boolean" } : schema } };
  if (path.length === 1 && TYPE_NAMES.has(root)) return { own: true };
  return { fault: unknown(read, scope) };
}

/** The first part of a path that does not exist, and what there is instead. */
function unknown(read: CelRead, scope: TypeScope): CelFault {
  const { path } = read;
  for (let length = 1; length <= path.length; length += 1) {
    const before = path.slice(0, length - 1);
    const name = path[length - 1] ?? "";
    const names = scope.namesAt(before);
    const place = placeOfPart(read, length - 1);
    if (names.includes(name)) continue;
    if (length === 1) return { ...place, code: "unknown-name", message: `there is no name \`${name}\``, ...whereIs(name, names) };
    const at = before.join(".");
    const schema = scope.lookup(before);
    if (names.length > 0 || schema === undefined || schema.type === "object") return { ...place, code: "unknown-name", message: `there is no \`${name}\` in \`${at}\``, ...hint(name, names) };
    if (schema.type === "map" || schema.type === "any") continue;
    if (schema.type === "list") return { ...place, code: "unknown-name", message: `\`${at}\` is a list and has no \`${name}\``, hint: `take an item, \`${at}[0].${name}\`, or ask all of them: \`${at}.all(x, x.${name} …)\`` };
    return { ...place, code: "unknown-name", message: `\`${at}\` is ${celTypeWords({ name: celTypeOf(schema), kind: "primitive" })} and has no parts` };
  }
  return { ...placeOfPart(read, path.length - 1), code: "not-a-value", message: `\`${path.join(".")}\` is no value: name a part of it`, ...hint("", scope.namesAt(path)) };
}

function whereIs(name: string, names: readonly string[]): { readonly hint?: string } {
  const other = elsewhere(name);
  return other === undefined ? hint(name, names) : { hint: other };
}

function placeOfPart(read: CelRead, index: number): { readonly start: number; readonly end: number } {
  const place = read.places[index];
  return place ?? { start: read.node.start, end: read.node.end };
}

function hint(name: string, names: readonly string[]): { readonly hint?: string } {
  const found = nameHint(name, names);
  return found === undefined ? {} : { hint: found };
}
