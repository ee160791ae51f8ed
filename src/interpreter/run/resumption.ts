import type { QuestionAnswered, RunResumed, Unwinding } from "../../core/event.ts";
import type { StepFinished } from "../../core/step-event.ts";
import type { Step } from "../../core/runbook.ts";
import type { InFlight, Recorded } from "./recorded.ts";
import type { Expiry } from "./recorded-questions.ts";

/** What a run that is taken up still has to give back. Each thing is given once: what is entered again after that is entered as in any run. */
export class Resumption {
  readonly recorded: Recorded;
  readonly #taken = new Set<string>();
  readonly #unwinding: Map<string, readonly Unwinding[]>;

  /** Steps that are entered although the run is to end, with those around them. */
  readonly #mustEnter: ReadonlySet<string>;

  /** What it is taken up for. Where nothing new is to be begun, every step that ended is given back. */
  readonly to: RunResumed["to"];

  /** `abandon` and `rollback`: steps whose outcome is open are looked at once more, and blocks that were entered pay their `always`. */
  constructor(recorded: Recorded, to: RunResumed["to"]) {
    this.recorded = recorded;
    this.to = to;
    this.#mustEnter = new Set(to !== "go-on" ? [...recorded.owing, ...[...recorded.inFlight.keys()].filter((path) => recorded.acts.has(path))] : []);
    this.#unwinding = new Map(recorded.unwinding);
  }

  /** The end of a step, if it is given back to it. An approval that has expired is not, unless something was done upon it. */
  endOf(path: string, step: Step, nowMs: number): StepFinished | undefined {
    const given = this.recorded.given.get(path);
    if (given === undefined || this.#taken.has(path) || isStale(given.expiry, nowMs)) return undefined;
    const remembers = step.body.kind === "leaf" && step.body.remember;
    if (given.when === "if-it-remembers" && this.to === "go-on" && !(remembers && (given.end.status === "ok" || given.end.status === "unchanged"))) return undefined;
    this.#taken.add(path);
    return given.end;
  }

  /** True for a step whose end is still to be given back whatever it does: it is passed although the run is to end. */
  isGivenBack(path: string): boolean {
    const given = this.recorded.given.get(path);
    return given !== undefined && !this.#taken.has(path) && (given.when === "always" || this.to !== "go-on");
  }

  /** What a step that had not ended had been told by people. An approval that has expired was not, unless something was done upon it. */
  inFlight(path: string, nowMs: number): InFlight | undefined {
    const inFlight = this.recorded.inFlight.get(path);
    if (inFlight === undefined || this.#taken.has(path)) return undefined;
    this.#taken.add(path);
    if (!isStale(inFlight.expiry, nowMs)) return inFlight;
    const { expiry: _expired, ...rest } = inFlight;
    return { ...rest, answers: [] };
  }

  /** An answer to what to do about a failure, upon which nothing was done yet. */
  answerTo(digest: string): QuestionAnswered | undefined {
    const answer = this.recorded.answers.get(digest);
    if (answer === undefined || this.#taken.has(digest)) return undefined;
    this.#taken.add(digest);
    return answer;
  }

  /** The unwinding of a block that has to be finished. */
  unwindingOf(path: string): readonly Unwinding[] | undefined {
    const cut = this.#unwinding.get(path);
    this.#unwinding.delete(path);
    return cut;
  }

  /** True for a block that was entered and had not ended: its `always` is owed whatever is entered of it now. */
  wasEntered(path: string): boolean {
    return this.recorded.owing.has(path);
  }

  /** True for a step in which, at whatever depth, an unwinding has to be finished: it is entered although the run is to end. */
  leadsToUnwinding(path: string): boolean {
    for (const open of [...this.#unwinding.keys(), ...this.#mustEnter]) {
      for (let at: string | undefined = open; at !== undefined; at = this.recorded.parents.get(at)) if (at === path) return true;
    }
    return false;
  }
}

function isStale(expiry: Expiry | undefined, nowMs: number): boolean {
  return expiry?.question === "answered" && expiry.atMs < nowMs;
}
