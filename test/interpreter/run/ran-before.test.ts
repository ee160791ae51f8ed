import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import { dieInFile, set, takeUp, tryFile, type Left, type TriedFile } from "../../kit/try-file.ts";

const bad = '- { id: bad, uses: store.value, with: { key: x }, expect: [ { that: \'outputs.value == "y"\' } ] }';
const block = (once: string, rest = ""): string => `steps:\n  - id: outer\n${rest}    block:\n      ${once}\n      ${bad}\n    always:\n      - { id: tidy, uses: store.blind, with: { key: tidy } }`;
const once = "- { id: once, uses: store.blind, with: { key: once } }";
const asked = (event: Event): boolean => event.type === "question-asked" && event.step === "once";
const questions = ({ events }: Pick<TriedFile, "events">): number => events.filter(asked).length;

/** What the first runner left, whose run stopped at the second step of the block and cleaned up. */
async function stopped(body: string): Promise<Left> {
  const { events, store, clock, end } = await tryFile(body);
  expect(end).toMatchObject({ result: "stopped", owed: [] });
  return { events, store, clock };
}

/** A run that is taken up, with what all its runners did. */
async function again(body: string, left: Left, options: Parameters<typeof takeUp>[2] = {}): Promise<TriedFile> {
  const tried = await takeUp(body, left, options);
  return { ...tried, events: [...left.events, ...tried.events] };
}

describe("a step that did its work in a block that is entered from its first step again, and that cannot look", () => {
  test("is asked about, and is not run where nobody answers, however often the run is taken up", async () => {
    const body = block(once);
    const left = await stopped(body);
    let { events } = left;
    for (let times = 1; times <= 3; times += 1) {
      const tried = await again(body, { ...left, events });
      expect(tried.sets.filter((each) => each === "once=blind")).toHaveLength(1);
      expect(tried.end).toMatchObject({ result: "waiting", owed: ["outer"] });
      expect(questions(tried)).toBe(times);
      ({ events } = tried);
    }
  });

  test.each([["done", 1], ["again", 2]])("is told to be %s", async (answer, runs) => {
    const body = block(once);
    const tried = await again(body, await stopped(body), { answers: { "still stand": answer } });
    expect(tried.sets.filter((each) => each === "once=blind")).toHaveLength(runs);
    expect(tried.statuses).toMatchObject({ once: "ok", bad: "failed", tidy: "ok" });
    expect(tried.events.findLast((event) => event.type === "step-finished" && event.step === "once")).toMatchObject({ outputs: {} });
  });

  test("is asked about once for each entry, also where the runner died at the question, and behind the answer", async () => {
    const body = block(once);
    const left = await stopped(body);
    const whole = await again(body, left, { answers: { "still stand": "done" } });
    for (const at of whole.events.filter(({ seq, type }) => seq > left.events.length && type !== "run-finished").map(({ seq }) => seq)) {
      const first = await stopped(body);
      let died: readonly Event[] = [];
      try {
        await takeUp(body, first, { answers: { "still stand": "done" }, diesAt: at });
      } catch (thrown) {
        died = (thrown as { readonly events: readonly Event[] }).events;
      }
      const tried = await again(body, { ...first, events: [...first.events, ...died] }, { answers: { "still stand": "done" } });
      expect(tried.sets.filter((each) => each === "once=blind"), `dead after ${at}`).toHaveLength(1);
      expect(tried.statuses["once"] ?? "ok").toBe("ok");
    }
  });

  test("is run again without a word where it may be repeated", async () => {
    const body = block("- { id: once, uses: store.blind, with: { key: once, repeatable: true } }");
    const tried = await again(body, await stopped(body));
    expect(questions(tried)).toBe(0);
    expect(tried.sets.filter((each) => each === "once=blind")).toHaveLength(2);
  });

  test("is asked about where a person has its block tried again, too", async () => {
    const tried = await tryFile(block(once, "    on-failure: ask\n"), { answers: { outer: "retry" } });
    expect(questions(tried)).toBe(1);
    expect(tried.sets.filter((each) => each === "once=blind")).toHaveLength(1);
    expect(tried.end.result).toBe("waiting");
  });
});

test("a step that can look is not asked about, and what cleans up is run by each unwinding", async () => {
  const body = block(set("once"));
  const tried = await again(body, await stopped(body));
  expect(questions(tried)).toBe(0);
  expect(tried.sets).toEqual(["once=new", "tidy=blind", "tidy=blind"]);
});

test("a run whose unwinding was cut short finishes it and asks nothing", async () => {
  const body = block(once);
  const { events } = await tryFile(body);
  const left = await dieInFile(body, events.find(({ type }) => type === "unwinding")?.seq ?? 0);
  if (left === undefined) throw new Error("the runner did not die");
  const tried = await again(body, left);
  expect(questions(tried)).toBe(0);
  expect(tried.sets).toEqual(["once=blind", "tidy=blind"]);
});
