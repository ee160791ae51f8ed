import { describe, expect, test } from "vitest";
import { set, tryFile, wait, type TriedFile } from "../../kit/try-file.ts";

const NEVER = { answer: "ok", stores: "never" } as const;
const LOST = { answer: "lost", stores: "at-once" } as const;
const wasDown = ({ events }: TriedFile): boolean => events.some((event) => event.type === "probe-changed" && event.state === "down");
const blind = (id: string): string => `- { id: ${id}, uses: store.blind, with: { key: ${id} } }`;
const around = (steps: string, rest = ""): string => `steps:\n  - id: outer\n${rest}    block:\n      ${steps}\n    rescue:\n      ${set("mend")}\n    after-rescue: continue\n    always:\n      ${set("tidy")}\n  ${set("after")}`;

describe("a step whose outcome is unknown", () => {
  test("is not rescued, and its always stays owed and is named", async () => {
    const tried = await tryFile(around(blind("one")), { prepare: (store) => store.behaviours.set("one", [LOST]) });
    expect(tried.statuses).toEqual({ one: "unknown", outer: "unknown" });
    expect(tried.end).toMatchObject({ result: "stopped", exitCode: 1, owed: ["outer"] });
  });

  test.each(["continue", "ask"])("is not passed over by %s", async (policy) => {
    const tried = await tryFile(`steps:\n  - { id: one, uses: store.blind, with: { key: one }, on-failure: ${policy} }\n  ${set("after")}`, { prepare: (store) => store.behaviours.set("one", [LOST]), answers: { one: "skip" } });
    expect(tried.end).toMatchObject({ result: "stopped", passedOver: [] });
    expect(tried.sets).toEqual(["one=blind"]);
  });

  test("ends a loop, whatever it allows to fail, and no instance is begun any more", async () => {
    const tried = await tryFile(`steps:\n  - id: each\n    for-each: targets.all.addresses\n    as: node\n    max-failures: 2\n    uses: store.blind\n    target: "{{node}}"\n    with: { key: x }`, { prepare: (store) => store.behaviours.set("x", [LOST]) });
    expect(tried.statuses).toEqual({ "each[NODEA]": "unknown", each: "unknown" });
  });
});

describe("an always", () => {
  test("stays owed while a person is waited for", async () => {
    const tried = await tryFile(around('- { id: go, uses: human.approve, with: { question: "Go on?" } }'));
    expect(tried.end).toMatchObject({ result: "waiting", exitCode: 5, owed: ["outer"] });
    expect(tried.sets).toEqual([]);
  });

  test("that waits for a person itself stays owed", async () => {
    const tried = await tryFile(`steps:\n  - id: outer\n    block:\n      ${set("one")}\n    always:\n      - { id: go, uses: human.confirm, with: { question: "Clean?" } }`);
    expect(tried.end).toMatchObject({ result: "waiting", owed: ["outer"] });
  });

  test("runs all its steps, also after one failed, and the block has failed", async () => {
    const tried = await tryFile(`steps:\n  - id: outer\n    block:\n      ${set("one")}\n    always:\n      ${set("tidy")}\n      ${set("sweep")}`, { prepare: (store) => store.behaviours.set("tidy", [NEVER]) });
    expect(tried.statuses).toEqual({ one: "ok", tidy: "failed", sweep: "ok", outer: "failed" });
    expect(tried.end).toMatchObject({ result: "stopped", owed: [] });
  });

  test("of the inner block runs before the rescue of the outer one", async () => {
    const tried = await tryFile(`steps:\n  - id: outer\n    block:\n      - id: inner\n        block:\n          ${set("one")}\n        always:\n          ${set("tidy")}\n    rescue:\n      ${set("mend")}\n    after-rescue: stop`, { prepare: (store) => store.behaviours.set("one", [NEVER]) });
    expect(tried.sets).toEqual(["one=new", "tidy=new", "mend=new"]);
    expect(tried.statuses).toMatchObject({ inner: "failed", outer: "failed" });
  });
});

