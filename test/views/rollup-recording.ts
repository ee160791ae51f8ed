import type { Effect } from "../../src/core/action.ts";
import type { Event } from "../../src/core/event.ts";
import type { Json } from "../../src/core/json.ts";
import type { Phase, PlanNode } from "../../src/core/plan.ts";
import { recording, type Recording } from "./recording.ts";

type Outputs = Readonly<Record<string, Json>>;

function planned(path: string, phase: Phase, title: string, kind: PlanNode["kind"] = "leaf"): PlanNode {
  return { path, kind, phase, title, why: undefined, if: undefined, uses: undefined, effect: "reads", target: { kind: "none" }, irreversible: undefined, actions: [], children: [] };
}

interface LeafFacts {
  readonly parent?: string;
  readonly phase?: Phase;
  readonly title: string;
  readonly uses: string;
  readonly target?: string;
  readonly effect?: Effect;
  readonly why?: string;
}

function begin(tape: Recording, step: string, facts: LeafFacts): void {
  tape.put({
    type: "step-started", step, kind: "leaf", phase: facts.phase ?? "step", attempt: 1, title: facts.title, uses: facts.uses, effect: facts.effect ?? "reads", limitMs: 3_600_000,
    ...(facts.parent === undefined ? {} : { parent: facts.parent }), ...(facts.target === undefined ? {} : { target: facts.target }), ...(facts.why === undefined ? {} : { why: facts.why }),
  });
}

function end(tape: Recording, step: string, status: "ok" | "unchanged" | "failed", because: string, ms: number, outputs: Outputs = {}): void {
  tape.put({ type: "decided", step, turn: 9, decision: status === "failed" ? "refuse" : "done", because });
  tape.put({ type: "step-finished", step, status, because, outputs, attempts: 1, ms });
}

function read(tape: Recording, step: string, facts: LeafFacts, because: string, outputs: Outputs = {}): void {
  begin(tape, step, facts);
  tape.pass(1);
  end(tape, step, "ok", because, 1_000, outputs);
}

/** The opening of the rollup: the first events, the goal, the preconditions. */
export function opening(tape: Recording): void {
  tape.put({
    type: "run-started", runbook: "ccr_rollup", title: "Install an update rollup in a CCR environment", file: "runbooks/ccr-rollup.yml", digest: "0".repeat(64), system: "exclus1", simulated: true,
    inputs: [
      { name: "kb", value: "945684", origin: "--set" },
      { name: "cms", value: "EXCLUS1", origin: "inventory system exclus1" },
      { name: "node_a", value: "NODEA", origin: "inventory system exclus1" },
      { name: "node_b", value: "NODEB", origin: "inventory system exclus1" },
      { name: "build", value: "8.1.263.1", origin: "--set" },
      { name: "source", value: "/work/examples/packages", origin: "inventory inputs" },
      { name: "move_back", value: false, origin: "default" },
    ],
    operator: "ada", account: "ada", host: "runner1", tool: "runbook 0.1.0",
  });
  tape.put({
    type: "plan-made", digest: "1".repeat(64),
    nodes: [
      planned("goal/level", "goal", "Both nodes have the expected build"), planned("is_ccr", "precondition", "Is it a CCR?"), planned("copies", "precondition", "Is every copy healthy?"),
      planned("update_b", "step", "Update NODEB (NodeB), the passive node", "call"), planned("level_of_a", "step", "Does NODEA (NodeA) still need the rollup?"),
      planned("handover", "step", "Hand the mailbox server over to NODEB", "call"), planned("update_a", "step", "Update NODEA, passive now", "call"), planned("level", "postcondition", "Both nodes have the expected build"),
    ],
  });
  begin(tape, "goal/level", { phase: "goal", title: "Both nodes have the expected build", uses: "exchange.rollup_level", target: "NODEA" });
  tape.pass(1);
  end(tape, "goal/level", "failed", "NODEA has build 8.1.240.6, expected 8.1.263.1", 1_000);
  read(tape, "is_ccr", { phase: "precondition", title: "Is it a CCR?", uses: "exchange.mailbox_server", target: "NODEB" }, "EXCLUS1 has the storage type NonShared", { clustered_storage_type: "NonShared" });
  read(tape, "copies", { phase: "precondition", title: "Is every copy healthy?", uses: "exchange.copy_status", target: "NODEA" }, "2 of 2 copies are Healthy, nothing waits", { healthy: true });
  tape.put({ type: "watch-started", probe: "mailbox", title: "mailbox server EXCLUS1", everyMs: 10_000, budgetMs: 600_000 });
  tape.put({ type: "watch-started", probe: "quorum", title: "quorum", everyMs: 30_000 });
  tape.put({ type: "probe-changed", probe: "mailbox", state: "up", since: "2007-11-20T12:00:03.000Z", because: "outputs.state is Online" });
  tape.put({ type: "probe-changed", probe: "quorum", state: "up", since: "2007-11-20T12:00:03.000Z", because: "outputs.votes is 3" });
}

