import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "../../src/simulator/fault.ts";
import { programCall, cmdletCall } from "../../src/simulator/world-call.ts";
import { change } from "../../src/simulator/occur.ts";
import { anchorLogs, logsNow } from "../../src/simulator/rules/logs.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "../../src/simulator/rules/mailbox-server.ts";
import { isRunning, STORE_SERVICES } from "../../src/simulator/rules/services.ts";
import { votes } from "../../src/simulator/rules/membership.ts";
import { findNode, type WorldState } from "../../src/simulator/world-state.ts";
import type { World } from "../../src/simulator/world.ts";
import { jobCall } from "../../src/simulator/job-call.ts";
import { exampleWorld, INSTALL, moveTo, PACKAGE_CONTENT } from "./a-world.ts";

/** What may not be in any state of the model, whatever was done to it. */
function contradictions(state: WorldState): readonly string[] {
  const owner = ownerOfMailboxServer(state);
  const { phase, storageGroups } = state.mailboxServer;
  const found: string[] = [];
  const rule = (holds: boolean, text: string): void => {
    if (!holds) found.push(text);
  };
  rule(state.cluster.quorum === votes(state) >= 2, "the quorum is not what the votes say");
  rule(phase !== "online" || (owner.membership === "Up" && state.cluster.quorum), "the mailbox server is online on a node that is not Up, or without a quorum");
  rule(phase !== "online" || STORE_SERVICES.every((name) => isRunning(owner, name)), "the mailbox server is online and its store does not run");
  for (const node of state.nodes) {
    rule(node.power === "on" || node.membership === "Down", `${node.name} is in the cluster without power`);
    rule(node.membership === "Down" || isRunning(node, "ClusSvc"), `${node.name} is in the cluster without its Cluster service`);
    rule(node.power === "on" || node.services.every(({ state: stands }) => stands === "Stopped"), `services run on ${node.name} without power`);
    rule(node.power === "on" || node.jobs.every((job) => job.state !== "running"), `a job runs on ${node.name} without power`);
  }
  for (const group of state.cluster.groups) {
    rule(findNode(state, group.owner) !== undefined, `${group.name} is owned by no node`);
    rule(group.kind === "mailbox" || group.status !== "Online" || (findNode(state, group.owner)?.membership === "Up" && state.cluster.quorum), `${group.name} is Online on a node that is not Up, or without a quorum`);
  }
  for (const group of storageGroups) {
    const logs = logsNow(state, group);
    rule(logs.replayed <= logs.copied && logs.copied <= logs.generated, `${group.name} has copied logs that were never generated`);
  }
  rule(state.due.every(({ atMs }) => atMs >= state.nowMs), "something is due in the past");
  const open = state.outages.at(-1);
  rule((open !== undefined && open.toMs === undefined) === (mailboxServerStatus(state) !== "Online"), "the outage is not what the state says");
  return found;
}

const node = fc.constantFrom("NODEA", "NODEB");
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom("restart" as const, "power-off" as const, "power-on" as const, "pause" as const, "resume" as const), node }),
  fc.record({ kind: fc.constantFrom("fail-over" as const, "hand-over" as const), to: node }),
  fc.record({ kind: fc.constant("move-group" as const), group: fc.constantFrom("Cluster Group", "EXCLUS1"), to: node }),
  fc.record({ kind: fc.constant("witness" as const), reachable: fc.boolean() }),
  fc.record({ kind: fc.constant("copy" as const), status: fc.constantFrom("Failed" as const, "Healthy" as const, "Suspended" as const, "Initializing" as const), message: fc.constant(""), queue: fc.constantFrom(undefined, 7, 60) }),
  fc.record({ kind: fc.constant("service" as const), node, name: fc.constantFrom("ClusSvc", "MSExchangeIS", "MSExchangeRepl", "MSExchangeADTopology"), startMode: fc.constantFrom(undefined, "Disabled" as const, "Auto" as const), state: fc.constantFrom(undefined, "Stopped" as const) }),
  fc.record({ kind: fc.constantFrom("mount" as const, "dismount" as const), database: fc.constant("Archive Database") }),
);
type Deed = { readonly wait: number } | { readonly fault: Fault } | { readonly run: readonly string[]; readonly on: string } | { readonly move: string } | { readonly install: string };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ wait: fc.integer({ min: 1, max: 900_000 }) }),
  fc.record({ fault }),
  fc.record({ run: fc.constantFrom(["cluster.exe", "group", "Cluster Group", "/moveto:NODEB"], ["cluster.exe", "group", "EXCLUS1", "/offline"], ["cluster.exe", "group", "EXCLUS1", "/online"], ["cluster.exe", "node", "/stop"], ["sc.exe", "start", "ClusSvc"], ["sc.exe", "config", "MSExchangeIS", "start=", "demand"], ["shutdown.exe", "/r"]), on: node }),
  fc.record({ move: node }),
  fc.record({ install: node }),
);

function carryOut(world: World, what: Deed, index: number): void {
  const { state } = world;
  if ("wait" in what) world.passTo(state.nowMs + what.wait);
  else if ("fault" in what) world.suffer([what.fault]);
  else {
    const on = findNode(state, "on" in what ? what.on : "move" in what ? what.move : what.install);
    if (on === undefined || on.power !== "on") return;
    if ("move" in what) world.begin(on, cmdletCall({ kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: moveTo(what.move), properties: [] }));
    else if ("run" in what) world.begin(on, programCall(state, on.name, { kind: "program", program: what.run[0] ?? "", args: what.run.slice(1) }));
    else {
      on.files.push({ path: "D:\\ur\\rollup.msp", ...PACKAGE_CONTENT });
      world.begin(on, jobCall(state, on, `job ${index}`, { kind: "job", program: "msiexec.exe", args: INSTALL }));
    }
  }
}

test("whatever is done to it, the model never contradicts itself", () => {
  fc.assert(fc.property(fc.array(deed, { maxLength: 25 }), (deeds) => {
    const world = exampleWorld();
    deeds.forEach((what, index) => {
      carryOut(world, what, index);
      expect(contradictions(world.state)).toEqual([]);
    });
    world.passTo(world.state.nowMs + 6 * 3_600_000);
    expect(contradictions(world.state)).toEqual([]);
  }), { numRuns: 300 });
});

test("a world that was saved in any state goes on in the same way", () => {
  fc.assert(fc.property(fc.array(deed, { maxLength: 12 }), (deeds) => {
    const world = exampleWorld();
    deeds.forEach((what, index) => carryOut(world, what, index));
    const other = world.clone();
    for (const one of [world, other]) one.passTo(one.state.nowMs + 3_600_000);
    expect(other.snapshot()).toEqual(world.snapshot());
  }), { numRuns: 60 });
});

test("time that passes in pieces comes to the same as time that passes at once", () => {
  fc.assert(fc.property(fc.array(deed, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 20 }), (deeds, pieces) => {
    const world = exampleWorld();
    deeds.forEach((what, index) => carryOut(world, what, index));
    const other = world.clone();
    for (const piece of pieces) world.passTo(world.state.nowMs + piece);
    other.passTo(world.state.nowMs);
    expect(other.snapshot()).toEqual(world.snapshot());
  }), { numRuns: 60 });
});

test("a change that changes nothing leaves the counters of the logs as they are now", () => {
  const { state } = exampleWorld();
  state.nowMs += 600_000;
  const [before] = state.mailboxServer.storageGroups.map((group) => logsNow(state, group));
  change(state, () => undefined);
  anchorLogs(state);
  expect(state.mailboxServer.storageGroups[0]?.logs).toEqual(before);
});
