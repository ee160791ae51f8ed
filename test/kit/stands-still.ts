import { isJsonObject, type Json } from "../../src/core/json.ts";
import { describeWorld } from "../../src/simulator/describe-world.ts";
import type { World } from "../../src/simulator/world.ts";

/** A world apart from its time, with the number of changing commands that it ever got: two looks are equal where nothing was done to it between them (domain page, I12 and I14). */
export function standingOf({ state }: World): Json {
  const described = describeWorld(state);
  return { ...(isJsonObject(described) ? described : {}), clock: { changing_commands: state.changes } };
}
