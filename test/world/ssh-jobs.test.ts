import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { JobResult } from "../../src/core/action.ts";
import type { Transport } from "../../src/core/port.ts";
import { nodeArgs, options, runs, temporaryFolder, until } from "./real-process.ts";
import { run, serverForTests, waysTo } from "./ssh-kit.ts";
import { home, SSHD } from "./sshd.ts";

/** Appends a letter to a file, waits for another file, prints its arguments, ends. */
const WORK = `const fs=require('fs');const [began,go,...rest]=process.argv.slice(1);fs.appendFileSync(began,'x');
const t=setInterval(()=>{if(!fs.existsSync(go))return;clearInterval(t);console.log(JSON.stringify(rest));process.exitCode=5},10)`;
const HOSTILE = ["a b", "$(touch x)", "'\n'", "日本", "-e", ""];

function workIn(folder: string): { readonly kind: "job"; readonly program: string; readonly args: readonly string[] } {
  return { kind: "job", program: process.execPath, args: nodeArgs(WORK, join(folder, "began"), join(folder, "go"), ...HOSTILE) };
}

async function jobOf(node: Transport, name: string): Promise<JobResult | undefined> {
  const answer = await node.jobs({ kind: "jobs" }, options());
  if (answer.kind !== "ok") throw new Error(JSON.stringify(answer));
  return answer.value.jobs.find((job) => job.name === name);
}

function ended(node: Transport, name: string): Promise<JobResult> {
  return until(async () => {
    const job = await jobOf(node, name);
    return job?.state === "ended" ? job : undefined;
  });
}