/** NodeB is updated: up to the installer's long wait, which `whole` ends. */
export function updateOfB(tape: Recording, part: "until the installer runs" | "whole"): void {
  tape.put({ type: "step-started", step: "update_b", kind: "call", phase: "step", attempt: 1, title: "Update NODEB (NodeB), the passive node", why: "The mailboxes stay online on NODEA meanwhile.", effect: "disrupts" });
  read(tape, "update_b/before", { parent: "update_b", title: "Remember the services of NODEB", uses: "windows.services_snapshot", target: "NODEB" }, "14 services were read");
  begin(tape, "update_b/copy", { parent: "update_b", title: "Copy the package to NODEB", uses: "file.copy", target: "NODEB", effect: "changes" });
  tape.put({ type: "decided", step: "update_b/copy", turn: 1, decision: "act", because: "C:\\Packages\\Exchange2007-KB945684-x64-EN.msp is not there" });
  tape.put({
    type: "action-started", step: "update_b/copy", turn: 1, number: 1, effect: "changes",
    action: { name: "put", title: "Copy the file", target: "NODEB", what: { kind: "put", from: "/work/examples/packages/Exchange2007-KB945684-x64-EN.msp", to: "C:\\Packages\\Exchange2007-KB945684-x64-EN.msp" } },
  });
  tape.pass(12);
  tape.put({ type: "action-finished", step: "update_b/copy", turn: 1, number: 1, outcome: "ok", ms: 12_000 });
  end(tape, "update_b/copy", "ok", "size and hash are those of the package", 13_000, { bytes: 30_408_704 });
  begin(tape, "update_b/install", { parent: "update_b", title: "Install KB945684 on NODEB", uses: "exchange.install_rollup", target: "NODEB", effect: "disrupts", why: "NODEB owns no group, so nothing goes offline." });
  tape.put({ type: "decided", step: "update_b/install", turn: 1, decision: "act", because: "NODEB has build 8.1.240.6, expected 8.1.263.1" });
  tape.put({
    type: "action-started", step: "update_b/install", turn: 1, number: 2, effect: "disrupts",
    action: {
      name: "install", title: "Start the installer", target: "NODEB", job: "rb-4f0c91d2",
      what: { kind: "job", program: "msiexec.exe", args: ["/update", "C:\\Packages\\Exchange2007-KB945684-x64-EN.msp", "/quiet", "/norestart", "/l*vx", "C:\\Packages\\KB945684 install.log"] },
    },
  });
  tape.pass(2);
  tape.put({ type: "action-finished", step: "update_b/install", turn: 1, number: 2, outcome: "ok", ms: 2_000 });
  for (const seconds of [0, 15, 15, 30, 60, 180]) {
    tape.pass(seconds);
    tape.put({ type: "decided", step: "update_b/install", turn: 2, decision: "wait", because: "the installer is running, its log grows" });
  }
  if (part === "until the installer runs") return;
  tape.pass(690);
  end(tape, "update_b/install", "ok", "the installer ended with exit code 0 and both witnesses say 8.1.263.1", 994_000, { build_before: "8.1.240.6", build: "8.1.263.1", exit_code: 0 });
  read(tape, "update_b/compare", { parent: "update_b", title: "Compare the services of NODEB", uses: "windows.services_compare", target: "NODEB" }, "14 services are as before", { equal: true, differences: [] });
  tape.put({ type: "step-finished", step: "update_b", status: "ok", attempts: 1, ms: 1_010_000 });
}

