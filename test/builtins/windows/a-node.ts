import type { Fact } from "../../../src/core/builtin.ts";
import { printed, records } from "../turns.ts";

type Row = readonly [name: string, mode: string, state: string];

/** The answer to a look at the services. */
export function services(...rows: readonly Row[]): Fact {
  return records(...rows.map(([Name, StartMode, State]) => ({ Name, DisplayName: `The ${Name}`, StartMode, State })));
}

/** Services of a passive node, as the domain page lists them. */
export const PASSIVE_NODE: readonly Row[] = [
  ["MSExchangeADTopology", "Auto", "Running"],
  ["MSExchangeIS", "Manual", "Stopped"],
  ["MSExchangeRepl", "Auto", "Running"],
  ["MSExchangeMonitoring", "Manual", "Stopped"],
];

/** The same node with some services otherwise. */
export function changed(...rows: readonly Row[]): Fact {
  return services(...PASSIVE_NODE.map((row) => rows.find(([name]) => name === row[0]) ?? row));
}

/** The memory of {@link PASSIVE_NODE}. */
export const SNAPSHOT = {
  services: PASSIVE_NODE.map(([name, mode, state]) => ({ name, start_mode: mode as "Auto" | "Manual", state })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
};

/** The operating system of NODEB, started at a time. */
export function system(lastBoot: string): Fact {
  return records({ Caption: "Windows Server 2003 R2", Version: "5.2.3790", CSName: "nodeb", LastBootUpTime: lastBoot });
}

/** The tables of the cluster: its two nodes, and who owns which group. */
export const NODES = printed("Listing status for all available nodes:\r\n\r\nNode           Node ID Status\r\n-------------- ------- ---------------------\r\nNODEA                1 Up\r\nNODEB                2 Up\r\n");
export function groups(...owners: readonly (readonly [group: string, owner: string])[]): Fact {
  const rows = owners.map(([group, owner]) => `${group.padEnd(20)} ${owner.padEnd(15)} Online\r\n`);
  return printed(`Listing status for all available resource groups:\r\n\r\nGroup                Node            Status\r\n-------------------- --------------- ------\r\n${rows.join("")}`);
}
