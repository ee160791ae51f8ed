import type { Event, QuestionAnswered, RunResult, RunStarted, Unwinding } from "../../core/event.ts";
import type { Outage } from "../../core/outage.ts";
import type { StepFinished, StepStarted } from "../../core/step-event.ts";
import { cutOpen, MeasuredOutages } from "../../core/measured-outages.ts";
import { timeMs } from "../../core/time.ts";
import { endedBy, identityOf, type OwnAct } from "./leaf-state.ts";
import { RecordedAgain } from "./recorded-again.ts";
import { takeEnd } from "./recorded-outcome.ts";
import { RecordedRan } from "./recorded-ran.ts";
import { expireAround, RecordedQuestions, type AttemptAnswer, type Expiry } from "./recorded-questions.ts";

/** A step that had been entered and had not ended: it is entered again in the same attempt, with all that it did. */
export interface InFlight {
  readonly attempt: number;
  readonly answers: readonly AttemptAnswer[];
  /** How many acts there were when a person last answered; 0 where nobody did. */
  readonly actsAtAnswer: number;
  /** When its last question of this attempt expires, and whether that is still open; absent where it does not. */
  readonly expiry?: Expiry;
}

/** The end of a step as it is given back. `if-it-remembers`: only to a step that remembers; any other is entered again. */
export interface Given {
  readonly end: StepFinished;
  readonly when: "always" | "if-it-remembers";
  /** Of the approval that it ended with, or of the first inside it that expires; absent where none does. */
  readonly expiry?: Expiry;
}

/**
 * What the journal of a run tells to those who take it up again (semantics.md section 4). Looks are never in it: what can be read is
 * read again, unless something was done since on the strength of it.
 */
export interface Recorded {
  readonly started: RunStarted & { readonly at: string };
  /** How it had ended; `interrupted` where it had not. */
  readonly result: RunResult;
  readonly lastSeq: number;
  readonly lastAt: string;
  readonly actions: number;
  readonly intents: number;
  /** The last attempt of each step by path. One that is in flight counts as not begun yet. */
  readonly attempts: ReadonlyMap<string, number>;
  readonly given: ReadonlyMap<string, Given>;
  /** The last end of each step, given back or not. */
  readonly ends: ReadonlyMap<string, StepFinished>;
  readonly inFlight: ReadonlyMap<string, InFlight>;
  readonly acts: ReadonlyMap<string, readonly OwnAct[]>;
  /** Unwindings that had begun and not ended, by the path of the block. */
  readonly unwinding: ReadonlyMap<string, readonly Unwinding[]>;
  /** Blocks, calls and loops that had been entered and had not ended. */
  readonly owing: ReadonlySet<string>;
  /** The step around each step. */
  readonly parents: ReadonlyMap<string, string>;
  /** Answers to what to do about a failure, by digest of the question, that nothing was done upon yet. */
  readonly answers: ReadonlyMap<string, QuestionAnswered>;
  /** Steps that did their work in a block that is entered from its first step again, with that end. */
  readonly ranBefore: ReadonlyMap<string, StepFinished>;
  /** Prefixes of the files of which a step was entered: their goal is not asked again. */
  readonly begun: ReadonlySet<string>;
  readonly outages: readonly Outage[];
  /** Probes that were down at the last record. */
  readonly down: readonly string[];
}

/** Types of the events that are of their moment: what a step saw, decided and printed. Whoever takes a run up, or shows one that was, needs none of them. */
export const PASSING_EVENTS: ReadonlySet<Event["type"]> = new Set(["looked", "decided", "action-output"]);

/** Reads a run's events, from the first, as they are needed to go on; `PASSING_EVENTS` may be left out. A list that does not begin with `run-started` is our own mistake. */
export function recordedOf(events: readonly Event[]): Recorded {
  const reader = new Reader();
  for (const event of events) reader.take(event);
  return reader.recorded();
}

