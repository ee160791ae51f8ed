import { type CasesPlace, LITERAL, mapOf, type Place, recordOf, type RecordPlace, scalarOf } from "./schema-place.ts";
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
      kind: { place: { kind: "word", words: ["local", "ssh", "simulated"], templates: "none" }, required: true, description: "`local`: this machine; `ssh`: the system's OpenSSH client and its configuration; `simulated`: a world file." },
      host: { place: LITERAL, description: "`ssh`: the name that the client is given, and that its configuration knows; the address where it is absent. Under one address only, not under a pattern." },
      user: { place: LITERAL, description: "`ssh`: the account that connects; what the client's configuration says where it is absent." },
      port: { place: scalarOf("port", "none"), description: "`ssh`: the port of its server; what the client's configuration says where it is absent." },
      become: { place: scalarOf("account", "none"), description: "`ssh`: the account that everything is done as, by `sudo` without a password.", examples: ["root"] },
      config: { place: LITERAL, description: "`ssh`: a configuration file of the client in place of the user's, relative to the inventory." },
      "max-connections": { place: scalarOf("count", "none"), description: "`ssh`: so many addresses of this rule are connected at once at most; what is idle is disconnected to make room." },
      world: { place: LITERAL, description: "`simulated`: the world file, relative to the inventory." },
    },
    cases: "kinds",
  },
];

const SSH_KEYS = ["host", "user", "port", "become", "config", "max-connections"] as const;

/** The options of each kind of transport. */
export const TRANSPORT_CASES: CasesPlace = {
  name: "kinds",
  key: "kind",
  branches: { local: { excludes: ["world", ...SSH_KEYS] }, ssh: { excludes: ["world"] }, simulated: { requires: ["world"], excludes: SSH_KEYS } },
};
