import type { Event, RunResult, RunStarted, UnwoundMain } from "../../core/event.ts";
import type { StepFinished, StepStarted } from "../../core/step-event.ts";

/** A job that was started, or may have been, and where. */
export interface StartedJob {
  readonly name: string;
  readonly address: string;
}

/** What the journal of a run tells to those who undo it (semantics.md section 7, "Rollback"). */
export interface Deeds {
  readonly started: RunStarted & { readonly at: string; readonly run: string };
  /** How it had ended; `interrupted` where it had not. */
  readonly result: RunResult;
  /** The last start and the last end of each step by path; a step that is under way, or was when the runner died, has no end. */
  readonly starts: ReadonlyMap<string, StepStarted>;
  readonly ends: ReadonlyMap<string, StepFinished>;
  /** `seq` of the last intent of each step, by path. */
  readonly intents: ReadonlyMap<string, number>;
  /** `seq` of the last yes that a person gave to a question of each step: where the step is one that a person carries out, it is done. */
  readonly consents: ReadonlyMap<string, number>;
  /** Steps with an intent of which a person said that nothing of what was in doubt was done, and which did nothing else. Where a look can tell, it is believed instead. */
  readonly notDone: ReadonlySet<string>;
  /** Steps with an intent whose outcome nobody knows. */
  readonly unsettled: ReadonlySet<string>;
  /** Steps with an intent that were cut short: what they did may still show. */
  readonly cutShort: ReadonlySet<string>;
  /** The jobs of each step that began any: they may still be at work. */
  readonly jobs: ReadonlyMap<string, readonly StartedJob[]>;
  /** How the steps of each block had ended that unwound. */
  readonly unwound: ReadonlyMap<string, UnwoundMain>;
  /** Blocks whose `always` is still owed. */
  readonly owed: readonly string[];
  /** The run that undoes this one, or has begun to; absent where there is none. */
  readonly rollback?: { readonly by: string; readonly state: "begun" | "done" };
}

/** What steps may have done, action by action: in doubt until it is known, or until a person says that it was not done. */
class Doubts {
  readonly #open = new Map<string, Set<number>>();
  readonly #known = new Set<string>();

  begin(path: string, action: number): void {
    this.#open.set(path, new Set([...this.#open.get(path) ?? [], action]));
  }

  know(path: string, action: number): void {
    if (this.#open.get(path)?.has(action) === true) this.#known.add(path);
    this.#open.get(path)?.delete(action);
  }

  deny(path: string): void {
    this.#open.get(path)?.clear();
  }

  isDenied(path: string): boolean {
    return !this.#known.has(path) && this.#open.get(path)?.size === 0;
  }
}

/** Reads a run's events, from the first, as they are needed to undo it. A list that does not begin with `run-started` is our own mistake. */
export function deedsOf(events: readonly Event[]): Deeds {
  const [started] = events;
  if (started?.type !== "run-started") throw new Error("a journal without its first event");
  const starts = new Map<string, StepStarted>();
  const ends = new Map<string, StepFinished>();
  const intents = new Map<string, number>();
  const consents = new Map<string, number>();
  const jobs = new Map<string, readonly StartedJob[]>();
  const unwound = new Map<string, UnwoundMain>();
  const ofPolicy = new Set<string>();
  const doubts = new Doubts();
  const notBegun = new Set(events.flatMap((event) => (event.type === "action-finished" && event.outcome === "not-begun" ? [event.number] : [])));
  let result: RunResult = "interrupted";
  let owed: readonly string[] = [];
  let rollback: Deeds["rollback"];
  for (const event of events) {
    switch (event.type) {
      case "run-resumed":
        result = "interrupted";
        break;
      case "step-started":
        starts.set(event.step, event);
        ends.delete(event.step);
        break;
      case "step-finished":
        ends.set(event.step, event);
        break;
      case "action-started":
        if (event.effect === "reads" || notBegun.has(event.number)) break;
        intents.set(event.step, event.seq);
        doubts.begin(event.step, event.number);
        if (event.action.job !== undefined) jobs.set(event.step, [...jobs.get(event.step) ?? [], { name: event.action.job, address: event.action.target }]);
        break;
      case "action-finished":
        if (event.outcome === "ok" || event.outcome === "failed") doubts.know(event.step, event.number);
        break;
      case "question-asked":
        if (event.about === "failure") ofPolicy.add(event.digest);
        break;
      case "question-answered":
        if (event.answer === "yes" && !ofPolicy.has(event.digest)) consents.set(event.step, event.seq);
        if (event.answer === "no" && !ofPolicy.has(event.digest)) doubts.deny(event.step);
        break;
      case "unwinding":
        unwound.set(event.step, event.main);
        break;
      case "run-finished":
        ({ result, owed } = event);
        break;
      case "rollback-started":
        rollback = { by: event.by, state: "begun" };
        break;
      case "rolled-back":
        rollback = { by: event.by, state: "done" };
        break;
      default:
        break;
    }
  }
  const unsettled = new Set([...intents.keys()].filter((path) => (ends.get(path)?.status ?? "unknown") === "unknown"));
  const cutShort = new Set([...intents.keys()].filter((path) => ends.get(path)?.status === "interrupted"));
  return { started, result, starts, ends, intents, consents, notDone: new Set([...intents.keys()].filter((path) => doubts.isDenied(path))), unsettled, cutShort, jobs, unwound, owed, ...(rollback === undefined ? {} : { rollback }) };
}

/** True if a run has to come to rest before it can be undone: it had not ended, a step's outcome is open or it was cut short, or an `always` is owed. */
export function isAtRest({ result, unsettled, cutShort, owed }: Deeds): boolean {
  return result !== "interrupted" && unsettled.size === 0 && cutShort.size === 0 && owed.length === 0;
}

/** Paths of the steps around one in its run, from the nearest: blocks, calls and loops. */
export function stepsAround({ starts }: Deeds, path: string): readonly string[] {
  const around: string[] = [];
  for (let at = starts.get(path)?.parent; at !== undefined; at = starts.get(at)?.parent) around.push(at);
  return around;
}

/** True for a step that stands in an `always`, at whatever depth. */
export function isOwedStep(deeds: Deeds, path: string): boolean {
  return [path, ...stepsAround(deeds, path)].some((at) => deeds.starts.get(at)?.phase === "always");
}

/** Steps of the run that it undoes which a rollback leaves as they are, by the events of the rollback. */
export function leftBy(events: readonly Event[]): readonly string[] {
  return [...new Set(events.flatMap((event) => (event.type === "run-started" || event.type === "run-resumed" ? event.left ?? [] : [])))];
}
