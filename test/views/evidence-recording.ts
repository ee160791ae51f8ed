import type { Event } from "../../src/core/event.ts";
import { recording } from "./recording.ts";
import { handover, opening, updateOfB } from "./rollup-recording.ts";

const AGAIN = { to: "go-on", digest: "0".repeat(64), operator: "grace", account: "grace", host: "runner2", tool: "runbook 0.1.0" } as const;
const END = { type: "run-finished", outages: [], outputs: {}, openItems: [], passedOver: [], owed: [] } as const;

/** A run whose runner died while the installer ran: nothing more was recorded. */
export function interrupted(): readonly Event[] {
  const tape = recording();
  opening(tape);
  updateOfB(tape, "until the installer runs");
  return tape.events;
}

/** A run that waits for somebody to approve the outage. */
export function waiting(): readonly Event[] {
  const tape = recording();
  opening(tape);
  tape.put({ type: "step-started", step: "approve", kind: "leaf", phase: "step", attempt: 1, title: "Approve the outage", uses: "human.approve", effect: "reads" });
  tape.put({ type: "question-asked", step: "approve", kind: "approve", question: "May EXCLUS1 be moved to NODEB now?", show: ["Mailboxes are offline for about two minutes."], digest: "2".repeat(64) });
  tape.put({ ...END, type: "run-finished", result: "waiting", exitCode: 5, because: "nobody is there to approve", next: [
    { command: "runbook answer r7k2m9q4xa approve --yes", does: "leaves that answer, or --no --reason TEXT" },
    { command: "runbook resume r7k2m9q4xa", does: "goes on with the answer; without one it asks on a terminal" },
    { command: "runbook rollback r7k2m9q4xa", does: "undoes what it did, after showing how" },
  ] });
  return tape.events;
}

/** A run that was cut off twice: while the installer ran, and in the outage of the hand-over, which nobody watched to its end. It comes to a good end. */
export function resumedTwice(): readonly Event[] {
  const tape = recording();
  const cutAt = (): string => tape.events.at(-1)?.at ?? "";
  opening(tape);
  updateOfB(tape, "until the installer runs");
  let lastAt = cutAt();
  tape.pass(3_600);
  tape.put({ ...AGAIN, type: "run-resumed", after: "interrupted", lastAt, givenBack: 4, again: ["update_b/install"], unwatched: [] });
  tape.put({ type: "plan-made", digest: "1".repeat(64), nodes: [] });
  tape.put({ type: "step-started", step: "update_b/install", parent: "update_b", kind: "leaf", phase: "step", attempt: 1, title: "Install KB945684 on NODEB", uses: "exchange.install_rollup", target: "NODEB", effect: "disrupts" });
  tape.put({ type: "decided", step: "update_b/install", turn: 9, decision: "done", because: "the installer ended with exit code 0 and both witnesses say 8.1.263.1" });
  tape.put({ type: "step-finished", step: "update_b/install", status: "ok", outputs: { build_before: "8.1.240.6", build: "8.1.263.1" }, attempts: 1, ms: 4_000 });
  tape.put({ type: "step-finished", step: "update_b", status: "ok", attempts: 1, ms: 9_000 });
  handover(tape, "until the outage");
  lastAt = cutAt();
  tape.pass(7_200);
  tape.put({ ...AGAIN, type: "run-resumed", digest: "3".repeat(64), after: "interrupted", lastAt, givenBack: 9, again: ["handover/move"], unwatched: ["mailbox"] });
  tape.put({ type: "plan-made", digest: "4".repeat(64), nodes: [] });
  tape.put({ type: "step-started", step: "handover/move", parent: "handover", kind: "leaf", phase: "step", attempt: 1, title: "Move the mailbox server to NODEB", uses: "exchange.move_mailbox_server", target: "NODEB", effect: "disrupts" });
  tape.pass(5);
  tape.put({ type: "decided", step: "handover/move", turn: 2, decision: "done", because: "EXCLUS1 is Online on NODEB" });
  tape.put({ type: "step-finished", step: "handover/move", status: "ok", because: "EXCLUS1 is Online on NODEB", outputs: { state: "Online" }, attempts: 1, ms: 5_000 });
  tape.put({ type: "step-finished", step: "handover", status: "ok", attempts: 1, ms: 7_300_000 });
  tape.put({
    ...END, type: "run-finished", result: "succeeded", exitCode: 0, because: "every postcondition holds", next: [],
    outages: [{ probe: "mailbox", step: "handover/move", ms: 74_000, upperMs: 82_000, since: "2007-11-20T13:07:05.000Z", open: false }],
  });
  return tape.events;
}

/** A run of many small steps on some machines, all done. */
export function manySteps(count: number): readonly Event[] {
  const tape = recording();
  opening(tape);
  for (let number = 1; number <= count; number += 1) {
    const step = `fleet[host${number}]`;
    tape.put({ type: "step-started", step, kind: "leaf", phase: "step", attempt: 1, title: `Patch host${number}`, uses: "run.program", target: `host${number % 40}`, effect: "changes" });
    tape.put({ type: "action-started", step, turn: 1, number, effect: "changes", action: { name: "run", title: "Run the program", target: `host${number % 40}`, what: { kind: "program", program: "patch", args: ["--now"] } } });
    tape.pass(20);
    tape.put({ type: "action-finished", step, turn: 1, number, outcome: "ok", exitCode: 0, ms: 20_000 });
    tape.put({ type: "step-finished", step, status: "ok", because: "it is patched", attempts: 1, ms: 20_000 });
  }
  tape.put({ ...END, type: "run-finished", result: "succeeded", exitCode: 0, because: "every step is done", next: [] });
  return tape.events;
}
