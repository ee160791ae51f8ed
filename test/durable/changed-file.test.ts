import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimFiles } from "../../src/world/claims.ts";
import { readJournal } from "../../src/world/journal-reading.ts";
import { temporaryFolder } from "../world/real-process.ts";
import { appendProject, asProcess, builtProgram, command, ONCE, runWords, STEPS, type BuiltProgram } from "./append-project.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const MADE = { one: "one\n", two: "two\n" };
type Edit = (text: string) => string;

/** One piece of the file for another; it must be there. */
const put = (piece: string, other: string): Edit => (text) => {
  if (!text.includes(piece)) throw new Error(`the file does not hold ${piece}`);
  return text.replaceAll(piece, other);
};

/** The text of a step, from its `id` to the next. */
function stepText(text: string, id: string): string {
  const found = new RegExp(`  - id: ${id}\\n(?:    .*\\n|      .*\\n)+`).exec(text)?.[0];
  if (found === undefined) throw new Error(`there is no step ${id}`);
  return found;
}

const without = (id: string): Edit => (text) => text.replace(stepText(text, id), "");
const before = (id: string, other: string): Edit => (text) => text.replace(stepText(text, id), `${other}${stepText(text, id)}`);
const retitled = (id: string): Edit => put(`Append ${id}`, `Append the word ${id}`);
const elsewhere = (id: string, to: string): Edit => (text) => text.replace(stepText(text, id), stepText(text, id).replaceAll(`/${id}"`, `/${to}"`).replaceAll(`/${id}\\"`, `/${to}\\"`));
const newStep: Edit = (text) => before("one", stepText(text, "three").replaceAll("three", "zero"))(text);
const moved: Edit = (text) => before("one", stepText(text, "three"))(without("three")(text));

