import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimFiles } from "../../src/world/claims.ts";
import { lockFiles } from "../../src/world/lock-file.ts";
import { temporaryFolder, until } from "../world/real-process.ts";
import { appendProject, asProcess, beside, builtProgram, command, ONCE, runWords, type BuiltProgram } from "./append-project.ts";
import { killAndLook } from "./killed-runner.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

function onlyRun(state: string): string {
  return readdirSync(join(state, "runs"))[0] ?? "";
}

/** A block whose second step kills the runner once and whose `always` tidies up. */
const OWING = `runbook: 1
name: owing
title: Owes something
inputs:
  into: { format: path, description: Where the files lie, examples: [/tmp/x] }
steps:
  - id: work
    block:
      - id: begin
        uses: run.program
        target: local
        with: { program: sh, args: ["-c", "echo begin >> \\"$1/one\\"; [ -e \\"$1/once\\" ] || { touch \\"$1/once\\"; kill -9 $PPID; }", sh, "{{inputs.into}}"], effect: changes DONE }
      - id: more
        uses: run.program
        target: local
        with: { program: sh, args: ["-c", "echo more >> \\"$1/two\\"", sh, "{{inputs.into}}"], effect: changes }
    always:
      - id: tidy
        uses: run.program
        target: local
        with: { program: sh, args: ["-c", "echo tidy >> \\"$1/three\\"", sh, "{{inputs.into}}"], effect: changes }
`;

/** `done`: whether the step in doubt can look. */
function owing(done: string, text = OWING) {
  const project = appendProject();
  const state = temporaryFolder();
  writeFileSync(join(project.folder, "append.yml"), text.replace(" DONE", done));
  expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
  return { project, state, run: onlyRun(state) };
}

const LOOKS = ', done-when: { uses: file.stat, with: { path: "{{inputs.into}}/one" }, that: outputs.exists }';

describe("a second run", () => {
  test("is kept off by one that died, and told which, whose, since when, in which step, and what to type", async () => {
    const project = appendProject("kill -9 $PPID");
    const state = temporaryFolder();
    expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
    const run = onlyRun(state);
    const { code, out } = await command(project, state, [...runWords(project), "--state", state]);
    expect(code).toBe(1);
    expect(oneLine(out)).toMatch(new RegExp(`\`local\` is claimed by the run ${run} of \\S+ on ${hostname()}, since \\d{4}-\\S+ \\S+ UTC, in step two: it has begun to change it and has not come to an end`));
    expect(oneLine(out)).toContain(`runbook resume ${run} --state ${state} goes on with the other run runbook abandon ${run} --state ${state}`);
    expect(project.made()).toEqual(["one\n", "two\n", "", "", "", ""]);
    expect((await command(project, state, ["resume", run])).code).toBe(0);
    expect((await command(project, state, runWords(project))).code).toBe(0);
    expect(project.made()).toEqual(ONCE);
  });

  test("is kept off by one that is under way, and so is a resume of that one", async () => {
    const project = appendProject('touch "$1/here"; while [ ! -e "$1/go" ]; do sleep 0.05; done');
    const state = temporaryFolder();
    const first = beside(built.program, project, state, runWords(project));
    await until(() => (readdirSync(project.folder).includes("here") ? true : undefined));
    const run = onlyRun(state);
    const second = await command(project, state, runWords(project));
    expect(second.code).toBe(1);
    expect(oneLine(second.out)).toMatch(new RegExp(`\`local\` is held by the run ${run} of \\S+ on ${hostname()}, since \\S+ \\S+ UTC, in step two: two runs never act on it at once`));
    expect((await command(project, state, ["runs"])).out).toMatch(new RegExp(`${run}.* running `));
    for (const words of [["resume", run], ["abandon", run], ["abandon", run, "--without-journal"], ["rollback", run, "--yes"]]) {
      const { code, err } = await command(project, state, words);
      expect([words, code, oneLine(err)]).toEqual([words, 1, expect.stringMatching(new RegExp(`^The run ${run} is under way in another process, of \\S+ on ${hostname()}, since \\S+ \\S+ UTC, in step two\\. Nothing was done\\.`))]);
    }
    writeFileSync(join(project.folder, "go"), "");
    expect((await first.ended).code).toBe(0);
    expect(project.made()).toEqual(ONCE);
  });

  test("of a simulated system is told the names of its locks as they were wanted", async () => {
    const said = await killAndLook(built.program, ["run", "ccr-rollup.yml", "--yes"]);
    expect(said.code).toBe(1);
    expect(oneLine(said.out)).toMatch(/`(exclus1|EXCLUS1|NODEA|NODEB|local)` is claimed by the run \w{10} of .*, in step \S+:/);
    expect(said.out).not.toContain("world exclus1");
  });
});

