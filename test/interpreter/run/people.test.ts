import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import type { AskedQuestion, People, Reply } from "../../../src/core/port.ts";
import { recordedOf } from "../../../src/interpreter/run/recorded.ts";
import { dieInFile, endOf, set, takeUp, tryFile, type Left, type TrialOptions } from "../../kit/try-file.ts";

/** Whoever is there answers in turn: an account and what it says; where nobody is left, nobody answers. */
function inTurn(...replies: readonly (readonly [account: string, answer: string] | "expired")[]): People & { readonly asked: AskedQuestion[] } {
  const asked: AskedQuestion[] = [];
  const left = [...replies];
  return {
    presence: "terminal",
    asked,
    ask: async (question): Promise<Reply> => {
      asked.push(question);
      const next = left.shift();
      if (next === undefined) return { kind: "nobody" };
      return next === "expired" ? { kind: "expired" } : { kind: "answered", answer: { answer: next[1], by: next[0].toUpperCase(), account: next[0], host: "desk", reason: undefined } };
    },
  };
}

const approve = (more = "", rest = ""): string => `- { id: go, uses: human.approve, with: { question: "Go on?"${more} }${rest} }`;
const list = (...steps: readonly string[]): string => `steps:\n  ${steps.join("\n  ")}`;
const asks = (events: readonly Event[]): number => events.filter(({ type }) => type === "question-asked").length;

/** The run as it was when nobody was left to answer, later by so many seconds. */
async function waiting(body: string, people: People, laterBySeconds: number): Promise<Left> {
  const tried = await tryFile(body, { people });
  expect(tried.end.result).toBe("waiting");
  return later(await leftAt(body, tried.events.length, { people }), laterBySeconds);
}

async function leftAt(body: string, seq: number, options: TrialOptions): Promise<Left> {
  const left = await dieInFile(body, seq, options);
  if (left === undefined) throw new Error("the runner did not die");
  return left;
}

async function later(left: Left, seconds: number): Promise<Left> {
  await new Promise<void>((resolve) => {
    left.clock.at(left.clock.now() + seconds * 1000, "later", resolve);
    void left.clock.advance(() => true);
  });
  return left;
}

describe("an approval by several", () => {
  test("is asked for until as many accounts have said yes, and tells the terms each time", async () => {
    const people = inTurn(["ann", "yes"], ["ben", "yes"]);
    const tried = await tryFile(list(approve(", count: 2, not-operator: true, approvers: [ann, ben]"), set("one")), { people });
    expect(people.asked.map(({ terms }) => terms)).toEqual([
      { approvers: ["ann", "ben"], count: 2, approved: [], operator: "pat" },
      { approvers: ["ann", "ben"], count: 2, approved: ["ann"], operator: "pat" },
    ]);
    expect(endOf(tried, "go")).toMatchObject({ status: "ok", outputs: { by: ["ANN", "BEN"] } });
    expect(tried.end.result).toBe("succeeded");
  });

  test("waits for the second, keeps the first, and asks on the same digest", async () => {
    const body = list(approve(", count: 2"), set("one"));
    const first = inTurn(["ann", "yes"]);
    const left = await leftAt(body, (await tryFile(body, { people: inTurn(["ann", "yes"]) })).events.length, { people: first });
    const second = inTurn(["ben", "yes"]);
    const again = await takeUp(body, left, { people: second });
    expect(second.asked.map(({ digest, terms }) => [digest, terms?.approved])).toEqual([[first.asked[0]?.digest, ["ann"]]]);
    expect(again.end.result).toBe("succeeded");
  });

  test("an answer that does not count is a fault of whoever took it, and never a yes", async () => {
    await expect(tryFile(list(approve(", not-operator: true"), set("one")), { people: inTurn(["pat", "yes"]) })).rejects.toThrow("an answer was taken that does not count");
  });

  test("is bound to what was shown", async () => {
    const digestOf = async (more: string): Promise<string | undefined> => {
      const people = inTurn();
      await tryFile(list(approve(more)), { people });
      return people.asked[0]?.digest;
    };
    expect(await digestOf("")).toBe(await digestOf(""));
    expect(await digestOf("")).not.toBe(await digestOf(", show: [The copies are healthy.]"));
  });
});

describe("a question that expires", () => {
  test("ends its step `expired`, and what follows is not done", async () => {
    const tried = await tryFile(list(approve(", expires: 5m"), set("one")), { people: inTurn("expired") });
    expect(tried.events.find(({ type }) => type === "question-asked")).toMatchObject({ expires: "1970-01-01T00:05:00.000Z" });
    expect(tried.events.some(({ type }) => type === "question-expired")).toBe(true);
    expect(endOf(tried, "go")).toMatchObject({ status: "failed", code: "expired", because: "nobody answered within 5m: Go on?" });
    expect([tried.end.result, tried.sets]).toEqual(["stopped", []]);
  });

  test("says how many had said yes", async () => {
    const tried = await tryFile(list(approve(", count: 2, expires: 5m")), { people: inTurn(["ann", "yes"], "expired") });
    expect(endOf(tried, "go")).toMatchObject({ code: "expired", because: "1 of 2 said yes within 5m: Go on?" });
  });

  test("is asked again, and stands as long again, by a retry on `expired`", async () => {
    const people = inTurn("expired", ["ann", "yes"]);
    const tried = await tryFile(list(approve(", expires: 5m", ", retry: { attempts: 2, delay: 1m, on: [expired] }"), set("one")), { people });
    expect(people.asked.map(({ expires }) => expires)).toEqual([{ at: "1970-01-01T00:05:00.000Z", leftMs: 300_000 }, { at: "1970-01-01T00:06:00.000Z", leftMs: 300_000 }]);
    expect(tried.end.result).toBe("succeeded");
  });

  test("cannot be waited for with a retry where it stands for ever", async () => {
    await expect(tryFile(list(approve("", ", retry: { attempts: 2, on: [expired] }")))).rejects.toThrow("this step cannot fail with `expired`; the step asks nothing that `expires`");
  });

  test.each([[120, 180_000], [400, -100_000]])("keeps its end when it is asked again after a resume, %d s later", async (seconds, leftMs) => {
    const body = list(approve(", expires: 5m"), set("one"));
    const left = await waiting(body, inTurn(), seconds);
    const people = inTurn(["ann", "yes"]);
    await takeUp(body, left, { people });
    expect(people.asked[0]?.expires).toEqual({ at: "1970-01-01T00:05:00.000Z", leftMs });
  });

  test("a manual step that nobody did in time is no change", async () => {
    const tried = await tryFile(list('- { id: hand, uses: human.do, with: { instructions: "Do it.", expires: 5m } }', set("one")), { people: inTurn("expired") });
    expect(endOf(tried, "hand")).toMatchObject({ status: "failed", code: "expired" });
  });
});