describe.skipIf(SSHD === undefined)("over ssh, a job", () => {
  const server = serverForTests();
  const node = () => waysTo(server()).to("node1");

  test("is started, is seen running, and ends with its code, its times and its output", async () => {
    const folder = temporaryFolder();
    const way = node();
    expect(await way.startJob("job-a", workIn(folder), options())).toMatchObject({ kind: "ok", value: { name: "job-a", state: "running", program: process.execPath, args: workIn(folder).args } });
    expect(await jobOf(way, "job-a")).toMatchObject({ state: "running" });
    writeFileSync(join(folder, "go"), "");
    const job = await ended(way, "job-a");
    expect(job).toMatchObject({ exitCode: 5, logTail: `${JSON.stringify(HOSTILE)}\n` });
    expect(Date.parse(job.endedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(job.startedAt));
    const place = join(home(server().folder), ".local/state/runbook/jobs");
    expect(statSync(place).mode & 0o077).toBe(0);
    expect(readdirSync(join(place, "job-a")).toSorted()).toEqual(["begun", "call", "ended", "output", "program", "run"]);
  });

  test("is begun once, however often and at once it is asked for", async () => {
    const folder = temporaryFolder();
    const way = node();
    const starts = await Promise.all(Array.from({ length: 4 }, () => way.startJob("job-b", workIn(folder), options())));
    expect(starts.map((start) => start.kind === "ok" && start.value.state)).toEqual(Array(4).fill("running"));
    writeFileSync(join(folder, "go"), "");
    await ended(way, "job-b");
    expect(await way.startJob("job-b", workIn(folder), options())).toMatchObject({ kind: "ok", value: { state: "ended", exitCode: 5 } });
    expect(readFileSync(join(folder, "began"), "utf8")).toBe("x");
  });

  test("outlasts its connection and its limit, and is found by a new one", async () => {
    const folder = temporaryFolder();
    const way = node();
    expect(await way.startJob("job-c", workIn(folder), options({ limitMs: 1 }))).toMatchObject({ kind: "ok" });
    server().cut();
    const other = node();
    expect(await jobOf(other, "job-c")).toMatchObject({ state: "running" });
    writeFileSync(join(folder, "go"), "");
    expect(await ended(other, "job-c")).toMatchObject({ exitCode: 5 });
  });

  test("carries no mark by which what its start began is ended", async () => {
    const way = node();
    await way.startJob("job-env", { kind: "job", program: "env", args: [] }, options());
    const { logTail } = await ended(way, "job-env");
    expect(logTail).toContain("HOME=");
    expect(logTail).not.toContain("RUNBOOK_TETHER");
  });

  test("of a program that is not there is none, and leaves its name free", async () => {
    const folder = temporaryFolder();
    const way = node();
    expect(await way.startJob("job-d", { kind: "job", program: "no-such-program", args: [] }, options())).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    expect(await jobOf(way, "job-d")).toBeUndefined();
    expect(await way.startJob("job-d", workIn(folder), options())).toMatchObject({ kind: "ok", value: { state: "running" } });
    writeFileSync(join(folder, "go"), "");
    await ended(way, "job-d");
  });

  test("whose target was restarted is lost", async () => {
    const folder = join(home(server().folder), ".local/state/runbook/jobs/job-e");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, "begun"), `2026-11-30T09:00:00Z\nanother-start\n${process.pid}\n\n`);
    writeFileSync(join(folder, "call"), `${JSON.stringify({ program: "apt-get", args: ["install"] })}\n`);
    expect(await jobOf(node(), "job-e")).toMatchObject({ state: "lost", program: "apt-get", startedAt: "2026-11-30T09:00:00Z", logBytes: 0 });
  });

  test("whose program was killed has the code of that, and one whose supervisor was killed still runs", async () => {
    const way = node();
    await way.startJob("job-f", { kind: "job", program: "sh", args: ["-c", "kill -9 $$"] }, options());
    expect(await ended(way, "job-f")).toMatchObject({ exitCode: 137 });
    const folder = temporaryFolder();
    await way.startJob("job-g", workIn(folder), options());
    const [, , supervisor] = readFileSync(join(home(server().folder), ".local/state/runbook/jobs/job-g/begun"), "utf8").split("\n");
    process.kill(Number(supervisor), "SIGKILL");
    expect(await jobOf(way, "job-g")).toMatchObject({ state: "running" });
    writeFileSync(join(folder, "go"), "");
    await until(async () => ((await jobOf(way, "job-g"))?.state === "lost" ? true : undefined));
  });

  test("with a log of its own is told by the end of that", async () => {
    const folder = temporaryFolder();
    const log = join(folder, "a 'log'\n");
    writeFileSync(log, "done\n");
    const way = node();
    expect(await way.startJob("job-h", { ...workIn(folder), log }, options())).toMatchObject({ kind: "ok", value: { logTail: "done\n", logBytes: 5 } });
    writeFileSync(join(folder, "go"), "");
    await ended(way, "job-h");
  });

  test("that has ended, is lost or never began is forgotten by its name; what runs and what others began is left", async () => {
    const folder = temporaryFolder();
    const way = node();
    const place = join(home(server().folder), ".local/state/runbook/jobs");
    mkdirSync(place, { recursive: true, mode: 0o700 });
    const before = readdirSync(place);
    for (const name of ["job-l", "job-other"]) await way.startJob(name, { kind: "job", program: "true", args: [] }, options());
    for (const name of ["job-l", "job-other"]) await ended(way, name);
    await way.startJob("job-m", { kind: "job", program: "no-such-program", args: [] }, options());
    mkdirSync(join(place, "job-n"));
    writeFileSync(join(place, "job-n", "begun"), `2026-11-30T09:00:00Z\nanother-start\n${process.pid}\n\n`);
    writeFileSync(join(place, "job-n", "call"), `${JSON.stringify({ program: "apt-get", args: [] })}\n`);
    await way.startJob("job-o", workIn(folder), options());
    const names = ["job-l", "job-m", "job-n", "job-o", "never-was"];
    expect(await way.forgetJobs(names, options())).toEqual({ kind: "ok", value: ["job-o"] });
    expect(readdirSync(place).filter((name) => !before.includes(name)).toSorted()).toEqual(["job-o", "job-other"]);
    writeFileSync(join(folder, "go"), "");
    await ended(way, "job-o");
    expect(await way.forgetJobs(names, options())).toEqual({ kind: "ok", value: [] });
    expect(await jobOf(way, "job-o")).toBeUndefined();
    expect(await way.startJob("job-l", workIn(folder), options())).toMatchObject({ kind: "ok", value: { name: "job-l" } });
    await ended(way, "job-l");
  });

  test("under a name that leads out of the folder is forgotten nowhere", async () => {
    const place = join(home(server().folder), ".local/state/runbook");
    mkdirSync(join(place, "kept"), { recursive: true, mode: 0o700 });
    expect(await node().forgetJobs(["../kept"], options())).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
    expect(readdirSync(place)).toContain("kept");
  });

  test("under a name that leads out of the folder is refused", async () => {
    expect(await node().startJob("../j", workIn("/tmp"), options())).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
  });
});

