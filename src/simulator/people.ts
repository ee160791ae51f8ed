import { whyNotEntitled } from "../core/approval.ts";
import type { AskedQuestion, Answer, Clock, People } from "../core/port.ts";
import { RUNNER_NAME } from "./commands/windows-programs.ts";
import type { World } from "./world.ts";
import type { PersonAnswerState, PersonState } from "./world-state.ts";

/** The people of a world: they answer the questions that they know and may answer, after a time; one who takes longer than the question stands has let it expire. What a question makes them do to the system they begin at once. Where there is nobody, nobody answers. */
export function worldPeople(world: World, clock: Clock): People {
  const given = new Map<string, number>();
  return {
    presence: "simulated",
    ask: async (question) => {
      const found = question.only === "left" ? undefined : whoAnswers(world.state.people, question, given);
      if (found === undefined) return { kind: "nobody" };
      const { person, reply } = found;
      const counted = countedAs(question, person);
      given.set(counted, (given.get(counted) ?? 0) + 1);
      world.passTo(clock.now());
      world.suffer(reply.does);
      const leftMs = question.expires?.leftMs ?? Number.POSITIVE_INFINITY;
      await new Promise<void>((resolve) => clock.at(clock.now() + Math.min(reply.afterMs, leftMs), `person/${question.step}/${person.name}`, resolve));
      return reply.afterMs > leftMs ? { kind: "expired" } : { kind: "answered", answer: answerOf(person, reply) };
    },
  };
}

/** The first person who knows the question and may answer it; of several, one who answered it less often: two approvers are two people. */
function whoAnswers(people: readonly PersonState[], question: AskedQuestion, given: ReadonlyMap<string, number>): { readonly person: PersonState; readonly reply: PersonAnswerState } | undefined {
  const text = question.text.toLowerCase();
  const able = people.flatMap((person) => {
    const reply = person.answers.find((known) => known.kind === question.kind && text.includes(known.question.toLowerCase()));
    if (reply === undefined || whyNotEntitled(question.terms, { account: person.account, host: RUNNER_NAME }, reply.answer === "yes" ? "yes" : "no") !== undefined) return [];
    return [{ person, reply, times: given.get(countedAs(question, person)) ?? 0 }];
  });
  const fewest = Math.min(...able.map((one) => one.times));
  return able.find((one) => one.times === fewest);
}

function countedAs(question: AskedQuestion, person: PersonState): string {
  return JSON.stringify([question.run, question.step, question.digest, question.text, person.name]);
}

function answerOf(person: PersonState, reply: PersonAnswerState): Answer {
  return { answer: reply.answer, by: person.name, account: person.account, host: RUNNER_NAME, reason: reply.reason };
}
