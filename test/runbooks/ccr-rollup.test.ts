import { describe, expect, test } from "vitest";
import type { WorldFile } from "../../src/simulator/world-schema.ts";
import { baseWorld, clusterOf } from "./exchange-world.ts";

const FLAGSHIP = "runbooks/ccr-rollup.yml";
const UPDATE_B = ["update_b/groups", "update_b/copy", "update_b/install"];
const UPDATE_A = ["update_a/groups", "update_a/copy", "update_a/install"];
const OLD = "8.1.240.6";
const NEW = "8.1.263.1";

/** What differs from the healthy cluster at the start. */
interface Start {
  readonly updated?: readonly ("NODEA" | "NODEB")[];
  readonly active?: "NODEA" | "NODEB";
  readonly storage?: "ccr" | "scc";
  readonly pending?: "NODEB";
  readonly witness?: "unreachable";
  readonly firstStorageGroup?: Partial<WorldFile["mailbox_server"]["storage_groups"][string]>;
  readonly events?: WorldFile["events"];
  readonly people?: WorldFile["people"];
}

function worldWith(start: Start): WorldFile {
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

function outagesIn(steps: readonly { readonly step?: string }[]): readonly (string | undefined)[] {
  return steps.map(({ step }) => step);
}

interface Case {
  readonly start: Start;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly changed: readonly string[];
  readonly outages: readonly string[];
  readonly active: string;
}

const SUCCEEDING: Readonly<Record<string, Case>> = {
  "nothing is done yet": { start: {}, changed: [...UPDATE_B, "handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB" },
  "NodeB is updated": { start: { updated: ["NODEB"] }, changed: ["handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB" },
  "NodeB is updated and serves": { start: { updated: ["NODEB"], active: "NODEB" }, changed: UPDATE_A, outages: [], active: "NODEB" },
  "only NodeA is updated": { start: { updated: ["NODEA"] }, changed: UPDATE_B, outages: [], active: "NODEA" },
  "only the way back is left": {
    start: { updated: ["NODEA", "NODEB"], active: "NODEB" }, inputs: { move_back: "true" }, changed: ["way_back/move"], outages: ["way_back/move"], active: "NODEA",
  },
  "nothing is done yet, and back again at the end": {
    start: {}, inputs: { move_back: "true" }, changed: [...UPDATE_B, "handover/move", ...UPDATE_A, "way_back/move"], outages: ["handover/move", "way_back/move"], active: "NODEA",
  },
  "a copy lags for ten minutes": {
    start: { firstStorageGroup: { copy: "Initializing", copy_for: "10m" } }, changed: [...UPDATE_B, "handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB",
  },
  "a backup runs for forty minutes": {
    start: { firstStorageGroup: { backup_running: "40m" } }, changed: [...UPDATE_B, "handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB",
  },
  "setup wants a restart": {
    start: { events: [{ on: { command: "msiexec.exe /update", node: "NODEB" }, install: { exit_code: 3010 } }] },
    changed: [...UPDATE_B, "update_b/restart", "handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB",
  },
  "another installation runs for five minutes": {
    start: { events: [{ on: { command: "msiexec.exe /update", node: "NODEB" }, does: [{ installer_busy: { node: "NODEB", for: "5m" } }] }] },
    changed: [...UPDATE_B, "handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB",
  },
  "the connection breaks during setup": {
    start: { events: [{ on: { command: "msiexec.exe /update", node: "NODEB" }, after: "5m", does: [{ unreachable: { node: "NODEB", for: "6m" } }] }] },
    changed: [...UPDATE_B, "handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB",
  },
  "the reply to the move is lost": {
    start: { events: [{ on: { command: "Move-ClusteredMailboxServer" }, reply: { effect: "done", lost: true } }] },
    changed: [...UPDATE_B, "handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB",
  },
  "a service does not start after setup": {
    start: { events: [{ on: { command: "msiexec.exe /update", node: "NODEB" }, install: { not_started: ["MSExchangeServiceHost"] } }] },
    changed: [...UPDATE_B, "update_b/services_back", "handover/move", ...UPDATE_A], outages: ["handover/move"], active: "NODEB",
  },
};

describe("the CCR procedure does what is left, and no more, where", () => {
  test.each(Object.entries(SUCCEEDING))("%s", async (_sentence, { start, inputs = {}, changed, outages, active }) => {
    const cluster = await clusterOf(worldWith(start));
    const first = await cluster.run(FLAGSHIP, inputs);
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(first.end.result).toBe("succeeded");
    expect(first.changed).toEqual(changed);
    expect(outagesIn(first.end.outages)).toEqual(outages);
    expect(first.end.outputs).toMatchObject({ active_node: active, node_a_after: NEW, node_b_after: NEW });
    expect(cluster.world.state.breaches).toEqual([]);

    const second = await cluster.run(FLAGSHIP, inputs);
    expect(second.end.result).toBe("nothing to do");
    expect(second.changed).toEqual([]);
  });
});

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
  "the witness is away": { start: { witness: "unreachable" }, at: "preflight/sound/votes", because: "2 of 3 votes" },
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

describe("the CCR procedure", () => {
  test("gives the services back after a setup that failed, and can be begun again", async () => {
    const cluster = await clusterOf(worldWith({
      events: [{ on: { command: "msiexec.exe /update", node: "NODEB" }, install: { exit_code: 1603, fails_in: "patch", services: "disabled" } }],
    }));
    const first = await cluster.run(FLAGSHIP);
    expect(first.end.result).toBe("stopped");
    expect(first.end.because).toContain("1603");
    expect(first.changed).toEqual([...UPDATE_B, "update_b/services_back"]);
    const disabled = cluster.world.state.nodes.flatMap(({ services }) => services.filter(({ startMode }) => startMode === "Disabled"));
    expect(disabled).toEqual([]);

    const second = await cluster.run(FLAGSHIP);
    expect(second.end.result).toBe("succeeded");
    expect(second.changed).toEqual(["update_b/install", "handover/move", ...UPDATE_A]);
  });

  test("takes a refused way back as an open item, not as a failure of the update", async () => {
    const cluster = await clusterOf(worldWith({
      events: [{ on: { command: "Move-ClusteredMailboxServer", nth: 2 }, reply: { fail: { code: "cmdlet_error", because: "not now" } } }],
    }));
    const ran = await cluster.run(FLAGSHIP, { move_back: "true" });
    expect(ran.end.result).toBe("succeeded");
    expect(ran.statuses.get("move_back")).toBe("rescued");
    expect(ran.end.openItems.map(({ step }) => step)).toEqual(["backup_after", "on_node_a"]);
    expect(ran.end.outputs).toMatchObject({ active_node: "NODEB" });
  });

  test("lets a person waive an old backup with a reason, and keeps that as an open item", async () => {
    const cluster = await clusterOf(worldWith({
      firstStorageGroup: { last_full_backup: "3d" },
      people: [{
        name: "Abe",
        answers: [
          { kind: "choose", question: "backup", answer: "skip", reason: "The backup ran on another system" },
          { kind: "approve", question: "Move EXCLUS1", answer: "yes" },
        ],
      }],
    }));
    const ran = await cluster.run(FLAGSHIP);
    expect(ran.end.result).toBe("succeeded");
    expect(ran.end.openItems.map(({ step }) => step)).toEqual(["preflight/backup", "backup_after"]);
  });

  test("waits for a person where nobody can approve, and has moved nothing", async () => {
    const cluster = await clusterOf(worldWith({ people: [] }));
    const ran = await cluster.run(FLAGSHIP);
    expect(ran.end.result).toBe("waiting");
    expect(ran.changed).toEqual(UPDATE_B);
    expect(ran.end.outages).toEqual([]);
  });

  test("can be moved by a person with the wizard, and sees whether it was done (R14)", async () => {
    const cluster = await clusterOf(worldWith({
      people: [{
        name: "Abe",
        answers: [
          { kind: "approve", question: "Move EXCLUS1", answer: "yes" },
          { kind: "do", question: "Exchange Management Console", answer: "yes", does: [{ fail_over: "NODEB" }] },
        ],
      }],
    }));
    const ran = await cluster.run(FLAGSHIP, { move_by: "wizard" });
    expect(ran.end.because).toBe("every step is done and the goal holds");
    expect(ran.statuses.get("handover/move")).toBe("skipped");
    const done = ran.events.find((event) => event.type === "step-finished" && event.step === "handover/move_by_hand");
    expect(done).toMatchObject({ outputs: { by: ["Abe"] } });
    expect(ran.end.outputs).toMatchObject({ active_node: "NODEB", node_a_before: OLD, node_a_after: NEW });
  });
});

describe("the preflight", () => {
  test("only looks, and can be run alone", async () => {
    const cluster = await clusterOf(baseWorld());
    const ran = await cluster.run("runbooks/ccr-preflight.yml");
    expect(ran.end.exitCode).toBe(0);
    expect(ran.changed).toEqual([]);
    expect(ran.end.outputs).toMatchObject({ active_node: "NODEA", build_a: OLD, build_b: OLD });
  });

  test("reports everything that is wrong together", async () => {
    const cluster = await clusterOf(worldWith({ pending: "NODEB", witness: "unreachable", active: "NODEB" }));
    const ran = await cluster.run("runbooks/ccr-preflight.yml");
    expect(ran.end.exitCode).toBe(1);
    const failed = [...ran.statuses].filter(([, status]) => status === "failed").map(([path]) => path);
    expect(failed).toEqual(expect.arrayContaining(["machines[NODEB]", "sound/votes", "roles"]));
  });
});

describe("the restart of a passive node", () => {
  test("clears the way for the procedure, and has nothing to do the second time", async () => {
    const cluster = await clusterOf(worldWith({ pending: "NODEB" }));
    const first = await cluster.run("runbooks/restart-passive-node.yml");
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(first.changed).toContain("restart");
    expect(first.end.outages).toEqual([]);
    expect((await cluster.run("runbooks/restart-passive-node.yml")).end.result).toBe("nothing to do");
    expect((await cluster.run(FLAGSHIP)).end.result).toBe("succeeded");
  });

  test("is refused on the node that serves", async () => {
    const cluster = await clusterOf(worldWith({ pending: "NODEB", active: "NODEB" }));
    const ran = await cluster.run("runbooks/restart-passive-node.yml");
    expect(ran.end.result).toBe("stopped");
    expect(ran.statuses.get("roles")).toBe("failed");
    expect(ran.changed).toEqual([]);
  });
});
