import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimFiles } from "../../src/world/claims.ts";
import { readJournal } from "../../src/world/journal-reading.ts";
import { chained, lineOf, partsOf } from "../../src/world/journal-record.ts";
import { temporaryFolder } from "../world/real-process.ts";
import { appendProject, asProcess, beside, builtProgram, command, ONCE, onlyRun, runWords, type AppendProject, type BuiltProgram } from "./append-project.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

/** A run whose runner was killed in the middle of its second step. */
function deadRun(): { readonly project: AppendProject; readonly state: string; readonly run: string; readonly folder: string } {
  const project = appendProject("kill -9 $PPID");
  const state = temporaryFolder();
  expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
  const run = onlyRun(state);
  return { project, state, run, folder: join(state, "runs", run) };
}

test.skipIf(process.getuid?.() !== 0)("a state folder of another account is refused, and so is one that this account may not use (started as root)", () => {
  const project = appendProject();
  const state = temporaryFolder();
  const as = (uid: number) => spawnSync(process.execPath, ["-e", `process.setgid(65534); process.setuid(${uid}); process.argv.splice(1, 0, ""); import(${JSON.stringify(built.program)})`, ...runWords(project)], { cwd: project.folder, encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", RUNBOOK_STATE: state } });
  spawnSync("chmod", ["-R", "a+rX", join(built.program, "../../..")]);
  spawnSync("chmod", ["a+rX", project.folder, join(project.folder, "append.yml")]);
  spawnSync("chmod", ["755", state]);
  expect(as(65_534)).toMatchObject({ status: 2, stderr: expect.stringContaining("belongs to another account (user 0)") });
  spawnSync("chown", ["65534", state]);
  spawnSync("chmod", ["500", state]);
  expect(as(65_534)).toMatchObject({ status: 2, stderr: expect.stringContaining("the account may not use") });
  expect(project.made().join("")).toBe("");
});

test("a journal that is removed while it is written stops the run before its next change", async () => {
  const state = temporaryFolder();
  const project = appendProject(`rm ${state}/runs/*/journal.jsonl`);
  const { code, out, err } = await command(project, state, runWords(project));
  expect(code).toBe(1);
  expect(`${out}${err}`.replaceAll(/\s+/g, " ")).toContain("was removed while the run wrote it");
  expect(project.made()).toEqual(["one\n", "two\n", "", "", "", ""]);
});

describe("a run that died", () => {
  test("is interrupted, goes on once, and does nothing twice", async () => {
    const { project, state, run } = deadRun();
    expect((await command(project, state, ["runs"])).out).toMatch(new RegExp(`${run}.* interrupted `));
    expect((await command(project, state, ["resume", run])).code).toBe(0);
    expect(project.made()).toEqual(ONCE);
    expect(await command(project, state, ["resume", run])).toMatchObject({ code: 2, err: expect.stringContaining("has succeeded") });
  });

  test("goes on in one of two processes that take it up at once, and the other is told", async () => {
    const { project, state, run } = deadRun();
    const both = [beside(built.program, project, state, ["resume", run]), beside(built.program, project, state, ["resume", run])];
    const ends = await Promise.all(both.map(({ ended }) => ended));
    expect(project.made()).toEqual(ONCE);
    const codes = ends.map(({ code }) => code).toSorted();
    expect(codes[0]).toBe(0);
    // Where the first was through before the second looked, the second is told that.
    expect([1, 2]).toContain(codes[1]);
    expect(ends.find(({ code }) => code !== 0)?.text).toMatch(/is under way in another process|has succeeded/);
  });

  test("goes on at a time that is not before what was recorded, where the clock was set back", async () => {
    const { project, state, run, folder } = deadRun();
    setForward(folder);
    const { code, err } = await command(project, state, ["resume", run]);
    expect(code).toBe(0);
    expect(err.replaceAll(/\s+/g, " ")).toMatch(/This machine's clock is \d+d(\d+h)? behind the last record of the run: it was put back\. The times of the run go on from that record\./);
    const journal = readJournal(folder);
    if (journal.kind === "error") throw new Error(journal.error.because);
    const times = journal.value.events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(times.at(-1)).toMatch(/^2099-/);
    expect(project.made()).toEqual(ONCE);
  });

  const JOURNAL = "journal.jsonl";
  const change = (file: string, text: (before: string) => string) => (folder: string): void => writeFileSync(join(folder, file), text(readFileSync(join(folder, file), "utf8")));
  test.each<[what: string, damage: (folder: string) => void, says: RegExp]>([
    ["whose journal is damaged in the middle", change(JOURNAL, (text) => text.replace('"run-started"', '"run-startef"')), /record 1, at byte \d+, does not follow from the one before/],
    ["whose journal is empty", change(JOURNAL, () => ""), /journal\.jsonl was lost: it tells of nothing, and the run has begun to change something, because it claims `local`\. Restore it/],
    ["whose journal is gone", (folder) => rmSync(join(folder, JOURNAL)), /journal\.jsonl was lost: .* abandon \w+ --without-journal/],
    ["whose journal a newer version wrote", newer, /was written by a newer version of runbook \(runbook 9\); this one reads journals up to version 1/],
    ["whose journal is that of another run", (folder) => rechain(folder, (written) => written.replaceAll(/"run":"\w+"/g, '"run":"another000"')), /is the journal of the run another000, not of \w+\. Restore its own/],
    ["without run.json", (folder) => rmSync(join(folder, "run.json")), /What the run was begun with cannot be read: \S+run\.json does not exist\. Restore it from a copy, or give the run up/],
    ["whose run.json is torn", change("run.json", (text) => text.slice(0, -5)), /\S+run\.json is damaged: it is no JSON\. Restore it/],
    ["whose run.json is another file", change("run.json", () => "{\"v\":1}"), /run\.json is not what a run is begun with/],
    ["whose list of files is another file", change("files.json", () => "[{}]"), /files\.json is not what a run is begun with/],
    ["whose kept runbook was changed", (folder) => { for (const name of readdirSync(join(folder, "files"))) writeFileSync(join(folder, "files", name), "runbook: 1\n"); }, /was changed since the run began/],
  ])("%s is refused with 2: nothing is done, the journal stays as it is", async (_what, damage, says) => {
    const { project, state, run, folder } = deadRun();
    damage(folder);
    const journal = (): string => (readdirSync(folder).includes(JOURNAL) ? readFileSync(join(folder, JOURNAL), "utf8") : "");
    const before = journal();
    const { code, err } = await command(project, state, ["resume", run]);
    expect(err.replaceAll(/\s+/g, " ")).toMatch(says);
    expect(code).toBe(2);
    expect(journal()).toBe(before);
    expect(project.made()).toEqual(["one\n", "two\n", "", "", "", ""]);
    expect((await command(project, state, ["runs"])).code).toBe(0);
    expect(claimFiles(state).of(["local"], ["another run"])).toMatchObject({ value: { run } });
  });

  test("whose folder is gone keeps others off, and is let go of by name", async () => {
    const { project, state, run, folder } = deadRun();
    rmSync(folder, { recursive: true });
    expect(await command(project, state, runWords(project))).toMatchObject({ code: 1 });
    const resumed = await command(project, state, ["resume", run]);
    expect(resumed.code).toBe(2);
    expect(resumed.err.replaceAll(/\s+/g, " ")).toMatch(/the folder of the run \w+ is gone, and the run still claims `local` hint: restore it from a copy, or let go of what it claims: abandon \w+ --without-journal/);
    expect((await command(project, state, ["abandon", run])).code).toBe(2);
    expect((await command(project, state, ["abandon", run, "--without-journal"])).code).toBe(0);
    expect((await command(project, state, runWords(project))).code).toBe(0);
  });
});

test.each(["", "{", "[]", '{"lock":"local"}'])("a claim that is damaged keeps every run off, and is named (%j)", async (text) => {
  const { project, state, run } = deadRun();
  const [claim = ""] = readdirSync(join(state, "claims"));
  writeFileSync(join(state, "claims", claim), text);
  for (const words of [runWords(project), ["resume", run], ["abandon", run], ["abandon", run, "--without-journal"]]) {
    const { code, out, err } = await command(project, state, words);
    expect(code, err).toBe(1);
    expect(`${out}${err}`.replaceAll(/\s+/g, " ")).toContain(`${claim}, which says what run claims \`local\`, is damaged. Remove it once`);
  }
  expect(project.made()).toEqual(["one\n", "two\n", "", "", "", ""]);
  rmSync(join(state, "claims", claim));
  expect((await command(project, state, ["resume", run])).code).toBe(0);
  expect(project.made()).toEqual(ONCE);
});

/** Every record as a clock that was far ahead would have told it. */
function setForward(folder: string): void {
  rechain(folder, (written) => written.replaceAll(/"at":"\d{4}/g, '"at":"2099'));
}

function newer(folder: string): void {
  rechain(folder, (written, index) => (index === 0 ? written.replace(/"journal":1,/, '"journal":2,').replace(/"tool":"[^"]*"/, '"tool":"runbook 9"') : written));
}

/** A journal with other records, chained as they should be: what nobody but its writer could have done. */
function rechain(folder: string, changed: (written: string, index: number) => string): void {
  const path = join(folder, "journal.jsonl");
  let chain = "";
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1).map((line, index) => {
    const written = changed(partsOf(line)?.written ?? "", index);
    chain = chained(chain, written);
    return lineOf(written, chain);
  });
  writeFileSync(path, lines.join(""));
}
