import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import { dieInFile, endOf, set, tryFile, type TrialOptions } from "../../kit/try-file.ts";
import { atRest, back, dieInUndo, runAndUndo, undoable, undoFile, undonePaths } from "../../kit/undo-file.ts";

const bad = (id = "bad"): string => `- { id: ${id}, uses: store.value, with: { key: never }, expect: [ { that: 'outputs.value == "y"' } ] }`;
const list = (...steps: readonly string[]): string => `steps:\n  ${steps.join("\n  ")}`;
const LOST = { answer: "lost", stores: "at-once" } as const;

describe("a run that had not come to rest", () => {
  const intended = (step: string) => (event: Event): boolean => event.type === "action-started" && event.effect !== "reads" && event.step === step;

  async function diedAt(body: string, isMeant: (event: Event) => boolean, options: TrialOptions = {}): Promise<NonNullable<Awaited<ReturnType<typeof dieInFile>>>> {
    const at = (await tryFile(body, options)).events.find(isMeant);
    const left = await dieInFile(body, at?.seq ?? 0, options);
    if (left === undefined) throw new Error("the runner did not die");
    return left;
  }

  test("is looked at first where a step was in flight, and pays what `always` owes; then it is undone", async () => {
    const body = `steps:\n  ${undoable("one")}\n  - id: outer\n    block:\n      ${undoable("two")}\n      ${undoable("three")}\n    always:\n      ${set("tidy")}`;
    const left = await diedAt(body, intended("three"));
    const resting = await atRest(body, left);
    expect(resting.events.find(({ type }) => type === "run-resumed")).toMatchObject({ to: "rollback" });
    expect(resting.store.values.get("NODEA/tidy")).toBe("new");
    const undone = await undoFile(body, resting);
    expect(undonePaths(undone)).toEqual(["three", "two", "one"]);
    expect(undone.end.result).toBe("succeeded");
    expect(Object.fromEntries(undone.store.values)).toEqual({ "NODEA/one": "", "NODEA/two": "", "NODEA/tidy": "new" });
  });

  test("waits until what it did shows, where the answer was good at once and the effect was not", async () => {
    const body = list(undoable("one"), undoable("two"));
    const late: TrialOptions = { prepare: (store) => store.behaviours.set("one", [{ answer: "ok", stores: 15_000 }]) };
    const answered = (event: Event): boolean => event.type === "action-finished" && event.step === "one" && event.result !== undefined;
    const died = await diedAt(body, answered, late);
    const cancelled = await tryFile(body, { ...late, onEvent: (event, execution) => { if (answered(event)) execution().cancel("SIGINT"); } });
    for (const ran of [died, cancelled]) {
      const undone = await undoFile(body, await atRest(body, ran));
      expect(undone.sets).toContain("one=");
      expect(Object.fromEntries(undone.store.values)).toEqual({ "NODEA/one": "" });
    }
  });

  test("waits, too, for what may still show of a change during which the runner ended", async () => {
    const body = list(`- { id: each, for-each: targets.all.addresses, max-parallel: 3, uses: store.set, target: "{{item}}", with: { key: k, value: new }, rollback: [ { id: back, uses: store.set, target: "{{item}}", with: { key: k, value: "" } } ] }`, undoable("after"));
    // The first change is under way when the runner ends at the intent of the second: it takes its ten seconds, and shows fifteen later.
    const ran = await diedAt(body, intended("each[NODEB]"), { prepare: (store) => store.behaviours.set("k", [{ answer: "ok", stores: 15_000 }]) });
    const undone = await undoFile(body, await atRest(body, ran));
    expect(undone.sets).toContain("k=");
    expect(Object.fromEntries(undone.store.values)).toEqual({ "NODEA/k": "" });
  });

  const blind = list(undoable("one"), `- { id: two, uses: store.blind, with: { key: two }${back("two")} }`);

  test.each([
    ["undo", "succeeded", { "NODEA/one": "", "NODEA/two": "" }],
    ["leave", "succeeded", { "NODEA/one": "", "NODEA/two": "blind" }],
    ["stop", "stopped", { "NODEA/one": "new", "NODEA/two": "blind" }],
  ])("asks a person about what nothing can see: %s ends %s", async (answer, result, values) => {
    const { undone } = await runAndUndo(blind, { prepare: (store) => store.behaviours.set("two", [LOST]) }, [], { answers: { "nobody knows": answer } });
    expect(undone.end.result).toBe(result);
    expect(Object.fromEntries(undone.store.values)).toEqual(values);
  });

  test("waits for that person where nobody is there, and keeps the answer", async () => {
    const ran = await tryFile(blind, { prepare: (store) => store.behaviours.set("two", [LOST]) });
    const resting = await atRest(blind, ran);
    const waiting = await undoFile(blind, resting);
    expect(waiting.end.result).toBe("waiting");
    const died = await dieInUndo(blind, resting, 5, { answers: { "nobody knows": "undo" } });
    expect(died?.at(-1)?.type).toBe("question-answered");
    const again = await undoFile(blind, resting, died);
    expect(again.events.some(({ type }) => type === "question-asked")).toBe(false);
    expect(again.end.result).toBe("succeeded");
  });
});

describe("a rollback whose runner dies", () => {
  const body = `steps:\n  ${undoable("one")}\n  - { id: each, for-each: targets.all.addresses, block: [ { id: put, uses: store.disrupt, target: "{{item}}", with: { key: k, value: v }, rollback: [ { id: unput, uses: store.disrupt, target: "{{item}}", with: { key: k, value: "" } }, { id: seen, uses: store.value, target: "{{item}}", with: { key: k }, expect: [ { that: 'outputs.value == ""' } ] } ] } ] }\n  ${undoable("two")}\n  ${bad()}`;

  test("comes to the same end wherever that was, and undoes nothing twice whose outcome was recorded", async () => {
    const whole = await runAndUndo(body);
    let deaths = 0;
    for (let record = 1; record < whole.undone.events.length; record += 1) {
      const ran = await tryFile(body);
      ran.store.done.length = 0;
      const before = await dieInUndo(body, ran, record);
      if (before === undefined) throw new Error(`the runner did not die at record ${record}`);
      const again = await undoFile(body, ran, before);
      const at = `record ${record}, ${before.at(-1)?.type ?? ""}`;
      expect(again.end.result, at).toBe("succeeded");
      expect(Object.fromEntries(ran.store.values), at).toEqual(Object.fromEntries(whole.undone.store.values));
      expect([...before, ...again.events].map(({ seq }) => seq), at).toEqual([...before, ...again.events].map((_, index) => index + 1));
      expect(ran.store.done.map((line) => line.replace(/ @.*/, "")), at).toEqual([...whole.undone.store.done.map((line) => line.replace(/ @.*/, ""))]);
      deaths += 1;
    }
    expect(deaths).toBe(whole.undone.events.length - 1);
  });

  test("tells what became of its last step", async () => {
    const { undone } = await runAndUndo(body);
    expect(endOf(undone, "one")).toMatchObject({ status: "ok" });
  });
});
