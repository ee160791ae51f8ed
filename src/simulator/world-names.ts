import { compareVersions } from "../core/version.ts";
import { USUAL_SERVICES } from "./service-table.ts";
import { sameName } from "./world-state.ts";
import type { WorldFile } from "./world-schema.ts";

/** Names of the databases of a world file. */
export function databasesOf(file: WorldFile): readonly string[] {
  return Object.values(file.mailbox_server.storage_groups).map((group) => group.database);
}

/** Names of the services on a node, usual ones and those that the file adds; without a node on any. */
export function servicesOn(file: WorldFile, node: string | undefined): readonly string[] {
  const usual = USUAL_SERVICES.filter(({ from }) => from === undefined || compareVersions(file.mailbox_server.version, from) >= 0).map((service) => service.name);
  const added = Object.entries(file.nodes).flatMap(([name, own]) => (node === undefined || sameName(name, node) ? Object.keys(own.services ?? {}) : []));
  return [...usual, ...added];
}
