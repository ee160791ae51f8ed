import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { eventSchema } from "../../src/views/event-schema.ts";
import { claimFiles } from "../../src/world/claims.ts";
import { JOURNAL_FILE } from "../../src/world/journal-reading.ts";
import { projectWith } from "./project-fixture.ts";
import { stage } from "./stage.ts";

interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Two files and a folder, which say how they are undone, and a third file that does not. */
const THREE = `runbook: 1
name: three
title: Three files
inputs:
  folder: { format: path, description: Where }
target: local
steps:
${made("one", "touch", "exists")}
    rollback:
${undone("one", "rm", "")}
  - id: between
    uses: run.program
    with: { program: touch, args: ["{{inputs.folder}}/between"], effect: changes, done-when: { uses: file.stat, with: { path: "{{inputs.folder}}/between" }, that: outputs.exists } }
BETWEEN
${made("two", "mkdir", "folder")}
    rollback:
${undone("two", "rmdir", "")}
  - id: never
    uses: file.stat
    with: { path: "{{inputs.folder}}/go-ahead" }
    expect: [ { that: outputs.exists, because: There is no go-ahead. } ]
`;

function made(name: string, program: string, seen: string): string {
  return `  - id: ${name}
    title: Make ${name}
    uses: run.program
    with: { program: ${program}, args: ["{{inputs.folder}}/${name}"], effect: changes, done-when: { uses: file.stat, with: { path: "{{inputs.folder}}/${name}" }, that: outputs.${seen} } }`;
}

function undone(name: string, program: string, rest: string): string {
  return `      - id: ${name}_undone
        title: Remove ${name}
        uses: run.program
        with: { program: ${program}, args: ["{{inputs.folder}}/${name}"], effect: changes, done-when: { uses: file.stat, with: { path: "{{inputs.folder}}/${name}" }, that: "!outputs.exists" } }${rest}`;
}

const UNDOABLE = THREE.replace("BETWEEN\n", `    rollback:\n${undone("between", "rm", "")}\n`);
const BARRED = THREE.replace("BETWEEN\n", "");

/** A project whose run has stopped: its commands, its folder, and the run. */
async function stopped(text: string): Promise<{ readonly runbook: (...words: string[]) => Promise<Done>; readonly folder: string; readonly run: string }> {
  const folder = projectWith({ "runbook.config.yml": "config: 1\n", "runbooks/three.yml": text });
  const runbook = async (...words: string[]): Promise<Done> => {
    const { surroundings, out, err } = stage({ workingFolder: folder });
    const code = await main(words, surroundings);
    return { code, out: out(), err: err() };
  };
  const { code, out } = await runbook("run", "three.yml", "--set", `folder=${folder}`, "--yes");
  expect(code).toBe(1);
  const [run = ""] = runsIn(folder);
  expect(out).toMatch(new RegExp(`runbook rollback ${run} +undoes what it did, after showing how`, "u"));
  return { runbook, folder, run };
}

function runsIn(folder: string): readonly string[] {
  return readdirSync(join(folder, ".runbook/runs"));
}

function isThere(folder: string): readonly string[] {
  return ["one", "between", "two"].filter((name) => existsSync(join(folder, name)));
}

function otherThan(folder: string, run: string): string {
  return runsIn(folder).find((other) => other !== run) ?? "";
}

