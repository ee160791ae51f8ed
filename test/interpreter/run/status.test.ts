import { describe, expect, test } from "vitest";
import type { StepEnd } from "../../../src/interpreter/run/context.ts";
import type { ListEnd } from "../../../src/interpreter/run/list.ts";
import { blockEnd, exitCodeOf, loopEnd, runResult, type RunFacts } from "../../../src/interpreter/run/status.ts";
import type { RunResult } from "../../../src/core/event.ts";

const list = (kind: ListEnd["kind"], changed = false): ListEnd => ({ kind, changed, step: "a", because: kind });
const went = list("went-on");
const changed = list("went-on", true);

describe("a block ends with the first that applies", () => {
  test.each<[string, Parameters<typeof blockEnd>[0], StepEnd["status"]]>([
    ["nothing was done", { main: went, rescue: undefined, always: undefined, afterRescue: undefined }, "unchanged"],
    ["one inside is ok", { main: changed, rescue: undefined, always: undefined, afterRescue: undefined }, "ok"],
    ["one failed, there is no rescue", { main: list("failed"), rescue: undefined, always: undefined, afterRescue: undefined }, "failed"],
    ["one failed, the rescue went well, then continue", { main: list("failed"), rescue: changed, always: undefined, afterRescue: "continue" }, "rescued"],
    ["one failed, the rescue went well, then stop", { main: list("failed"), rescue: changed, always: undefined, afterRescue: "stop" }, "failed"],
    ["the rescue failed too", { main: list("failed"), rescue: list("failed"), always: undefined, afterRescue: "continue" }, "failed"],
    ["one is unknown, even where another failed", { main: list("failed"), rescue: list("unknown"), always: undefined, afterRescue: "continue" }, "unknown"],
    ["always failed after all went well", { main: changed, rescue: undefined, always: list("failed"), afterRescue: undefined }, "failed"],
    ["always failed after a rescue", { main: list("failed"), rescue: changed, always: list("failed"), afterRescue: "continue" }, "failed"],
    ["only always did something", { main: went, rescue: undefined, always: changed, afterRescue: undefined }, "ok"],
    ["a person is waited for", { main: list("waiting"), rescue: undefined, always: undefined, afterRescue: undefined }, "waiting"],
    ["it was cancelled", { main: list("interrupted"), rescue: undefined, always: changed, afterRescue: undefined }, "interrupted"],
  ])("%s", (_, parts, status) => {
    expect(blockEnd(parts).status).toBe(status);
  });
});

describe("a loop ends with the first that applies", () => {
  const ends = (...statuses: StepEnd["status"][]): StepEnd[] => statuses.map((status) => ({ status }));
  test.each<[string, StepEnd[], number, StepEnd["status"]]>([
    ["all unchanged", ends("unchanged", "unchanged"), 0, "unchanged"],
    ["one ok", ends("unchanged", "ok"), 0, "ok"],
    ["one rescued", ends("rescued", "unchanged"), 0, "ok"],
    ["one failed", ends("ok", "failed"), 0, "failed"],
    ["one failed of the one that may", ends("ok", "failed"), 1, "ok"],
    ["two failed of the one that may", ends("failed", "ok", "failed"), 1, "failed"],
    ["one unknown beside a failure", ends("failed", "unknown"), 5, "unknown"],
    ["one interrupted", ends("ok", "interrupted"), 0, "interrupted"],
  ])("%s", (_, instances, maxFailures, status) => {
    expect(loopEnd(instances, maxFailures).status).toBe(status);
  });
});

describe("a run ends with the first that applies", () => {
  const base: RunFacts = { halt: undefined, goalHeld: "not-held", goal: "stated", preconditions: went, steps: changed, postconditions: changed, intents: 3, couldChange: true, rescuedOrNoted: false, passedOver: [] };
  test.each<[string, Partial<RunFacts>, RunResult, number]>([
    ["every step is done", {}, "succeeded", 0],
    ["the goal held at the start", { goalHeld: "held", intents: 0, couldChange: false }, "nothing to do", 0],
    ["steps could change, and nothing was changed", { intents: 0 }, "nothing to do", 0],
    ["nothing was changed, but something was noted", { intents: 0, rescuedOrNoted: true }, "succeeded", 0],
    ["only reading steps ran", { intents: 0, couldChange: false }, "succeeded", 0],
    ["a precondition failed", { preconditions: list("failed"), steps: went, intents: 0 }, "stopped", 1],
    ["a step failed", { steps: list("failed") }, "stopped", 1],
    ["a step ended unknown", { steps: list("unknown") }, "stopped", 1],
    ["a question is open", { steps: list("waiting") }, "waiting", 5],
    ["a postcondition does not hold", { postconditions: list("failed") }, "failed", 1],
    ["a failed step was passed over", { passedOver: ["a"] }, "failed", 1],
    ["an invariant broke after a change", { halt: { kind: "invariant", invariant: "witness", because: "two votes" }, steps: list("interrupted") }, "failed", 1],
    ["an invariant did not hold before the first change", { halt: { kind: "invariant", invariant: "witness", because: "two votes" }, steps: list("interrupted"), intents: 0 }, "stopped", 1],
    ["it was cancelled, whatever else", { halt: { kind: "cancelled", because: "INT" }, steps: list("failed") }, "cancelled", 130],
    ["failure comes before waiting", { steps: list("failed"), postconditions: list("waiting") }, "stopped", 1],
  ])("%s", (_, part, result, exitCode) => {
    const ended = runResult({ ...base, ...part });
    expect(ended.result).toBe(result);
    expect(exitCodeOf({ ...ended, owed: [] }, "go-on")).toBe(exitCode);
  });

  test("and is told to hold its goal only where the runbook states one", () => {
    expect(runResult(base).because).toBe("every step is done and the goal holds");
    expect(runResult({ ...base, goal: "none" }).because).toBe("every step is done");
  });

  test("and one that is given up ends well where it owes nothing", () => {
    expect([[], ["work"]].map((owed) => exitCodeOf({ result: "cancelled", owed }, "abandon"))).toEqual([0, 1]);
  });
});
