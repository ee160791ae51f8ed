import type { Event } from "../../src/core/event.ts";
import type { World } from "../../src/simulator/world.ts";
import { ourBreaches } from "./blame.ts";
import type { Happened } from "./fault-watch.ts";

/** The longest that what an action rests on may be old (semantics.md, section 2), with what the gate itself takes. */
const FRESH_MS = 15_000;

/** The rules of the domain page, 7.4, that a run has broken: those of the world that its own calls broke (I1 to I6, I10), and those that are about a run (I11, I15). One sentence each; empty: none. */
export function rulesBroken(world: World, known: number, events: readonly Event[], happened: readonly Happened[]): readonly string[] {
  return [
    ...ourBreaches(world.state.breaches.slice(known), events, happened).map(({ invariant, because }) => `${invariant}: ${because}`),
    ...boundOnce(events),
    ...lookedBefore(events),
  ];
}

/** NodeA and NodeB keep their names: what is done for one is done on it, from the first action to the last (I11). */
function boundOnce(events: readonly Event[]): readonly string[] {
  const started = events.find((event) => event.type === "run-started");
  const inputs = new Map(started?.type === "run-started" ? started.inputs.map(({ name, value }) => [name, value]) : []);
  return events.flatMap((event) => {
    if (event.type !== "action-started" || event.effect === "reads") return [];
    const part = /^update_([ab])\//.exec(event.step)?.[1];
    const bound = part === undefined ? undefined : inputs.get(`node_${part}`);
    return bound === undefined || bound === event.action.target ? [] : [`I11: ${event.step} acted on ${event.action.target}, and ${part === "a" ? "NodeA" : "NodeB"} is ${String(bound)}`];
  });
}

/** Directly before each disrupting action the step that takes it has looked: nothing rests on what was seen earlier (I15). */
function lookedBefore(events: readonly Event[]): readonly string[] {
  const looked = new Map<string, number>();
  const acted = new Map<string, number>();
  return events.flatMap((event) => {
    if (event.type === "looked") looked.set(event.step, Date.parse(event.at));
    if (event.type === "action-finished") acted.set(event.step, Date.parse(event.at));
    if (event.type !== "action-started" || event.effect === "reads") return [];
    // Of several actions in order each follows the one before it, and the look was before the first.
    const sinceMs = Math.max(looked.get(event.step) ?? -Infinity, acted.get(event.step) ?? -Infinity);
    const ageMs = Date.parse(event.at) - sinceMs;
    return looked.has(event.step) && ageMs <= FRESH_MS ? [] : [`I15: ${event.step} acted ${Math.round(ageMs / 1000)} s after its last look`];
  });
}
