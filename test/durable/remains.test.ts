import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import type { Transports } from "../../src/core/port.ts";
import { ok } from "../../src/core/result.ts";
import { recordedOf } from "../../src/interpreter/run/recorded.ts";
import { describeWorld } from "../../src/simulator/describe-world.ts";
import { findFile } from "../../src/simulator/files.ts";
import type { World } from "../../src/simulator/world.ts";
import { nodeOf } from "../../src/simulator/world-state.ts";
import { localTransports } from "../../src/world/local-transport.ts";
import { systemClock } from "../../src/world/system-clock.ts";
import { freshWorld, runOnWorld } from "../kit/ccr-kit.ts";
import { Died, tryRun, type Trial } from "../kit/run-kit.ts";
import { options, temporaryFolder, until } from "../world/real-process.ts";
import { serverForTests, waysTo } from "../world/ssh-kit.ts";
import { SSHD } from "../world/sshd.ts";

/** The jobs that the nodes of a world keep, as `world show` tells it: `NODEB ended`. */
function keptIn(world: World): readonly string[] {
  const { clock } = describeWorld(world.state) as { readonly clock: { readonly nodes: readonly { readonly name: string; readonly jobs: readonly { readonly state: string }[] }[] } };
  return clock.nodes.flatMap(({ name, jobs }) => jobs.map(({ state }) => `${name} ${state}`));
}

function warningsIn(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => (event.type === "warning" && event.code === "remains-left" ? [event.message] : []));
}

/** The number of the record that the last step of the undisturbed run has ended. */
async function lastEnd(): Promise<number> {
  const { events } = await runOnWorld(await freshWorld("two-node"));
  return events.findLast(({ type }) => type === "step-finished")?.seq ?? 0;
}

describe("a simulated system", () => {
  test("keeps the jobs of a run while it goes on, and none once it has succeeded; what they did, and their logs, stay", async () => {
    const world = await freshWorld("two-node");
    let seen: readonly string[] = [];
    const { events, end } = await runOnWorld(world, { onEvent: (event) => { if (event.type === "step-finished") seen = keptIn(world); } });
    expect([end.result, seen, keptIn(world), warningsIn(events)]).toEqual(["succeeded", ["NODEA ended", "NODEB ended"], [], []]);
    for (const node of world.state.nodes) {
      const log = node.jobs[0]?.log ?? "";
      expect(findFile(world.state, node, log)?.text).toContain("MainEngineThread is returning 0");
    }
  });

  test("keeps the jobs of a run that was stopped", async () => {
    const world = await freshWorld("test/worlds/install-a-fails.world.yml");
    const { end } = await runOnWorld(world);
    expect([end.result, keptIn(world)]).toEqual(["stopped", ["NODEA ended", "NODEB ended"]]);
  });

  test.each([
    ["before the first is removed", ["NODEA ended", "NODEB ended"]],
    ["after the last is removed", []],
  ] as const)("keeps none of a run whose runner died %s, and that was taken up", async (when, left) => {
    const last = await lastEnd();
    const world = await freshWorld("two-node");
    const events: Event[] = [];
    const record = (event: Event): void => {
      if (event.type === "run-finished") throw new Died(events);
      events.push(event);
    };
    const sync = async () => {
      if (when.startsWith("before") && (events.at(-1)?.seq ?? 0) >= last) throw new Died(events);
      return ok(undefined);
    };
    await expect(runOnWorld(world, { engine: { record, sync } })).rejects.toThrow(Died);
    expect(keptIn(world)).toEqual(left);
    world.passTo(Math.max(world.state.nowMs, Date.parse(events.at(-1)?.at ?? "")));
    const after = await runOnWorld(world, { recorded: recordedOf(events) });
    expect([after.end.result, keptIn(world), warningsIn(after.events)]).toEqual(["succeeded", [], []]);
  });

  test.each([
    ["for a moment is asked again, and keeps nothing", 10_000, [], 0],
    ["for long keeps them, and the run succeeds with a warning", 3_600_000, ["NODEB ended"], 1],
  ] as const)("of which a node cannot be reached at the end %s", async (_, forMs, kept, warnings) => {
    const last = await lastEnd();
    const world = await freshWorld("two-node");
    const { events, end } = await runOnWorld(world, { onEvent: ({ seq }) => { if (seq === last) world.suffer([{ kind: "unreachable", node: "NODEB", forMs }]); } });
    expect([end.result, keptIn(world)]).toEqual(["succeeded", kept]);
    expect(warningsIn(events)).toHaveLength(warnings);
    for (const message of warningsIn(events)) expect(message).toMatch(/^the records of ended jobs stay on NODEB \(runbook-[0-9a-f]{20}\), where they only take up room: NODEB does not answer$/);
    expect(nodeOf(world.state, "NODEA").jobs).toMatchObject([{ forgotten: true }]);
  });
});