/** The runner died in step two, after its effect and before its outcome was recorded: `one` is done, `two` in doubt, the rest is not begun. */
test.each<[what: string, edit: Edit, flags: readonly string[], code: number, says: RegExp | undefined, files: Readonly<Record<string, string>>]>([
  ["another title of a step that has run is nothing", retitled("one"), [], 0, /in nothing that it does/, {}],
  ["another limit of a step that has run is nothing", (text) => text.replace("    uses:", "    timeout: 9m\n    uses:"), [], 0, /in nothing that it does/, {}],
  ["a step that was not begun is told, and wants a yes", elsewhere("three", "drei"), [], 2, /changed since: `with` of step `three` was changed .*--yes goes on/, MADE],
  ["a step that was not begun is as it stands now", elsewhere("three", "drei"), ["--yes"], 0, /changed since: `with` of step `three`/, { three: "", drei: "three\n" }],
  ["a new step behind what has run is as it stands now", (text) => `${text}${stepText(text, "three").replaceAll("three", "seven")}`, ["--yes"], 0, /changed since: step `seven` is new/, { seven: "seven\n" }],
  ["a step that has run wants an answer", elsewhere("one", "uno"), ["--yes"], 2, /TO BE ANSWERED: `with` of step `one` was changed, and it has run .*--as-done.*--enter-again/, MADE],
  ["a step that has run is taken as done", elsewhere("one", "uno"), ["--as-done"], 0, undefined, { uno: "" }],
  ["a step that has run is entered again, as it stands now", elsewhere("one", "uno"), ["--enter-again"], 0, undefined, { uno: "one\n" }],
  ["both answers are none", elsewhere("one", "uno"), ["--as-done", "--enter-again"], 2, /give one/, MADE],
  ["a step that has run and is gone wants an answer", without("one"), [], 2, /TO BE ANSWERED: step `one` is gone, and it has run/, MADE],
  ["a step that has run and is gone is taken as done", without("one"), ["--as-done"], 0, undefined, {}],
  ["a new step before what has run wants an answer", newStep, ["--yes"], 2, /TO BE ANSWERED: step `zero` is new, before steps that have run/, MADE],
  ["a new step before what has run is run, and that is taken as done", newStep, ["--as-done"], 0, undefined, { zero: "zero\n" }],
  ["a step that has run under another name is told to be the same, and to be run", (text) => put("- id: one\n", "- id: uno\n")(text), [], 2, /TO BE ANSWERED: step `one` is gone.*step `uno` is new; it does what `one` did, and is run whatever is answered: call it `one` again/, MADE],
  ["another default of an input that was given is nothing", put("format: path, ", "format: path, default: /tmp, "), [], 0, /in nothing that it does/, {}],
  ["a step that is moved before what has run wants an answer", moved, [], 2, /TO BE ANSWERED: step `three`, which has not run, stands elsewhere, before steps that have run/, MADE],
  ["a step that is moved before what has run is run once", moved, ["--enter-again"], 0, undefined, {}],
  ["a step whose outcome is open may not be another one", elsewhere("two", "zwei"), ["--as-done"], 1, /IMPOSSIBLE: `with` of step `two` was changed, and nobody knows yet how it ended .*put the step back/, MADE],
  ["a step whose outcome is open may not be gone", without("two"), ["--enter-again"], 1, /IMPOSSIBLE: step `two` is gone/, MADE],
  ["a var that a step reads is a part of it", put('into: "{{inputs.into}}"', 'into: "{{inputs.into}}/"'), ["--as-done"], 1, /TO BE ANSWERED: `with` of step `one` was changed.*IMPOSSIBLE: `with` of step `two`/, MADE],
  ["an input that is declared otherwise does not fit what was recorded", put("format: path, ", "pattern: /x, "), [], 2, /the input `into` is declared differently since the run began/, MADE],
])("%s", async (_what, edit, flags, code, says, files) => {
  const project = appendProject("kill -9 $PPID");
  const state = temporaryFolder();
  expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
  const path = join(project.folder, "append.yml");
  writeFileSync(path, edit(readFileSync(path, "utf8")));
  const [run = ""] = readdirSync(join(state, "runs"));
  const resumed = await command(project, state, ["resume", run, ...flags]);
  const said = resumed.err.replaceAll(/\s+/g, " ");
  if (says !== undefined) expect(said).toMatch(says);
  expect(resumed.code, said).toBe(code);
  const expected = code === 0 ? { ...Object.fromEntries(STEPS.map((id, index) => [id, ONCE[index] ?? ""])), ...files } : files;
  const made = Object.fromEntries([...STEPS, ...Object.keys(files)].map((id) => [id, readdirSync(project.folder).includes(id) ? readFileSync(join(project.folder, id), "utf8") : ""]));
  expect(made).toEqual({ ...Object.fromEntries(STEPS.map((id) => [id, ""])), ...expected });
  const journal = readJournal(join(state, "runs", run));
  if (journal.kind === "error") throw new Error(journal.error.because);
  const taken = journal.value.events.filter((event) => event.type === "run-resumed");
  expect(taken.map(({ changes }) => changes?.map(({ answer }) => answer) ?? [])).toEqual(code !== 0 ? [] : [said.includes("in nothing that it does") ? [] : [expect.stringMatching(flags[0] === "--yes" ? "harmless" : (flags[0]?.slice(2) ?? "harmless"))]]);
});

