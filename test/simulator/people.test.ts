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
  expect(await driver.until(people.ask(question("approve", "Begin the outage now?")))).toEqual({ answer: "yes", by: "eva", account: "CONTOSO\\eva", host: "OPERATOR-PC", reason: "agreed" });
  expect(driver.clock.now() - driver.world.state.epochMs).toBe(180_000);
});

test.each([
  ["another kind of question", question("confirm", "Begin the outage now?")],
  ["another question", question("approve", "Restart NODEB?")],
])("nobody answers %s", async (_, asked) => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  expect(await driver.until(peopleOf(driver).ask(asked))).toBeUndefined();
  expect(driver.clock.now()).toBe(driver.world.state.epochMs);
});

test("where a question is asked twice, a second person answers; another question begins anew", async () => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  const people = peopleOf(driver);
  const by = async (asked: AskedQuestion): Promise<string | undefined> => (await driver.until(people.ask(asked)))?.by;
  const asked = question("approve", "Approve the outage of EXCLUS1");
  expect([await by(asked), await by(asked), await by(asked), await by({ ...asked, step: "move_back/approve" })]).toEqual(["eva", "max", "eva", "eva"]);
});

test("a person begins at once with what was asked for, and answers when it is done", async () => {
  const driver = new Driver(exampleWorld("two-node", { people: PEOPLE }));
  expect(await driver.until(peopleOf(driver).ask(question("do", "Move it with the wizard")))).toMatchObject({ answer: "yes", by: "eva" });
  driver.world.passTo(driver.clock.now());
  expect(driver.world.state.mailboxServer.move).toMatchObject({ to: "NODEB", result: "done" });
});