/** A run of one job on one address, which fails until `ready` is there. */
function trialOf(transports: Transports, address: string, ready: string, parts: Partial<Trial> = {}): Trial {
  const text = `runbook: 1\nname: main\ntitle: Run a job\ntargets:\n  node: { address: ${address} }\nsteps:\n  - id: work\n    title: Run a job\n    uses: store.job\n    target: node\n    with: { program: sh, args: ["-c", 'echo worked; test -e "$1"', sh, ${ready}] }\n    rollback:\n      - id: unwork\n        title: Run another job\n        uses: store.job\n        target: node\n        with: { program: "true", args: [] }\n`;
  return { files: { "main.yml": text }, clock: systemClock(), transports, ...parts };
}

/** What holds on a real machine: the jobs of a run that may be taken up stay, those of one that is over do not, and those of others always stay. */
async function keepsUntilOver(transports: Transports, address: string): Promise<void> {
  const node = transports.to(address);
  const states = async (): Promise<readonly string[]> => {
    const answer = await node.jobs({ kind: "jobs" }, options());
    if (answer.kind !== "ok") throw new Error(JSON.stringify(answer));
    return answer.value.jobs.map(({ name, state, exitCode }) => `${name === "other" ? name : "ours"} ${state} ${String(exitCode)}`);
  };
  await node.startJob("other", { kind: "job", program: "true", args: [] }, options());
  await until(async () => ((await states()).includes("other ended 0") ? true : undefined));
  const ready = join(temporaryFolder(), "ready");
  const stopped = await tryRun(trialOf(transports, address, ready));
  expect([stopped.end.result, await states()]).toEqual(["stopped", ["other ended 0", "ours ended 1"]]);
  const abandoned = await tryRun(trialOf(transports, address, ready, { recorded: recordedOf(stopped.events), to: "abandon" }));
  expect([abandoned.end.result, await states()]).toEqual(["cancelled", ["other ended 0"]]);
  const begun = await tryRun(trialOf(transports, address, ready));
  writeFileSync(ready, "");
  expect(await states()).toEqual(["other ended 0", "ours ended 1"]);
  const goneOn = await tryRun(trialOf(transports, address, ready, { recorded: recordedOf(begun.events) }));
  expect([goneOn.end.result, await states()]).toEqual(["succeeded", ["other ended 0"]]);
  const toUndo = await tryRun(trialOf(transports, address, `${ready}/no`));
  expect(await states()).toEqual(["other ended 0", "ours ended 1"]);
  const undone = await tryRun(trialOf(transports, address, `${ready}/no`, { undoes: { events: toUndo.events } }));
  expect([undone.end.exitCode, undone.statuses, await states()]).toEqual([0, { work: "ok", "work/unwork": "ok" }, ["other ended 0"]]);
  expect([...abandoned.events, ...goneOn.events, ...undone.events].filter(({ type }) => type === "warning")).toEqual([]);
}

test("this machine keeps the jobs of a run until that is over", async () => {
  const folder = temporaryFolder();
  await keepsUntilOver(localTransports({ state: folder, fetched: folder }), "local");
  expect(readdirSync(join(folder, "jobs"))).toEqual(["other"]);
});

test("a job that still runs when its run is given up is warned of with its step, and is left alone", async () => {
  const folder = temporaryFolder();
  const transports = localTransports({ state: folder, fetched: folder });
  const ready = join(temporaryFolder(), "ready");
  const [[name, text] = ["", ""]] = Object.entries(trialOf(transports, "local", ready).files);
  const files = { [name]: text.replace('test -e "$1"', 'while [ ! -e "$1" ]; do sleep 0.1; done') };
  const cancelled = await tryRun(trialOf(transports, "local", ready, { files, onEvent: (event, execution) => { if (event.type === "decided" && event.decision === "wait") execution().cancel("SIGINT"); } }));
  const abandoned = await tryRun(trialOf(transports, "local", ready, { files, recorded: recordedOf(cancelled.events), to: "abandon" }));
  expect(warningsIn(abandoned.events)).toEqual([expect.stringMatching(/^the job runbook-[0-9a-f]{20} of work still runs on local, and nobody waits for it any more; what is kept of it stays there$/)]);
  writeFileSync(ready, "");
  await until(async () => {
    const answer = await transports.to("local").jobs({ kind: "jobs" }, options());
    return answer.kind === "ok" && answer.value.jobs[0]?.exitCode === 0 ? true : undefined;
  });
});

describe.skipIf(SSHD === undefined)("over ssh", () => {
  const server = serverForTests();

  test("a machine keeps the jobs of a run until that is over", async () => {
    await keepsUntilOver(waysTo(server()), "node1");
  });
});