describe("what was said to a change", () => {
  const stops = (text: string): string => elsewhere("one", "uno")(text.replace(stepText(text, "three"), stepText(text, "three").replace("program: sh", 'program: "false"')));
  const mended = elsewhere("one", "uno");
  const made = (folder: string, id: string): string => (readdirSync(folder).includes(id) ? readFileSync(join(folder, id), "utf8") : "");

  /** A run whose file was changed and that was taken up with an answer to it, and stopped behind that. */
  async function answeredOnce(flag: string) {
    const project = appendProject("kill -9 $PPID");
    const state = temporaryFolder();
    expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
    const path = join(project.folder, "append.yml");
    const before = readFileSync(path, "utf8");
    writeFileSync(path, stops(before));
    const [run = ""] = readdirSync(join(state, "runs"));
    expect(await command(project, state, ["resume", run, flag])).toMatchObject({ code: 1, err: expect.stringContaining("TO BE ANSWERED") });
    writeFileSync(path, mended(before));
    return { project, state, run };
  }

  test.each([["--enter-again", "one\n"], ["--as-done", ""]])("is not asked again, and not done twice (%s)", async (flag, uno) => {
    const { project, state, run } = await answeredOnce(flag);
    const again = await command(project, state, ["resume", run, "--yes"]);
    expect(again.err).not.toContain("TO BE ANSWERED");
    expect(again.err).toContain("changed since: `with` of step `three` was changed");
    expect(again.code).toBe(0);
    expect(made(project.folder, "uno")).toBe(uno);
    expect(made(project.folder, "one")).toBe("one\n");
  });

  test("is kept: a step that was to be entered again is, where the runner died before it was", async () => {
    const { project, state, run } = await answeredOnce("--enter-again");
    const path = join(state, "runs", run, "journal.jsonl");
    const lines = readFileSync(path, "utf8").split("\n");
    const resumed = lines.findIndex((line) => line.includes('"type":"run-resumed"'));
    expect(resumed).toBeGreaterThan(0);
    writeFileSync(path, lines.slice(0, resumed + 1).map((line) => `${line}\n`).join(""));
    rmSync(join(project.folder, "uno"));
    expect((await command(project, state, ["resume", run, "--yes"])).code).toBe(0);
    expect(made(project.folder, "uno")).toBe("one\n");
    expect(made(project.folder, "one")).toBe("one\n");
  });
});

test("a run whose file is gone is not gone on with, and says where its text is kept, which can be put back", async () => {
  const project = appendProject("kill -9 $PPID");
  const state = temporaryFolder();
  expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
  const [run = ""] = readdirSync(join(state, "runs"));
  const file = join(project.folder, "append.yml");
  rmSync(file);
  const { code, err } = await command(project, state, ["resume", run]);
  const [, path = ""] = new RegExp(`The text of ${file} that the run knows is kept in (\\S+): copy it back to go on, or give the run up: runbook abandon ${run}`).exec(err.replaceAll(/\s+/g, " ")) ?? [];
  expect([code, path]).toEqual([2, expect.stringContaining(state)]);
  copyFileSync(path, file);
  expect((await command(project, state, ["resume", run])).code).toBe(0);
  expect(project.made()).toEqual(ONCE);
});

/** Nothing new is begun, so nobody has to say anything. */
test.each<[what: string, edit: Edit | "gone", says: RegExp]>([
  ["was changed in what has not run", elsewhere("three", "drei"), /changed since: `with` of step `three` was changed/],
  ["was changed in what has run", elsewhere("one", "uno"), /changed since, and taken as it ran: `with` of step `one` was changed/],
  ["was changed in a step whose outcome is open", elsewhere("two", "zwei"), /`with` of step `two` was changed, and nobody knows yet how it ended.*\. The run is given up with its files as they were when it was last taken up, or began\./],
  ["declares an input otherwise", put("format: path, ", "pattern: /x, "), /the input `into` is declared differently since the run began.*\. The run is given up with its files as they were/],
  ["is no runbook any more", () => "runbook: 1\n", /\. The run is given up with its files as they were/],
  ["is gone", "gone", /does not exist.*\. The run is given up with its files as they were/],
])("a run whose file %s is given up all the same, and lets go", async (_what, edit, says) => {
  const project = appendProject("kill -9 $PPID");
  const state = temporaryFolder();
  expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
  const [run = ""] = readdirSync(join(state, "runs"));
  const file = join(project.folder, "append.yml");
  if (edit === "gone") rmSync(file);
  else writeFileSync(file, edit(readFileSync(file, "utf8")));
  const { code, out, err } = await command(project, state, ["abandon", run]);
  expect([code, err.replaceAll(/\s+/g, " ")]).toEqual([0, expect.stringMatching(says)]);
  expect(out).toContain("cancelled: the run was abandoned");
  expect(project.made().join("")).toBe("one\ntwo\n");
  expect(claimFiles(state).claimedBy(run)).toEqual([]);
});
