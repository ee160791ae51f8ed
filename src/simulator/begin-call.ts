import { applyFault } from "./apply-fault.ts";
import { BY_ITSELF, callCause } from "./cause.ts";
import { failed, type Begun, type Later, type Moment, type Reply } from "./commands/command.ts";
import type { NodeState } from "./node-state.ts";
import { change } from "./occur.ts";
import { schedule } from "./schedule.ts";
import { takes } from "./timings.ts";
import type { CallOutcome, ReplyChange, TriggerState } from "./trigger.ts";
import { sameName, type WorldState } from "./world-state.ts";

/** One call, as the world sees it. */
export interface WorldCall<T> {
  /** Program or cmdlet and its arguments: what triggers look at. */
  readonly words: readonly string[];
  readonly changes: boolean;
  readonly begin: (moment: Moment, reply: ReplyChange | undefined) => Begun<T>;
  /** The answer of a call that went well without doing anything, with what a trigger says of it. */
  readonly good: (state: WorldState, reply: ReplyChange) => Reply<T>;
  /** The answer with what a trigger says of it. */
  readonly altered: (value: T, reply: ReplyChange) => T;
}

/** A call under way. */
export interface Underway<T> extends Begun<T> {
  /** Its reply never comes: the channel breaks when it ends. */
  readonly lost: boolean;
}

const NOTHING: CallOutcome = {};

/**
 * Begins a call on a node, now. A changing one is counted, and the triggers that it meets are honoured: faults directly
 * before it, its effect or none, faults later, another reply, a slow one or none.
 */
export function beginCall<T>(state: WorldState, node: NodeState | undefined, call: WorldCall<T>): Underway<T> {
  if (!call.changes) return { ...call.begin({ state, node, outcome: NOTHING }, undefined), lost: false };
  const met = meetTriggers(state, node, call.words);
  const trigger = met[0];
  const faults = met.flatMap((one) => one.faults.map((fault) => ({ fault, afterMs: one.afterMs })));
  const whats = faults.map(({ fault }) => fault.kind).join(", ");
  change(state, () => {
    for (const { fault, afterMs } of faults) {
      if (afterMs === 0) applyFault(state, fault);
      else schedule(state, afterMs, { kind: "fault", fault });
    }
  }, whats === "" ? BY_ITSELF : { by: "event", what: whats });
  const reply = trigger?.reply;
  if (reply?.effect === "none") {
    const takesMs = takes(state, "program", call.words[0] ?? "", node?.name ?? "local") + reply.slowMs;
    state.changes += 1;
    const answer = reply.failure === undefined ? call.good(state, reply) : failed(reply.failure.code, reply.failure.because);
    return { takesMs, end: () => answer, lost: reply.lost };
  }
  let begun: Begun<T> | undefined;
  change(state, () => {
    begun = call.begin({ state, node, outcome: trigger?.outcome ?? NOTHING }, reply);
  }, callCause(call.words, node?.name));
  state.changes += 1;
  if (begun === undefined) throw new Error("a call did not begin");
  return reply === undefined ? { ...begun, lost: false } : withReply(begun, call, reply);
}

/** The same call with another reply; its effect stays. */
function withReply<T>(begun: Begun<T>, call: WorldCall<T>, reply: ReplyChange): Underway<T> {
  const end = (state: WorldState): Reply<T> | Later => {
    const answer = begun.end(state);
    if (answer.kind === "later") return answer;
    if (reply.failure !== undefined) return failed(reply.failure.code, reply.failure.because);
    return answer.kind === "ok" ? { kind: "ok", value: call.altered(answer.value, reply) } : answer;
  };
  return { takesMs: begun.takesMs + reply.slowMs, end, lost: reply.lost };
}

/** Counts a changing call and gives the triggers that it meets. */
function meetTriggers(state: WorldState, node: NodeState | undefined, words: readonly string[]): readonly TriggerState[] {
  return state.triggers.filter((trigger) => {
    if (trigger.node !== undefined && (node === undefined || !sameName(trigger.node, node.name))) return false;
    if (!matchesWords(trigger.command, words)) return false;
    trigger.seen += 1;
    return trigger.seen >= trigger.nth && trigger.seen < trigger.nth + trigger.times;
  });
}

/** True if the call's first word is that of the pattern (with or without `.exe`), and each other word of the pattern begins one of its arguments. */
export function matchesWords(pattern: readonly string[], words: readonly string[]): boolean {
  const [name = "", ...rest] = pattern.map((word) => word.toLowerCase());
  const [called = "", ...args] = words.map((word) => word.toLowerCase());
  return name.replace(/\.exe$/, "") === called.replace(/\.exe$/, "") && rest.every((word) => args.some((arg) => arg.startsWith(word)));
}
