import { describe, expect, test } from "vitest";
import { endOf, set, takeUp, tryFile, wait } from "../../kit/try-file.ts";

const reading = (id: string, rest = ""): string => `- { id: ${id}, uses: store.value, with: { key: ${id} }, expect: [ { that: 'outputs.value == "yes"', because: "${id} is missing" } ]${rest} }`;
const later = (key: string, value: string, atMs: number) => ({ prepare: (store: { values: Map<string, string> }, clock: { at: (atMs: number, key: string, wake: () => void) => unknown }): void => void clock.at(atMs, key, () => void store.values.set(`NODEA/${key}`, value)) });

describe("preconditions", () => {
  test("that fail for the same reason share it, and every one is named", async () => {
    const tried = await tryFile(`preconditions:\n  ${reading("one").replace("one is missing", "It is missing")}\n  ${reading("two").replace("two is missing", "It is missing")}\n  ${reading("three")}\nsteps:\n  ${set("x")}`);
    expect(tried.end.because).toBe("one, two: It is missing; three: three is missing");
  });

  test("of which one fails while it is waited for leave the others not waited for", async () => {
    const tried = await tryFile(`preconditions:\n  ${wait("one", ", timeout: 5m")}\n  ${wait("two", ", timeout: 1h")}\nsteps:\n  ${set("x")}`);
    expect(tried.statuses).toEqual({ one: "failed", two: "failed" });
    expect(tried.end.because).toContain("not waited for");
    expect(tried.seconds).toBeLessThan(400);
  });

  test("look at every instance of a loop, and at every step of a call, before one waits", async () => {
    const part = `runbook: 1\nname: part\ntitle: A part\ntargets: { n: { address: NODEB } }\ntarget: n\nchecks:\n  ${reading("inner")}\n`;
    const tried = await tryFile(`preconditions:\n  ${wait("slow", ", timeout: 1h")}\n  - { id: each, for-each: targets.all.addresses, as: node, uses: store.value, target: "{{node}}", with: { key: x }, expect: [ { that: 'outputs.value == "yes"', because: "Not on {{node}}" } ] }\n  - { id: part, call: ./part.yml }\nsteps:\n  ${set("x")}`, { files: { "part.yml": part } });
    for (const part of [/each\[NODEA\]: Not on NODEA/, /each\[NODEC\]: Not on NODEC/, /part\/inner: inner is missing/, /slow: .*not waited for/]) expect(tried.end.because).toMatch(part);
    expect(tried.seconds).toBeLessThan(60);
  });

  test("look at as many instances of a loop at a time as it says", async () => {
    const seconds = async (rest: string): Promise<number> => (await tryFile(`preconditions:\n  - { id: each, for-each: targets.all.addresses, as: node${rest}, uses: store.value, target: "{{node}}", with: { key: x } }\nsteps:\n  ${set("x")}`, { times: { getMs: 10_000, setMs: 1 } })).seconds;
    expect(await seconds("") - await seconds(", max-parallel: 3")).toBeCloseTo(20);
  });

  test("whose policy asks wait until none has failed: nobody is asked in vain", async () => {
    const tried = await tryFile(`preconditions:\n  ${reading("one", ", on-failure: ask")}\n  ${reading("two")}\nsteps:\n  ${set("x")}`, { answers: { one: "skip" } });
    expect(tried.events.some((event) => event.type === "question-asked")).toBe(false);
    expect(tried.end.result).toBe("stopped");
  });

  test("one of which is skipped by a person is an open item and does not count as passed over", async () => {
    const tried = await tryFile(`preconditions:\n  ${reading("one", ", on-failure: ask")}\nsteps:\n  ${set("x")}`, { answers: { one: "skip" } });
    expect(tried.end).toMatchObject({ result: "succeeded", passedOver: [], openItems: [{ step: "one", because: expect.stringMatching(/skipped by Pat: asked/) }] });
  });

  test("take their policy from an input", async () => {
    const body = (policy: string): string => `inputs:\n  policy: { enum: [stop, ask, note], default: ${policy}, description: What to do }\npreconditions:\n  ${reading("one", ', on-failure: "{{inputs.policy}}"')}\nsteps:\n  ${set("x")}`;
    expect((await tryFile(body("note"))).end).toMatchObject({ result: "succeeded", openItems: [{ step: "one" }] });
    expect((await tryFile(body("stop"))).end.result).toBe("stopped");
    expect((await tryFile(body("ask"))).end.result).toBe("waiting");
  });

  test("that do not hold yet have not failed while a person is waited for, and are looked at again with the answer", async () => {
    const body = `preconditions:\n  - { id: go, uses: human.confirm, with: { question: "Go on?" } }\n  ${wait("slow")}\nsteps:\n  ${set("one")}`;
    const first = await tryFile(body);
    expect(first.end).toMatchObject({ result: "waiting", because: "go: Go on?" });
    expect(first.statuses).toEqual({});
    const { events, store, clock } = first;
    const again = await takeUp(body, { events, store, clock }, { answers: { "Go on": "yes" }, onEvent: ({ type }) => { if (type === "question-answered") store.values.set("NODEA/slow", "yes"); } });
    expect(again.statuses).toEqual({ go: "ok", slow: "ok", one: "ok" });
    expect(again.end.result).toBe("succeeded");
  });

  test("of which one waits for a person are told by its path and its question, beside what is not waited for then, also in a call", async () => {
    const lists = `preconditions:\n  ${reading("one", ", on-failure: ask")}\n  ${wait("slow", ", timeout: 1h")}\n`;
    const alone = await tryFile(`${lists}steps:\n  ${set("x")}`);
    expect(alone.end).toMatchObject({ result: "waiting", because: expect.stringMatching(/^one: (?!.*one: )[^;]*$/) });
    const part = `runbook: 1\nname: part\ntitle: A part\ntargets: { n: { address: NODEB } }\ntarget: n\n${lists.replace("preconditions", "checks")}`;
    const called = await tryFile(`preconditions:\n  - { id: part, call: ./part.yml }\nsteps:\n  ${set("x")}`, { files: { "part.yml": part } });
    expect(called.end).toMatchObject({ result: "waiting", because: expect.stringMatching(/^part\/one: (?!.*one: )[^;]*$/) });
  });

  test("where one waited, the goal is asked once more before the steps", async () => {
    const tried = await tryFile(`preconditions:\n  ${wait("slow", ", timeout: 1h")}\nsteps:\n  ${set("x")}\npostconditions:\n  - { id: there, uses: store.value, with: { key: x }, expect: [ { that: 'outputs.value == "new"' } ] }`, {
      prepare: (store, clock) => void clock.at(95_000, "by itself", () => { store.values.set("NODEA/slow", "yes"); store.values.set("NODEA/x", "new"); }),
    });
    expect(tried.end.result).toBe("nothing to do");
    expect(tried.sets).toEqual([]);
  });
});

