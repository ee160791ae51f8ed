import { assertNever } from "../core/assert-never.ts";
import type { Event, QuestionAsked } from "../core/event.ts";
import { dayAndHourOf } from "../core/time.ts";
import { answersIn, type FoundAnswer, type LeftAnswer } from "../world/inbox.ts";

/** A question that nobody has answered yet. */
export type OpenQuestion = Event & QuestionAsked;

/** The open questions of a run: a fold over its events. */
export class OpenQuestions {
  readonly #open = new Map<string, OpenQuestion>();

  constructor(events: readonly Event[]) {
    for (const event of events) this.see(event);
  }

  /** In the order in which they were asked. */
  get list(): readonly OpenQuestion[] {
    return [...this.#open.values()];
  }

  see(event: Event): void {
    switch (event.type) {
      case "question-asked":
        this.#open.set(event.step, event);
        return;
      case "question-answered":
      case "question-expired":
        this.#open.delete(event.step);
        return;
      case "step-finished":
        // What only a person can tell stays open after the step, and the run, have ended without them.
        if (event.status !== "unknown") this.#open.delete(event.step);
        return;
      case "run-resumed":
      case "rollback-started":
        this.#open.clear();
        return;
      default:
        return;
    }
  }
}

/** A way to answer: its flags, as they are typed, and what it means. */
export interface WayToAnswer {
  readonly flags: string;
  readonly does: string;
}

/** The ways to answer a question, the likeliest first. */
export function waysToAnswer({ kind, choices, value, reasonFor }: OpenQuestion): readonly WayToAnswer[] {
  switch (kind) {
    case "approve":
    case "confirm":
      return [{ flags: "--yes", does: "says yes" }, { flags: "--no --reason TEXT", does: "says no, and why" }];
    case "do":
      return [{ flags: "--done", does: "it was done" }, { flags: "--not-done", does: "it was not done" }];
    case "choose":
      return Object.entries(choices ?? {}).map(([name, does]) => ({ flags: `--choose ${name}${reasonFor?.includes(name) === true ? " --reason TEXT" : ""}`, does }));
    case "ask":
      if (value?.enum !== undefined) return value.enum.map((item) => ({ flags: `--value ${item}`, does: "is one answer" }));
      return value?.type === "boolean" ? [{ flags: "--value yes", does: "is one answer" }, { flags: "--value no", does: "is the other" }] : [{ flags: "--value TEXT", does: "answers with this value" }];
    default:
      return assertNever(kind);
  }
}

/** The flags that are an answer, as a hint: with what each choice means, and what a value has to be. */
export function waysText(question: OpenQuestion): string {
  const { choices, value } = question;
  const ways = waysToAnswer(question);
  if (choices !== undefined) return ways.map(({ flags, does }) => `${flags}: ${does}`).join("; ");
  const pattern = value?.pattern === undefined ? "" : ` that matches ${value.pattern}`;
  const type = value === undefined || value.type === "string" || value.type === "boolean" || value.enum !== undefined ? "" : `, ${value.type === "integer" ? "a whole number" : "a number"}`;
  return `it takes ${ways.map(({ flags }) => flags).join(", or ")}${type}${pattern}`;
}

/** The answers in a run's inbox that the run has not taken yet, oldest first. */
export async function answersLeft(inbox: string, events: readonly Event[]): Promise<readonly FoundAnswer[]> {
  const used = new Set(events.flatMap((event) => (event.type === "question-answered" ? (event.left ?? []) : [])));
  return (await answersIn(inbox)).filter(({ name }) => !used.has(name));
}

/** True for an answer that was left for a step when it asked something else, or was to carry out another plan. */
export function isForAnother({ step, digest }: LeftAnswer, asked: Pick<QuestionAsked, "step" | "digest">): boolean {
  return step === asked.step && digest !== undefined && digest !== asked.digest;
}

/** An answer that was left, for a sentence: `yes by Grace (account grace on desk) at 2026-11-30 17:58 UTC`. */
export function leftText({ answer, by, account, host, at, reason }: LeftAnswer): string {
  return `${answer} by ${by} (account ${account} on ${host}) at ${dayAndHourOf(at)}${reason === undefined ? "" : `: ${reason}`}`;
}

/** Why an answer for another question is not taken. `events`: of the run, as far as they tell of questions. */
export function whyNotTaken({ digest }: LeftAnswer, events: readonly Event[]): string {
  const asked = events.findLast((event) => event.type === "question-asked" && event.digest === digest);
  const meant = asked?.type === "question-asked" ? `what was asked at ${dayAndHourOf(asked.at)}, “${asked.question}”` : "another question";
  return `it is for ${meant}, and the question or the plan has changed since. It has to be answered anew`;
}
