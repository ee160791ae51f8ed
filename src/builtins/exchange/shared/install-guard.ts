import type { CmdletResult } from "../../../core/action.ts";
import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { allRead, parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { recordsOf, textField } from "../../../formats/cmdlet-record.ts";
import { countVotes, majorityOf } from "../../../formats/cluster-resources.ts";
import { lineOf } from "../../../formats/exchange-version.ts";
import { groupsIn, nodesIn, resourcesIn } from "../../../formats/cluster-readings.ts";
import { hostIn } from "./host-name.ts";
import { statusIn } from "./mailbox-server-status.ts";
import { CLEAR, firstObstacle, obstacle, type Obstacle } from "./obstacle.ts";
import type { RollupLevel } from "./rollup-level.ts";

/** Services that nobody disables by choice on a mailbox node: Disabled, they are the trace of a setup that runs or that failed half-way (domain page, 3.5, R22 and F14). */
const CORE_SERVICES: ReadonlySet<string> = new Set(["msexchangeadtopology", "msexchangeis", "msexchangesa", "msexchangerepl"]);

/** Reads the start modes of the services: reading `services`. */
export const readServices: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read the services",
  make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_Service" }, properties: ["Name", "StartMode", "State"] }),
};

/** What the guards of an installation need of its inputs. */
export interface InstallWish {
  readonly file: string;
  readonly build: string;
  readonly mailbox_server: string;
  /** Hash that the package must have; undefined where any is right. */
  readonly sha256?: string | undefined;
}

/** The node must own neither the mailbox server nor any group at this moment (R8, G1, I1, I15). */
function ownership(wish: Pick<InstallWish, "mailbox_server">, facts: Facts): Obstacle {
  const seen = allRead({ host: hostIn(facts), nodes: nodesIn(facts), groups: groupsIn(facts), status: statusIn(facts) });
  if (seen.kind === "error") return seen;
  const { host, nodes, groups, status } = seen.value;
  if (!nodes.some((node) => node.name === host)) return obstacle("not_a_node", `${host} is no node of the cluster (${nodes.map((node) => node.name).join(", ")}). Set the step's \`target\` to the passive node`);
  if (status.activeNode === undefined) return obstacle("not_known", `${wish.mailbox_server} is ${status.state} and no node is marked active, so it cannot be told which node is passive. Bring it online first`);
  if (status.activeNode === host) return obstacle("owns_mailbox_server", `${host} owns ${wish.mailbox_server} (${status.state}) at this moment, and setup would stop it. Install on the passive node, or move the mailbox server away with exchange.move_mailbox_server`);
  const owned = groups.filter((group) => group.owner === host).map((group) => group.name);
  return owned.length === 0 ? CLEAR : obstacle("owns_group", `${host} owns ${owned.join(", ")}. Setup stops the Cluster service, and they would go down with it. Find out what keeps them here (a failback policy, a colleague), move them to the other node with cluster.move_groups, then go on`);
}

/** The rest of the cluster must carry on alone: every other node Up, and a vote to spare (I4, F8; domain page, 11.17). */
function redundancy(facts: Facts): Obstacle {
  const seen = allRead({ host: hostIn(facts), nodes: nodesIn(facts), resources: resourcesIn(facts) });
  if (seen.kind === "error") return seen;
  const { host, nodes, resources } = seen.value;
  const weak = nodes.filter((node) => node.name !== host && node.state !== "Up");
  if (weak.length > 0) return obstacle("other_node_not_up", `${weak.map((node) => `${node.name} is ${node.state}`).join(", ")}. While ${host} is updated nothing else could serve. Bring it up first`);
  const votes = countVotes(nodes, resources);
  if (votes.votes - 1 >= majorityOf(votes)) return CLEAR;
  const witness = votes.witnessOnline ? "online" : "not online";
  return obstacle("no_quorum_margin", `the cluster has ${votes.votes} of ${votes.of} votes and needs ${majorityOf(votes)}, and the installation costs one (the witness is ${witness}). Bring the missing vote back first`);
}

function packageThere(wish: InstallWish, facts: Facts): Obstacle {
  const file = parseReading(facts, "file", "stat", ok);
  if (file.kind === "error") return file;
  const { exists, folder, bytes, sha256 } = file.value;
  if (exists && !folder && bytes > 0) {
    if (wish.sha256 === undefined || wish.sha256.toLowerCase() === sha256) return CLEAR;
    return obstacle("package_differs", `${wish.file} on the node has the SHA-256 ${sha256}, and ${wish.sha256} was copied: it was changed since, or another file lies there. Copy the package again`);
  }
  return obstacle("not_found", `${wish.file} ${folder ? "is a folder" : exists ? "is empty" : "does not exist"} on the node. Copy the package there first`);
}

function disabledServices(answer: CmdletResult): Reading<readonly string[]> {
  const records = recordsOf("the services", answer);
  if (records.kind === "error") return records;
  const core = records.value.filter((record) => CORE_SERVICES.has((textField(record, "Name") ?? "").toLowerCase()));
  if (core.length === 0) return unreadable("the services", "no service of Exchange is among them");
  return ok(core.filter((record) => textField(record, "StartMode") === "Disabled").map((record) => textField(record, "Name") ?? ""));
}

function noSetupAtWork(facts: Facts): Obstacle {
  const disabled = parseReading(facts, "services", "cmdlet", disabledServices);
  if (disabled.kind === "error") return disabled;
  if (disabled.value.length === 0) return CLEAR;
  return obstacle("setup_running", `Disabled: ${disabled.value.join(", ")}. A setup runs here, or one failed and left the services so. Wait for it, or restore the services, then try again`);
}

function fits(wish: InstallWish, level: RollupLevel): Obstacle {
  if (!level.agree) return obstacle("half_installed", `the registry says ${level.build}, ExSetup.exe says ${level.fileBuild}: an earlier installation is half done. Restart the node if a restart is pending; else remove the rollup there and install it again, elevated`);
  if (lineOf(level.lower) === lineOf(wish.build)) return CLEAR;
  return obstacle("wrong_package", `the node is at ${level.lower}, and ${wish.build} belongs to another service pack. A rollup fits only its own`);
}

/** What stands against any setup on this node now, be it to install or to remove: its roles, the rest of the cluster, another setup. */
export function obstacleToSetup(wish: Pick<InstallWish, "mailbox_server">, facts: Facts): Obstacle {
  return firstObstacle([() => ownership(wish, facts), () => redundancy(facts), () => noSetupAtWork(facts)]);
}

/** What stands against installing on this node now. */
export function obstacleToInstall(wish: InstallWish, level: RollupLevel, facts: Facts): Obstacle {
  return firstObstacle([
    () => ownership(wish, facts),
    () => redundancy(facts),
    () => packageThere(wish, facts),
    () => noSetupAtWork(facts),
    () => fits(wish, level),
  ]);
}