describe("rollback", () => {
  test("without a terminal and without --yes is printed, undoes nothing, and ends 2", async () => {
    const { runbook, folder, run } = await stopped(UNDOABLE);
    const { code, out, err } = await runbook("rollback", run);
    expect(code).toBe(2);
    expect(out).toMatch(new RegExp(`Undo the run ${run}[\\s\\S]*two: Undo: Make two[\\s\\S]*\\$ rmdir ${folder}/two[\\s\\S]*between: Undo:[\\s\\S]*one: Undo: Make one`, "u"));
    expect(err).toContain(`runbook rollback ${run} --yes`);
    expect(isThere(folder)).toEqual(["one", "between", "two"]);
    expect(runsIn(folder)).toEqual([run]);
  });

  test("undoes all of it, and the run is rolled back: it lets go of the system, and is not taken up, given up or undone any more", async () => {
    const { runbook, folder, run } = await stopped(UNDOABLE);
    expect(claimFiles(join(folder, ".runbook")).of(["local"], [])).toMatchObject({ value: { run } });
    const { code, out } = await runbook("rollback", run.slice(0, 4), "--yes");
    expect(code).toBe(0);
    expect(out).toContain(`succeeded: what the run ${run} did is undone`);
    expect(isThere(folder)).toEqual([]);
    expect(claimFiles(join(folder, ".runbook")).of(["local"], [])).toEqual({ kind: "ok", value: undefined });
    const by = otherThan(folder, run);
    const { out: listed } = await runbook("runs");
    expect(listed).toMatch(new RegExp(`${run} .*rolled back`, "u"));
    expect(listed).toMatch(new RegExp(`${by} .*succeeded[\\s\\S]*undoes ${run}`, "u"));
    expect((await runbook("show", run)).out).toContain(`Rolled back: the run ${by} has undone what it did.`);
    const { out: report } = await runbook("report", run);
    expect(report).toContain(`Rolled back: the run \`${by}\` has undone what it did`);
    expect(report).not.toContain("What may be typed next");
    expect((await runbook("report", by)).out).toContain(`| Undoes | the run \`${run}\` |`);
    expect((await runbook("show", by)).out).toMatch(new RegExp(`undoes +the run ${run}`, "u"));
    for (const command of ["resume", "abandon", "rollback"]) expect(await runbook(command, run)).toMatchObject({ code: 2, err: expect.stringContaining(`the run ${run} was rolled back by the run ${by}`) });
    expect(await runbook("rollback", by)).toMatchObject({ code: 2, err: expect.stringContaining("is not undone itself") });
  });

  test("ends before a step that says no rollback, keeps the claim, and goes on once that step is named", async () => {
    const { runbook, folder, run } = await stopped(BARRED);
    const first = await runbook("rollback", run, "--yes");
    expect(first.code).toBe(1);
    expect(first.out).toContain("It goes back no further than between");
    expect(first.out).toMatch(/stopped: between: it says no `rollback`: Only the author knows how/u);
    expect(isThere(folder)).toEqual(["one", "between"]);
    const by = otherThan(folder, run);
    expect((await runbook("runs")).out).toMatch(new RegExp(`${run} .*rolling back`, "u"));
    expect(await runbook("resume", run)).toMatchObject({ code: 2, err: expect.stringContaining(`is being rolled back by the run ${by}`) });
    expect((await runbook("run", "three.yml", "--set", `folder=${folder}`, "--yes")).out).toMatch(new RegExp(`the run ${by}`, "u"));
    const again = await runbook("rollback", run, "--leave", "between", "--yes");
    expect(again.code).toBe(0);
    expect(isThere(folder)).toEqual(["between"]);
    expect((await runbook("runs")).out).toMatch(new RegExp(`${run} .*rolled back`, "u"));
    expect(claimFiles(join(folder, ".runbook")).of(["local"], [])).toEqual({ kind: "ok", value: undefined });
  });

  test("that failed half-way goes on with resume, and does nothing twice", async () => {
    const { runbook, folder, run } = await stopped(UNDOABLE);
    writeFileSync(join(folder, "two/in-the-way"), "");
    const first = await runbook("rollback", run, "--yes");
    expect(first).toMatchObject({ code: 1, out: expect.stringContaining("stopped: two/two_undone") });
    expect(first.out).toContain(`runbook rollback ${run}`);
    expect(isThere(folder)).toEqual(["one", "between", "two"]);
    rmSync(join(folder, "two/in-the-way"));
    const by = otherThan(folder, run);
    expect((await runbook("resume", by)).code).toBe(0);
    expect(isThere(folder)).toEqual([]);
    expect((await runbook("runs")).out).toMatch(new RegExp(`${run} .*rolled back`, "u"));
  });

  test("that is given up lets go of the system, and can be begun anew", async () => {
    const { runbook, folder, run } = await stopped(BARRED);
    await runbook("rollback", run, "--yes");
    expect((await runbook("abandon", otherThan(folder, run))).code).toBe(0);
    expect(claimFiles(join(folder, ".runbook")).of(["local"], [])).toEqual({ kind: "ok", value: undefined });
    expect((await runbook("rollback", run, "--leave", "between", "--yes")).code).toBe(0);
    expect(runsIn(folder)).toHaveLength(3);
    expect(isThere(folder)).toEqual(["between"]);
  });

  test("refuses a step under --leave that did nothing, and a run that does not exist", async () => {
    const { runbook, folder, run } = await stopped(UNDOABLE);
    expect(await runbook("rollback", run, "--leave", "betwen", "--yes")).toMatchObject({ code: 2, err: expect.stringContaining("did you mean `between`?") });
    expect(await runbook("rollback", "nothing")).toMatchObject({ code: 2, err: expect.stringContaining("there is no run `nothing`") });
    expect(isThere(folder)).toEqual(["one", "between", "two"]);
  });

  test("of a rollback is refused, with what can be done instead", async () => {
    const { runbook, folder, run } = await stopped(UNDOABLE);
    await runbook("rollback", run, "--yes");
    const by = otherThan(folder, run);
    expect(await runbook("rollback", by)).toMatchObject({ code: 2, err: expect.stringMatching(/undoes the run \S+ and is not undone itself\s+hint: run the runbook again to do anew what it undid/) });
  });

  test("of a run that tried and brought nothing about finds nothing left, and the run is rolled back", async () => {
    const { runbook, folder, run } = await stopped(UNDOABLE);
    await runbook("rollback", run, "--yes");
    const before = new Set(runsIn(folder));
    expect((await runbook("run", "three.yml", "--set", `folder=${join(folder, "absent")}`, "--yes")).code).toBe(1);
    const tried = runsIn(folder).find((name) => !before.has(name)) ?? "";
    expect(await runbook("rollback", tried, "--yes")).toMatchObject({ code: 0, out: expect.stringContaining(`nothing to do: nothing is left of what the run ${tried} did`) });
    expect((await runbook("runs")).out).toMatch(new RegExp(`${tried} .*rolled back`, "u"));
  });

  test("whose runner died before it could say so in the run is found to be done, and says so then", async () => {
    const { runbook, folder, run } = await stopped(UNDOABLE);
    await runbook("rollback", run, "--yes");
    const journal = join(folder, ".runbook/runs", run, JOURNAL_FILE);
    const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
    writeFileSync(journal, `${lines.slice(0, -1).join("\n")}\n`);
    expect((await runbook("runs")).out).toMatch(new RegExp(`${run} .*rolling back`, "u"));
    expect(await runbook("rollback", run)).toMatchObject({ code: 0, err: expect.stringContaining("is undone already") });
    expect((await runbook("runs")).out).toMatch(new RegExp(`${run} .*rolled back`, "u"));
    expect(runsIn(folder)).toHaveLength(2);
  });

  test("tells events that the published schema describes", async () => {
    const { runbook, run } = await stopped(UNDOABLE);
    const { out } = await runbook("rollback", run, "--yes", "--json");
    const events = out.trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly type: string; readonly undoes?: string });
    expect(events[0]).toMatchObject({ type: "run-started", undoes: run, left: [] });
    const { events: ofRun } = JSON.parse((await runbook("show", run, "--json")).out) as { readonly events: readonly { readonly type: string; readonly seq: number }[] };
    expect(ofRun.slice(-2)).toMatchObject([{ type: "rollback-started" }, { type: "rolled-back" }]);
    expect(ofRun.map(({ seq }) => seq)).toEqual(ofRun.map((_, index) => index + 1));
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const isValid = ajv.compile(eventSchema());
    for (const event of [...events, ...ofRun]) expect([event.type, isValid(event), isValid.errors]).toEqual([event.type, true, null]);
  });

  test("asks about a file that was changed in what has run, as resume does", async () => {
    const { runbook, folder, run } = await stopped(UNDOABLE);
    writeFileSync(join(folder, "runbooks/three.yml"), UNDOABLE.replace('program: mkdir, args: ["{{inputs.folder}}/two"]', 'program: mkdir, args: ["-p", "{{inputs.folder}}/two"]'));
    expect(await runbook("rollback", run, "--yes")).toMatchObject({ code: 2, err: expect.stringContaining("`with` of step `two` was changed, and it has run") });
    expect(isThere(folder)).toEqual(["one", "between", "two"]);
    expect((await runbook("rollback", run, "--yes", "--as-done")).code).toBe(0);
    expect(isThere(folder)).toEqual([]);
  });
});
