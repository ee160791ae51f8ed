import type { ActionCall, AnyBuiltin, Facts, Past, Registry, Values } from "../../src/core/builtin.ts";
import { builtins } from "../../src/builtins/index.ts";
import { groupsIn } from "../../src/formats/cluster-readings.ts";
import { stepsOfRunbook } from "../runbooks/loaded.ts";
import { loadWithout } from "./without.ts";

/** A guard in a builtin: the code with which it refuses or fails. */
export interface Guard {
  /** `exchange.install_rollup:owns_group` */
  readonly id: string;
  readonly builtin: string;
  readonly code: string;
}

/** What a builtin would do without its guards: the change that they stand before, and what it would tell of it. */
interface Unguarded {
  readonly act: (inputs: Values, facts: Facts) => readonly ActionCall[];
  readonly outputs: (inputs: Values) => Values;
}

const EVER = "2000-01-01T00:00:00Z";

/** By name, for every builtin that changes something in the procedure or remembers something for it. */
const WITHOUT_GUARDS: Readonly<Record<string, Unguarded>> = {
  "exchange.install_rollup": {
    act: () => [{ action: "install", fill: { build_before: "0.0.0.0" } }],
    outputs: ({ build, file, log }) => ({ build_before: build, build, restart_required: false, log: log ?? file }),
  },
  "exchange.move_mailbox_server": {
    act: () => [{ action: "move", fill: { from: "" } }],
    outputs: ({ to }) => ({ from: to, active_node: to, state: "Online" }),
  },
  "cluster.move_groups": {
    act: ({ to }, facts) => {
      const groups = groupsIn(facts);
      const others = groups.kind === "error" ? [] : groups.value.filter(({ owner, name }) => owner !== String(to).toUpperCase() && name !== "EXCLUS1");
      return others.map(({ name, state }) => ({ action: "move", fill: { group: name, state } }));
    },
    outputs: () => ({ moved: [], left: [], groups: [] }),
  },
  "cluster.start_node": { act: () => [{ action: "start" }], outputs: () => ({ state: "Up", started: true }) },
  "exchange.mount_databases": {
    act: ({ databases }) => (Array.isArray(databases) ? (databases as readonly unknown[]).map((database) => ({ action: "mount", fill: { database: String(database) } })) : []),
    outputs: () => ({ mounted: [], left: [] }),
  },
  "windows.set_revocation_check": { act: () => [], outputs: () => ({ changed: [], checked: true }) },
  "windows.restart_node": { act: () => [{ action: "restart", fill: { last_start: EVER } }], outputs: () => ({ booted_at: EVER }) },
  "windows.services_restore": { act: () => [], outputs: () => ({ restored: [], services: [] }) },
  "windows.services_snapshot": { act: () => [], outputs: () => ({ services: [] }) },
  "file.copy": { act: () => [{ action: "copy" }], outputs: ({ to }) => ({ path: to, bytes: "0B", sha256: "0".repeat(64) }) },
};

/** The builtins of the procedure whose guards nobody told how to take out; a changing one may not be among them. */
export function unknownGuards(): readonly string[] {
  return [...changingBuiltins()].map(({ name }) => name).filter((name) => !Object.hasOwn(WITHOUT_GUARDS, name)).toSorted();
}

/** Every guard of the builtins that the procedure changes something with. */
export function guardsOf(): readonly Guard[] {
  return changingBuiltins().flatMap(({ name, codes }) => Object.keys(codes).map((code) => ({ id: `${name}:${code}`, builtin: name, code })));
}

function changingBuiltins(): readonly AnyBuiltin[] {
  const { runbook } = loadWithout(undefined);
  if (runbook === undefined) throw new Error("the procedure does not load");
  const used = [...stepsOfRunbook(runbook)].flatMap(({ step: { body } }) => (body.kind === "leaf" && (!body.reads || Object.hasOwn(WITHOUT_GUARDS, body.builtin.name)) ? [body.builtin] : []));
  return [...new Set(used)].filter(({ name }) => !name.startsWith("human."));
}

/** The builtins, one of them without one guard: where it would stop with that code it acts, and after that it is content. */
export function registryWithout({ builtin: name, code }: Guard): Registry {
  const builtin = builtins.get(name);
  const instead = WITHOUT_GUARDS[name];
  if (builtin === undefined || instead === undefined) throw new Error(`nobody knows what ${name} does without its guards`);
  const blind: AnyBuiltin = {
    ...builtin,
    decide(inputs, facts, past, place) {
      const decision = builtin.decide(inputs, facts, past, place);
      if ((decision.kind !== "refuse" && decision.kind !== "fail") || decision.code !== code) return decision;
      const actions = hasActed(past) ? [] : instead.act(inputs, facts);
      const because = "nothing is guarded";
      return actions.length > 0 ? { kind: "act", actions, because } : { kind: "done", outputs: instead.outputs(inputs), because };
    },
  };
  return new Map([...builtins, [name, blind]]);
}

function hasActed({ acts, attempt }: Past): boolean {
  return acts.some((act) => act.attempt === attempt);
}
