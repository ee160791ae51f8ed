import { realpathSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { ProgramResult } from "../../src/core/action.ts";
import type { Call, CallOptions, Outcome } from "../../src/core/port.ts";
import { KEPT_BYTES } from "../../src/world/kept-output.ts";
import { runProcess } from "../../src/world/local-process.ts";
import { Tether, UNTETHERED } from "../../src/world/tether.ts";
import { nodeArgs, options, runs, temporaryFolder, until } from "./real-process.ts";

function run(program: string, args: readonly string[], parts: Partial<Call<"program">> = {}, changed: Partial<CallOptions> = {}): Promise<Outcome<ProgramResult>> {
  return runProcess({ kind: "program", program, args, ...parts }, options(changed), UNTETHERED);
}

function node(text: string, parts: Partial<Call<"program">> = {}, changed: Partial<CallOptions> = {}): Promise<Outcome<ProgramResult>> {
  return run(process.execPath, nodeArgs(text), parts, changed);
}

describe("a program of this machine", () => {
  test("is given its arguments as they stand", async () => {
    const hostile = ["a b", "$(touch x)", "*", "; exit 9", "\"'`\\", "", "日本\u{1F600}", "-e"];
    const answer = await run(process.execPath, ["-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...hostile]);
    expect(answer).toMatchObject({ kind: "ok", value: { exitCode: 0, stdout: `${JSON.stringify(hostile)}\n`, stderr: "", droppedBytes: 0 } });
  });

  test("is given its standard input, its environment and its folder", async () => {
    const folder = temporaryFolder();
    const text = "process.stdin.setEncoding('utf8').on('data',(d)=>console.log(d,process.env.RUNBOOK_TEST,process.cwd()))";
    expect(await node(text, { stdin: "é", env: { RUNBOOK_TEST: "x y" }, folder })).toMatchObject({ value: { stdout: `é x y ${realpathSync(folder)}\n` } });
  });

  test("reads the end of its input where it is given none", async () => {
    expect(await node("process.stdin.on('data',()=>{}).on('end',()=>console.log('end'))")).toMatchObject({ value: { stdout: "end\n" } });
  });

  test("that does not read its input does no harm", async () => {
    expect(await node("process.exit(3)", { stdin: "x".repeat(2_000_000) })).toMatchObject({ kind: "ok", value: { exitCode: 3 } });
  });

  test.each([["an exit code is an answer", "process.exit(7)", 7], ["a signal is 128 and its number", "process.kill(process.pid,'SIGKILL')", 137]])("%s", async (_title, text, exitCode) => {
    expect(await node(text)).toMatchObject({ kind: "ok", value: { exitCode } });
  });

  test("gives its output piece by piece and as a whole", async () => {
    const pieces: string[] = [];
    const answer = await node("process.stdout.write('out');process.stderr.write('err')", {}, { onOutput: (stream, text) => pieces.push(`${stream}:${text}`) });
    expect(answer).toMatchObject({ value: { stdout: "out", stderr: "err" } });
    expect(pieces.toSorted()).toEqual(["stderr:err", "stdout:out"]);
  });

  test("may print without measure: the end is kept, the rest is counted", async () => {
    const answer = await node("const x='x'.repeat(999)+'\\n';for(let i=0;i<5000;i++)process.stdout.write(x);process.stdout.write('the end')");
    const value = answer.kind === "ok" ? answer.value : undefined;
    expect(value?.stdout.endsWith("\nthe end")).toBe(true);
    expect(value?.stdout.length).toBe(KEPT_BYTES);
    expect(value?.droppedBytes).toBe(5_000_000 + 7 - KEPT_BYTES);
  });

  test("may print bytes that are no text", async () => {
    expect(await node("process.stdout.write(Buffer.from([0x61,0xff,0x00,0xc3,0xa9,0xe2,0x82]))")).toMatchObject({ value: { stdout: "a\uFFFD\u0000é\uFFFD" } });
  });
});

describe("what cannot be started", () => {
  test.each<[string, Partial<Call<"program">>, object]>([
    ["a program that is not there", { program: "no-such-program" }, { code: "not_found", because: "this machine has no program no-such-program" }],
    ["a folder that is not there", { folder: "/no/such/folder" }, { code: "not_found", because: "the folder /no/such/folder does not exist" }],
    ["a file that is no program", { program: fileURLToPath(import.meta.url) }, { code: "denied" }],
    ["an argument with a NUL", { args: ["a\0b"] }, { code: "bad_input", because: expect.stringContaining("NUL") }],
    ["arguments without measure", { args: ["x".repeat(3_000_000)] }, { code: "bad_input", because: expect.stringContaining("longer") }],
  ])("%s is a failure", async (_title, parts, failure) => {
    expect(await run(process.execPath, [], parts)).toMatchObject({ kind: "failed", failure });
  });
});

describe("the limit", () => {
  test("ends the program and all that it started", async () => {
    const pids: number[] = [];
    const text = "const c=require('child_process').spawn('sleep',['600']);console.log(process.pid+' '+c.pid);setInterval(()=>{},1000)";
    const answer = await node(text, {}, { limitMs: 3_000, onOutput: (_stream, line) => pids.push(...line.trim().split(" ").map(Number)) });
    expect(answer).toMatchObject({ kind: "timeout", because: expect.stringContaining("took longer than 3s") });
    expect(pids).toHaveLength(2);
    await until(() => (pids.some(runs) ? undefined : true));
  });

  test("does not wait for a pipe that a process of another session holds", async () => {
    const pids: number[] = [];
    const text = "const c=require('child_process').spawn('sleep',['600'],{detached:true,stdio:'inherit'});console.log(c.pid);c.unref()";
    const answer = await node(text, {}, { onOutput: (_stream, line) => pids.push(Number(line)) });
    process.kill(pids[0] ?? 0);
    expect(answer).toMatchObject({ kind: "ok", value: { exitCode: 0 } });
  });

  test("does not wait for a process of another session that is never silent", async () => {
    const pids: number[] = [];
    const text = "const c=require('child_process').spawn('sh',['-c','while sleep 0.05; do echo noise; done'],{detached:true,stdio:'inherit'});console.log(c.pid);c.unref()";
    const answer = await node(text, {}, { onOutput: (_stream, line) => pids.push(Number(line)) });
    process.kill(-(pids[0] ?? 0));
    expect(answer).toMatchObject({ kind: "ok", value: { exitCode: 0 } });
  });

  test("ends what has left its parent, its group and its session", async () => {
    const pids: number[] = [];
    const text = String.raw`(setsid sh -c 'setsid sh -c "echo \$\$; exec sleep 603" &' &); sleep 600`;
    const tether = new Tether();
    const answer = await runProcess({ kind: "program", program: "sh", args: ["-c", text] }, options({ limitMs: 1_000, onOutput: (_stream, line) => pids.push(Number(line)) }), tether);
    expect(answer).toEqual({ kind: "timeout", because: "sh took longer than 1s and was ended", isGone: true });
    expect(pids.map(runs)).toEqual([false]);
  });

  test("a cancellation ends it, too", async () => {
    const cancelled = new AbortController();
    const answer = await node("console.log('up');setInterval(()=>{},1000)", {}, { signal: cancelled.signal, onOutput: () => cancelled.abort() });
    expect(answer).toMatchObject({ kind: "lost", because: expect.stringContaining("cancelled") });
  });

  test("what is cancelled before it begins ends at once", async () => {
    expect(await node("setInterval(()=>{},1000)", {}, { signal: AbortSignal.abort() })).toMatchObject({ kind: "lost" });
  });
});

test.each([
  ["however that ends", "this.tether.hold(pid, mark); console.log(pid);"],
  ["also where that dies before it could tell which program it started", 'console.log(pid); process.kill(process.pid, "SIGKILL");'],
])("a program ends with its runner, %s", async (_when, hold) => {
  const folder = temporaryFolder();
  const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const runner = `
    import { runProcess } from ${here("../../src/world/local-process.ts")};
    import { Tether } from ${here("../../src/world/tether.ts")};
    await runProcess({ kind: "program", program: "sleep", args: ["600"] }, { limitMs: 1e6, onOutput() {}, signal: new AbortController().signal }, {
      tether: new Tether(), announce() { return this.tether.announce(); }, withdraw() {}, hold(pid, mark) { ${hold} }, release() {},
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", runner], { cwd: join(folder), stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) => child.stdout.once("data", (line: Buffer) => resolve(Number(line))));
  child.kill("SIGKILL");
  await until(() => (runs(pid) ? undefined : true));
});

test.skipIf(process.platform !== "linux")("what a program started and let go of ends with the runner, too", async () => {
  const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const daemon = String.raw`(setsid sh -c 'setsid sh -c "echo \$\$; exec sleep 605" &' &); sleep 600`;
  const runner = `
    import { runProcess } from ${here("../../src/world/local-process.ts")};
    import { Tether } from ${here("../../src/world/tether.ts")};
    await runProcess({ kind: "program", program: "sh", args: ["-c", ${JSON.stringify(daemon)}] }, { limitMs: 1e6, onOutput: (_stream, text) => process.stdout.write(text), signal: new AbortController().signal }, new Tether());`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", runner], { cwd: temporaryFolder(), stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) => child.stdout.once("data", (line: Buffer) => resolve(Number(line))));
  expect(runs(pid)).toBe(true);
  child.kill("SIGKILL");
  await until(() => (runs(pid) ? undefined : true));
});
