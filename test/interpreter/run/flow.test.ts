import { describe, expect, test } from "vitest";
import { tryRun, type Trial, type Tried } from "../../kit/run-kit.ts";
import { SteppingClock } from "../../kit/stepping-clock.ts";
import { StoreWorld } from "../../kit/store-world.ts";

const HEAD = "runbook: 1\nname: trial\ntitle: A trial\ntargets:\n  a: { address: NODEA }\n  b: { address: NODEB }\n  all: { addresses: [NODEA, NODEB, NODEC] }\ntarget: a\n";

async function tryFile(body: string, prepare: (store: StoreWorld) => void = () => undefined, more: Partial<Trial> = {}): Promise<Tried & { store: StoreWorld }> {
  const clock = new SteppingClock();
  const store = new StoreWorld(clock);
  prepare(store);
  const tried = await tryRun({ clock, transports: store, ...more, files: { "main.yml": `${HEAD}${body}\n`, ...more.files } });
  return { ...tried, store };
}

const set = (id: string, key: string, rest = ""): string => `- { id: ${id}, uses: store.set, with: { key: ${key}, value: new }${rest} }`;
const FAILS = { answer: "ok", stores: "never" } as const;

describe("a block", () => {
  const BLOCK = `steps:
  - id: outer
    block:
      ${set("one", "one")}
      ${set("two", "two")}
    rescue:
      - { id: mend, uses: store.set, with: { key: mended, value: "{{failure.step}} {{failure.code}}" } }
    after-rescue: continue
    always:
      ${set("tidy", "tidy")}
  ${set("after", "after")}`;

  test("that goes well runs what stands under always, and no rescue", async () => {
    const tried = await tryFile(BLOCK);
    expect(tried.statuses).toEqual({ one: "ok", two: "ok", tidy: "ok", outer: "ok", after: "ok" });
    expect(tried.end.result).toBe("succeeded");
  });

  test("that fails is rescued, then what it owes runs, then the list goes on", async () => {
    const tried = await tryFile(BLOCK, (store) => store.behaviours.set("one", [FAILS]));
    expect(tried.statuses).toEqual({ one: "failed", mend: "ok", tidy: "ok", outer: "rescued", after: "ok" });
    expect(tried.store.values.get("NODEA/mended")).toBe("one no_progress");
    expect(tried.end.result).toBe("succeeded");
    expect(tried.events.filter((event) => event.type === "unwinding").map((event) => event.type === "unwinding" && event.part)).toEqual(["rescue", "always"]);
  });

  test("whose rescue is followed by stop fails", async () => {
    const tried = await tryFile(BLOCK.replace("after-rescue: continue", "after-rescue: stop"), (store) => store.behaviours.set("two", [FAILS]));
    expect(tried.statuses).toMatchObject({ outer: "failed", tidy: "ok" });
    expect(tried.statuses["after"]).toBeUndefined();
    expect(tried.end.result).toBe("stopped");
  });
});

describe("a loop", () => {
  const loop = (rest: string): string => `steps:\n  - id: each\n    for-each: targets.all.addresses\n    as: node\n    uses: store.set\n    target: "{{node}}"\n    with: { key: x, value: new }\n${rest}  - { id: sum, uses: check, with: { that: steps.each.each.size() == 3, because: not all } }`;

  test("runs one instance for each item, one after another", async () => {
    const tried = await tryFile(loop(""));
    expect(tried.statuses).toEqual({ "each[NODEA]": "ok", "each[NODEB]": "ok", "each[NODEC]": "ok", each: "ok", sum: "ok" });
    expect(tried.store.done.map((line) => line.split(" ")[0])).toEqual(["NODEA", "NODEB", "NODEC"]);
  });

  test("runs instances beside each other, up to max-parallel", async () => {
    const tried = await tryFile(loop("    max-parallel: 3\n"));
    expect(new Set(tried.store.done.map((line) => line.split("@")[1])).size).toBe(1);
  });

  test("begins no more instances after one more failed than may", async () => {
    const tried = await tryFile(loop(""), (store) => store.behaviours.set("x", [FAILS]));
    expect(tried.statuses).toEqual({ "each[NODEA]": "failed", each: "failed" });
  });

  test("passes over as many failures as may be, and the run ends failed", async () => {
    const tried = await tryFile(loop("    max-failures: 1\n"), (store) => store.behaviours.set("x", [FAILS]));
    expect(tried.statuses).toMatchObject({ "each[NODEA]": "failed", "each[NODEC]": "ok", each: "ok" });
    expect(tried.end).toMatchObject({ result: "failed", passedOver: ["each[NODEA]"] });
  });
});

