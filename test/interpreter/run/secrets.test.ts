import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import { documentSchemas } from "../../../src/views/document-schemas.ts";
import { dieInFile, endOf, set, takeUp, tryFile, type Left, type TriedFile, type TrialOptions } from "../../kit/try-file.ts";

const INPUTS = "inputs:\n  pw: { secret: true, description: A password, from: { env: PW } }\n";
const file = (...steps: readonly string[]): string => `${INPUTS}steps:\n  ${steps.join("\n  ")}`;

/** A change that prints what stands under a key, which is the secret. */
const print = (id: string, rest = ""): string => `- { id: ${id}, uses: run.program, with: { program: get, args: [shown], effect: changes }${rest} }`;

const WITH: TrialOptions = { secrets: { pw: "hunter2" }, prepare: (store) => store.values.set("NODEA/shown", "it is hunter2") };

const told = ({ events }: { readonly events: readonly Event[] }): string => JSON.stringify(events);

async function dieAt(body: string, isMeant: (event: Event) => boolean, options: TrialOptions = WITH): Promise<Left> {
  const { events } = await tryFile(body, options);
  const left = await dieInFile(body, events.find(isMeant)?.seq ?? 0, options);
  if (left === undefined) throw new Error(`it did not die: ${JSON.stringify(events)}`);
  return left;
}

const goOn = (body: string, left: Left, pw = "hunter2"): Promise<TriedFile> => takeUp(body, left, { secrets: { pw } });

describe("a secret that only the run brings to where it would be seen", () => {
  test.each([
    ["into an argument", print("one"), '- { id: two, uses: store.set, with: { key: two, value: "{{steps.one.outputs.text}}" } }'],
    ["into a reading's argument", print("one"), '- { id: two, uses: store.value, with: { key: "x{{steps.one.outputs.text}}" } }'],
    ["into a path", print("one"), '- { id: two, uses: file.stat, with: { path: "/{{steps.one.outputs.text}}" } }'],
    ["into an item of a loop", print("one"), '- { id: two, for-each: "[steps.one.outputs.text]", uses: store.value, with: { key: x } }'],
  ])("%s is refused before anything is issued", async (_where, ...steps) => {
    const { store, events, end, statuses } = await tryFile(file(...steps), WITH);
    expect([end.result, statuses["two"], store.done]).toEqual(["stopped", "failed", []]);
    expect(endOf({ events } as TriedFile, "two")).toMatchObject({ code: "bad_input", because: expect.stringContaining("`pw`") });
    expect(events.some((event) => event.type === "action-started" && event.step === "two" && event.effect !== "reads")).toBe(false);
    expect(told({ events })).not.toContain("hunter2");
  });

  test("into a question is masked before it is asked", async () => {
    const body = file(print("one"), '- { id: ask, uses: human.confirm, with: { question: "Is {{steps.one.outputs.text}} right, and {{upper inputs.pw}}?", show: ["{{steps.one.outputs.text}}"] } }');
    const { end, events } = await tryFile(body, { ...WITH, answers: { "Is it is *** right, and ***?": "yes" } });
    expect(end.result).toBe("succeeded");
    expect(told({ events })).not.toMatch(/hunter2/i);
  });

  test("into the message of our own mistake is masked", async () => {
    const broken: TrialOptions = { ...WITH, onEvent: (event) => { if (event.type === "action-started") throw new Error("it broke at hunter2"); } };
    await expect(tryFile(file(print("one")), broken)).rejects.toThrow("it broke at ***");
  });

  test("by a helper, in a called file too, is masked in its new form", async () => {
    const callee = `runbook: 1\nname: inner\ntitle: Inner\ninputs:\n  pw: { secret: true, description: d }\nvars:\n  loud: "x {{upper inputs.pw}}"\ntarget: local\nsteps:\n  - { id: use, uses: run.query, with: { program: get, args: [shown], stdin: "{{replace vars.loud \\"X\\" \\"y\\"}}{{lower (replace inputs.pw \\"2\\" \\"3\\")}}" } }\n`;
    const { end, events } = await tryFile(file("- { id: inner, call: inner.yml, pass: [pw] }"), { ...WITH, files: { "inner.yml": callee }, prepare: (store) => store.values.set("local/shown", "HUNTER2 and hunter3 and hunter4") });
    expect(end.result).toBe("succeeded");
    expect(endOf({ events } as TriedFile, "inner/use")).toMatchObject({ outputs: { text: "*** and *** and hunter4" }, masked: ["text"] });
  });
});

