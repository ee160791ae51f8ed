import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import { deedsOf } from "../../../src/interpreter/run/deeds.ts";
import { recordedOf } from "../../../src/interpreter/run/recorded.ts";
import { dieInFile, set, takeUp, tryFile, type Left, type TriedFile, type TrialOptions } from "../../kit/try-file.ts";

const read = (id: string, rest = ""): string => `- { id: ${id}, uses: store.value, with: { key: ${id} }${rest} }`;
const blind = (id: string, rest = ""): string => `- { id: ${id}, uses: store.blind, with: { key: ${id}${rest} } }`;
const list = (...steps: readonly string[]): string => `steps:\n  ${steps.join("\n  ")}`;

/** The runner dies directly after the first event that is meant. */
async function dieAt(body: string, isMeant: (event: Event) => boolean, options: TrialOptions = {}): Promise<Left> {
  const { events } = await tryFile(body, options);
  const at = events.find(isMeant);
  if (at === undefined) throw new Error(`no such event among ${events.map((event) => `${event.type} ${"step" in event ? event.step ?? "" : ""}`).join(", ")}`);
  const left = await dieInFile(body, at.seq, options);
  if (left === undefined) throw new Error("the runner did not die");
  return left;
}

const ended = (step: string) => (event: Event): boolean => event.type === "step-finished" && event.step === step;
const intended = (step: string) => (event: Event): boolean => event.type === "action-started" && event.effect !== "reads" && event.step === step;
const answered = (step: string) => (event: Event): boolean => event.type === "action-finished" && event.step === step && event.result !== undefined;

/** Paths of the steps that were entered, in their order. */
function entered({ events }: TriedFile): readonly string[] {
  return events.flatMap((event) => (event.type === "step-started" && event.phase !== "goal" ? [event.step] : []));
}

