import { describe, expect, test } from "vitest";
import { worldWith, type Start } from "./changed-world.ts";
import { clusterOf } from "./exchange-world.ts";

const FLAGSHIP = "runbooks/ccr-rollup.yml";
const UPDATE_B = ["update_b/groups", "update_b/copy", "update_b/install"];
const UPDATE_A = ["update_a/groups", "update_a/copy", "update_a/install"];
const NEW = "8.1.263.1";

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