/** The mailbox server is handed over: up to the outage in it, which `whole` ends. */
export function handover(tape: Recording, part: "until the outage" | "whole"): void {
  read(tape, "level_of_a", { title: "Does NODEA (NodeA) still need the rollup?", uses: "exchange.rollup_level", target: "NODEA" }, "NODEA has build 8.1.240.6");
  tape.put({ type: "step-started", step: "handover", kind: "call", phase: "step", attempt: 1, title: "Hand the mailbox server over to NODEB", effect: "disrupts" });
  begin(tape, "handover/approve", { parent: "handover", title: "Approve the outage", uses: "human.approve" });
  tape.put({ type: "question-asked", step: "handover/approve", kind: "approve", question: "May EXCLUS1 be moved to NODEB now? Mailboxes are offline for about two minutes.", show: ["Every copy is Healthy, nothing waits."], digest: "2".repeat(64) });
  tape.pass(90);
  tape.put({ type: "question-answered", step: "handover/approve", digest: "2".repeat(64), answer: "yes", by: "grace", account: "ada", host: "runner1", reason: "in the window" });
  end(tape, "handover/approve", "ok", "grace said yes", 90_000, { by: ["grace"] });
  begin(tape, "handover/move", { parent: "handover", title: "Move the mailbox server to NODEB", uses: "exchange.move_mailbox_server", target: "NODEB", effect: "disrupts" });
  tape.put({ type: "decided", step: "handover/move", turn: 1, decision: "act", because: "EXCLUS1 is active on NODEA, every copy is Healthy" });
  tape.put({
    type: "action-started", step: "handover/move", turn: 1, number: 3, effect: "disrupts",
    action: { name: "move", title: "Move the clustered mailbox server", target: "NODEB", what: { kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: { Identity: "EXCLUS1", TargetMachine: "NODEB", MoveComment: "Applying update rollup", Confirm: false }, properties: [] } },
  });
  tape.pass(8);
  tape.put({ type: "probe-changed", probe: "mailbox", state: "down", since: new Date(Date.parse(tape.events.at(-1)?.at ?? "") + 8_000).toISOString(), because: "outputs.state is Offline Pending" });
  tape.pass(74);
  if (part === "until the outage") return;
  const since = tape.events.at(-1)?.at ?? "";
  tape.put({ type: "action-finished", step: "handover/move", turn: 1, number: 3, outcome: "ok", ms: 82_000 });
  tape.put({ type: "probe-changed", probe: "mailbox", state: "up", since: new Date(Date.parse(since) + 74_000).toISOString(), because: "outputs.state is Online", outage: { probe: "mailbox", step: "handover/move", ms: 74_000, upperMs: 82_000, since, open: false } });
  end(tape, "handover/move", "ok", "EXCLUS1 is Online on NODEB", 83_000, { from: "NODEA", active_node: "NODEB", state: "Online" });
  tape.put({ type: "step-finished", step: "handover", status: "ok", attempts: 1, ms: 180_000 });
}

/** The whole rollup, to its good end. */
export function rollup(): readonly Event[] {
  const tape = recording();
  opening(tape);
  updateOfB(tape, "whole");
  handover(tape, "whole");
  const outage = { probe: "mailbox", step: "handover/move", ms: 74_000, upperMs: 82_000, since: "2007-11-20T12:19:00.000Z", open: false };
  tape.put({ type: "watch-stopped", probe: "mailbox", samples: 130, downMs: 74_000 });
  tape.put({
    type: "run-finished", result: "succeeded", exitCode: 0, because: "every postcondition holds", outages: [outage],
    outputs: { build_of_a: "8.1.263.1", build_of_b: "8.1.263.1", active_node: "NODEB", services_equal: true },
    openItems: [{ step: "backup", code: "expectation", because: "No full backup has ended since the rollup." }], passedOver: [], owed: [],
    next: [{ command: "npx --no-install runbook world show --system exclus1", does: "shows the simulated system as it stands" }],
  });
  return tape.events;
}

/** A run that a guard stopped before anything was changed. */
export function stopped(): readonly Event[] {
  const tape = recording();
  opening(tape);
  begin(tape, "update_b", { title: "Install KB945684 on NODEB", uses: "exchange.install_rollup", target: "NODEB", effect: "disrupts" });
  tape.pass(1);
  tape.put({ type: "decided", step: "update_b", turn: 1, decision: "refuse", code: "owns_groups", because: "NODEB owns Cluster Group: move it away first" });
  tape.put({ type: "step-finished", step: "update_b", status: "failed", code: "owns_groups", because: "NODEB owns Cluster Group: move it away first", attempts: 1, ms: 1_000 });
  tape.put({ type: "run-finished", result: "stopped", exitCode: 1, because: "update_b: NODEB owns Cluster Group: move it away first", outages: [], outputs: {}, openItems: [], passedOver: [], owed: [], next: [{ command: "runbook run runbooks/ccr-rollup.yml", does: "begins again; what is done is found done" }] });
  return tape.events;
}