/** Lives while a journal is read. */
class Reader {
  #started: (RunStarted & { readonly at: string }) | undefined;
  #result: RunResult = "interrupted";
  #lastSeq = 0;
  #lastAt = "";
  #actions = 0;
  #intents = 0;
  /** `seq` of the last intent. */
  #lastIntent = 0;
  /** `seq` of the last intent or question: what had ended before it is not asked again. */
  #mark = 0;
  readonly #starts = new Map<string, StepStarted>();
  readonly #attempts = new Map<string, number>();
  readonly #ends = new Map<string, Event & StepFinished>();
  readonly #acts = new Map<string, OwnAct[]>();
  readonly #open = new Map<number, { readonly path: string; readonly index: number }>();
  readonly #questions = new RecordedQuestions();
  readonly #unwinding = new Map<string, Unwinding[]>();
  /** Blocks whose last unwinding ended badly. */
  readonly #unwound = new Set<string>();
  readonly #ran = new RecordedRan();
  readonly #again = new RecordedAgain();
  readonly #begun = new Set<string>();
  readonly #outages = new MeasuredOutages();
  readonly #down = new Map<string, string>();

  take(event: Event): void {
    this.#lastSeq = event.seq;
    this.#lastAt = event.at;
    this.#outages.take(event);
    switch (event.type) {
      case "run-started":
        this.#started = event;
        return;
      case "run-resumed":
        this.#result = "interrupted";
        for (const [path, acts] of this.#acts) this.#acts.set(path, acts.map((act) => endedBy(act, timeMs(event.at))));
        return this.#again.said(event, this.#ends.keys(), (path) => this.#around(path));
      case "step-started":
        return this.#stepStarted(event);
      case "step-finished":
        return this.#stepFinished(event);
      case "attempt-failed":
        this.#attempts.set(event.step, event.attempt + 1);
        return;
      case "action-started": {
        this.#actions = event.number;
        if (event.effect === "reads") return;
        this.#intents += 1;
        this.#mark = event.seq;
        this.#lastIntent = event.seq;
        this.#ran.acts(event.step);
        this.#questions.acts([event.step, ...this.#around(event.step)]);
        const { name, what, target, job, fill } = event.action;
        const acts = this.#acts.get(event.step) ?? [];
        this.#acts.set(event.step, acts);
        this.#open.set(event.number, { path: event.step, index: acts.length });
        const atMs = timeMs(event.at);
        acts.push({
          attempt: this.#attempts.get(event.step) ?? 1, action: name, fill: fill ?? {}, startedMs: atMs, endedMs: atMs, identity: identityOf(name, what), address: target, outcome: "in-doubt",
          failure: { code: "lost", because: "the runner ended before the answer came" }, ...(job === undefined ? {} : { job }),
        });
        return;
      }
      case "action-finished": {
        const open = this.#open.get(event.number);
        if (open === undefined) return;
        this.#open.delete(event.number);
        if (event.outcome === "not-begun") this.#intents -= 1;
        takeEnd(this.#acts.get(open.path) ?? [], open.index, event);
        return;
      }
      case "unwinding":
        this.#unwinding.set(event.step, [...(this.#unwinding.get(event.step) ?? []), event]);
        return;
      case "question-asked":
        this.#mark = event.seq;
        this.#questions.asked(event, this.#attempts.get(event.step) ?? 1);
        return;
      case "question-answered":
        this.#mark = event.seq;
        if (this.#questions.answered(event, this.#attempts.get(event.step) ?? 1, this.#acts.get(event.step)?.length ?? 0)) this.#lastIntent = event.seq;
        return;
      case "probe-changed":
        if (event.state === "down") this.#down.set(event.probe, event.since);
        else if (event.state === "up") this.#down.delete(event.probe);
        return;
      case "run-finished":
        this.#result = event.result;
        return;
      default:
        return;
    }
  }

  recorded(): Recorded {
    if (this.#started === undefined) throw new Error("a journal without its first event");
    this.#seeRan();
    const given = new Map<string, Given>();
    for (const [path, end] of this.#ends) {
      const again = this.#isUnwound(path);
      if (this.#isGood(path, end) && this.#again.counts(end)) given.set(path, { end, when: !again && this.#isDoneUpon(path, end) ? "always" : "if-it-remembers", ...this.#questions.expiryOf(path, end.attempts, this.#lastIntent) });
    }
    expireAround(given, (path) => this.#starts.get(path)?.parent);
    const inFlight = new Map<string, InFlight>();
    const owing = new Set<string>();
    const attempts = new Map(this.#attempts);
    for (const [path, { kind }] of this.#starts) {
      const end = this.#ends.get(path);
      if (end !== undefined && end.status !== "unknown" && end.status !== "interrupted") continue;
      const attempt = this.#attempts.get(path) ?? 1;
      attempts.set(path, attempt - 1);
      if (kind === "block" || kind === "instance") owing.add(path);
      if (kind === "leaf" || kind === "instance" || kind === "for-each") inFlight.set(path, { attempt, answers: this.#questions.answersOf(path), actsAtAnswer: this.#questions.actsAtAnswer(path), ...this.#questions.expiryOf(path, attempt, this.#lastIntent) });
    }
    return {
      started: this.#started, result: this.#result, lastSeq: this.#lastSeq, lastAt: this.#lastAt, actions: this.#actions, intents: this.#intents, attempts, given, ends: this.#ends, inFlight,
      acts: this.#acts, unwinding: this.#unwinding, owing, parents: this.#parents(), answers: this.#questions.policy, ranBefore: this.#ran.ends, begun: this.#begun, outages: this.#outages.outages.map(cutOpen), down: [...this.#down.keys()],
    };
  }

  #stepStarted(event: StepStarted): void {
    this.#starts.set(event.step, event);
    this.#attempts.set(event.step, event.attempt);
    this.#ends.delete(event.step);
    if (this.#unwound.has(event.step)) this.#seeRan();
    this.#unwound.delete(event.step);
    if (event.phase === "step" || event.phase === "rescue" || event.phase === "always" || event.phase === "rollback") this.#begun.add(event.step.slice(0, event.step.lastIndexOf("/") + 1));
  }

  #stepFinished(event: Event & StepFinished): void {
    this.#ends.set(event.step, event);
    this.#ran.ended(event);
    const unwound = this.#unwinding.get(event.step);
    this.#unwinding.delete(event.step);
    if (unwound?.some(({ main }) => main.kind !== "went-on") === true && event.status !== "rescued") this.#unwound.add(event.step);
    this.#questions.ended(event.step);
  }

  #seeRan(): void {
    if (this.#unwound.size > 0) this.#ran.see({ starts: this.#starts, ends: this.#ends, acts: this.#acts }, (path) => this.#isUnwound(path));
  }

  #parents(): ReadonlyMap<string, string> {
    const parents = new Map<string, string>();
    for (const [path, { parent }] of this.#starts) if (parent !== undefined) parents.set(path, parent);
    return parents;
  }

  /** True for a step inside a block that ended badly after it had unwound: the block is entered from its first step. */
  #isUnwound(path: string): boolean {
    return this.#unwound.size > 0 && this.#around(path).some((around) => this.#unwound.has(around));
  }

  /** The steps around one, from the nearest. */
  #around(path: string): readonly string[] {
    const around: string[] = [];
    for (let at = this.#starts.get(path)?.parent; at !== undefined; at = this.#starts.get(at)?.parent) around.push(at);
    return around;
  }

  #isGood(path: string, { status, passedOver }: StepFinished): boolean {
    if (this.#starts.get(path)?.phase === "goal") return false;
    return passedOver !== undefined || status === "rescued" || status === "ok" || status === "unchanged" || status === "skipped";
  }

  /** True if something was done since on the strength of it, or by it, or if an unwinding has to be finished before all else. */
  #isDoneUpon(path: string, end: Event & StepFinished): boolean {
    if (end.passedOver !== undefined || end.status === "rescued" || this.#unwinding.size > 0) return true;
    return end.seq < this.#mark || (this.#acts.get(path)?.length ?? 0) > 0 || this.#questions.answersOf(path).length > 0;
  }
}
