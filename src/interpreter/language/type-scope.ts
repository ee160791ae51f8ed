import type { Path } from "../../core/runbook.ts";
import type { Properties, Schema } from "../../core/schema.ts";
import type { TypeScope } from "./expression.ts";

/** A root of a scope: its type, or a root whose members are found one by one, because listing them all for each reader would cost the file's length each time. */
export type Root = { readonly kind: "type"; readonly schema: Schema } | { readonly kind: "members"; readonly members: Members };

/** The members of a root that has very many: `steps`. */
export interface Members {
  /** The type of a member; undefined where there is none of this name. */
  of(name: string): Schema | undefined;
  /** Names to offer where one was not found: those that stand near `reader`, if there are very many. */
  names(reader: string | undefined): readonly string[];
  /** All of them as one type. */
  all(): Schema;
}

/** The names in reach at a place, by root. */
export type Roots = ReadonlyMap<string, Root>;

/** A root with a plain type. */
export function typed(schema: Schema): Root {
  return { kind: "type", schema };
}

/** A record type. */
export function record(properties: Properties): Schema {
  return { type: "object", properties };
}

const INDEX = /^\d+$/;

/** The type of a part of a value: a property, an entry of a map, an item (by a number); undefined where there is no such part. */
export function memberOf(schema: Schema, segment: string): Schema | undefined {
  switch (schema.type) {
    case "object":
      return Object.hasOwn(schema.properties, segment) ? schema.properties[segment] : undefined;
    case "map":
      return { ...schema.values, required: false };
    case "list":
      return INDEX.test(segment) ? schema.items : undefined;
    case "any":
      return schema;
    default:
      return undefined;
  }
}

/** The types of what is in reach, as the compiler of expressions asks for them. `reader` is the step that reads, if one does. */
export function makeTypeScope(roots: Roots, reader?: string): TypeScope {
  const lookup = (path: Path): Schema | undefined => {
    const [name, ...rest] = path;
    const root = name === undefined ? undefined : roots.get(name);
    if (root === undefined) return undefined;
    let schema: Schema | undefined;
    let inner: readonly string[] = rest;
    if (root.kind === "type") schema = root.schema;
    else if (rest[0] === undefined) schema = root.members.all();
    else [schema, inner] = [root.members.of(rest[0]), rest.slice(1)];
    for (const segment of inner) schema = schema === undefined ? undefined : memberOf(schema, segment);
    return schema;
  };
  const namesAt = (path: Path): readonly string[] => {
    if (path.length === 0) return [...roots.keys()];
    const root = path.length === 1 ? roots.get(path[0] ?? "") : undefined;
    if (root?.kind === "members") return root.members.names(reader);
    const schema = lookup(path);
    return schema?.type === "object" ? Object.keys(schema.properties) : [];
  };
  return { lookup, namesAt };
}

/**
 * The part of a path that may be absent although its root is there (an optional output, an entry of a map): the shortest
 * such beginning, or undefined where every part is always there.
 */
export function optionalPart(scope: TypeScope, path: Path): Path | undefined {
  for (let length = 2; length <= path.length; length += 1) {
    const part = path.slice(0, length);
    if (scope.lookup(part)?.required === false) return part;
  }
  return undefined;
}