describe("a run that is taken up", () => {
  test("tells how it had ended and what it enters again, and goes on counting", async () => {
    const body = list(set("one"), set("two"));
    const left = await dieAt(body, intended("two"));
    const again = await takeUp(body, left);
    expect(again.events[0]).toMatchObject({ type: "run-resumed", seq: left.events.length + 1, after: "interrupted", givenBack: 1, again: ["two"], lastAt: left.events.at(-1)?.at });
    expect(again.end.result).toBe("succeeded");
  });

  test("counts no action that was not begun, because its intent could not be kept: nobody is asked about it, and nothing is undone", async () => {
    const body = list(set("one"), blind("two"));
    const left = await dieAt(body, intended("two"));
    const begun = left.events.at(-1);
    if (begun?.type !== "action-started") throw new Error("it did not begin");
    const events: readonly Event[] = [...left.events, { ...begun, seq: begun.seq + 1, type: "action-finished", outcome: "not-begun", because: "no space", ms: 0 }];
    expect([recordedOf(events).intents, deedsOf(events).intents.has("two"), deedsOf(events).unsettled.has("two")]).toEqual([1, false, false]);
    const again = await takeUp(body, { ...left, events });
    expect([again.end.result, again.events.some(({ type }) => type === "question-asked"), again.sets]).toEqual(["succeeded", false, ["one=new", "two=blind"]]);
  });

  test.each<[what: string, body: string, dies: (event: Event) => boolean, enters: readonly string[]]>([
    ["a step that did something is given back", list(set("one"), read("two")), ended("one"), ["two"]],
    ["a reading step is read again while nothing was done since", list(read("one"), read("two")), ended("one"), ["one", "two"]],
    ["a reading step is given back once something was done on the strength of it", list(read("one"), set("two")), intended("two"), ["two"]],
    ["a reading step that remembers is given back in any case", list(read("one", ", remember: true"), read("two")), ended("one"), ["two"]],
    ["a skip is decided again while nothing was done since", list(`- { id: one, if: "false", uses: store.value, with: { key: x } }`, read("two")), ended("one"), ["one", "two"]],
    ["a skip stays once something was done", list(`- { id: one, if: "false", uses: store.value, with: { key: x } }`, set("two")), intended("two"), ["two"]],
    ["a failure that was passed over is given back", list(`- { id: one, uses: store.value, with: { key: x }, expect: [ { that: 'outputs.value == "y"' } ], on-failure: note }`, set("two")), intended("two"), ["two"]],
  ])("%s", async (_what, body, dies, enters) => {
    expect(entered(await takeUp(body, await dieAt(body, dies)))).toEqual(enters);
  });

  test("waits for what its runner was at from the first time that it is taken up, not from each", async () => {
    const body = list(set("one"));
    const left = await dieAt(body, intended("one"));
    const [resumed] = (await takeUp(body, left)).events;
    if (resumed === undefined) throw new Error("nothing was told");
    const at = (minute: number): Event => ({ ...resumed, at: `2030-01-01T00:0${minute}:00.000Z` });
    const [act] = recordedOf([...left.events, at(1), at(2)]).acts.get("one") ?? [];
    expect(act).toMatchObject({ outcome: "in-doubt", endedMs: Date.parse("2030-01-01T00:01:00Z") });
  });

  test("reads what the steps that it gives back gave", async () => {
    const body = list(set("one"), '- { id: two, uses: store.set, with: { key: two, value: "{{steps.one.outputs.before}}!" } }', read("three"));
    const { sets } = await tryFile(body);
    const again = await takeUp(body, await dieAt(body, ended("one")));
    expect(again.sets).toEqual(sets);
  });

  test("enters a step in flight in the same attempt, with what it did", async () => {
    const body = list(`- { id: one, uses: store.set, with: { key: one, value: new }, retry: { attempts: 3, delay: 1m } }`);
    const never = { answer: "ok", stores: "never" } as const;
    const prepare: TrialOptions["prepare"] = (store) => store.behaviours.set("one", [never]);
    const left = await dieAt(body, (event) => event.type === "attempt-failed", { prepare });
    const again = await takeUp(body, left);
    expect(again.events.find((event) => event.type === "step-started")).toMatchObject({ step: "one", attempt: 2 });
    expect(again.end.result).toBe("succeeded");
  });

  test("does not repeat what a plain program did, once its answer was recorded", async () => {
    const again = await takeUp(list(blind("one"), read("two")), await dieAt(list(blind("one"), read("two")), answered("one")));
    expect(again.sets).toEqual(["one=blind"]);
    expect(again.end.result).toBe("succeeded");
  });

  test("does not repeat what a plain program may have done: nobody knows, and that is its status", async () => {
    const again = await takeUp(list(blind("one"), read("two")), await dieAt(list(blind("one"), read("two")), intended("one")));
    expect(again.statuses["one"]).toBe("unknown");
    expect(again.end.result).toBe("stopped");
  });

  test("repeats what may be repeated", async () => {
    const body = list(blind("one", ", repeatable: true"), read("two"));
    const again = await takeUp(body, await dieAt(body, intended("one")));
    expect(again.end.result).toBe("succeeded");
  });

  test("keeps what people answered", async () => {
    const body = list('- { id: go, uses: human.approve, with: { question: "Go on?" } }', read("two"));
    const again = await takeUp(body, await dieAt(body, ended("go"), { answers: { "Go on": "yes" } }));
    expect(again.events.some(({ type }) => type === "question-asked")).toBe(false);
    expect(again.end.result).toBe("succeeded");
  });

  test("keeps the answer to what to do about a failure, upon which nothing was done yet", async () => {
    const body = list(`- { id: one, uses: store.value, with: { key: x }, expect: [ { that: 'outputs.value == "y"' } ], on-failure: ask }`, set("two"));
    const left = await dieAt(body, (event) => event.type === "question-answered", { answers: { one: "skip" } });
    const again = await takeUp(body, left);
    expect(again.events.some(({ type }) => type === "question-asked")).toBe(false);
    expect(again.end).toMatchObject({ result: "succeeded", openItems: [{ step: "one" }] });
  });

  test("asks anew about a failure that came again after a retry, and takes no answer of before", async () => {
    const body = list(`- { id: one, uses: store.set, with: { key: one, value: new }, timeout: 1m, on-failure: ask }`);
    const never = { answer: "ok", stores: "never" } as const;
    const prepare: TrialOptions["prepare"] = (store) => store.behaviours.set("one", [never, never, never]);
    const asks = ({ events }: Pick<TriedFile, "events">): number => events.filter(({ type }) => type === "question-asked").length;
    // It was said once that it is to be tried again; the runner dies in the second attempt, or when it is asked the second time.
    const { events } = await tryFile(body, { prepare, answers: { "one:": "retry" } });
    const first = events.find(({ type }) => type === "question-answered");
    for (const type of ["action-started", "question-asked"] as const) {
      const left = await dieAt(body, (event) => event.type === type && event.seq > (first?.seq ?? 0) && (type === "question-asked" || intended("one")(event)), { prepare, answers: { "one:": "retry" } });
      const again = await takeUp(body, left, { answers: { "one:": "stop" } });
      expect([type, again.sets.length, asks(again), again.end.result]).toEqual([type, 2, 1, "stopped"]);
    }
  });

  test("asks its goal again only where no step was entered", async () => {
    const body = `${list(set("one"), set("two"))}\npostconditions:\n  - { id: there, uses: store.value, with: { key: two }, expect: [ { that: 'outputs.value == "new"' } ] }`;
    const goals = ({ events }: TriedFile): number => events.filter((event) => event.type === "step-started" && event.phase === "goal").length;
    expect(goals(await takeUp(body, await dieAt(body, intended("one"))))).toBe(0);
    expect(goals(await takeUp(body, await dieAt(body, (event) => event.type === "step-started" && event.phase === "goal")))).toBe(1);
  });
});

