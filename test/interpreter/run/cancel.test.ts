import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import { set, tryFile, wait, type TriedFile } from "../../kit/try-file.ts";

/** Runs a file and gives the signal (or two) once an event has come. */
function cancelled(body: string, at: (event: Event) => boolean, more: Parameters<typeof tryFile>[1] & { readonly signals?: 1 | 2 } = {}): Promise<TriedFile> {
  let given = false;
  return tryFile(body, {
    ...more,
    onEvent: (event, execution) => {
      if (given || !at(event)) return;
      given = true;
      execution().cancel("SIGINT");
      if (more.signals === 2) execution().abort();
    },
  });
}

const started = (step: string) => (event: Event): boolean => event.type === "step-started" && event.step === step;
const intent = (step: string) => (event: Event): boolean => event.type === "action-started" && event.step === step && event.effect !== "reads";
const withAlways = (steps: string): string => `steps:\n  - id: outer\n    block:\n      ${steps}\n    always:\n      ${set("tidy")}\n  ${set("after")}`;

describe("the first signal", () => {
  test("ends a wait, and pays what always owes", async () => {
    const tried = await cancelled(withAlways(wait("one", ", timeout: 1h")), (event) => event.type === "decided" && event.step === "one");
    expect(tried.end).toMatchObject({ result: "cancelled", exitCode: 130, owed: [] });
    expect(tried.statuses).toEqual({ one: "interrupted", tidy: "ok", outer: "interrupted" });
    expect(tried.seconds).toBeLessThan(30);
  });

  test("ends the delay of a retry", async () => {
    const tried = await cancelled(withAlways(set("one", ", retry: { attempts: 3, delay: 10m, on: [no_progress] }, timeout: 1h")), (event) => event.type === "attempt-failed", { prepare: (store) => store.behaviours.set("one", [{ answer: "ok", stores: "never" }]) });
    expect(tried.statuses).toMatchObject({ one: "interrupted", tidy: "ok" });
    expect(tried.seconds).toBeLessThan(120);
  });

  test("ends a question, which nobody needs to answer any more", async () => {
    const tried = await cancelled(withAlways('- { id: go, uses: human.approve, with: { question: "Go on?" } }'), (event) => event.type === "question-asked", { answers: { "Go on": "yes" }, answersAfterMs: 3_600_000 });
    expect(tried.end).toMatchObject({ result: "cancelled", owed: [] });
    expect(tried.statuses).toEqual({ go: "interrupted", tidy: "ok", outer: "interrupted" });
    expect(tried.seconds).toBeLessThan(60);
  });

  test("lets the instances of a loop end the action at hand, and begins no other", async () => {
    const tried = await cancelled(`steps:\n  - id: each\n    for-each: targets.all.addresses\n    as: node\n    max-parallel: 2\n    uses: store.set\n    target: "{{node}}"\n    with: { key: x, value: new }\n  ${set("after")}`, intent("each[NODEA]"));
    expect(tried.end.result).toBe("cancelled");
    expect(tried.statuses["each[NODEC]"]).toBeUndefined();
    expect(tried.statuses["each"]).toBe("interrupted");
    expect(tried.sets.filter((line) => line === "after=new")).toEqual([]);
  });

  test("does not stop an always that has begun", async () => {
    const tried = await cancelled(`steps:\n  - id: outer\n    block:\n      ${set("one")}\n    always:\n      ${set("tidy")}\n      ${set("sweep")}\n  ${set("after")}`, started("tidy"));
    expect(tried.end).toMatchObject({ result: "cancelled", owed: [] });
    expect(tried.sets).toEqual(["one=new", "tidy=new", "sweep=new"]);
  });

  test("stops a rescue, and the always after it is paid", async () => {
    const tried = await cancelled(`steps:\n  - id: outer\n    block:\n      ${set("one")}\n    rescue:\n      ${set("mend")}\n      ${set("more")}\n    after-rescue: continue\n    always:\n      ${set("tidy")}`, intent("mend"), { prepare: (store) => store.behaviours.set("one", [{ answer: "ok", stores: "never" }]) });
    expect(tried.end.result).toBe("cancelled");
    expect(tried.sets).toEqual(["one=new", "mend=new", "tidy=new"]);
  });

  test("before a block's first step leaves nothing to be paid", async () => {
    const tried = await cancelled(`steps:\n  ${set("zero")}\n  - id: outer\n    block:\n      ${set("one")}\n    always:\n      ${set("tidy")}`, started("outer"));
    expect(tried.sets).toEqual(["zero=new"]);
    expect(tried.end.owed).toEqual([]);
  });

  test("during the steps of a called file leaves the call interrupted, not done", async () => {
    const part = `runbook: 1\nname: part\ntitle: A part\ntargets: { n: { address: NODEB } }\ntarget: n\nsteps:\n  ${set("inner")}\npostconditions:\n  - { id: there, uses: store.value, with: { key: inner }, expect: [ { that: 'outputs.value == "new"' } ] }\n`;
    const tried = await cancelled("steps:\n  - { id: part, call: ./part.yml }", intent("part/inner"), { files: { "part.yml": part } });
    expect(tried.statuses).toMatchObject({ "part/inner": "ok", part: "interrupted" });
  });

  test("counts before an invariant that broke as well", async () => {
    const tried = await cancelled(`probes:\n  p: { uses: store.value, target: a, with: { key: p }, every: 10s, up: 'outputs.value != "down"', down-only-during: [] }\nsteps:\n  ${set("one")}\n  ${wait("two", ", timeout: 1h")}`, (event) => event.type === "invariant-broken", { prepare: (store, clock) => void clock.at(30_000, "down", () => void store.values.set("NODEA/p", "down")) });
    expect(tried.end.result).toBe("cancelled");
  });
});

describe("the second signal", () => {
  test("stops what is owed too, and names it", async () => {
    let signals = 0;
    const tried = await tryFile(`steps:\n  - id: outer\n    block:\n      ${set("one")}\n    always:\n      ${wait("tidy", ", timeout: 1h")}`, {
      onEvent: (event, execution) => {
        if (intent("one")(event)) execution().cancel("SIGINT");
        if (event.type === "decided" && event.step === "tidy" && (signals += 1) === 2) execution().abort();
      },
    });
    expect(tried.end).toMatchObject({ result: "cancelled", owed: ["outer"] });
    expect(tried.statuses["tidy"]).toBe("interrupted");
    expect(tried.seconds).toBeLessThan(120);
  });
});
