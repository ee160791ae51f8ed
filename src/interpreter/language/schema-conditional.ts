import type { Json, JsonObject } from "../../core/json.ts";

/** JSON Schema's `if`: where `condition` fits, `consequence` must too, else `otherwise`. Put together from pairs, because a literal with the key `then` reads as a promise. */
export function conditional(condition: JsonObject, consequence: JsonObject, otherwise?: JsonObject): JsonObject {
  const pairs: readonly (readonly [string, Json])[] = [["if", condition], ["then", consequence], ...(otherwise === undefined ? [] : [["else", otherwise] as const])];
  return Object.fromEntries(pairs);
}
