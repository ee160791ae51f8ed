import type { WorldFile } from "../../src/simulator/world-schema.ts";
import { baseWorld } from "./exchange-world.ts";

/** What differs from the healthy cluster at the start. */
export interface Start {
  readonly updated?: readonly ("NODEA" | "NODEB")[];
  readonly active?: "NODEA" | "NODEB";
  readonly storage?: "ccr" | "scc";
  readonly pending?: "NODEB";
  readonly witness?: "unreachable";
  readonly firstStorageGroup?: Partial<WorldFile["mailbox_server"]["storage_groups"][string]>;
  readonly events?: WorldFile["events"];
  readonly people?: WorldFile["people"];
}

/** The base world with these differences. */
export function worldWith(start: Start): WorldFile {
  const base = baseWorld();
  const kb = base.packages?.[0]?.kb ?? "";
  const nodes = Object.fromEntries(Object.entries(base.nodes).map(([name, node]) => [name, {
    ...node,
    ...(start.updated?.some((updated) => updated === name) === true ? { updates: [kb] } : {}),
    ...(start.pending === name ? { restart_pending: ["file_rename"] as const } : {}),
  }]));
  const groups = Object.entries(base.mailbox_server.storage_groups).map(([name, group], index) => [name, index === 0 ? { ...group, ...start.firstStorageGroup } : group] as const);
  return {
    ...base,
    nodes,
    cluster: { ...base.cluster, witness_reachable: start.witness !== "unreachable" },
    mailbox_server: { ...base.mailbox_server, active: start.active ?? "NODEA", storage: start.storage ?? "ccr", storage_groups: Object.fromEntries(groups) },
    ...(start.events === undefined ? {} : { events: start.events }),
    ...(start.people === undefined ? {} : { people: start.people }),
  };
}
