import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import { tryRun, type Tried } from "../../kit/run-kit.ts";
import { SteppingClock } from "../../kit/stepping-clock.ts";
import { StoreWorld } from "../../kit/store-world.ts";

const HEAD = "runbook: 1\nname: trial\ntitle: A trial\ntargets:\n  a: { address: NODEA }\n  b: { address: NODEB }\ntarget: a\n";

/** Runs steps (a YAML list) on a store that a test prepares. */
async function trySteps(steps: string, prepare: (store: StoreWorld) => void = () => undefined, answers: Record<string, string> = {}): Promise<Tried & { store: StoreWorld; seconds: number }> {
  const clock = new SteppingClock();
  const store = new StoreWorld(clock);
  prepare(store);
  const tried = await tryRun({ files: { "main.yml": `${HEAD}steps:\n${steps.replace(/^/gm, "  ")}\n` }, clock, transports: store, answers });
  return { ...tried, store, seconds: clock.now() / 1000 };
}

const decisions = (events: readonly Event[], step: string): string[] => events.flatMap((event) => (event.type === "decided" && event.step === step ? [event.decision] : []));
const finished = (tried: Tried, step: string): Event | undefined => tried.events.findLast((event) => event.type === "step-finished" && event.step === step);

const SET = "- id: set\n  uses: store.set\n  with: { key: x, value: new }";

describe("a step that changes something", () => {
  test.each([
    ["a\0b", "args: ['{{steps.seen.outputs.value}}', x]", "an argument of set holds a NUL character, which no program can be given"],
    ["a\ud800b", "args: ['{{steps.seen.outputs.value}}', x]", "an argument of set holds half of a letter (a lone surrogate), which no program can be given"],
    ["\udc00", "env: { A: '{{steps.seen.outputs.value}}' }", "an argument of set holds half of a letter (a lone surrogate), which no program can be given"],
    ["\ud83d", "stdin: '{{steps.seen.outputs.value}}'", "the input of set holds half of a letter (a lone surrogate), which no program can be given"],
  ])("which no system can be given (%j, %s) fails before it is begun, and nothing is claimed for it", async (value, given, because) => {
    const tried = await trySteps(`- { id: seen, uses: store.value, with: { key: k } }\n- { id: set, uses: run.program, with: { program: set, ${given}, effect: changes, repeatable: true } }`, (store) => store.values.set("NODEA/k", value));
    expect(finished(tried, "set")).toMatchObject({ status: "failed", code: "bad_input", because });
    expect(tried.events.filter((event) => event.type === "action-started" && event.effect !== "reads")).toEqual([]);
    expect(tried.store.done).toEqual([]);
  });

  test("a program that reads is not given it either", async () => {
    const tried = await trySteps("- { id: seen, uses: store.value, with: { key: k } }\n- { id: ask, uses: run.query, with: { program: ask, args: ['{{steps.seen.outputs.value}}'] } }", (store) => store.values.set("NODEA/k", "\ud800"));
    expect(finished(tried, "ask")).toMatchObject({ status: "failed", because: expect.stringContaining("half of a letter") });
  });

  test("looks, acts, looks again, and is ok", async () => {
    const tried = await trySteps(SET);
    expect(decisions(tried.events, "set")).toEqual(["act", "done"]);
    expect(tried.statuses["set"]).toBe("ok");
    expect(tried.end.result).toBe("succeeded");
    expect(tried.store.done).toHaveLength(1);
  });

  test("is unchanged where nothing is to be done, and the run had nothing to do", async () => {
    const tried = await trySteps(SET, (store) => store.values.set("NODEA/x", "new"));
    expect(tried.statuses["set"]).toBe("unchanged");
    expect(tried.end.result).toBe("nothing to do");
    expect(tried.store.done).toEqual([]);
  });

  test("sees that it moved although the command failed", async () => {
    const tried = await trySteps(SET, (store) => store.behaviours.set("x", [{ answer: "failed", stores: "at-once" }]));
    expect(tried.statuses["set"]).toBe("ok");
    expect(tried.store.done).toHaveLength(1);
  });

  test("waits for an effect that takes its time, and does not act twice", async () => {
    const tried = await trySteps(SET, (store) => store.behaviours.set("x", [{ answer: "ok", stores: 15_000 }]));
    expect(tried.statuses["set"]).toBe("ok");
    expect(tried.store.done).toHaveLength(1);
  });

  test("fails with no_progress where the command succeeds and nothing changes", async () => {
    const tried = await trySteps(SET, (store) => store.behaviours.set("x", [{ answer: "ok", stores: "never" }]));
    expect(finished(tried, "set")).toMatchObject({ status: "failed", code: "no_progress" });
    expect(tried.end.result).toBe("stopped");
    expect(tried.store.done).toHaveLength(1);
  });

  test("tries an action whose outcome was lost at most three times", async () => {
    const lost = { answer: "lost", stores: "never" } as const;
    const tried = await trySteps(SET, (store) => store.behaviours.set("x", [lost, lost, lost, lost]));
    expect(finished(tried, "set")).toMatchObject({ status: "failed", code: "no_progress" });
    expect(tried.store.done).toHaveLength(3);
  });

  test("refuses before anything was tried, and says why", async () => {
    const tried = await trySteps("- id: set\n  uses: store.set\n  with: { key: x, value: new, refuse_on: busy }", (store) => store.values.set("NODEA/x", "busy"));
    expect(finished(tried, "set")).toMatchObject({ status: "failed", code: "guarded" });
    expect(tried.store.done).toEqual([]);
  });

  test("ends unknown where it cannot look and its outcome was lost", async () => {
    const tried = await trySteps("- id: set\n  uses: store.blind\n  with: { key: x }\n- id: after\n  uses: store.set\n  with: { key: y, value: new }", (store) => store.behaviours.set("x", [{ answer: "lost", stores: "at-once" }]));
    expect(tried.statuses["set"]).toBe("unknown");
    expect(tried.statuses["after"]).toBeUndefined();
    expect(tried.end.result).toBe("stopped");
  });

  test("is done again where it cannot look, was lost, and may be repeated", async () => {
    const tried = await trySteps("- id: set\n  uses: store.blind\n  with: { key: x, repeatable: true }", (store) => store.behaviours.set("x", [{ answer: "lost", stores: "at-once" }]));
    expect(tried.statuses["set"]).toBe("ok");
    expect(tried.store.done).toHaveLength(2);
  });
});

