import { type CasesPlace, LITERAL, mapOf, type Place, recordOf, type RecordPlace } from "./schema-place.ts";
import { VERSION } from "./schema-runbook.ts";

const TRANSPORTS: Place = { kind: "map", keys: undefined, values: recordOf("transport") };
const INPUTS: Place = mapOf({ kind: "any" });

/** An inventory (language.md section 4). */
export const INVENTORY_RECORDS: readonly RecordPlace[] = [
  {
    name: "inventory",
    title: "an inventory",
    keys: {
      inventory: { place: VERSION, required: true, description: "Version of the language." },
      transports: { place: TRANSPORTS, description: "How addresses are reached: by address, by pattern (the longest literal part wins), or `default`." },
      inputs: { place: INPUTS, description: "Values for inputs of any runbook, for every system." },
      systems: { place: mapOf(recordOf("system")), required: true, description: "The systems that runbooks can be applied to, by name." },
    },
  },
  {
    name: "system",
    title: "a system",
    keys: {
      description: { place: LITERAL, description: "What the system is, for a person." },
      inputs: { place: INPUTS, description: "Values for inputs; it may carry those of many runbooks." },
      transports: { place: TRANSPORTS, description: "How this system's addresses are reached; overrides the inventory's." },
    },
  },
  {
    name: "transport",
    title: "a transport",
    keys: {
      kind: { place: { kind: "word", words: ["local", "simulated"], templates: "none" }, required: true, description: "`local`: this machine; `simulated`: a world file." },
      world: { place: LITERAL, description: "The world file, relative to the inventory." },
    },
    cases: "kinds",
  },
];

/** The options of each kind of transport. */
export const TRANSPORT_CASES: CasesPlace = {
  name: "kinds",
  key: "kind",
  branches: { local: { excludes: ["world"] }, simulated: { requires: ["world"] } },
};
