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
  return new RootScope(roots, reader);
}

/** One is made for every place of a file: no closures, which would be several objects each. */
class RootScope implements TypeScope {
  readonly #roots: Roots;
  readonly #reader: string | undefined;

  constructor(roots: Roots, reader: string | undefined) {
    this.#roots = roots;
    this.#reader = reader;
  }

  lookup(path: Path): Schema | undefined {
    const name = path[0];
    const member = path[1];
    const root = name === undefined ? undefined : this.#roots.get(name);
    if (root === undefined) return undefined;
    const isMember = root.kind === "members" && member !== undefined;
    let schema = root.kind === "type" ? root.schema : isMember ? root.members.of(member) : root.members.all();
    for (let i = isMember ? 2 : 1; i < path.length && schema !== undefined; i += 1) schema = memberOf(schema, path[i] ?? "");
    return schema;
  }

  namesAt(path: Path): readonly string[] {
    if (path.length === 0) return [...this.#roots.keys()];
    const root = path.length === 1 ? this.#roots.get(path[0] ?? "") : undefined;
    if (root?.kind === "members") return root.members.names(this.#reader);
    const schema = this.lookup(path);
    return schema?.type === "object" ? Object.keys(schema.properties) : [];
  }
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
