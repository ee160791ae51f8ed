import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { JobResult } from "../../src/core/action.ts";
import { holdFile } from "../../src/world/held-file.ts";
import { aliveFile, JOB_FILES } from "../../src/world/job-files.ts";
import { forgetLocalJobs, readJobs, startLocalJob } from "../../src/world/local-jobs.ts";
import { systemStart } from "../../src/world/process-mark.ts";
import { nodeArgs, temporaryFolder, until } from "./real-process.ts";

/** Appends a letter to a file, waits for another file, prints, ends. */
const WORK = `const fs=require('fs');const [began,go]=process.argv.slice(1);fs.appendFileSync(began,'x');
const t=setInterval(()=>{if(!fs.existsSync(go))return;clearInterval(t);console.log('the end');process.exitCode=5},10)`;

function workIn(folder: string): { readonly kind: "job"; readonly program: string; readonly args: readonly string[] } {
  return { kind: "job", program: process.execPath, args: nodeArgs(WORK, join(folder, "began"), join(folder, "go")) };
}

function jobIn(folder: string, state: JobResult["state"]): Promise<JobResult> {
  return until(() => readJobs(folder).jobs.find((job) => job.state === state));
}

test("a job is started, is seen running, and ends with its code and its output", async () => {
  const folder = temporaryFolder();
  expect(await startLocalJob(folder, "j1", workIn(folder))).toMatchObject({ kind: "ok", value: { name: "j1", state: "running", program: process.execPath } });
  expect(readJobs(folder).jobs).toMatchObject([{ name: "j1", state: "running" }]);
  writeFileSync(join(folder, "go"), "");
  const job = await jobIn(folder, "ended");
  expect(job).toMatchObject({ exitCode: 5, logTail: "the end\n", logBytes: 8 });
  expect(Date.parse(job.endedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(job.startedAt));
});

test("a job is begun once, however often and at once it is asked for", async () => {
  const folder = temporaryFolder();
  const starts = await Promise.all(Array.from({ length: 5 }, () => startLocalJob(folder, "j1", workIn(folder))));
  expect(starts.map((start) => start.kind === "ok" && start.value.state)).toEqual(Array(5).fill("running"));
  writeFileSync(join(folder, "go"), "");
  await jobIn(folder, "ended");
  expect(await startLocalJob(folder, "j1", workIn(folder))).toMatchObject({ kind: "ok", value: { state: "ended", exitCode: 5 } });
  expect(readFileSync(join(folder, "began"), "utf8")).toBe("x");
});

test("a job outlasts the runner that began it", async () => {
  const folder = temporaryFolder();
  const from = JSON.stringify(new URL("../../src/world/local-jobs.ts", import.meta.url).href);
  const text = `import { startLocalJob } from ${from}; await startLocalJob(${JSON.stringify(folder)}, "j1", ${JSON.stringify(workIn(folder))}); console.log("begun"); setInterval(() => {}, 1000);`;
  const runner = spawn(process.execPath, ["--input-type=module", "-e", text], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => runner.stdout.once("data", resolve));
  await new Promise((resolve) => runner.once("exit", resolve).kill("SIGKILL"));
  expect(readJobs(folder).jobs).toMatchObject([{ name: "j1", state: "running" }]);
  writeFileSync(join(folder, "go"), "");
  expect(await jobIn(folder, "ended")).toMatchObject({ exitCode: 5 });
});

test("a program that is not there is no job, and leaves its name free", async () => {
  const folder = temporaryFolder();
  expect(await startLocalJob(folder, "j1", { kind: "job", program: "no-such-program", args: [] })).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
  expect(readJobs(folder).jobs).toEqual([]);
  expect(await startLocalJob(folder, "j1", workIn(folder))).toMatchObject({ kind: "ok" });
  writeFileSync(join(folder, "go"), "");
  await jobIn(folder, "ended");
});

test("a job whose system was restarted is lost", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "jobs", "j1"), { recursive: true });
  const begun = { name: "j1", program: "msiexec.exe", args: [], startedAt: "2008-03-15T09:00:00.000Z", boot: "another start", supervisor: { pid: process.pid, started: "" } };
  writeFileSync(join(folder, "jobs", "j1", JOB_FILES.begun), JSON.stringify(begun));
  expect(readJobs(folder).jobs).toMatchObject([{ name: "j1", state: "lost" }]);
});