describe("a run that is given up", () => {
  test.each(["abandon", "rollback"] as const)("pays what it owes behind steps that had ended, whatever they do, and begins nothing new (%s)", async (to) => {
    const body = `steps:\n  ${read("seen")}\n  ${set("before")}\n  ${read("seen_again")}\n  - id: outer\n    block:\n      ${read("inside")}\n      ${set("one")}\n    always:\n      ${set("tidy")}\n  ${set("after")}`;
    const again = await takeUp(body, await dieAt(body, ended("inside")), { to });
    expect(again.sets).toEqual(["before=new", "tidy=new"]);
    expect(again.end).toMatchObject({ owed: [], result: to === "abandon" ? "cancelled" : "stopped" });
  });
});

describe("an unwinding that was cut short", () => {
  const body = `steps:\n  ${set("before")}\n  - id: outer\n    block:\n      - { id: bad, uses: store.value, with: { key: x }, expect: [ { that: 'outputs.value == "y"' } ] }\n    always:\n      ${set("tidy")}\n      ${set("sweep")}\n  ${set("after")}`;

  test.each([
    ["before its first change", (event: Event): boolean => event.type === "unwinding"],
    ["at its first change", intended("tidy")],
    ["between two changes", ended("tidy")],
  ])("is finished first %s, and the run ends as it would have", async (_where, dies) => {
    const whole = await tryFile(body);
    const again = await takeUp(body, await dieAt(body, dies));
    expect([again.end.result, again.end.because]).toEqual([whole.end.result, whole.end.because]);
    expect([...again.store.values]).toEqual([...whole.store.values]);
    expect(entered(again)).not.toContain("bad");
    expect(entered(again)).not.toContain("after");
  });

  test("of a cancellation ends cancelled", async () => {
    const two = `steps:\n  - id: outer\n    block:\n      ${set("one")}\n      ${set("two")}\n    always:\n      ${set("tidy")}`;
    const cancelled: TrialOptions = { onEvent: (event, execution) => { if (intended("one")(event)) execution().cancel("SIGINT"); } };
    const again = await takeUp(two, await dieAt(two, (event) => event.type === "unwinding", cancelled));
    expect(again.end.result).toBe("cancelled");
    expect(again.sets).toEqual(["one=new", "tidy=new"]);
  });

  test("once it has ended, a further run enters the block from its first step and keeps what it remembers", async () => {
    const three = `steps:\n  - id: outer\n    block:\n      ${read("kept", ", remember: true")}\n      ${set("one")}\n      - { id: bad, uses: store.value, with: { key: x }, expect: [ { that: 'outputs.value == "y"' } ] }\n    always:\n      ${set("tidy")}`;
    const left = await dieAt(three, ended("outer"));
    left.store.values.set("NODEA/x", "y");
    left.store.values.set("NODEA/one", "old");
    const again = await takeUp(three, left);
    expect(entered(again)).toEqual(["outer", "one", "bad", "tidy"]);
    expect(again.end.result).toBe("succeeded");
    expect(again.sets).toEqual(["one=new", "tidy=new", "one=new"]);
  });
});
