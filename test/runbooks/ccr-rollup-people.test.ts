import { describe, expect, test } from "vitest";
import { worldWith } from "./changed-world.ts";
import { clusterOf } from "./exchange-world.ts";

const FLAGSHIP = "runbooks/ccr-rollup.yml";
const UPDATE_B = ["update_b/groups", "update_b/copy", "update_b/install"];
const UPDATE_A = ["update_a/groups", "update_a/copy", "update_a/install"];

describe("the CCR procedure and its people", () => {
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
    expect(ran.end.openItems.map(({ step }) => step)).toEqual(["address_book", "backup_after", "on_node_a"]);
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
    expect(ran.end.openItems.map(({ step }) => step)).toEqual(["preflight/backup", "address_book", "backup_after"]);
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
    expect(ran.end.outputs).toMatchObject({ active_node: "NODEB", node_a_before: "8.1.240.6", node_a_after: "8.1.263.1" });
  });
});
