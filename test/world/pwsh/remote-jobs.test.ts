import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { JobResult } from "../../../src/core/action.ts";
import type { ClosableTransport } from "../../../src/world/powershell-transport.ts";
import { nodeArgs, options, temporaryFolder, until } from "../real-process.ts";
import { home } from "../sshd.ts";
import { HAS_REMOTING, PATIENCE_MS } from "./lab.ts";
import { remote } from "./remote-kit.ts";

/** Appends a letter to a file, waits for another file, prints, ends. */
const WORK = `const fs=require('fs');const [began,go]=process.argv.slice(1);fs.appendFileSync(began,'x');
const t=setInterval(()=>{if(!fs.existsSync(go))return;clearInterval(t);console.log('the end');process.exitCode=5},10)`;

function jobName(): string {
  return `test-${Math.random().toString(36).slice(2)}`;
}

function workIn(folder: string): { readonly kind: "job"; readonly program: string; readonly args: readonly string[] } {
  return { kind: "job", program: process.execPath, args: nodeArgs(WORK, join(folder, "began"), join(folder, "go")) };
}

describe.runIf(HAS_REMOTING)("a job on a machine that is reached by PowerShell remoting", { timeout: PATIENCE_MS }, () => {
  const there = remote();
  /** Where the text on the target keeps the jobs of the account. */
  const folderOfJobs = (): string => join(home(there.server.folder), ".local/share/runbook/jobs");
  async function seen(transport: ClosableTransport, name: string): Promise<JobResult | undefined> {
    const answer = await transport.jobs({ kind: "jobs" }, options());
    if (answer.kind !== "ok") throw new Error(JSON.stringify(answer));
    return answer.value.jobs.find((job) => job.name === name);
  }
  const ended = (name: string): Promise<JobResult> => until(async () => {
    const job = await seen(there.node, name);
    return job?.state === "ended" ? job : undefined;
  });

  test("is begun once, however often and at once it is asked for, and ends with its code and its output", async () => {
    const [folder, name] = [temporaryFolder(), jobName()];
    const starts = await Promise.all([1, 2, 3].map(() => there.node.startJob(name, workIn(folder), options())));
    expect(starts.map((start) => start.kind === "ok" && start.value.state)).toEqual(["running", "running", "running"]);
    writeFileSync(join(folder, "go"), "");
    const job = await ended(name);
    expect(job).toMatchObject({ name, program: process.execPath, args: workIn(folder).args, exitCode: 5, logTail: "the end\n", logBytes: 8 });
    expect(Date.parse(job.endedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(job.startedAt));
    expect(await there.node.startJob(name, workIn(folder), options())).toMatchObject({ kind: "ok", value: { state: "ended", exitCode: 5 } });
    expect(readFileSync(join(folder, "began"), "utf8")).toBe("x");
    expect(statSync(folderOfJobs()).mode & 0o77).toBe(0);
  });

  test("outlasts the channel that began it, and is found by another", async () => {
    const [folder, name, first] = [temporaryFolder(), jobName(), there.open()];
    await first.startJob(name, workIn(folder), options());
    first.close();
    expect(await seen(there.node, name)).toMatchObject({ state: "running" });
    writeFileSync(join(folder, "go"), "");
    expect(await ended(name)).toMatchObject({ exitCode: 5 });
  });

  test("whose program is not there is no job, and leaves its name free", async () => {
    const [folder, name] = [temporaryFolder(), jobName()];
    expect(await there.node.startJob(name, { kind: "job", program: "no-such-program", args: [] }, options())).toMatchObject({ kind: "failed", failure: { code: "not_found", because: "NODEA has no program no-such-program" } });
    expect(await seen(there.node, name)).toBeUndefined();
    writeFileSync(join(folder, "go"), "");
    expect(await there.node.startJob(name, workIn(folder), options())).toMatchObject({ kind: "ok" });
    await ended(name);
  });

  test("is lost where the target was restarted under it", async () => {
    const name = jobName();
    mkdirSync(join(folderOfJobs(), name), { recursive: true, mode: 0o700 });
    const begun = { name, program: "msiexec.exe", args: [], startedAt: "2008-03-15T09:00:00.000Z", boot: "another start", supervisor: { pid: process.pid, started: "" } };
    writeFileSync(join(folderOfJobs(), name, "job.json"), JSON.stringify(begun));
    expect(await seen(there.node, name)).toMatchObject({ state: "lost", startedAt: "2008-03-15T09:00:00.000Z" });
  });

  test("that has ended, is lost or never began is forgotten by its name; what runs and what others began is left", async () => {
    const [folder, over, lost, never, runs, other] = [temporaryFolder(), jobName(), jobName(), jobName(), jobName(), jobName()];
    for (const name of [over, other]) await there.node.startJob(name, { kind: "job", program: process.execPath, args: nodeArgs("") }, options());
    for (const name of [over, other]) await ended(name);
    await there.node.startJob(never, { kind: "job", program: "no-such-program", args: [] }, options());
    mkdirSync(join(folderOfJobs(), lost), { recursive: true, mode: 0o700 });
    const begun = { name: lost, program: "msiexec.exe", args: [], startedAt: "2008-03-15T09:00:00.000Z", boot: "another start", supervisor: { pid: process.pid, started: "" } };
    writeFileSync(join(folderOfJobs(), lost, "job.json"), JSON.stringify(begun));
    await there.node.startJob(runs, workIn(folder), options());
    const names = [over, lost, never, runs, jobName()];
    expect(await there.node.forgetJobs(names, options())).toEqual({ kind: "ok", value: [runs] });
    expect(names.filter((name) => existsSync(join(folderOfJobs(), name)))).toEqual([runs]);
    expect(await seen(there.node, other)).toMatchObject({ state: "ended" });
    writeFileSync(join(folder, "go"), "");
    await ended(runs);
    expect(await there.node.forgetJobs(names, options())).toEqual({ kind: "ok", value: [] });
    expect(await seen(there.node, runs)).toBeUndefined();
    expect(await there.node.forgetJobs(["../x"], options())).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
  });

  test("that writes a log of its own is told by the end of it", async () => {
    const [folder, name] = [temporaryFolder(), jobName()];
    const log = join(folder, "setup.log");
    writeFileSync(log, Buffer.from("\uFEFFMainEngineThread is returning 0\r\n", "utf16le"));
    expect(await there.node.startJob(name, { ...workIn(folder), log }, options())).toMatchObject({ kind: "ok", value: { logTail: expect.stringContaining("MainEngineThread is returning 0") } });
    writeFileSync(join(folder, "go"), "");
    await ended(name);
  });

  test("with a name that leads out of the folder is refused", async () => {
    expect(await there.node.startJob("../x", workIn(temporaryFolder()), options())).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
    expect(existsSync(join(folderOfJobs(), "../x"))).toBe(false);
  });
});
