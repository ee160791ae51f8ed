import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import type { AskedQuestion, Reply } from "../../src/core/port.ts";
import { error, ok } from "../../src/core/result.ts";
import { peopleOfRun, type PeopleOfRun } from "../../src/cli/people-of-run.ts";
import { leaveAnswer, type LeftAnswer } from "../../src/world/inbox.ts";
import { nobody } from "../../src/world/nobody.ts";

const QUESTION: AskedQuestion = { kind: "approve", text: "Go on?", show: [], run: "r", step: "go", digest: "d" };
const LEFT: LeftAnswer = { step: "go", digest: "d", answer: "yes", by: "Ann", account: userInfo().username, host: "desk", at: "2026-03-15T09:00:00.000Z" };

function people(inbox: string, more: { readonly syncs?: "never"; readonly isSimulated?: true; readonly before?: readonly Event[] } = {}): PeopleOfRun {
  return peopleOfRun({
    inbox, people: nobody(), isSimulated: more.isSimulated === true, before: more.before ?? [],
    journal: { append: () => undefined, sync: async () => (more.syncs === "never" ? error("no space") : ok(undefined)) },
  });
}

function newInbox(...answers: readonly Partial<LeftAnswer>[]): string {
  const inbox = mkdtempSync(join(tmpdir(), "runbook-inbox-"));
  for (const answer of answers) leaveAnswer(inbox, { ...LEFT, ...answer });
  return inbox;
}

const quiet = (because: string): void => {
  throw new Error(`nothing is to be said: ${because}`);
};

const answerOf = (reply: Reply): string => (reply.kind === "answered" ? reply.answer.answer : reply.kind);

test("an answer to another question, or to one of another plan, is told with what it was for, before anybody is asked", async () => {
  const inbox = newInbox({ digest: "e" }, { digest: "f", answer: "no" }, { step: "other" });
  const asked: Event = { v: 1, seq: 1, at: LEFT.at, run: "r", type: "question-asked", step: "go", kind: "approve", question: "Go?", show: [], digest: "e" };
  const told: string[] = [];
  expect(answerOf(await people(inbox, { before: [asked] }).people.ask(QUESTION, (because) => void told.push(because)))).toBe("nobody");
  expect(told.toSorted()).toEqual([
    expect.stringMatching(/^the answer no by Ann \(account \S+ on desk\) at 2026-03-15 09:00:00 UTC is not taken: it is for another question, /),
    expect.stringMatching(/^the answer yes by Ann .* is not taken: it is for what was asked at 2026-03-15 09:00:00 UTC, “Go\?”, and the question or the plan has changed since\. It has to be answered anew$/),
  ]);
  expect(readdirSync(inbox)).toHaveLength(3);
});

test("an answer leaves the inbox when it is synced in the journal, and not before", async () => {
  const inbox = newInbox({});
  const unkept = people(inbox, { syncs: "never" });
  expect(answerOf(await unkept.people.ask(QUESTION, quiet))).toBe("yes");
  await unkept.journal.sync();
  expect(readdirSync(inbox)).toHaveLength(1);
  const kept = people(inbox);
  expect(answerOf(await kept.people.ask(QUESTION, quiet))).toBe("yes");
  expect(readdirSync(inbox)).toHaveLength(1);
  await kept.journal.sync();
  expect(readdirSync(inbox)).toEqual([]);
});

test("an answer is used once, also by a run that is taken up after its runner died between keeping it and taking it out", async () => {
  const inbox = newInbox({});
  const first = await people(inbox).people.ask(QUESTION, quiet);
  const left = first.kind === "answered" ? (first.answer.left ?? "") : "";
  expect(left).not.toBe("");
  const before: Event = { v: 1, seq: 1, at: LEFT.at, run: "r", type: "question-answered", step: "go", digest: "d", answer: "yes", by: "Ann", account: LEFT.account, host: "desk", left };
  expect(answerOf(await people(inbox, { before: [before] }).people.ask(QUESTION, quiet))).toBe("nobody");
});

test.each<[what: string, left: Partial<LeftAnswer>, question: Partial<AskedQuestion>, isSimulated: true | undefined, reply: string]>([
  ["to another step is none to this", { step: "other" }, {}, undefined, "nobody"],
  ["that was left in time counts", {}, { expires: { at: "2026-03-15T09:00:00.000Z", leftMs: -1 } }, undefined, "yes"],
  ["that was left too late does not", {}, { expires: { at: "2026-03-15T08:59:59.999Z", leftMs: -1 } }, undefined, "expired"],
  ["to a simulated system counts while the question stands in the world's time", {}, { expires: { at: "2008-03-15T09:00:00.000Z", leftMs: 1 } }, true, "yes"],
  ["to a simulated system does not count once it has expired there", {}, { expires: { at: "2008-03-15T09:00:00.000Z", leftMs: 0 } }, true, "expired"],
  ["of an account that may not give it does not count", {}, { terms: { count: 1, approved: [], operator: LEFT.account } }, undefined, "nobody"],
  ["of an account that said yes counts for no second yes", {}, { terms: { count: 2, approved: [LEFT.account] } }, undefined, "nobody"],
  ["of an account that said yes counts if it is a no", { answer: "no" }, { terms: { count: 2, approved: [LEFT.account] } }, undefined, "no"],
])("an answer %s", async (_what, left, question, isSimulated, reply) => {
  const inbox = newInbox(left);
  expect(answerOf(await people(inbox, isSimulated === undefined ? {} : { isSimulated }).people.ask({ ...QUESTION, ...question }, quiet))).toBe(reply);
});
