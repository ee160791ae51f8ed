import { describe, expect, test } from "vitest";
import { endOf, set, tryFile, wait } from "../../kit/try-file.ts";

const NEVER = { answer: "ok", stores: "never" } as const;
const LOST = { answer: "lost", stores: "never" } as const;

describe("a limit", () => {
  test("of a block ends the step in it that takes longest", async () => {
    const tried = await tryFile(`steps:\n  - id: outer\n    timeout: 2m\n    block:\n      ${wait("one", ", timeout: 1h")}`);
    expect(endOf(tried, "one")).toMatchObject({ status: "failed", code: "timeout", because: expect.stringMatching(/^not within 2m: /) });
    expect(tried.seconds).toBeLessThan(185);
  });

  test("of the run counts over all its steps", async () => {
    const tried = await tryFile(`timeout: 90s\nsteps:\n  ${set("one")}\n  ${wait("two", ", timeout: 1h")}`);
    expect(endOf(tried, "two")).toMatchObject({ status: "failed", code: "timeout", because: expect.stringMatching(/^not within 1m30s: /) });
    expect(tried.end.result).toBe("stopped");
  });

  test("covers all attempts of an entry: no delay of a retry goes past it", async () => {
    const tried = await tryFile(`steps:\n  ${set("one", ", timeout: 2m, retry: { attempts: 9, delay: 1h, on: [no_progress] }")}`, { prepare: (store) => store.behaviours.set("one", [NEVER, NEVER]) });
    expect(endOf(tried, "one")).toMatchObject({ status: "failed", code: "timeout" });
    expect(tried.seconds).toBeLessThan(185);
    expect(tried.sets).toEqual(["one=new"]);
  });

  test("does not count open questions, neither its own nor those around", async () => {
    const tried = await tryFile(`timeout: 10m\nsteps:\n  - id: outer\n    timeout: 5m\n    block:\n      - { id: go, uses: human.approve, with: { question: "Go on?" } }\n      ${set("one", ", timeout: 3m")}`, { answers: { "Go on": "yes" }, answersAfterMs: 3_600_000 });
    expect(tried.end.result).toBe("succeeded");
    expect(tried.seconds).toBeGreaterThan(3_600);
  });

  test("does not count the question what to do about a failure", async () => {
    const tried = await tryFile(`timeout: 5m\nsteps:\n  ${set("one", ", on-failure: ask")}\n  ${set("two")}`, { prepare: (store) => store.behaviours.set("one", [NEVER]), answers: { "one:": "retry" }, answersAfterMs: 3_600_000 });
    expect(tried.statuses).toEqual({ one: "ok", two: "ok" });
  });

  test("around asks nobody any more once it has passed", async () => {
    const tried = await tryFile(`timeout: 30s\nsteps:\n  - { id: one, uses: run.program, target: local, with: { program: set, args: [slow, x], effect: changes, repeatable: true } }\n  - { id: go, uses: human.approve, with: { question: "Go on?" } }`, { answers: { "Go on": "yes" }, times: { getMs: 1_000, setMs: 29_999 } });
    expect(tried.events.some((event) => event.type === "question-asked")).toBe(true);
    const late = await tryFile(`timeout: 30s\nsteps:\n  ${wait("one", ", on-failure: continue")}\n  - { id: go, uses: human.approve, with: { question: "Go on?" } }`, { answers: { "Go on": "yes" } });
    expect(late.statuses).toMatchObject({ one: "failed", go: "failed" });
    expect(late.events.some((event) => event.type === "question-asked")).toBe(false);
  });

  test("ends a first reading that takes too long, and the step with it: another look would find no more", async () => {
    const tried = await tryFile("steps:\n  - { id: seen, uses: store.value, with: { key: x }, timeout: 30s }", { times: { getMs: 1e9, setMs: 1 } });
    expect(endOf(tried, "seen")).toMatchObject({ status: "failed", code: "timeout" });
    expect(tried.seconds).toBeGreaterThanOrEqual(30);
    expect(tried.seconds).toBeLessThan(35);
  });

  test("ends a later reading, and the last look after it takes a minute at most", async () => {
    const tried = await tryFile(`steps:\n  ${wait("seen", ", timeout: 100s")}`, { times: { getMs: 70_000, setMs: 1 } });
    expect(endOf(tried, "seen")).toMatchObject({ status: "failed", code: "timeout" });
    expect(tried.seconds).toBeGreaterThanOrEqual(160);
    expect(tried.seconds).toBeLessThan(165);
  });

  test("over a lost outcome that no look has decided ends the step unknown", async () => {
    const tried = await tryFile(`steps:\n  ${set("one", ", timeout: 25s")}\n  ${set("two")}`, { prepare: (store) => store.behaviours.set("one", [LOST]) });
    expect(tried.statuses["one"]).toBe("unknown");
    expect(tried.statuses["two"]).toBeUndefined();
    expect(tried.end.result).toBe("stopped");
  });

  test("of a block does not hold in its rescue and its always", async () => {
    const tried = await tryFile(`steps:\n  - id: outer\n    timeout: 1m\n    block:\n      ${wait("one", ", timeout: 1h")}\n    rescue:\n      ${set("mend")}\n    after-rescue: continue\n    always:\n      ${set("tidy")}`);
    expect(tried.statuses).toEqual({ one: "failed", mend: "ok", tidy: "ok", outer: "rescued" });
  });

  test("that has passed lets no change begin", async () => {
    const tried = await tryFile(`steps:\n  - id: outer\n    timeout: 30s\n    block:\n      ${wait("one", ", on-failure: continue")}\n      ${set("two")}`);
    expect(tried.statuses).toMatchObject({ one: "failed", two: "failed" });
    expect(tried.sets).toEqual([]);
  });
});

describe("the delay of a retry", () => {
  const gaps = async (rest: string): Promise<readonly number[]> => {
    const tried = await tryFile(`steps:\n  - { id: seen, uses: store.value, with: { key: x }, expect: [ { that: 'outputs.value == "yes"' } ], timeout: 2h, retry: { attempts: 4, ${rest} } }`);
    return tried.events.flatMap((event) => (event.type === "attempt-failed" ? [event.delayMs / 1000] : []));
  };
  test("is ten seconds where none is given", async () => expect(await gaps("on: [expectation]")).toEqual([10, 10, 10]));
  test("grows by its backoff", async () => expect(await gaps("delay: 1m, backoff: 2")).toEqual([60, 120, 240]));
  test("grows to its maximum", async () => expect(await gaps("delay: 1m, backoff: 3, max-delay: 2m")).toEqual([60, 120, 120]));
});
