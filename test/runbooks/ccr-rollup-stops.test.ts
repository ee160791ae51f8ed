import { describe, expect, test } from "vitest";
import { worldWith, type Start } from "./changed-world.ts";
import { clusterOf } from "./exchange-world.ts";

const FLAGSHIP = "runbooks/ccr-rollup.yml";
const UPDATE_B = ["update_b/groups", "update_b/copy", "update_b/install"];

interface Stopping {
  readonly start: Start;
  readonly inputs?: Readonly<Record<string, string>>;
  /** The step that stops it. */
  readonly at: string;
  readonly because: string;
  readonly changed?: readonly string[];
}

const STOPPING: Readonly<Record<string, Stopping>> = {
  "the cluster is a single copy cluster": { start: { storage: "scc" }, at: "preflight/is_ccr", because: "only for CCR" },
  "the nodes are named the wrong way round": { start: { active: "NODEB" }, at: "preflight/roles", because: "--set node_a=NODEB --set node_b=NODEA" },
  "a copy has failed": { start: { firstStorageGroup: { copy: "Failed", copy_message: "a log is missing" } }, at: "preflight/sound/copies", because: "a log is missing" },
  "the witness is away": { start: { witness: "unreachable" }, at: "preflight/sound/votes", because: "file share witness" },
  "a node waits for a restart": { start: { pending: "NODEB" }, at: "preflight/machines[NODEB]", because: "restart-passive-node.yml" },
  "the backup is old and the policy says stop": {
    start: { firstStorageGroup: { last_full_backup: "3d" } }, inputs: { backup_policy: "stop" }, at: "preflight/backup", because: "older than 1d",
  },
  "a group comes back before setup": {
    start: { events: [{ on: { command: "put", node: "NODEB" }, does: [{ move_group: { group: "Cluster Group", to: "NODEB" } }] }] },
    at: "update_b/install", because: "NODEB owns Cluster Group", changed: ["update_b/groups", "update_b/copy"],
  },
  "setup succeeds and replaces no file": {
    start: { events: [{ on: { command: "msiexec.exe /update", node: "NODEB" }, install: { files: "old" } }] },
    at: "update_b/install", because: "8.1.240.6", changed: UPDATE_B,
  },
  "somebody says no to the outage": {
    start: { people: [{ name: "Abe", answers: [{ kind: "approve", question: "Move EXCLUS1", answer: "no", reason: "not today" }] }] },
    at: "handover/approve", because: "not today", changed: UPDATE_B,
  },
};

describe("the CCR procedure stops, with the mailboxes online, where", () => {
  test.each(Object.entries(STOPPING))("%s", async (_sentence, { start, inputs = {}, at, because, changed = [] }) => {
    const cluster = await clusterOf(worldWith(start));
    const ran = await cluster.run(FLAGSHIP, inputs);
    expect(ran.end.result).toBe("stopped");
    expect(ran.end.because).toContain(because);
    expect(ran.statuses.get(at)).toBe("failed");
    expect(ran.changed).toEqual(changed);
    expect(ran.end.outages).toEqual([]);
    expect(cluster.world.state.breaches).toEqual([]);
  });
});