describe("the goal", () => {
  const FILE = `preconditions:
  - { id: ready, uses: store.value, with: { key: ready }, expect: [ { that: outputs.value == "yes", because: It is not ready } ] }
steps:
  ${set("set", "x")}
postconditions:
  - { id: there, uses: store.value, with: { key: x }, expect: [ { that: outputs.value == "new", because: x is not new } ] }`;

  test("that holds ends the run before a precondition is asked", async () => {
    const tried = await tryFile(FILE, (store) => store.values.set("NODEA/x", "new"));
    expect(tried.end).toMatchObject({ result: "nothing to do", exitCode: 0 });
    expect(tried.statuses).toEqual({ "goal/there": "ok" });
  });

  test("that does not hold is asked again at the end, by the same step", async () => {
    const tried = await tryFile(FILE, (store) => store.values.set("NODEA/ready", "yes"));
    expect(tried.statuses).toEqual({ "goal/there": "failed", ready: "ok", set: "ok", there: "ok" });
    expect(tried.end.result).toBe("succeeded");
  });

  test("is failed where the steps went well and it does not hold", async () => {
    const tried = await tryFile(FILE.replace('value == "new"', 'value == "other"'), (store) => store.values.set("NODEA/ready", "yes"));
    expect(tried.end).toMatchObject({ result: "failed", exitCode: 1 });
  });

  test("a precondition that fails stops the run before anything is changed", async () => {
    const tried = await tryFile(FILE);
    expect(tried.end).toMatchObject({ result: "stopped", exitCode: 1 });
    expect(tried.end.because).toContain("It is not ready");
    expect(tried.store.done).toEqual([]);
  });
});

describe("preconditions", () => {
  const reading = (id: string, key: string, rest: string): string => `- { id: ${id}, uses: store.value, with: { key: ${key} }, ${rest} }`;

  test("are all asked, and all that fail are reported together", async () => {
    const tried = await tryFile(`preconditions:\n  ${reading("one", "one", 'expect: [ { that: outputs.value == "yes", because: One is missing } ]')}\n  ${reading("two", "two", 'expect: [ { that: outputs.value == "yes", because: Two is missing } ]')}\nsteps:\n  ${set("set", "x")}`);
    expect(tried.end.because).toContain("One is missing");
    expect(tried.end.because).toContain("Two is missing");
    expect(tried.statuses).toEqual({ one: "failed", two: "failed" });
  });

  test("wait only if none failed; what would have waited is failed, not waited for", async () => {
    const tried = await tryFile(`preconditions:\n  ${reading("slow", "slow", 'wait-until: outputs.value == "yes", timeout: 5m')}\n  ${reading("two", "two", 'expect: [ { that: outputs.value == "yes", because: Two is missing } ]')}\nsteps:\n  ${set("set", "x")}`);
    expect(tried.statuses).toEqual({ slow: "failed", two: "failed" });
    expect(tried.end.because).toContain("not waited for");
    expect(tried.events.at(-1)?.at && Date.parse(tried.events.at(-1)?.at ?? "")).toBeLessThan(60_000);
  });

  test("are waited for once all others hold", async () => {
    const tried = await tryFile(`preconditions:\n  ${reading("slow", "slow", 'wait-until: outputs.value == "yes", timeout: 5m')}\nsteps:\n  ${set("set", "x")}`, (store) => {
      store.behaviours.set("slow", [{ answer: "ok", stores: 60_000 }]);
      void store.to("NODEA").run({ kind: "program", program: "set", args: ["slow", "yes"] }, { limitMs: 1e9, onOutput: () => undefined, signal: new AbortController().signal });
    });
    expect(tried.statuses).toEqual({ slow: "ok", set: "ok" });
  });

  test("a precondition that needs a failed one is skipped", async () => {
    const tried = await tryFile(`preconditions:\n  ${reading("one", "one", 'expect: [ { that: outputs.value == "yes", because: One is missing } ]')}\n  - { id: needs, uses: check, with: { that: steps.one.outputs.value == "yes", because: no } }\nsteps:\n  ${set("set", "x")}`);
    expect(tried.statuses).toEqual({ one: "failed", needs: "skipped" });
  });
});

