import { faultAt, type WorldFault } from "./world-fault.ts";
import type { WorldFile } from "./world-schema.ts";

/** What the nodes of a world file say of their machines and cannot be. */
export function checkMachines(file: WorldFile): readonly WorldFault[] {
  return Object.entries(file.nodes).flatMap(([name, node]) => [
    ...Object.keys(node.free_disk ?? {}).filter((drive) => !/^[A-Za-z]$/.test(drive)).map((drive) => faultAt(["nodes", name, "free_disk", drive], "a drive is named by its letter: `C`")),
    ...(node.os === "2003" && node.elevated === false ? [faultAt(["nodes", name, "elevated"], "Server 2003 has no elevation: a session has all rights of its account")] : []),
  ]);
}
