import type { Json } from "../../core/json.ts";
import { isJsonObject } from "../../core/json.ts";

/** The path of a step below a prefix (`""` or `update_b/`): what events, journal and answers know it by. A plain block adds nothing to the paths of its steps. */
export function stepPath(prefix: string, id: string): string {
  return `${prefix}${id}`;
}

/** The path of a loop's instance: `copy[NODEA]`. */
export function instancePath(path: string, key: string): string {
  return `${path}[${key}]`;
}

/** What the paths of the steps inside a call or an instance begin with. */
export function insideOf(path: string): string {
  return `${path}/`;
}

/** The items in a path, each with its brackets: a key may hold brackets itself. */
const ITEMS = /\[.*?\](?=\/|$)/g;

/** A path without the items of its loops: `copy[NODEA]/put` is an instance of `copy/put`. */
export function withoutItems(path: string): string {
  return path.replace(ITEMS, "");
}

/** The key of a loop's item: the text of a string or an integer, the `id` of a record; undefined where an item is none of these. */
export function itemKey(item: Json): string | undefined {
  if (typeof item === "string") return item;
  if (typeof item === "number" && Number.isInteger(item)) return String(item);
  if (isJsonObject(item)) {
    const id = Object.hasOwn(item, "id") ? item["id"] : undefined;
    return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
  }
  return undefined;
}