describe("after a resume", () => {
  const read = (what: string): string => `- { id: read, uses: run.query, with: { program: get, args: [x], stdin: ${what} } }`;
  const intendedTwo = (event: Event): boolean => event.type === "action-started" && event.effect !== "reads" && event.step === "two";

  test.each([
    ["a template", read('"{{steps.one.outputs.text}}"'), "bad_input"],
    ["a part of a text", read('"<{{upper steps.one.outputs.text}}>"'), "bad_input"],
    ["a `default`", read('"{{default steps.one.outputs.text \\"none\\"}}"'), "bad_input"],
    ["all outputs at once", read('"{{json steps.one.outputs}}"'), "bad_input"],
    ["a condition", '- { id: read, if: steps.one.outputs.text == "it is hunter2", uses: store.value, with: { key: x } }', "not_known"],
  ])("what was masked and is read by %s is an error that says so, never `***`", async (_what, reader, code) => {
    const body = file(print("one"), set("two"), reader);
    const whole = await tryFile(body, WITH);
    expect(whole.statuses["read"]).toBe("ok");
    const again = await goOn(body, await dieAt(body, intendedTwo));
    expect(endOf(again, "read")).toMatchObject({ status: "failed", code, because: expect.stringContaining("held a secret, which the journal does not keep") });
    expect(again.end.result).toBe("stopped");
  });

  test("what was not masked of the same step is read", async () => {
    const body = file(print("one"), set("two"), '- { id: read, if: steps.one.outputs.exit_code == 0, uses: store.value, with: { key: x } }');
    expect((await goOn(body, await dieAt(body, intendedTwo))).end.result).toBe("succeeded");
  });

  test("outputs that are made from a masked result are masked, and judged by nobody", async () => {
    const answered = (event: Event): boolean => event.type === "action-finished" && event.step === "one";
    const plain = file(print("one"), read('"{{steps.one.outputs.text}}"'));
    expect(endOf(await goOn(plain, await dieAt(plain, answered)), "read")).toMatchObject({ status: "failed", because: expect.stringContaining("held a secret") });
    const judged = file(print("one", `, expect: [ { that: 'outputs.text != "it is ***"', because: "It was <{{outputs.text}}>" } ]`));
    const again = await goOn(judged, await dieAt(judged, answered));
    expect(endOf(again, "one")).toMatchObject({ code: "expectation", because: "It was <***>", condition: expect.stringContaining("held a secret"), masked: ["text"], outputs: { text: "***", exit_code: 0 } });
  });

  test("an answer that held a secret is asked for again", async () => {
    const body = file('- { id: ask, uses: human.ask, with: { question: "Which?", type: string } }', '- { id: read, uses: run.query, with: { program: get, args: [x], stdin: "{{steps.ask.outputs.answer}}" } }');
    const answers = { Which: "hunter2" };
    const left = await dieAt(body, (event) => event.type === "question-answered", { ...WITH, answers });
    expect(told(left)).not.toContain("hunter2");
    const again = await takeUp(body, left, { secrets: { pw: "hunter2" }, answers });
    expect(again.events.filter(({ type }) => type === "question-asked")).toHaveLength(1);
    expect(again.end.result).toBe("succeeded");
  });

  test("an action is the same one although its secret is another by now", async () => {
    const body = file('- { id: one, uses: run.program, with: { program: set, args: [one, x], env: { PW: "{{inputs.pw}}" }, effect: changes, repeatable: true } }');
    const lost: TrialOptions = { ...WITH, prepare: (store) => store.behaviours.set("one", [{ answer: "lost", stores: "never" }, { answer: "lost", stores: "never" }, { answer: "lost", stores: "never" }, { answer: "lost", stores: "never" }]) };
    const third = (events: readonly Event[]): number => events.filter((event) => event.type === "action-started").length;
    const whole = await tryFile(body, lost);
    const left = await dieAt(body, (event) => event.type === "action-finished", lost);
    const again = await goOn(body, left, "rotated");
    expect(third(left.events) + third(again.events)).toBe(third(whole.events));
    expect(told(again)).not.toContain("rotated");
  });
});

describe("a secret that is a word of ours", () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const isValid = ajv.compile(documentSchemas()["events"] ?? {});
  const body = `${INPUTS}probes:\n  seen: { uses: store.value, with: { key: shown }, every: 10s, up: outputs.value != "" }\nsteps:\n  ${print("one")}\n  ${set("two")}\n  - { id: ask, uses: human.approve, with: { question: "Go on?" } }\n  - { id: last, uses: store.value, with: { key: x }, expect: [ { that: 'outputs.value == "y"', because: failed } ] }`;
  const options = (pw: string): TrialOptions => ({ secrets: { pw }, answers: { "Go on": "yes" }, prepare: (store) => store.values.set("NODEA/shown", `it is ${pw}`) });

  test.each(["failed", "leaf", "stdout", "exitCode", "approve", "2026", "step", "text", "kind", "trial"])("masks nothing that readers of events go by: %s", async (pw) => {
    const [plain, masked] = [await tryFile(body, options("hunter2")), await tryFile(body, options(pw))];
    expect(masked.statuses).toEqual(plain.statuses);
    expect(masked.events.map(({ type }) => type)).toEqual(plain.events.map(({ type }) => type));
    expect(masked.events.filter((event) => !isValid(event))).toEqual([]);
    expect(told(masked)).not.toContain(`it is ${pw}`);
  });
});