test("a run is not taken up, nor given up, while another one holds what it works on: what it tells, claims and owes stays as it is", async () => {
  const { project, state, run } = owing(LOOKS);
  const journal = (): string => readFileSync(join(state, "runs", run, "journal.jsonl"), "utf8");
  const before = journal();
  const other = lockFiles(state).acquire(["local"], "elsewhere0");
  if (other.kind !== "held") throw new Error("the lock is not free");
  for (const words of [["resume", run], ["abandon", run]]) {
    const { code, err } = await command(project, state, words);
    expect(code).toBe(1);
    expect(oneLine(err)).toMatch(new RegExp(`The run ${run} is not taken up: \`local\` is held by the run elsewhere0, since \\S+ \\S+ UTC: two runs never act on it at once\\. Nothing was done\\.`));
    expect(journal()).toBe(before);
    expect(claimFiles(state).claimedBy(run)).toEqual(["local"]);
  }
  other.release();
  expect((await command(project, state, ["abandon", run])).out).not.toContain("Still owed");
  expect(project.made().slice(0, 3)).toEqual(["begin\n", "", "tidy\n"]);
});

test("a run that was cut short in its always is undone: it comes to rest first", async () => {
  const project = appendProject();
  const state = temporaryFolder();
  const step = (id: string, indent: string, text: string, more = ""): string => `${indent}- id: ${id}\n${indent}  uses: run.program\n${indent}  target: local\n${indent}  with: { program: sh, args: ["-c", ${JSON.stringify(text)}, sh, "{{inputs.into}}"], effect: changes, repeatable: true }\n${more}`;
  const undo = `        rollback:\n${step("begin_undone", "          ", 'rm "$1/one"')}`;
  const cut = 'echo tidy >> "$1/three"; [ -e "$1/once" ] || { touch "$1/once"; kill -9 $PPID; }';
  const head = OWING.slice(0, OWING.indexOf("steps:"));
  writeFileSync(join(project.folder, "append.yml"), `${head}steps:\n  - id: work\n    block:\n${step("begin", "      ", 'echo begin >> "$1/one"', undo)}    always:\n${step("tidy", "      ", cut)}`);
  expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
  const run = onlyRun(state);
  const shown = await command(project, state, ["rollback", run]);
  expect(shown.code).toBe(2);
  expect(oneLine(shown.out)).toContain("The run comes to rest first: how tidy ended is looked at");
  expect(shown.out).not.toContain("goes back no further");
  const { code, out } = await command(project, state, ["rollback", run, "--yes"]);
  expect(oneLine(out)).toContain(`succeeded: what the run ${run} did is undone`);
  expect(code).toBe(0);
  expect(project.made().slice(0, 3)).toEqual(["", "", "tidy\ntidy\n"]);
});