describe("a rescue", () => {
  test("that fails leaves the block failed, and both reasons are told", async () => {
    const tried = await tryFile(around(set("one")), { prepare: (store) => { store.behaviours.set("one", [NEVER]); store.behaviours.set("mend", [NEVER]); } });
    expect(tried.statuses).toEqual({ one: "failed", mend: "failed", tidy: "ok", outer: "failed" });
    expect(tried.end.because).toMatch(/; and its rescue failed: /);
  });

  test("is for a failure inside a called file too, named by its path", async () => {
    const part = `runbook: 1\nname: part\ntitle: A part\ntargets: { n: { address: NODEB } }\ntarget: n\nsteps:\n  ${set("inner")}\n`;
    const tried = await tryFile(`steps:\n  - id: outer\n    block:\n      - { id: part, call: ./part.yml }\n    rescue:\n      - { id: mend, uses: store.set, with: { key: mended, value: "{{failure.step}}" } }\n    after-rescue: continue`, { files: { "part.yml": part }, prepare: (store) => store.behaviours.set("inner", [NEVER]) });
    expect(tried.store.values.get("NODEA/mended")).toBe("part/inner");
  });
});

describe("an invariant that breaks", () => {
  const PROBE = "probes:\n  p: { uses: store.value, target: b, with: { key: p }, every: 10s, up: 'outputs.value != \"down\"', down-only-during: [outer] }\n";
  const low = "probes:\n  p: { uses: store.value, target: b, with: { key: p }, every: 10s, up: 'outputs.value != \"down\"' }\ninvariants:\n  - { id: enough, that: 'probes.p.outputs.value != \"low\"', because: It is low. }\n";

  test("is not rescued; its always runs, and the run has failed", async () => {
    const tried = await tryFile(`${low}${around(`${set("one")}\n      ${set("two")}`)}`, { prepare: (store, clock) => void clock.at(5_000, "low", () => void store.values.set("NODEB/p", "low")) });
    expect(tried.end).toMatchObject({ result: "failed", exitCode: 1, owed: [] });
    expect(tried.sets).toEqual(["one=new", "tidy=new"]);
    expect(tried.statuses["mend"]).toBeUndefined();
  });

  test("during an always after a good block lets it go on, and ends the run failed", async () => {
    const tried = await tryFile(`${low}steps:\n  - id: outer\n    block:\n      ${set("one")}\n    always:\n      ${set("tidy")}\n      ${set("sweep")}\n  ${set("after")}`, { prepare: (store, clock) => void clock.at(14_000, "low", () => void store.values.set("NODEB/p", "low")) });
    expect(tried.end).toMatchObject({ result: "failed", owed: [] });
    expect(tried.sets).toEqual(["one=new", "tidy=new", "sweep=new"]);
  });

  test("while something is mended breaks nothing", async () => {
    const tried = await tryFile(`${low}steps:\n  - id: outer\n    block:\n      ${set("one")}\n    rescue:\n      - { id: seen, uses: store.value, with: { key: wanted }, wait-until: 'outputs.value == "yes"', every: 10s, timeout: 1h }\n    after-rescue: continue`, {
      prepare: (store, clock) => {
        store.behaviours.set("one", [NEVER]);
        clock.at(60_000, "low", () => void store.values.set("NODEB/p", "low"));
        clock.at(200_000, "high", () => { store.values.set("NODEB/p", ""); store.values.set("NODEA/wanted", "yes"); });
      },
    });
    expect(tried.end.result).toBe("succeeded");
  });

  test("by a probe that is down while a person is asked about the failed step does not", async () => {
    const tried = await tryFile(`${PROBE}steps:\n  - id: outer\n    on-failure: ask\n    block:\n      ${set("one")}\n      ${wait("two", ", timeout: 30s")}`, { prepare: (store, clock) => void clock.at(5_000, "down", () => void store.values.set("NODEB/p", "down")), answers: { outer: "stop" }, answersAfterMs: 600_000 });
    expect(wasDown(tried)).toBe(true);
    expect(tried.end.result).toBe("stopped");
  });


  test("is told by a path with or without the items of its loop", async () => {
    for (const path of ["each/two", "each[NODEA]/two"]) {
      const tried = await tryFile(`${PROBE.replace("[outer]", `["${path}"]`)}steps:\n  - id: each\n    for-each: "['NODEA']"\n    as: node\n    block:\n      ${set("one")}\n      ${set("two")}`, { prepare: (store, clock) => { clock.at(14_000, "down", () => void store.values.set("NODEB/p", "down")); clock.at(24_500, "up", () => void store.values.set("NODEB/p", "")); } });
      expect(wasDown(tried)).toBe(true);
      expect(tried.end.result, tried.end.because).toBe("succeeded");
    }
  });
});
