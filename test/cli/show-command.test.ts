import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { leaveAnswer } from "../../src/world/inbox.ts";
import { lockFiles } from "../../src/world/lock-file.ts";
import { caseOf, changeRecord, cutBefore, faultsOf, type RunCase } from "./run-case.ts";

let done: RunCase;

beforeAll(async () => {
  done = await caseOf("touch.yml");
});

describe("show", () => {
  test("of a run that waits ends with commands that answer it and go on", async () => {
    const { run, runbook, folder } = await caseOf("ask.yml");
    const { code, out } = await runbook("show", run);
    expect(code).toBe(0);
    expect(out).toMatch(/Waits for an answer since .* at approve:\n {2}May the file be made\?/);
    const typed = out.split("\n").map((line) => line.trim().replace(/ {2}.*$/, ""));
    const answer = typed.findLast((line) => line.startsWith(`runbook answer ${run} approve --yes`));
    const resume = typed.findLast((line) => line.startsWith(`runbook resume ${run}`));
    for (const line of [answer, resume]) expect((await runbook(...(line ?? "").split(" ").slice(1))).code).toBe(0);
    expect(existsSync(join(folder, "made"))).toBe(true);
    expect((await runbook("show", run)).out).not.toContain("Waits for an answer");
  });

  test("takes the beginning of a run's name, and says where that is too short, or is of several", async () => {
    const { folder, run, runbook } = await caseOf("touch.yml");
    const runs = join(folder, ".runbook/runs");
    const shown = async (typed: string): Promise<readonly [code: number, err: string]> => {
      const { code, err } = await runbook("show", typed);
      return [code, err.replaceAll(/\s+/g, " ").trim()];
    };
    expect(await shown(run.slice(0, 3))).toEqual([0, ""]);
    expect(await shown(run.slice(0, 2))).toEqual([2, `error \`${run.slice(0, 2)}\` is too short: of a run's name at least 3 characters are needed hint: it may be \`${run}\``]);
    const other = `${run.slice(0, 5)}${run.endsWith("zzzzz") ? "yyyyy" : "zzzzz"}`;
    cpSync(join(runs, run), join(runs, other), { recursive: true });
    const [code, said] = await shown(run.slice(0, 5));
    expect([code, said]).toEqual([2, expect.stringMatching(new RegExp(`^error 2 runs begin with \`${run.slice(0, 5)}\` hint: it may be `))]);
    for (const name of [run, other]) expect(said).toContain(`\`${name}\``);
  });

  test("tells an answer that was left for what is asked otherwise now, as the run does when it asks again", async () => {
    const { folder, run, runbook } = await caseOf("ask.yml");
    await runbook("answer", run, "approve", "--yes", "--by", "Ann");
    const file = join(folder, "runbooks/ask.yml");
    writeFileSync(file, readFileSync(file, "utf8").replace("May the file be made?", "May it be made at noon?"));
    const resumed = await runbook("resume", run, "--yes");
    const [asked, shown] = [resumed.out, (await runbook("show", run)).out].map((text) => text.replaceAll(/\s+/g, " "));
    expect(resumed.code).toBe(5);
    expect(asked).toMatch(/warning \(answer-not-used\): approve: the answer yes by Ann \(account \S+ on \S+\) at \S+ \S+ UTC is not taken: it is for what was asked at \S+ \S+ UTC, “May the file be made\?”, and the question or the plan has changed since\. It has to be answered anew/);
    expect(asked).toContain(`runbook answer ${run} approve --yes`);
    expect(shown).toMatch(/Waits for an answer since .*: May it be made at noon\? Answered yes by Ann .* It is not taken: it is for what was asked at/);
    expect((await runbook("answer", run, "approve", "--yes")).code).toBe(0);
    expect((await runbook("resume", run)).out).not.toContain("answer-not-used");
  });

  test("tells answers that were left for what is not asked now, as long as the run can go on", async () => {
    const { folder, run, runbook } = await caseOf("ask.yml");
    const inbox = join(folder, ".runbook/runs", run, "inbox");
    const answer = { answer: "yes", by: "Ann", account: "ann", host: "desk", at: "2026-03-15T09:00:00.000Z" };
    leaveAnswer(inbox, { ...answer, step: "room" });
    leaveAnswer(inbox, { ...answer, step: "renamed", digest: "e" });
    const left = async (): Promise<string> => ((await runbook("show", run)).out.split("Answers that were left")[1] ?? "").replaceAll(/\s+/g, " ");
    expect(await left()).toMatch(/room yes by Ann \(account \S+ on desk\) at 2026-03-15 09:00:00 UTC\. It is taken once it is asked for\./);
    expect(await left()).toMatch(/renamed yes by Ann .*\. It is taken only if the very same is asked again\./);
    await runbook("abandon", run);
    expect(await left()).toBe("");
  });

  test("tells an answer that was left and not taken yet, and of a run that was given up that nobody is waited for", async () => {
    const { run, runbook } = await caseOf("ask.yml");
    await runbook("answer", run, "approve", "--yes", "--by", "Ann", "--reason", "CHG7");
    expect((await runbook("show", run)).out.replaceAll(/\s+/g, " ")).toMatch(/Answered yes by Ann \(account \S+ on \S+\) at 20[^:]+:\d\d:\d\d UTC: CHG7\. It is taken when the run goes on\./);
    await runbook("abandon", run);
    const { out } = await runbook("show", run);
    expect(out).toContain("! interrupted");
    expect(out).not.toMatch(/waiting {2,}/);
    expect(await runbook("answer", run, "approve", "--yes")).toMatchObject({ code: 2, err: expect.stringContaining(`the run ${run} waits for nobody: it was abandoned`) });
  });

  test("of a run that was taken up says what is typed again with the values that were given", async () => {
    const { folder, run, runbook } = await caseOf("ask.yml");
    await runbook("answer", run, "approve", "--no");
    const { out } = await runbook("resume", run);
    expect(out.replaceAll(/\s+/g, " ")).toContain(`plan ask.yml --set file=${folder}/made`);
  });

  test("of a run whose runner died says at which step, since when, what is in doubt, and what to type", async () => {
    const { run, journal, runbook } = await caseOf("touch.yml");
    cutBefore(journal, '"type":"action-finished","step":"make","turn":1,"number":3');
    const { code, out } = await runbook("show", run);
    expect(code).toBe(0);
    expect(out).toMatch(/Interrupted: its runner ended without a word\. Its last record is from 20/);
    expect(out.replaceAll(/\s+/g, " ")).toMatch(/at make: Make the file on local, since 20/);
    expect(out.replaceAll(/\s+/g, " ")).toContain("was begun, and nobody recorded how it ended");
    expect(out).toContain(`runbook resume ${run}`);
    expect(out).toContain(`runbook abandon ${run}`);
    expect((await runbook("runs")).out).toMatch(new RegExp(`^${run} {2}interrupted `));
  });

  test("of a run that a process holds says so, and does not call it interrupted", async () => {
    const { folder, run, journal, runbook } = await caseOf("touch.yml");
    cutBefore(journal, '"type":"run-finished"');
    const held = lockFiles(join(folder, ".runbook")).acquire([`run ${run}`], run);
    try {
      const { out } = await runbook("show", run);
      expect(out).toContain("Running: a process carries it out since");
      expect(out).not.toContain("Interrupted");
      cutBefore(journal, '"type":"action-finished","step":"make","turn":1,"number":3');
      const atWork = (await runbook("show", run)).out.replaceAll(/\s+/g, " ");
      expect(atWork).toContain("on local is under way");
      expect(atWork).not.toContain("nobody recorded how it ended");
      expect(JSON.parse((await runbook("show", run, "--json")).out)).toMatchObject({ standing: "running" });
    } finally {
      if (held.kind === "held") held.release();
    }
  });

  test("of a damaged journal shows what stands before the damage, names it, and ends 1", async () => {
    const { run, journal, runbook } = await caseOf("touch.yml");
    const byte = changeRecord(journal, 8);
    const { code, out, err } = await runbook("show", run);
    expect(code).toBe(1);
    expect(out).toContain("Make ");
    expect(err).toContain(`record 8, at byte ${byte}`);
    const { code: jsonCode, out: json } = await runbook("show", run, "--json");
    expect(jsonCode).toBe(1);
    expect(faultsOf("printed-show", json)).toEqual([]);
    expect((JSON.parse(json) as { readonly events: readonly unknown[] }).events).toHaveLength(7);
  });

  test("with --all tells every event, and with --json is a document of its schema", async () => {
    const short = await done.runbook("show", done.run);
    const all = await done.runbook("show", done.run, "--all");
    expect(all.out).toContain("action 3, changes, on local");
    expect(short.out).not.toContain("action 3, changes, on local");
    expect(faultsOf("printed-show", (await done.runbook("show", done.run, "--json")).out)).toEqual([]);
  });

  test("prints commands with the state folder that was given", async () => {
    const { runbook, run } = await caseOf("ask.yml");
    const { out } = await runbook("show", run, "--state", ".runbook");
    expect(out).toContain(`runbook answer ${run} approve --yes --state .runbook`);
  });

  test("of a run that is not there names those that are, and ends 2", async () => {
    for (const command of ["show", "report"]) {
      const { code, err } = await done.runbook(command, "zzzz");
      expect([code, err.includes(done.run)]).toEqual([2, true]);
    }
  });
});

describe("runs", () => {
  test("lists the one that was begun last first, no line wider than the page, and says what to type for one that can go on", async () => {
    const { runbook, run, folder } = await caseOf("ask.yml");
    await runbook("run", "touch.yml", "--set", `file=${folder}/made`, "--yes");
    const { out } = await runbook("runs");
    const lines = out.split("\n");
    expect(lines[0]).toMatch(/^\w+ {2}succeeded {2}20\d\d-\d\d-\d\d \d\d:\d\dZ {2}touch_file on local$/);
    expect(lines[1]).toMatch(new RegExp(`^${run} {2}waiting `));
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(out).toContain(`runbook show ${run}`);
    expect(faultsOf("printed-runs", (await runbook("runs", "--json")).out)).toEqual([]);
  });

  test("names a damaged journal and does not hide the others", async () => {
    const { runbook, run, folder, journal } = await caseOf("touch.yml");
    await runbook("run", "touch.yml", "--set", `file=${folder}/other`, "--yes");
    changeRecord(journal, 4);
    const { code, out } = await runbook("runs");
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${run} {2}damaged`, "m"));
    expect(out).toContain("succeeded");
    expect(out.replaceAll(/\s+/g, "")).toContain("record4,atbyte");
  });
});