describe("abandon", () => {
  test("looks once more at what is in doubt, pays what is owed, begins nothing new, and lets go", async () => {
    const { project, state, run } = owing(LOOKS);
    const given = await command(project, state, ["abandon", run]);
    expect(given.code).toBe(0);
    expect(given.out).toContain("Next");
    expect(given.out).not.toContain(`resume ${run}`);
    expect(project.made().slice(0, 3)).toEqual(["begin\n", "", "tidy\n"]);
    expect(readdirSync(join(state, "claims")).filter((name) => name.endsWith(".json"))).toEqual([]);
    expect((await command(project, state, ["runs"])).out).toMatch(new RegExp(`${run}.* abandoned `));
    expect(await command(project, state, ["resume", run])).toMatchObject({ code: 2, err: expect.stringContaining("was abandoned") });
    expect((await command(project, state, runWords(project))).code).toBe(0);
  });

  test("does not let go while nobody can tell what a step did: what is owed is named, and it can be abandoned again", async () => {
    const { project, state, run } = owing("");
    for (const _time of [1, 2]) {
      const { code, out, err } = await command(project, state, ["abandon", run]);
      expect(code).toBe(1);
      expect(oneLine(out)).toContain("Still owed: cleaning up that could not be done work");
      expect(oneLine(err)).toContain(`The run ${run} has not let go of its system: it still owes work.`);
      expect(project.made().slice(0, 3)).toEqual(["begin\n", "", ""]);
    }
    expect((await command(project, state, runWords(project))).code).toBe(1);
    expect((await command(project, state, ["runs"])).out).toMatch(new RegExp(`${run}.* cancelled `));
  });

  test("takes the answer that was left for a step of which only a person can tell, and then pays what is owed", async () => {
    const { project, state, run } = owing("");
    const first = await command(project, state, ["abandon", run]);
    expect(first.code).toBe(1);
    expect(oneLine(first.out)).toContain(`runbook answer ${run} begin --done`);
    expect((await command(project, state, ["answer", run, "begin", "--done"])).code).toBe(0);
    const given = await command(project, state, ["abandon", run]);
    expect(given.code).toBe(0);
    expect(given.out).not.toContain("Still owed");
    expect(given.err).not.toContain("has not let go");
    expect(project.made().slice(0, 3)).toEqual(["begin\n", "", "tidy\n"]);
    expect((await command(project, state, ["runs"])).out).toMatch(new RegExp(`${run}.* abandoned `));
    expect(JSON.stringify(readdirSync(join(state, "runs", run, "inbox")))).not.toContain(".json");
  });

  test("leaves what only a person can tell to what undoes the run: an answer is for that, and resume --due leaves the run alone", async () => {
    const { project, state, run } = owing("", OWING.slice(0, OWING.indexOf("    always:")));
    expect((await command(project, state, ["abandon", run])).code).toBe(0);
    const answered = await command(project, state, ["answer", run, "begin", "--not-done"]);
    expect([answered.code, answered.out]).toEqual([0, expect.stringContaining(`runbook rollback ${run}  takes it`)]);
    expect(await command(project, state, ["resume", "--due"])).toMatchObject({ code: 0, err: expect.stringContaining("No run is due") });
    const undone = await command(project, state, ["rollback", run, "--yes"]);
    expect([undone.code, oneLine(undone.out)]).toEqual([0, expect.stringContaining(`nothing to do: nothing is left of what the run ${run} did`)]);
  });

  test("of a run whose journal cannot be read says how to let go all the same, and does it only when asked so", async () => {
    const { project, state, run } = owing(LOOKS);
    const path = join(state, "runs", run, "journal.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace('"run-started"', '"run-begun"'));
    expect(await command(project, state, ["abandon", run])).toMatchObject({ code: 2, err: expect.stringContaining("--without-journal") });
    expect((await command(project, state, runWords(project))).code).toBe(1);
    expect(oneLine((await command(project, state, ["runs"])).out)).toMatch(new RegExp(`${run} damaged .*record 1, at byte \\d+, .*abandon ${run} --without-journal`));
    const free = await command(project, state, ["abandon", run, "--without-journal"]);
    expect(free).toMatchObject({ code: 0, err: expect.stringContaining("look at the system before anything else is done to it") });
    rmSync(join(project.folder, "one"));
    expect((await command(project, state, runWords(project))).code).toBe(0);
    const { out } = await command(project, state, ["runs"]);
    expect(out).toMatch(new RegExp(`^${run} +abandoned `, "mu"));
    expect(out).not.toContain("damaged");
    const told = JSON.parse((await command(project, state, ["runs", "--json"])).out) as { readonly runs: readonly { readonly run: string; readonly because: string }[] };
    expect(told.runs.find((one) => one.run === run)?.because).toMatch(/^abandoned without its journal by \S+ on \S+ at /);
    for (const words of [["resume", run], ["abandon", run], ["abandon", run, "--without-journal"]]) expect(await command(project, state, words)).toMatchObject({ code: 2, err: expect.stringContaining("was abandoned without its journal") });
    const shown = await command(project, state, ["show", run]);
    expect([shown.code, oneLine(shown.err)]).toEqual([1, expect.stringMatching(new RegExp(`The run ${run} was abandoned without its journal by .*, and keeps nobody off\\. .*The journal was changed or damaged`))]);
  });
});
