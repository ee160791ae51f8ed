import type { PastAnswer } from "../../core/builtin.ts";
import type { Event, QuestionAnswered, QuestionAsked } from "../../core/event.ts";
import { timeMs } from "../../core/time.ts";

/** An answer of a step's own, with the attempt in which it was given. */
export type AttemptAnswer = PastAnswer & { readonly attempt: number };

/** The end of a question's time, on the system's clock. `acted-upon`: answered, and something was done since, or the answer is of a kind that stays true; `answered`: nothing was. */
export interface Expiry {
  readonly atMs: number;
  readonly question: "open" | "answered" | "acted-upon";
}

interface LastQuestion {
  readonly asked: Event & QuestionAsked;
  readonly attempt: number;
  /** 0 while there is none. */
  readonly answeredSeq: number;
}

/** What people were asked and said, while a journal is read. */
export class RecordedQuestions {
  readonly #asked = new Map<string, Event & QuestionAsked>();
  readonly #last = new Map<string, LastQuestion>();
  readonly #answers = new Map<string, AttemptAnswer[]>();
  readonly #actsAtAnswer = new Map<string, number>();
  readonly #policy = new Map<string, QuestionAnswered>();

  /** Answers to what to do about a failure, by digest of the question, that nothing was done upon yet. */
  get policy(): ReadonlyMap<string, QuestionAnswered> {
    return this.#policy;
  }

  asked(event: Event & QuestionAsked, attempt: number): void {
    this.#asked.set(event.digest, event);
    // What was said when it was asked before has been done by now, and does not answer it again.
    if (event.about === "failure") this.#policy.delete(event.digest);
    if (event.about === undefined) this.#last.set(event.step, { asked: event, attempt, answeredSeq: 0 });
  }

  /** True if the answer says what a person changed by hand: a change like any other. */
  answered(event: Event & QuestionAnswered, attempt: number, acts: number): boolean {
    const asked = this.#asked.get(event.digest);
    if (asked?.about === "failure") {
      this.#policy.set(event.digest, event);
      return false;
    }
    const last = this.#last.get(event.step);
    if (last !== undefined) this.#last.set(event.step, { ...last, answeredSeq: event.seq });
    this.#actsAtAnswer.set(event.step, acts);
    // What was answered is not known any more: it is asked again.
    if (event.masked === true) return asked?.kind === "do";
    const { answer, by, account, host, at, reason } = event;
    this.#answers.set(event.step, [...this.answersOf(event.step), { attempt, answer, by, account, host, at, ...(reason === undefined ? {} : { reason }) }]);
    return asked?.kind === "do";
  }

  /** A step acts, which stands inside the others: who said of one of them that it is to be tried again is obeyed. */
  acts(steps: readonly string[]): void {
    for (const [digest, { step, answer }] of this.#policy) if (answer === "retry" && steps.includes(step)) this.#policy.delete(digest);
  }

  /** A step that has ended was done upon what people said to do about its failures. */
  ended(step: string): void {
    for (const [digest, answer] of this.#policy) if (answer.step === step) this.#policy.delete(digest);
  }

  /** What people answered to a step, over all its attempts; empty where nobody did. */
  answersOf(step: string): readonly AttemptAnswer[] {
    return this.#answers.get(step) ?? [];
  }

  /** How many acts of a step there were when a person last answered it; 0 where nobody did. */
  actsAtAnswer(step: string): number {
    return this.#actsAtAnswer.get(step) ?? 0;
  }

  /** When the last question of a step's attempt expires; nothing where it does not. `lastIntent`: the `seq` of the run's last change. */
  expiryOf(step: string, attempt: number, lastIntent: number): { readonly expiry?: Expiry } {
    const last = this.#last.get(step);
    if (last?.asked.expires === undefined || last.attempt !== attempt) return {};
    return { expiry: { atMs: timeMs(last.asked.expires), question: last.answeredSeq === 0 ? "open" : isOfTheMoment(last.asked) && lastIntent < last.answeredSeq ? "answered" : "acted-upon" } };
  }
}

/** True for questions whose yes is about how things stand: what was typed or done stays so. */
function isOfTheMoment({ kind }: QuestionAsked): boolean {
  return kind === "approve" || kind === "confirm";
}

/** A block is not given back over an approval inside it that is asked for again: it expires with the first of these. */
export function expireAround<G extends { readonly expiry?: Expiry }>(given: Map<string, G>, parentOf: (path: string) => string | undefined): void {
  for (const [path, { expiry }] of given) {
    if (expiry?.question !== "answered") continue;
    for (let around = parentOf(path); around !== undefined; around = parentOf(around)) {
      const block = given.get(around);
      if (block !== undefined && (block.expiry?.atMs ?? Number.POSITIVE_INFINITY) > expiry.atMs) given.set(around, { ...block, expiry });
    }
  }
}