test("where the system does not tell when a process was started, a job runs as long as its supervisor holds its file", () => {
  const folder = temporaryFolder();
  const job = join(folder, "jobs", "j1");
  mkdirSync(job, { recursive: true });
  const begun = { name: "j1", program: "msiexec.exe", args: [], startedAt: "2008-03-15T09:00:00.000Z", boot: systemStart(), supervisor: { pid: process.pid, started: "" } };
  writeFileSync(join(job, JOB_FILES.begun), JSON.stringify(begun));
  writeFileSync(join(job, JOB_FILES.running), JSON.stringify({ pid: process.pid, started: "" }));
  const state = (): string | undefined => readJobs(folder).jobs[0]?.state;
  expect(state()).toBe("lost");
  const letGo = holdFile(aliveFile(job, process.pid));
  expect(state()).toBe("running");
  letGo?.();
  expect(state()).toBe("lost");
});

test("a log that the program writes itself is told by its end", async () => {
  const folder = temporaryFolder();
  const log = join(folder, "setup.log");
  writeFileSync(log, Buffer.from("\uFEFFMainEngineThread is returning 0\r\n", "utf16le"));
  await startLocalJob(folder, "j1", { ...workIn(folder), log });
  expect(readJobs(folder).jobs[0]?.logTail).toContain("MainEngineThread is returning 0");
  writeFileSync(join(folder, "go"), "");
  await jobIn(folder, "ended");
});

test("a name that leads out of the folder is refused", async () => {
  const folder = temporaryFolder();
  expect(await startLocalJob(folder, "../j1", workIn(folder))).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
  expect(existsSync(join(folder, "j1"))).toBe(false);
});

test("jobs that have ended, are lost or never began are forgotten by their names, what runs and what others began is left, and their names are free", async () => {
  const folder = temporaryFolder();
  await startLocalJob(folder, "ended", { kind: "job", program: process.execPath, args: nodeArgs("") });
  await startLocalJob(folder, "other", { kind: "job", program: process.execPath, args: nodeArgs("") });
  await startLocalJob(folder, "no-program", { kind: "job", program: "no-such-program", args: [] });
  await until(() => (readJobs(folder).jobs.every(({ state }) => state === "ended") ? true : undefined));
  mkdirSync(join(folder, "jobs", "lost"));
  const begun = { name: "lost", program: "msiexec.exe", args: [], startedAt: "2008-03-15T09:00:00.000Z", boot: "another start", supervisor: { pid: process.pid, started: "" } };
  writeFileSync(join(folder, "jobs", "lost", JOB_FILES.begun), JSON.stringify(begun));
  await startLocalJob(folder, "runs", workIn(folder));
  const names = ["ended", "lost", "no-program", "runs", "never-was"];
  expect(forgetLocalJobs(folder, names)).toEqual({ kind: "ok", value: ["runs"] });
  expect(readdirSync(join(folder, "jobs")).toSorted()).toEqual(["other", "runs"]);
  expect(forgetLocalJobs(folder, names)).toEqual({ kind: "ok", value: ["runs"] });
  writeFileSync(join(folder, "go"), "");
  await until(() => (readJobs(folder).jobs.every(({ state }) => state === "ended") ? true : undefined));
  expect(forgetLocalJobs(folder, names)).toEqual({ kind: "ok", value: [] });
  expect(await startLocalJob(folder, "ended", workIn(folder))).toMatchObject({ kind: "ok", value: { name: "ended" } });
  await until(() => (readJobs(folder).jobs.every(({ state }) => state === "ended") ? true : undefined));
});

test("a name that leads out of the folder is not forgotten", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "runs"));
  expect(forgetLocalJobs(folder, ["../runs"])).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
  expect(forgetLocalJobs(folder, ["never-was"])).toEqual({ kind: "ok", value: [] });
  expect(existsSync(join(folder, "runs"))).toBe(true);
});

test.each(["utf8", "utf16le"] as const)("a long log in %s is told by its last whole lines", async (encoding) => {
  const folder = temporaryFolder();
  const log = join(folder, "setup.log");
  const lines = Array.from({ length: 200 }, (_, number) => `MSI (s) (A4:5C): line ${number}\r\n`);
  writeFileSync(log, Buffer.from(lines.join(""), encoding));
  await startLocalJob(folder, "j1", { ...workIn(folder), log });
  const tail = readJobs(folder).jobs[0]?.logTail ?? "";
  const told = tail.split(/(?<=\n)/);
  expect(Buffer.byteLength(tail, encoding)).toBeLessThanOrEqual(4_096);
  expect(told).toEqual(lines.slice(-told.length));
  expect(told.length).toBeGreaterThan(50);
  writeFileSync(join(folder, "go"), "");
  await jobIn(folder, "ended");
});
