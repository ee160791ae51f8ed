/** A JSON value: the only form in which values travel at run time. What `type` says of it (a duration, a version, a time) stands in the {@link Schema}, never in the value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. Made with {@link emptyObject} wherever its keys come from outside, so that a key `__proto__` or `constructor` is only a key. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object (not for a list, not for null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Makes objects that inherit nothing. Of an object that `Object.create(null)` made, V8 keeps a hash table from the beginning: three times the memory. */
const Bare = function Bare() {} as unknown as new () => object;
Bare.prototype = Object.create(null) as object;

/** An empty object that inherits nothing, to be filled with keys that came from outside. */
export function emptyObject<T>(): Record<string, T> {
  return new Bare() as Record<string, T>;
}

/** `value[key]` where the object itself has that key, else undefined; never a property of a prototype. */
export function ownValue<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Canonical JSON: keys sorted, no white space. Equal values give equal texts; the basis of every digest. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = value as Readonly<Record<string, unknown>>;
    let text = "";
    for (const key of Object.keys(members).toSorted()) {
      const item = members[key];
      if (item !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(item)}`;
    }
    return `{${text}}`;
  }
  return JSON.stringify(value);
}
