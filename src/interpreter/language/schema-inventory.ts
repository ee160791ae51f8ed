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
      kind: { place: { kind: "word", words: ["local", "ssh", "powershell", "simulated"], templates: "none" }, required: true, description: "`local`: this machine; `ssh`: the system's OpenSSH client and its configuration; `powershell`: PowerShell remoting, from a PowerShell of this machine; `simulated`: a world file." },
      host: { place: LITERAL, description: "`ssh`, `powershell`: the name that the client is given, and that its configuration knows; the address where it is absent. Under one address only, not under a pattern." },
      user: { place: LITERAL, description: "`ssh`, `powershell` with `via: ssh`: the account that connects; what the client's configuration says where it is absent." },
      port: { place: scalarOf("port", "none"), description: "`ssh`, `powershell`: the port of its server; what the client's configuration says, or the usual one, where it is absent." },
      become: { place: scalarOf("account", "none"), description: "`ssh`: the account that everything is done as, by `sudo` without a password.", examples: ["root"] },
      config: { place: LITERAL, description: "`ssh`: a configuration file of the client in place of the user's, relative to the inventory." },
      "max-connections": { place: scalarOf("count", "none"), description: "`ssh`: so many addresses of this rule are connected at once at most; what is idle is disconnected to make room." },
      via: { place: { kind: "word", words: ["computer", "ssh"], templates: "none" }, description: "`powershell`: by computer name, over WinRM (the default), or through the system's OpenSSH client." },
      configuration: { place: LITERAL, description: "`powershell`: an endpoint of the target by name, such as one of a role (JEA); over SSH a subsystem of its server." },
      executable: { place: LITERAL, description: "`powershell`: the PowerShell of this machine that does it; the one that is there where it is absent." },
      world: { place: LITERAL, description: "`simulated`: the world file, relative to the inventory." },
    },
    cases: "kinds",
  },
];

const CONNECTION_KEYS = ["host", "user", "port"] as const;
const SSH_KEYS = ["become", "config", "max-connections"] as const;
const POWERSHELL_KEYS = ["via", "configuration", "executable"] as const;

/** The options of each kind of transport. */
export const TRANSPORT_CASES: CasesPlace = {
  name: "kinds",
  key: "kind",
  branches: {
    local: { excludes: ["world", ...CONNECTION_KEYS, ...SSH_KEYS, ...POWERSHELL_KEYS] },
    ssh: { excludes: ["world", ...POWERSHELL_KEYS] },
    powershell: { excludes: ["world", ...SSH_KEYS] },
    simulated: { requires: ["world"], excludes: [...CONNECTION_KEYS, ...SSH_KEYS, ...POWERSHELL_KEYS] },
  },
};