describe("the goal", () => {
  const goal = (rest: string): string => `steps:\n  ${set("x")}\npostconditions:\n${rest}`;

  test("asks loops, calls and conditions, and a skipped one is held", async () => {
    const part = `runbook: 1\nname: part\ntitle: A part\ntargets: { n: { address: NODEB } }\ntarget: n\nchecks:\n  ${reading("inner")}\n`;
    const tried = await tryFile(goal(`  - { id: each, for-each: targets.all.addresses, as: node, uses: store.value, target: "{{node}}", with: { key: y }, expect: [ { that: 'outputs.value == "yes"' } ] }\n  - { id: part, call: ./part.yml }\n  - { id: never, if: "1 == 2", uses: check, with: { that: "false", because: no } }`), {
      files: { "part.yml": part }, prepare: (store) => { for (const node of ["NODEA", "NODEB", "NODEC"]) store.values.set(`${node}/y`, "yes"); store.values.set("NODEB/inner", "yes"); },
    });
    expect(tried.end.result).toBe("nothing to do");
  });

  test("that reads a step which has not run does not hold", async () => {
    const tried = await tryFile(goal("  - { id: there, uses: check, with: { that: \"steps.x.status == 'ok'\", because: it did not run } }"));
    expect(tried.end.result).toBe("succeeded");
    expect(tried.statuses["goal/there"]).toBe("failed");
  });

  test("does not wait, nor try again, nor ask", async () => {
    const tried = await tryFile(goal(`  ${wait("y", ", timeout: 1h, on-failure: ask")}`), later("y", "yes", 120_000));
    expect(tried.end.result).toBe("succeeded");
    expect(tried.events.findIndex((event) => event.type === "action-started" && event.effect !== "reads")).toBeGreaterThan(0);
    expect(Date.parse(tried.events.find((event) => event.type === "step-started" && event.step === "x")?.at ?? "")).toBeLessThan(5_000);
  });

  test("counts a postcondition that is only noted like any other; its failure at the end is an open item", async () => {
    const tried = await tryFile(goal(`  ${reading("y", ", on-failure: note")}`));
    expect(tried.end).toMatchObject({ result: "succeeded", openItems: [{ step: "y" }] });
  });

  test("is found by a step and a call that are called goal themselves", async () => {
    const part = `runbook: 1\nname: part\ntitle: A part\ntargets: { n: { address: NODEB } }\ntarget: n\nsteps:\n  ${set("goal")}\npostconditions:\n  - { id: there, uses: store.value, with: { key: goal }, expect: [ { that: 'outputs.value == "new"' } ] }\n`;
    const tried = await tryFile("steps:\n  - { id: goal, call: ./part.yml }", { files: { "part.yml": part } });
    expect(tried.statuses).toMatchObject({ "goal/goal": "ok", "goal/there": "ok", goal: "ok" });
  });
});