describe("retry", () => {
  test("tries again on the codes it names, after its delay, with a number of its own", async () => {
    const tried = await trySteps(`${SET}\n  retry: { attempts: 3, delay: 2m, on: [no_progress] }\n  timeout: 20m`, (store) => store.behaviours.set("x", [{ answer: "ok", stores: "never" }, { answer: "ok", stores: "never" }]));
    expect(tried.statuses["set"]).toBe("ok");
    expect(tried.store.done).toHaveLength(3);
    expect(tried.events.filter((event) => event.type === "attempt-failed")).toHaveLength(2);
    expect(tried.seconds).toBeGreaterThan(240);
  });

  test("does not try again on another code", async () => {
    const tried = await trySteps(`${SET}\n  retry: { attempts: 3, delay: 2m, on: [denied] }`, (store) => store.behaviours.set("x", [{ answer: "ok", stores: "never" }]));
    expect(tried.statuses["set"]).toBe("failed");
    expect(tried.store.done).toHaveLength(1);
  });
});

describe("waiting", () => {
  const UNTIL = '- id: seen\n  uses: store.value\n  with: { key: x }\n  wait-until: outputs.value == "new"\n  every: 30s\n  timeout: 10m';

  test("looks again until the condition holds", async () => {
    const tried = await trySteps(UNTIL, (store) => store.to("NODEA").run({ kind: "program", program: "set", args: ["x", "new"] }, { limitMs: 1e9, onOutput: () => undefined, signal: new AbortController().signal }));
    expect(tried.statuses["seen"]).toBe("ok");
    expect(decisions(tried.events, "seen").at(0)).toBe("wait");
    expect(decisions(tried.events, "seen").at(-1)).toBe("done");
  });

  test("gives up at its limit, after one last look", async () => {
    const tried = await trySteps(UNTIL);
    expect(finished(tried, "seen")).toMatchObject({ status: "failed", code: "timeout" });
    expect(tried.seconds).toBeGreaterThanOrEqual(600);
    expect(tried.seconds).toBeLessThan(665);
  });

  test("takes a target that does not answer for not yet", async () => {
    const tried = await trySteps(UNTIL, (store) => { store.values.set("NODEA/x", "new"); store.downUntilMs.set("NODEA", 95_000); });
    expect(tried.statuses["seen"]).toBe("ok");
    expect(tried.seconds).toBeGreaterThan(95);
  });

  test("without a condition a target that does not answer is a failure", async () => {
    const tried = await trySteps("- id: seen\n  uses: store.value\n  with: { key: x }", (store) => void store.downUntilMs.set("NODEA", 95_000));
    expect(finished(tried, "seen")).toMatchObject({ status: "failed", code: "unreachable" });
  });
});

describe("expectations", () => {
  test("are judged together and reported together, with what was seen", async () => {
    const tried = await trySteps('- id: seen\n  uses: store.value\n  with: { key: x }\n  expect:\n    - that: outputs.value == "one"\n      because: It is {{outputs.value}}, not one\n    - that: outputs.value == "two"\n      because: Nor is it two', (store) => store.values.set("NODEA/x", "three"));
    const end = finished(tried, "seen");
    expect(end).toMatchObject({ status: "failed", code: "expectation" });
    expect(end?.type === "step-finished" ? end.because : "").toMatch(/It is three, not one.*; Nor is it two/);
  });
});

describe("what stands on a failure", () => {
  const FAILING = "- id: seen\n  uses: store.value\n  with: { key: x }\n  expect:\n    - { that: outputs.value == \"one\" }";
  const AFTER = "\n- id: after\n  uses: store.set\n  with: { key: y, value: new }";
  test.each<[string, Record<string, string>, string, string | undefined, number]>([
    ["stop", {}, "stopped", undefined, 0],
    ["continue", {}, "failed", "ok", 0],
    ["note", {}, "succeeded", "ok", 1],
    ["ask", { seen: "skip" }, "succeeded", "ok", 1],
    ["ask", { seen: "stop" }, "stopped", undefined, 0],
    ["ask", {}, "waiting", undefined, 0],
  ])("%s %j ends %s", async (policy, answers, result, after, openItems) => {
    const tried = await trySteps(`${FAILING}\n  on-failure: ${policy}${AFTER}`, undefined, answers);
    expect(tried.end.result).toBe(result);
    expect(tried.statuses["after"]).toBe(after);
    expect(tried.end.openItems).toHaveLength(openItems);
  });
});

describe("a condition", () => {
  test("that is false skips the step and says which part was false", async () => {
    const tried = await trySteps('- id: seen\n  uses: store.value\n  with: { key: x }\n- id: set\n  if: steps.seen.outputs.value == "old" && true\n  uses: store.set\n  with: { key: x, value: new }', (store) => store.values.set("NODEA/x", "mid"));
    expect(finished(tried, "set")).toMatchObject({ status: "skipped" });
    expect(tried.store.done).toEqual([]);
  });
});
