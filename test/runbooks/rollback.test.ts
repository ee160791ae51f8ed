import { describe, expect, test } from "vitest";
import { freshWorld, runOnWorld, type CcrOptions, type CcrTrial } from "../kit/ccr-kit.ts";
import { stateOf } from "../kit/death.ts";
import type { World } from "../../src/simulator/world.ts";

const MOVE: CcrOptions = { file: "runbooks/ccr-move.yml", inputs: { to: "NODEB" } };

/** A run on a fresh world, and what undoes it. */
async function runAndUndo(name: string, options: CcrOptions): Promise<{ readonly world: World; readonly ran: CcrTrial; readonly undone: CcrTrial }> {
  const world = await freshWorld(name);
  const ran = await runOnWorld(world, options);
  return { world, ran, undone: await runOnWorld(world, { ...options, undoes: ran.events }) };
}

function changesOf({ events }: CcrTrial): readonly string[] {
  return events.flatMap((event) => (event.type === "action-started" && event.effect !== "reads" ? [event.step] : []));
}

describe("a move of the mailbox server that is undone", () => {
  test("is approved, and the server is where it was, without a breach of the rules", async () => {
    const { world, ran, undone } = await runAndUndo("two-node", MOVE);
    expect(changesOf(ran)).toEqual(["handover/move"]);
    expect(undone.events.filter(({ type }) => type === "question-asked")).toMatchObject([{ step: "handover/move/approve_back", question: "Move EXCLUS1 back from NODEB to NODEA now?" }]);
    expect(changesOf(undone)).toEqual(["handover/move/move_back_again"]);
    // The way back is a part of the handover: the server may be down meanwhile.
    expect(undone.events.flatMap((event) => (event.type === "probe-changed" ? [event.state] : []))).toEqual(["up", "down", "up"]);
    expect(undone.events.some(({ type }) => type === "invariant-broken")).toBe(false);
    expect(undone.end).toMatchObject({ result: "succeeded", because: "what the run r000000001 did is undone" });
    expect(stateOf(world)).toMatchObject({ mailbox_server: { active_node: "NODEA", state: "Online" } });
    expect(world.state.breaches).toEqual([]);
  });

  test("with the wizard is undone with the wizard", async () => {
    const { world, undone } = await runAndUndo("two-node", { ...MOVE, inputs: { to: "NODEB", move_by: "wizard" } });
    expect(undone.end.result).toBe("succeeded");
    expect(stateOf(world)).toMatchObject({ mailbox_server: { active_node: "NODEA", state: "Online" } });
  });
});

describe("the procedure that stopped and is undone", () => {
  test("goes no further back than the rollup: that is removed by a runbook of its own (domain page, 4.9)", async () => {
    const { undone } = await runAndUndo("install-fails", {});
    expect(changesOf(undone)).toEqual([]);
    expect(undone.end).toMatchObject({ result: "stopped", because: expect.stringMatching(/^update_b\/install: it says no `rollback`: Remove it with `exchange\.remove_rollup`/u) });
  });

  test("does not move the server back to a copy that is not healthy: the guards of the move hold on the way back (F33)", async () => {
    const { world, ran, undone } = await runAndUndo("test/worlds/copies-never-healthy.world.yml", {});
    expect(ran.end.result).not.toBe("succeeded");
    expect(changesOf(undone)).toEqual([]);
    expect(undone.end.result).toBe("stopped");
    expect(stateOf(world)).toMatchObject({ mailbox_server: { active_node: "NODEB" } });
    expect(world.state.breaches).toEqual([]);
  });
});