describe("a call", () => {
  const PART = `runbook: 1
name: part
title: A part
inputs:
  node: { format: netbios_name, description: The node }
targets:
  node: { address: "{{inputs.node}}" }
target: node
steps:
  ${set("inner", "x")}
postconditions:
  - { id: there, uses: store.value, with: { key: x }, expect: [ { that: outputs.value == "new" } ] }
outputs:
  value: steps.there.outputs.value
`;
  const MAIN = 'steps:\n  - id: part\n    call: ./part.yml\n    with: { node: NODEB }\n  - { id: seen, uses: check, with: { that: steps.part.outputs.value == "new", because: no output } }';

  test("goes through the file's own goal, steps and postconditions, and gives its outputs", async () => {
    const tried = await tryFile(MAIN, undefined, { files: { "part.yml": PART } });
    expect(tried.statuses).toEqual({ "part/goal/there": "failed", "part/inner": "ok", "part/there": "ok", part: "ok", seen: "ok" });
    expect(tried.store.done).toEqual(["NODEB set x=new @12000"]);
  });

  test("is unchanged where its goal holds, and still gives its outputs", async () => {
    const tried = await tryFile(MAIN, (store) => store.values.set("NODEB/x", "new"), { files: { "part.yml": PART } });
    expect(tried.statuses).toEqual({ "part/goal/there": "ok", part: "unchanged", seen: "ok" });
  });
});

describe("people", () => {
  const ASK = 'steps:\n  - { id: go, uses: human.approve, with: { question: "Move it?" } }\n  ' + set("set", "x");

  test.each<[string, Record<string, string>, string, number]>([["yes", { "Move it": "yes" }, "succeeded", 0], ["no", { "Move it": "no" }, "stopped", 1], ["nobody", {}, "waiting", 5]])("%s", async (_, answers, result, exitCode) => {
    const tried = await tryFile(ASK, undefined, { answers });
    expect(tried.end).toMatchObject({ result, exitCode });
    expect(tried.store.done).toHaveLength(result === "succeeded" ? 1 : 0);
  });
});

describe("a cancellation", () => {
  test("lets the action at hand end, begins no other, and pays what always owes", async () => {
    const tried = await tryFile(`steps:\n  - id: outer\n    block:\n      ${set("one", "one")}\n      ${set("two", "two")}\n    always:\n      ${set("tidy", "tidy")}`, undefined, {
      onEvent: (event, execution) => { if (event.type === "action-started" && event.step === "one" && event.effect !== "reads") execution().cancel("SIGINT"); },
    });
    expect(tried.end).toMatchObject({ result: "cancelled", exitCode: 130 });
    expect(tried.store.done.map((line) => line.split("=")[0])).toEqual(["NODEA set one", "NODEA set tidy"]);
    expect(tried.statuses).toMatchObject({ one: "ok", tidy: "ok", outer: "interrupted" });
  });
});

describe("locks", () => {
  test("that another run holds end the run before its first look", async () => {
    const tried = await tryFile(`steps:\n  ${set("set", "x")}`, undefined, { lock: { acquire: (names) => ({ kind: "taken", holder: { lock: names[0] ?? "", run: "other00001", since: "2026-01-01T00:00:00Z" } }) } });
    expect(tried.end).toMatchObject({ result: "stopped", exitCode: 1 });
    expect(tried.end.because).toContain("other00001");
    expect(tried.store.done).toEqual([]);
  });
});