describe("an approval that has expired when the run is taken up", () => {
  const dies = async (body: string, isMeant: (event: Event) => boolean, people: () => People): Promise<Left> => {
    const { events } = await tryFile(body, { people: people() });
    return leftAt(body, events.find(isMeant)?.seq ?? 0, { people: people() });
  };
  const ann = (): People => inTurn(["ann", "yes"], ["ann", "yes"]);
  const body = list(approve(", expires: 5m"), set("one"), set("two"));
  const inBlock = `steps:\n  - id: around\n    block:\n      ${approve(", expires: 5m")}\n  - { id: ticket, uses: human.ask, with: { question: "Ticket?" } }\n  ${set("one")}`;

  test.each<[what: string, body: string, dies: (event: Event) => boolean, seconds: number, asked: number]>([
    ["is asked for again where nothing was done upon it", body, (event) => event.type === "step-finished" && event.step === "go", 400, 1],
    ["is asked for again where its step had not even ended", body, (event) => event.type === "question-answered", 400, 1],
    ["is asked for again inside a block that had ended", inBlock, (event) => event.type === "question-answered" && event.step === "ticket", 400, 1],
    ["is given back where something was done upon it", body, (event) => event.type === "action-started" && event.effect !== "reads", 400, 0],
    ["is given back while it stands", body, (event) => event.type === "step-finished" && event.step === "go", 100, 0],
  ])("%s", async (_what, text, isMeant, seconds, asked) => {
    const left = await later(await dies(text, isMeant, ann), seconds);
    const again = await takeUp(text, left, { people: ann() });
    expect(asks(again.events)).toBe(asked);
    expect(again.end.result).toBe("succeeded");
  });
});

describe("a program that cannot be looked into, and whose outcome was lost", () => {
  const body = list('- { id: one, uses: run.program, target: a, with: { program: set, args: [one, new], effect: changes } }', set("two"));
  const lost = async (): Promise<Left> => {
    const { events } = await tryFile(body);
    return leftAt(body, events.find((event) => event.type === "action-started" && event.effect !== "reads")?.seq ?? 0, {});
  };

  test("is unknown while nobody says what became of it, and its question stays open", async () => {
    const again = await takeUp(body, await lost(), { people: inTurn() });
    expect(again.statuses["one"]).toBe("unknown");
    expect([again.end.result, again.end.exitCode]).toEqual(["stopped", 1]);
    expect(again.events.findLast(({ type }) => type === "question-asked")).toMatchObject({ step: "one", kind: "do" });
    expect(again.sets).toEqual([]);
  });

  test.each([["yes", ["two=new"]], ["no", ["one=new", "two=new"]]])("goes on after a %s", async (answer, sets) => {
    const again = await takeUp(body, await lost(), { people: inTurn(["ann", answer]) });
    expect(again.sets).toEqual(sets);
    expect(again.statuses["one"]).toBe("ok");
    expect(again.end.result).toBe("succeeded");
  });

  test("fails like any other where a person said that it did not work, and the next try fails", async () => {
    const left = await lost();
    left.store.behaviours.set("one", [{ answer: "failed", stores: "never" }]);
    const again = await takeUp(body, left, { people: inTurn(["ann", "no"]) });
    expect(endOf(again, "one")).toMatchObject({ status: "failed" });
  });

  test.each<[to: "go-on" | "abandon" | "rollback", follows: string]>([
    ["go-on", "Done, and it counts as done; not done, and it is run again."],
    ["abandon", "Done, and it counts as done; not done, and it counts as not done. It is not run again."],
    ["rollback", "Done, and what it did is to be undone; not done, and there is nothing of it to undo. It is not run again."],
  ])("says what follows where the run is taken up to %s", async (to, follows) => {
    const left = await lost();
    const again = await takeUp(body, left, { people: inTurn(["ann", "no"]), recorded: recordedOf(left.events), to });
    expect(again.events.find(({ type }) => type === "question-asked")).toMatchObject({ show: ["the runner ended before the answer came", "Find out before you answer.", follows] });
    expect(again.sets).toEqual(to === "go-on" ? ["one=new", "two=new"] : []);
  });

  test("is asked about once more where it is lost once more", async () => {
    const left = await lost();
    left.store.behaviours.set("one", [{ answer: "lost", stores: "at-once" }]);
    const people = inTurn(["ann", "no"], ["ann", "yes"]);
    const again = await takeUp(body, left, { people });
    expect(people.asked).toHaveLength(2);
    expect(again.end.result).toBe("succeeded");
  });
});
