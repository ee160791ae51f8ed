import { expect, test } from "vitest";
import type { AskedQuestion } from "../../src/core/port.ts";
import { worldPeople } from "../../src/simulator/people.ts";
import type { WorldFile } from "../../src/simulator/world-schema.ts";
import { Driver, exampleWorld } from "./a-world.ts";

const question = (kind: AskedQuestion["kind"], text: string, more: Partial<AskedQuestion> = {}): AskedQuestion => ({ kind, text, show: [], run: "r1", step: "handover/approve", digest: "d", ...more });
const PEOPLE: NonNullable<WorldFile["people"]> = [
  { name: "eva", account: "CONTOSO\\eva", answers: [{ kind: "approve", question: "outage", answer: "yes", reason: "agreed", after: "3m" }, { kind: "do", question: "wizard", answer: "yes", after: "5m", does: [{ hand_over: "NODEB" }] }] },
  { name: "max", answers: [{ kind: "approve", question: "OUTAGE of EXCLUS1", answer: "no" }] },
];

function peopleOf(driver: Driver): ReturnType<typeof worldPeople> {
  return worldPeople(driver.world, driver.clock);
}

test("a person who knows the question answers it after a time", async () => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  const people = peopleOf(driver);
  expect(people.presence).toBe("simulated");
  expect(await driver.until(people.ask(question("approve", "Begin the outage now?"), () => undefined))).toEqual({ kind: "answered", answer: { answer: "yes", by: "eva", account: "CONTOSO\\eva", host: "OPERATOR-PC", reason: "agreed" } });
  expect(driver.clock.now() - driver.world.state.epochMs).toBe(180_000);
});

test.each([
  ["another kind of question", question("confirm", "Begin the outage now?")],
  ["another question", question("approve", "Restart NODEB?")],
])("nobody answers %s", async (_, asked) => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  expect(await driver.until(peopleOf(driver).ask(asked, () => undefined))).toEqual({ kind: "nobody" });
  expect(driver.clock.now()).toBe(driver.world.state.epochMs);
});

test("where a question is asked twice, a second person answers; another question begins anew", async () => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  const people = peopleOf(driver);
  const by = async (asked: AskedQuestion): Promise<string> => {
    const reply = await driver.until(people.ask(asked, () => undefined));
    return reply.kind === "answered" ? reply.answer.by : reply.kind;
  };
  const asked = question("approve", "Approve the outage of EXCLUS1");
  expect([await by(asked), await by(asked), await by(asked), await by({ ...asked, step: "move_back/approve" })]).toEqual(["eva", "max", "eva", "eva"]);
});

test("a person begins at once with what was asked for, and answers when it is done", async () => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  expect(await driver.until(peopleOf(driver).ask(question("do", "Move it with the wizard"), () => undefined))).toMatchObject({ answer: { answer: "yes", by: "eva" } });
  driver.world.passTo(driver.clock.now());
  expect(driver.world.state.mailboxServer.move).toMatchObject({ to: "NODEB", result: "done" });
});

test.each([
  ["whom the terms leave out is not asked", { count: 1, approved: [], operator: "CONTOSO\\eva" }, "max"],
  ["only approvers are asked", { approvers: ["max@OPERATOR-PC"], count: 1, approved: [] }, "max"],
  ["who said yes is not asked for a second one", { count: 2, approved: ["CONTOSO\\eva"] }, "max"],
  ["where none of them may answer, nobody does", { approvers: ["grace"], count: 1, approved: [] }, "nobody"],
])("%s", async (_what, terms, who) => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  const reply = await driver.until(peopleOf(driver).ask(question("approve", "Approve the outage of EXCLUS1", { terms }), () => undefined));
  expect(reply.kind === "answered" ? reply.answer.by : reply.kind).toBe(who);
});

test.each([[179, "expired", 179], [180, "answered", 180]] as const)("a question that stands for %d s is %s after %d s of the world's time by one who takes 180 s", async (seconds, kind, passed) => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  const reply = await driver.until(peopleOf(driver).ask(question("approve", "Begin the outage now?", { expires: { at: "2008-03-15T09:00:00.000Z", leftMs: seconds * 1000 } }), () => undefined));
  expect(reply.kind).toBe(kind);
  expect(driver.clock.now() - driver.world.state.epochMs).toBe(passed * 1000);
});
