import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import type { People } from "../../../src/core/port.ts";
import { deedsOf } from "../../../src/interpreter/run/deeds.ts";
import { rollbackOf } from "../../../src/interpreter/run/rollback.ts";
import { loadTexts } from "../../kit/run-kit.ts";
import { dieInFile, HEAD, set, tryFile } from "../../kit/try-file.ts";
import { atRest, back, runAndUndo, undoable, undoFile, undonePaths } from "../../kit/undo-file.ts";

const bad = (id = "bad"): string => `- { id: ${id}, uses: store.value, with: { key: never }, expect: [ { that: 'outputs.value == "y"' } ] }`;
const list = (...steps: readonly string[]): string => `steps:\n  ${steps.join("\n  ")}`;

/** What undoes a file's run as its journal stands. */
function rollbackOfRun(body: string, events: readonly Event[], leave: readonly string[] = [], files: Readonly<Record<string, string>> = {}): ReturnType<typeof rollbackOf> {
  return rollbackOf(loadTexts({ "main.yml": `${HEAD}${body}\n`, ...files }), [], deedsOf(events), new Set(leave));
}

describe("a rollback", () => {
  test("undoes the steps with an intent, the last first, and the world is as it was", async () => {
    const { ran, undone } = await runAndUndo(list(undoable("one"), undoable("two"), bad(), undoable("never")));
    expect(ran.end.result).toBe("stopped");
    expect(undonePaths(undone)).toEqual(["two", "one"]);
    expect(undone.sets).toEqual(["two=", "one="]);
    expect(undone.end).toMatchObject({ result: "succeeded", exitCode: 0, because: "what the run r000000001 did is undone" });
    expect([...undone.store.values.values()]).toEqual(["", ""]);
  });

  test("is a run of its own, which names the run that it undoes and tells its plan", async () => {
    const { undone } = await runAndUndo(list(undoable("one"), bad()));
    expect(undone.events[0]).toMatchObject({ type: "run-started", run: "u000000001", undoes: "r000000001" });
    expect(undone.plan.nodes.map(({ path, phase, children }) => [path, phase, children.map((child) => child.path)])).toEqual([["one", "rollback", ["one/one_back"]]]);
  });

  test("does not undo a step that did nothing", async () => {
    const { undone } = await runAndUndo(list(undoable("one"), undoable("two"), bad()), { prepare: (store) => store.values.set("NODEA/one", "new") });
    expect(undonePaths(undone)).toEqual(["two"]);
    expect(undone.store.values.get("NODEA/one")).toBe("new");
  });

  test("looks before it undoes: what is undone already is found so, and the run had nothing to do", async () => {
    const body = list(undoable("one"), bad());
    const ran = await tryFile(body);
    ran.store.values.set("NODEA/one", "");
    const undone = await undoFile(body, ran);
    expect(undone.end).toMatchObject({ result: "nothing to do", because: "nothing is left of what the run r000000001 did" });
  });

  test("undoes each instance of a loop with its own item, and what a step of it gave", async () => {
    const body = list('- { id: each, for-each: targets.all.addresses, as: node, max-parallel: 3, block: [ { id: put, uses: store.set, target: "{{node}}", with: { key: k, value: "{{node}}!" }, rollback: [ { id: unput, uses: store.set, target: "{{node}}", with: { key: k, value: "{{replace steps.put.outputs.before \\"!\\" \\"?\\"}}" } } ] } ] }', bad());
    const { undone } = await runAndUndo(body);
    expect(undonePaths(undone).toSorted()).toEqual(["each[NODEA]/put", "each[NODEB]/put", "each[NODEC]/put"]);
    expect(Object.fromEntries(undone.store.values)).toEqual({ "NODEA/k": "NODEA?", "NODEB/k": "NODEB?", "NODEC/k": "NODEC?" });
  });

  test("undoes a loop whose body is one step", async () => {
    const body = list(`- { id: each, for-each: targets.all.addresses, uses: store.set, target: "{{item}}", with: { key: k, value: v }, rollback: [ { id: unput, uses: store.set, target: "{{item}}", with: { key: "k", value: "{{steps.each.outputs.before}}-" } } ] }`, bad());
    const { undone } = await runAndUndo(body);
    expect(undonePaths(undone)).toEqual(["each[NODEC]", "each[NODEB]", "each[NODEA]"]);
    expect(undone.statuses).toMatchObject({ "each[NODEA]/unput": "ok", "each[NODEA]": "ok" });
    expect([...undone.store.values.values()]).toEqual(["v-", "v-", "v-"]);
  });

  test("goes through calls, with the inputs that the call was given", async () => {
    const files = { "part.yml": `runbook: 1\nname: part\ntitle: A part\ninputs: { key: { description: k }, before: { description: b } }\ntargets: { n: { address: NODEB } }\ntarget: n\nsteps:\n  - { id: inner, uses: store.set, with: { key: "{{inputs.key}}", value: new }, rollback: [ { id: inner_back, uses: store.set, with: { key: "{{inputs.key}}", value: "{{inputs.before}}" } } ] }\n` };
    const body = list("- { id: first, uses: store.value, with: { key: start } }", '- { id: part, call: ./part.yml, with: { key: k, before: "{{steps.first.outputs.value}}" } }', bad());
    const { undone } = await runAndUndo(body, { files, prepare: (store) => { store.values.set("NODEA/start", "old"); store.values.set("NODEB/k", "old"); } });
    expect(undonePaths(undone)).toEqual(["part/inner"]);
    expect(undone.store.values.get("NODEB/k")).toBe("old");
  });

  test("passes the steps of an always, those that leave nothing behind, and those that are left by name", async () => {
    const body = `steps:\n  ${undoable("one")}\n  - id: outer\n    block:\n      ${set("named")}\n      ${bad()}\n    always:\n      ${set("tidy")}`;
    const ran = await tryFile(body);
    const undo = rollbackOfRun(body, ran.events, ["named"]);
    expect(undo).toMatchObject({ kind: "ok", value: { passed: [{ path: "tidy" }, { path: "named", because: "it is left as it is" }], entries: [{ path: "one" }] } });
    expect(undo.kind === "ok" && undo.value.end).toBe(undefined);
  });

  test("does not go past a step without a rollback, and says which and how it is undone", async () => {
    const { undone } = await runAndUndo(list(undoable("one"), set("two"), undoable("three"), bad()));
    expect(undone.sets).toEqual(["three="]);
    expect(undone.end).toMatchObject({ result: "stopped", exitCode: 1, because: "two: it says no `rollback`: Set it back." });
    expect(undone.store.values.get("NODEA/one")).toBe("new");
  });

  test("goes past it once somebody names it, and refuses a name that did nothing", async () => {
    const body = list(undoable("one"), set("two"), undoable("three"), bad());
    const { undone } = await runAndUndo(body, {}, ["two"]);
    expect(undone.end.result).toBe("succeeded");
    expect(undone.store.values.get("NODEA/two")).toBe("new");
    expect(undone.events[0]).toMatchObject({ left: ["two"] });
    expect(rollbackOfRun(body, (await tryFile(body)).events, ["twoo"])).toMatchObject({ kind: "error", error: [{ message: "`twoo` did nothing in the run r000000001 that could be left as it is", hint: "did you mean `two`?" }] });
  });

  test("stops at what could not be undone, before what was done earlier; run again it does what is left", async () => {
    const body = list(undoable("one"), undoable("two"), undoable("three"), bad());
    const ran = await tryFile(body);
    ran.store.behaviours.set("two", [{ answer: "failed", stores: "never" }]);
    ran.store.done.length = 0;
    const first = await undoFile(body, ran);
    expect(first.end.result).toBe("stopped");
    expect(first.statuses).toMatchObject({ three: "ok", two: "failed" });
    expect(ran.store.values.get("NODEA/one")).toBe("new");
    const again = await undoFile(body, ran, first.events);
    expect(again.end.result).toBe("succeeded");
    expect(undonePaths(again)).toEqual(["two", "one"]);
    expect(ran.store.done.filter((line) => line.includes("three="))).toHaveLength(1);
  });

  test("has nothing to read where a step failed before it gave its outputs, and says so instead of guessing", async () => {
    const body = list(`- { id: one, uses: store.set, with: { key: one, value: new }, rollback: [ { id: one_back, uses: store.set, with: { key: one, value: "{{steps.one.outputs.before}}" } } ] }`);
    const { undone } = await runAndUndo(body, { prepare: (store) => store.behaviours.set("one", [{ answer: "failed", stores: "never" }, { answer: "failed", stores: "never" }, { answer: "failed", stores: "never" }]) });
    expect(undone.end).toMatchObject({ result: "stopped", because: expect.stringContaining("`value` cannot be told") });
  });

  test("restores from what the run remembers, which is not read again", async () => {
    const body = list("- { id: kept, uses: store.value, with: { key: one }, remember: true }", `- { id: one, uses: store.set, with: { key: one, value: new }, rollback: [ { id: one_back, uses: store.set, with: { key: one, value: "{{steps.kept.outputs.value}}" } } ] }`, bad());
    const { undone } = await runAndUndo(body, { prepare: (store) => store.values.set("NODEA/one", "old") });
    expect(undone.store.values.get("NODEA/one")).toBe("old");
  });

  test("undoes what a person did by hand, by hand", async () => {
    const body = list("- { id: pull, uses: human.do, with: { instructions: Pull the plug. }, rollback: [ { id: plug, uses: human.do, with: { instructions: Put the plug back. } } ] }", bad());
    const { undone } = await runAndUndo(body, { answers: { plug: "yes" } });
    expect(undonePaths(undone)).toEqual(["pull"]);
    expect(undone.events.filter(({ type }) => type === "question-asked")).toMatchObject([{ step: "pull/plug" }]);
    expect(undone.end.result).toBe("succeeded");
    const declined = await tryFile(body, { answers: { plug: "no" } });
    expect(rollbackOfRun(body, declined.events)).toMatchObject({ value: { entries: [] } });
  });

  test.each<[said: "yes" | "no", sets: readonly string[]]>([["yes", ["blind=", "one="]], ["no", ["one="]]])("undoes what a person said was done (%s), where nothing but they can tell, and nothing that they said was not", async (said, sets) => {
    const body = list(undoable("one"), `- { id: blind, uses: run.program, with: { program: set, args: [blind, new], effect: changes }${back("blind")} }`);
    const { events } = await tryFile(body);
    const left = await dieInFile(body, events.findLast((event) => event.type === "action-started" && event.step === "blind")?.seq ?? 0);
    if (left === undefined) throw new Error("it did not die");
    const ann: People = { presence: "terminal", ask: async () => ({ kind: "answered", answer: { answer: said, by: "ann", account: "ann", host: "desk", reason: undefined } }) };
    const resting = await atRest(body, left, { people: ann });
    left.store.done.length = 0;
    left.store.values.set("NODEA/blind", "new");
    const undone = await undoFile(body, resting);
    expect([undone.end.result, undone.sets]).toEqual(["succeeded", sets]);
    expect(rollbackOfRun(body, resting.events)).toMatchObject({ value: { passed: said === "no" ? [{ path: "blind", because: "a person said that it was not done" }] : [] } });
  });

  test("undoes a step that did its work once, whatever a person said of a later try of it", async () => {
    const body = list(`- { id: blind, uses: run.program, with: { program: set, args: [blind, new], effect: changes }${back("blind")} }`);
    const { events } = await tryFile(body);
    const act = events.find((event) => event.type === "action-started" && event.step === "blind");
    const end = events.find((event) => event.type === "action-finished" && event.step === "blind");
    if (act?.type !== "action-started" || end?.type !== "action-finished") throw new Error("it did not act");
    const denied: Event = { ...act, type: "question-answered", digest: "d", answer: "no", by: "ann", account: "ann", host: "desk" };
    const told = (...later: readonly Event[]): boolean => deedsOf([...events, ...later]).notDone.has("blind");
    expect([told({ ...act, number: 2 }, denied), deedsOf([...events.filter((event) => event !== end), denied]).notDone.has("blind"), told(denied)]).toEqual([false, true, false]);
  });

  test("is stopped by a signal between two steps, and goes on when it is taken up", async () => {
    const body = list(undoable("one"), undoable("two"), bad());
    const ran = await tryFile(body);
    const cut = await undoFile(body, ran, [], { onEvent: (event, execution) => { if (event.type === "action-started" && event.effect !== "reads") execution().cancel("SIGINT"); } });
    expect(cut.end.result).toBe("cancelled");
    expect(ran.store.values.get("NODEA/one")).toBe("new");
    expect((await undoFile(body, ran, cut.events)).end.result).toBe("succeeded");
    expect([...ran.store.values.values()]).toEqual(["", ""]);
  });
});

describe("the probes of a run that is undone", () => {
  const watched = `probes:\n  p: { uses: store.value, target: a, with: { key: lamp }, every: 5s, up: outputs.value != "out", down-only-during: [] }\n${list(`- { id: one, uses: store.disrupt, with: { key: lamp, value: on }, rollback: [ { id: out, uses: store.disrupt, with: { key: lamp, value: out } }, { id: on_again, uses: store.disrupt, with: { key: lamp, value: old } } ] }`, bad())}`;

  test("are watched meanwhile, and what they see ends nothing: it is being mended", async () => {
    const { undone } = await runAndUndo(watched);
    expect(undone.events.flatMap((event) => (event.type === "probe-changed" ? [event.state] : []))).toEqual(["up", "down", "up"]);
    expect(undone.events.some(({ type }) => type === "invariant-broken")).toBe(true);
    expect(undone.end).toMatchObject({ result: "succeeded", outages: [{ probe: "p" }] });
  });
});