describe("the result", () => {
  test("is nothing to do where steps could change something and none was entered", async () => {
    const tried = await tryFile(`steps:\n  - { id: seen, uses: store.value, with: { key: x } }\n  - { id: set, if: "steps.seen.outputs.value == 'old'", uses: store.set, with: { key: x, value: new } }`);
    expect(tried.end.result).toBe("nothing to do");
  });

  test("is succeeded where nothing could be changed at all", async () => {
    expect((await tryFile("steps:\n  - { id: seen, uses: store.value, with: { key: x } }")).end.result).toBe("succeeded");
  });

  test("gives the outputs of what ran, and leaves the others out", async () => {
    const tried = await tryFile(`steps:\n  - { id: seen, uses: store.value, with: { key: x } }\n  - { id: not, if: "1 == 2", uses: store.value, with: { key: y } }\noutputs:\n  one: steps.seen.outputs.value\n  two: "steps.not.outputs.value"`, { prepare: (store) => void store.values.set("NODEA/x", "here") });
    expect(tried.end.outputs).toEqual({ one: "here" });
  });
});

describe("a file of checks", () => {
  test("runs alone, all of it, without locks, and reports all that is wrong", async () => {
    const tried = await tryFile(`checks:\n  ${reading("one")}\n  ${reading("two")}`, { lock: { acquire: () => { throw new Error("a file of checks needs no lock"); } } });
    expect(tried.statuses).toEqual({ one: "failed", two: "failed" });
    expect(tried.end).toMatchObject({ result: "stopped", exitCode: 1, because: "one: one is missing; two: two is missing" });
  });
});

describe("a step that is done by hand", () => {
  const HAND = "steps:\n  - { id: hand, uses: human.do, with: { instructions: Do it. } }";
  const PROBE = "probes:\n  p: { uses: store.value, target: b, with: { key: p }, every: 10s, up: 'outputs.value != \"down\"', down-only-during: [hand] }\n";

  test("counts as a change, and an outage meanwhile is charged to it", async () => {
    const tried = await tryFile(`${PROBE}${HAND}`, { answers: { "Do it": "yes" }, answersAfterMs: 300_000, prepare: (store, clock) => { clock.at(20_000, "down", () => void store.values.set("NODEB/p", "down")); clock.at(80_000, "up", () => void store.values.set("NODEB/p", "up")); } });
    expect(tried.end).toMatchObject({ result: "succeeded", outages: [{ probe: "p", step: "hand", open: false }] });
    expect(endOf(tried, "hand")).toMatchObject({ status: "ok" });
  });

  test("is not asked for while an invariant is broken, nor while it cannot be told", async () => {
    const probe = PROBE.replace("[hand]", "[]");
    const broken = await tryFile(`${probe}${HAND}`, { answers: { "Do it": "yes" }, prepare: (store) => void store.values.set("NODEB/p", "down") });
    expect(broken.end.result).toBe("stopped");
    const unknown = await tryFile(`${probe}${HAND}`, { answers: { "Do it": "yes" }, prepare: (store) => void store.downUntilMs.set("NODEB", 1e9) });
    expect(endOf(unknown, "hand")).toMatchObject({ status: "failed", code: "not_known" });
    for (const { events } of [broken, unknown]) expect(events.some((event) => event.type === "question-asked")).toBe(false);
  });
});

describe("a person who is asked about a failure", () => {
  test("may have it tried again: a new attempt, and what was done before still counts", async () => {
    const tried = await tryFile(`steps:\n  ${set("one", ", on-failure: ask")}`, { prepare: (store) => store.behaviours.set("one", [{ answer: "ok", stores: 60_000 }]), answers: { "one:": "retry" }, answersAfterMs: 120_000 });
    expect(endOf(tried, "one")).toMatchObject({ status: "ok" });
    expect(tried.sets).toEqual(["one=new"]);
    expect(tried.events.flatMap((event) => (event.type === "step-started" ? [event.attempt] : []))).toEqual([1, 2]);
  });

  test("may skip a change: the run then ends failed", async () => {
    const tried = await tryFile(`steps:\n  ${set("one", ", on-failure: ask")}\n  ${set("two")}`, { prepare: (store) => store.behaviours.set("one", [{ answer: "ok", stores: "never" }]), answers: { "one:": "skip" } });
    expect(tried.end).toMatchObject({ result: "failed", passedOver: ["one"], openItems: [] });
    expect(tried.statuses["two"]).toBe("ok");
  });
});
