import { whyNotEntitled } from "../core/approval.ts";
import type { Event } from "../core/event.ts";
import type { AskedQuestion, Journal, People } from "../core/port.ts";
import { isForAnother, leftText, whyNotTaken } from "./open-questions.ts";
import { answersIn, removeAnswer, type FoundAnswer } from "../world/inbox.ts";

/** The people of a run: those who left an answer in its inbox, then those who are there. */
export interface PeopleOfRun {
  readonly people: People;
  /** The journal, beside which an answer leaves the inbox once it is synced there. */
  readonly journal: Journal;
}

/** What the people of a run are made of. */
export interface PeopleParts {
  readonly inbox: string;
  /** Who is there. */
  readonly people: People;
  readonly journal: Journal;
  /** True if the system's time is the world's: when an answer was left says nothing then, only when it is taken. */
  readonly isSimulated: boolean;
  /** The run's events so far. */
  readonly before: readonly Event[];
}

/** Questions are answered from the inbox first. An answer is used once, even where the runner died between keeping it and taking it out. */
export function peopleOfRun({ inbox, people, journal, isSimulated, before }: PeopleParts): PeopleOfRun {
  const used = new Set(before.flatMap((event) => (event.type === "question-answered" ? (event.left ?? []) : [])));
  const kept: FoundAnswer[] = [];
  const fits = ({ step, digest, name, at, answer, account, host }: FoundAnswer, question: AskedQuestion): boolean => {
    if (step !== question.step || used.has(name)) return false;
    if (digest === undefined ? question.kind !== "ask" : digest !== question.digest) return false;
    if (whyNotEntitled(question.terms, { account, host }, answer === "yes" ? "yes" : "no") !== undefined) return false;
    return question.expires === undefined || (isSimulated ? question.expires.leftMs > 0 : at <= question.expires.at);
  };
  return {
    people: {
      presence: people.presence,
      ask: async (question, warn) => {
        const all = await answersIn(inbox);
        const found = all.filter((each) => fits(each, question));
        // A no of anyone who may say it counts, however many said yes before.
        const taken = (question.kind === "approve" ? found.find(({ answer }) => answer !== "yes") : undefined) ?? found[0];
        if (taken !== undefined) {
          used.add(taken.name);
          kept.push(taken);
          const { answer, by, account, host, reason, name } = taken;
          return { kind: "answered", answer: { answer, by, account, host, reason, left: name } };
        }
        for (const left of all) if (!used.has(left.name) && isForAnother(left, question)) warn(`the answer ${leftText(left)} is not taken: ${whyNotTaken(left, before)}`);
        if (question.only === "left") return { kind: "nobody" };
        return question.expires !== undefined && question.expires.leftMs <= 0 ? { kind: "expired" } : people.ask(question, warn);
      },
    },
    journal: {
      append: (event) => journal.append(event),
      sync: async () => {
        const done = await journal.sync();
        if (done.kind === "ok") for (const answer of kept.splice(0)) removeAnswer(answer);
        return done;
      },
    },
  };
}