describe.skipIf(SSHD === undefined || process.getuid?.() !== 0)("over ssh, a target without space", () => {
  const server = serverForTests();

  test("begins no job and says so with the cure, and begins it when there is space", async ({ skip }) => {
    const place = join(home(server().folder), ".local/state/runbook");
    mkdirSync(place, { recursive: true });
    skip(spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k,mode=700", "none", place]).status !== 0, "no disk can be mounted here");
    onTestFinished(() => void spawnSync("umount", ["--lazy", place]));
    const way = waysTo(server()).to("node1");
    const work = { kind: "job", program: "true", args: [] } as const;
    writeFileSync(join(place, "filler"), Buffer.alloc(200 * 1_024));
    expect(await way.startJob("job-p", work, options())).toMatchObject({ kind: "failed", failure: { because: expect.stringMatching(/^node1 has no space left for its jobs .*Free some space there, then try again$/) as string } });
    expect(await jobOf(way, "job-p")).toBeUndefined();
    rmSync(join(place, "filler"));
    expect(await way.startJob("job-p", work, options())).toMatchObject({ kind: "ok" });
    expect(await ended(way, "job-p")).toMatchObject({ exitCode: 0 });
  });
});

describe.skipIf(SSHD === undefined)("over ssh, a runner that is killed", () => {
  const server = serverForTests();

  test("takes its programs with it on the target, and none of its jobs", async () => {
    const folder = temporaryFolder();
    const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const text = `
      import { realTransports } from ${here("../../src/world/transports.ts")};
      const ways = realTransports({ folders: { state: ${JSON.stringify(folder)}, fetched: ${JSON.stringify(folder)} }, ruleFor: () => ({ kind: "ssh", config: ${JSON.stringify(server().config)} }) });
      const options = { limitMs: 1e6, onOutput: (stream, text) => console.log(text), signal: new AbortController().signal };
      const node = ways.to("node1");
      await node.startJob("job-k", ${JSON.stringify(workIn(folder))}, options);
      for (let i = 0; i < 2; i += 1) node.run({ kind: "program", program: "sh", args: ["-c", "sleep 600 & echo $$ $!; wait"] }, options);`;
    const runner = spawn(process.execPath, ["--input-type=module", "-e", text], { stdio: ["ignore", "pipe", "inherit"] });
    const pids: number[] = [];
    runner.stdout.on("data", (chunk: Buffer) => pids.push(...chunk.toString().trim().split(/\s+/).map(Number)));
    await until(() => (pids.length === 4 ? true : undefined));
    expect(pids.every(runs)).toBe(true);
    runner.kill("SIGKILL");
    await until(() => (pids.some(runs) ? undefined : true));
    const way = waysTo(server()).to("node1");
    expect(await jobOf(way, "job-k")).toMatchObject({ state: "running" });
    writeFileSync(join(folder, "go"), "");
    expect(await ended(way, "job-k")).toMatchObject({ exitCode: 5 });
    expect(await run(way, "true", [])).toMatchObject({ kind: "ok" });
  });
});
