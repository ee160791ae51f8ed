import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject } from "vitest";
import type { JobResult } from "../../src/core/action.ts";
import { explainMsiexecExitCode, type MsiexecOutcome } from "../../src/formats/msiexec-exit-codes.ts";
import type { Order } from "./programs/jobs.ts";
import { onWindows } from "./setting.ts";
import { begin, beginNode, freshFolder, makePackages, NODE_THERE, PROJECT, seenHere, seenThere, until, type Begun } from "./windows.ts";

const PROGRAM = seenThere(join(PROJECT, "test/windows/programs/jobs.ts"));

/** The product of `ok.msi`. */
const PRODUCT = "{11111111-1111-1111-1111-111111111111}";

/** A folder on drive C with installer files in it, and the state folder. */
let folder = "";
let state = "";

beforeAll(async () => {
  if (inject("withoutWindows") !== undefined) return;
  folder = freshFolder();
  await makePackages(folder);
  // Whatever was tried before on this Windows.
  await begin("msiexec.exe", ["/x", PRODUCT, "/qn"], folder).ended;
});

let number = 0;
function newState(): string {
  number += 1;
  state = `${folder}\\state ${number}`;
  return state;
}

/** Begins the program that starts jobs or lists them. */
function beginJobs(verb: "start" | "list" | "through", orders?: readonly Order[]): Begun {
  const file = `${state}.json`;
  if (orders !== undefined) writeFileSync(seenHere(file), JSON.stringify(orders));
  return beginNode(["--disable-warning=ExperimentalWarning", PROGRAM, verb, state, ...(orders === undefined ? [] : [file])], folder);
}

async function answers<T>({ ended }: Begun): Promise<readonly T[]> {
  const { exitCode, stdout, stderr } = await ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as readonly T[];
}

/** Looks at the jobs until the first is in this state; each look takes its time itself. */
async function untilFirstIs(wanted: JobResult["state"]): Promise<JobResult> {
  const [job] = await answers<JobResult>(beginJobs("list"));
  return job?.state === wanted ? job : untilFirstIs(wanted);
}

/** Appends a letter to a file, waits for another file, and ends with a code of its own. */
function workIn(place: string): Order {
  const text = "const fs=require('fs');const [began,go]=process.argv.slice(1);fs.appendFileSync(began,'x');const t=setInterval(()=>{if(!fs.existsSync(go))return;clearInterval(t);console.log('the end');process.exitCode=3010},20)";
  return { name: "work", program: NODE_THERE, args: ["-e", text, `${place}.began`, `${place}.go`] };
}

describe("a job on Windows", () => {
  onWindows("outlasts the runner that began it, keeps its code of more than a byte, and is not begun again", async () => {
    const place = newState();
    const starts = await answers<{ readonly kind: string; readonly value: JobResult }>(beginJobs("start", [workIn(place), workIn(place), workIn(place)]));
    expect(starts.map(({ kind, value }) => [kind, value.state])).toEqual([["ok", "running"], ["ok", "running"], ["ok", "running"]]);
    expect(await answers<JobResult>(beginJobs("list"))).toMatchObject([{ name: "work", state: "running" }]);
    writeFileSync(seenHere(`${place}.go`), "");
    expect(await untilFirstIs("ended")).toMatchObject({ exitCode: 3010, logTail: "the end\n" });
    expect(await answers(beginJobs("start", [workIn(place)]))).toMatchObject([{ kind: "ok", value: { state: "ended", exitCode: 3010 } }]);
    expect(readFileSync(seenHere(`${place}.began`), "utf8")).toBe("x");
  });

  onWindows("whose program is not there is none, and leaves its name free", async () => {
    newState();
    expect(await answers(beginJobs("start", [{ name: "one", program: "no-such-program.exe", args: [] }]))).toMatchObject([{ kind: "failed", failure: { code: "not_found" } }]);
    expect(await answers(beginJobs("list"))).toEqual([]);
  });

  onWindows("whose processes are gone without a word is lost, also where another process has their numbers now", async () => {
    newState();
    const jobFolder = join(seenHere(state), "jobs", "gone");
    const mark = "{pid:process.pid,started:''}";
    const begun = "{name:'gone',program:'msiexec.exe',args:[],startedAt:'2008-03-15T09:00:00.000Z',boot:''";
    const text = `const fs=require('fs');const f=process.argv[1];fs.mkdirSync(f,{recursive:true});const w=(n,v)=>fs.writeFileSync(f+'/'+n,JSON.stringify(v));w('job.json',${begun},supervisor:${mark}});w('program.json',${mark});fs.writeFileSync(f+'/there','');setInterval(()=>{},1000)`;
    const other = beginNode(["-e", text, `${state}\\jobs\\gone`], folder);
    await until(() => existsSync(join(jobFolder, "there")));
    expect(await answers(beginJobs("list"))).toMatchObject([{ name: "gone", state: "lost" }]);
    other.signal("SIGKILL");
    await other.ended;
  });
});

interface Case {
  readonly args: readonly string[];
  /** What wine's msiexec answers. */
  readonly exitCode: number;
  readonly means: MsiexecOutcome;
}

/** In this order, since each finds what the one before left. Windows answers the same to each but the first, where it says 1642. */
const CASES: readonly Case[] = [
  { args: ["/update", "ok.msp", "/quiet", "/norestart"], exitCode: 1605, means: "not_installed" },
  { args: ["/i", "ok.msi", "/qn", "/l*v", "a log.txt"], exitCode: 0, means: "installed" },
  { args: ["/update", "ok.msp", "/quiet", "/norestart", "/l*vx", "a patch log.txt"], exitCode: 0, means: "installed" },
  { args: ["/i", "reboot.msi", "/qn", "/norestart"], exitCode: 3010, means: "installed_restart_required" },
  { args: ["/i", "cond.msi", "/qn"], exitCode: 1603, means: "install_failed" },
  { args: ["/i", "other-version.msi", "/qn"], exitCode: 1638, means: "not_installed" },
  { args: ["/x", PRODUCT, "/qn"], exitCode: 0, means: "installed" },
  { args: ["/x", PRODUCT, "/qn"], exitCode: 1605, means: "not_installed" },
];

onWindows("msiexec as a job ends with the codes that the table explains", async () => {
  newState();
  const orders = CASES.map(({ args }, index) => {
    const there = args.map((arg) => (/\.(?:ms[ip]|txt)$/u.test(arg) ? `${folder}\\${arg}` : arg));
    const log = there.find((arg) => arg.endsWith(".txt"));
    return { name: `setup-${index}`, program: "msiexec.exe", args: there, ...(log === undefined ? {} : { log }) };
  });
  const jobs = await answers<JobResult>(beginJobs("through", orders));
  expect(jobs.map(({ args, exitCode }) => [args, exitCode])).toEqual(CASES.map(({ exitCode }, index) => [orders[index]?.args, exitCode]));
  expect(jobs.map(({ exitCode }) => exitCode !== undefined && explainMsiexecExitCode(exitCode).outcome)).toEqual(CASES.map(({ means }) => means));
  // The log that it writes itself is the job's.
  expect(jobs[1]?.logTail).toContain("ok.msi");
});
