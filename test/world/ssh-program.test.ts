import { realpathSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Call } from "../../src/core/port.ts";
import { KEPT_BYTES } from "../../src/world/kept-output.ts";
import { nodeArgs, runs, temporaryFolder, until } from "./real-process.ts";
import { pidsFrom, run, serverForTests, waysTo } from "./ssh-kit.ts";
import { SSHD } from "./sshd.ts";

describe.skipIf(SSHD === undefined)("over ssh, a program of the target", () => {
  const server = serverForTests();
  const node = () => waysTo(server()).to("node1");

  test("is given its arguments as they stand", async () => {
    const hostile = ["a b", "$(touch x)", "*", "; exit 9", "\"'`\\", "", "日本\u{1F600}クォ", "-e", "--", "a\nb\n", "\n", "\u0001\u007f\u0081", "x".repeat(100_000)];
    const answer = await run(node(), process.execPath, ["-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...hostile]);
    expect(answer).toMatchObject({ kind: "ok", value: { exitCode: 0, stdout: `${JSON.stringify(hostile)}\n`, stderr: "", droppedBytes: 0 } });
  });

  test("is given its standard input, its environment and its folder", async () => {
    const folder = temporaryFolder();
    const text = "process.stdin.setEncoding('utf8').on('data',(d)=>console.log(JSON.stringify([d,process.env.RUNBOOK_TEST,process.cwd()])))";
    const [stdin, variable] = ["é\\n\0'%s\n", "x 'y'\n$z\n"];
    expect(await run(node(), process.execPath, nodeArgs(text), { stdin, env: { RUNBOOK_TEST: variable }, folder })).toMatchObject({ value: { stdout: `${JSON.stringify([stdin, variable, realpathSync(folder)])}\n` } });
  });

  test("reads the end of its input where it is given none, and need not read what it is given", async () => {
    expect(await run(node(), "cat", [])).toMatchObject({ kind: "ok", value: { exitCode: 0, stdout: "" } });
    expect(await run(node(), "sh", ["-c", "exit 3"], { stdin: "x".repeat(500_000) })).toMatchObject({ kind: "ok", value: { exitCode: 3 } });
  });

  test.each([["exit 0", 0], ["exit 7", 7], ["exit 127", 127], ["exit 255", 255], ["kill -9 $$", 137]])("that ends with `%s` has the exit code %d", async (text, exitCode) => {
    expect(await run(node(), "sh", ["-c", text])).toMatchObject({ kind: "ok", value: { exitCode } });
  });

  test("gives its output piece by piece and as a whole, the streams apart", async () => {
    const pieces: string[] = [];
    const answer = await run(node(), "sh", ["-c", "printf out; printf err >&2"], {}, { onOutput: (stream, text) => pieces.push(`${stream}:${text}`) });
    expect(answer).toMatchObject({ value: { stdout: "out", stderr: "err" } });
    expect(pieces.toSorted()).toEqual(["stderr:err", "stdout:out"]);
  });

  test("may print without measure, and bytes that are no text", async () => {
    const answer = await run(node(), process.execPath, nodeArgs("const x='x'.repeat(999)+'\\n';for(let i=0;i<5000;i++)process.stdout.write(x);process.stdout.write('the end')"));
    expect(answer).toMatchObject({ value: { droppedBytes: 5_000_007 - KEPT_BYTES, stdout: expect.stringMatching(/\nthe end$/) } });
    expect(await run(node(), process.execPath, nodeArgs("process.stdout.write(Buffer.from([0x61,0xff,0x00,0x01,0xc3,0xa9,0xe2,0x82]))"))).toMatchObject({ value: { stdout: "a\uFFFD\u0000\u0001é\uFFFD" } });
  });

  test("that leaves a process behind in its pipes is not waited for, and the answer after it is clean", async () => {
    const pids: number[] = [];
    const way = node();
    expect(await run(way, "sh", ["-c", "(while sleep 0.01; do echo noise; echo noise >&2; done) & echo $!"], {}, { onOutput: pidsFrom(pids) })).toMatchObject({ kind: "ok", value: { exitCode: 0 } });
    for (let i = 0; i < 5; i += 1) expect(await run(way, "echo", ["clean"])).toMatchObject({ value: { stdout: "clean\n", stderr: "" } });
    for (const pid of pids.filter(runs)) process.kill(pid);
  });

  test("holds nothing of ours: no variable, no open file, a process group and a session of its own", async () => {
    const answer = await run(node(), "sh", ["-c", "env | grep -c ^rb; ls /proc/self/fd | wc -l; ps -o pid=,pgid=,sid= -p $$"]);
    const [variables, files, ids] = answer.kind === "ok" ? answer.value.stdout.trim().split("\n") : [];
    // ls itself opens the folder.
    expect([variables, files?.trim()]).toEqual(["0", "4"]);
    expect(new Set(ids?.trim().split(/\s+/)).size).toBe(1);
  });
});

describe.skipIf(SSHD === undefined)("over ssh, what cannot be started", () => {
  const server = serverForTests();

  test.each<[string, Partial<Call<"program">>, object]>([
    ["a program that is not there", { program: "no-such-program" }, { code: "not_found", because: "node1 has no program no-such-program" }],
    ["a path that is not there", { program: "/no/such/program" }, { code: "not_found" }],
    ["a builtin of the shell that is no program", { program: "export" }, { code: "not_found" }],
    ["a folder that is not there", { folder: "/no/such/folder" }, { code: "not_found", because: expect.stringContaining("the folder /no/such/folder does not exist on node1") }],
    ["a file that is no program", { program: "/etc/passwd" }, { code: "denied" }],
    ["an argument with a NUL", { args: ["a\0b"] }, { code: "bad_input", because: expect.stringContaining("NUL") }],
    ["a variable that no shell can set", { env: { "a.b": "1" } }, { code: "bad_input", because: expect.stringContaining("`a.b`") }],
    ["an argument without measure", { args: ["x".repeat(140_000)] }, { code: "bad_input", because: expect.stringContaining("longer") }],
    ["arguments without measure", { args: Array<string>(30).fill("x".repeat(100_000)) }, { code: "bad_input", because: expect.stringContaining("longer") }],
  ])("%s is a failure, and the next program runs", async (_title, parts, failure) => {
    const way = waysTo(server()).to("node1");
    expect(await run(way, "true", [], parts)).toMatchObject({ kind: "failed", failure });
    expect(await run(way, "true", [])).toMatchObject({ kind: "ok" });
  });

  test("a cmdlet says which transport it needs", async () => {
    const way = waysTo(server()).to("node1");
    expect(await way.cmdlet({ kind: "cmdlet", name: "Get-Date", parameters: {}, properties: [] }, { limitMs: 1, onOutput: () => undefined, signal: new AbortController().signal })).toMatchObject({ kind: "failed", failure: { code: "bad_input", because: expect.stringContaining("`kind: powershell`") } });
  });
});

/** A program that leaves its parent, its group and its session, prints its number, and holds the pipes that it was given. */
const DAEMON = String.raw`(setsid sh -c 'setsid sh -c "echo \$\$; exec sleep 603" &' &)`;

describe.skipIf(SSHD === undefined)("over ssh, a limit", () => {
  const server = serverForTests();
  // The last one ignores the request to end, one has a session of its own, and one has lost its parent.
  const tree = "sleep 600 & echo $!; setsid sleep 601 & echo $!; (sleep 602 & echo $!); sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & echo $$; wait";

  test("ends the program and all that it started, and the next program runs", async () => {
    const pids: number[] = [];
    const way = waysTo(server()).to("node1");
    await run(way, "true", []);
    expect(await run(way, "sh", ["-c", tree], {}, { limitMs: 2_000, onOutput: pidsFrom(pids) })).toMatchObject({ kind: "timeout", because: "sh took longer than 2s and was ended" });
    expect(pids.length).toBeGreaterThanOrEqual(5);
    await until(() => (pids.some(runs) ? undefined : true));
    expect(await run(way, "true", [])).toMatchObject({ kind: "ok" });
  });

  test("ends what has left its parent, its group and its session, and the pipes that it holds keep nobody waiting", async () => {
    const pids: number[] = [];
    const way = waysTo(server()).to("node1");
    await run(way, "true", []);
    const answer = await run(way, "sh", ["-c", `${DAEMON}; sleep 600`], {}, { limitMs: 1_000, onOutput: pidsFrom(pids) });
    expect(answer).toEqual({ kind: "timeout", because: "sh took longer than 1s and was ended", isGone: true });
    expect(pids.map(runs)).toEqual([false]);
    expect(await run(way, "true", [])).toMatchObject({ kind: "ok" });
  });

  test("leaves alone what an earlier program left behind", async () => {
    const pids: number[] = [];
    const way = waysTo(server()).to("node1");
    await run(way, "sh", ["-c", `${DAEMON} | head -n 1`], {}, { onOutput: pidsFrom(pids) });
    expect(await run(way, "sleep", ["600"], {}, { limitMs: 1_000 })).toMatchObject({ kind: "timeout", isGone: true });
    expect(pids.map(runs)).toEqual([true]);
    for (const pid of pids) process.kill(pid);
  });

  test("a cancellation ends it, too", async () => {
    const cancelled = new AbortController();
    const pids: number[] = [];
    const answer = await run(waysTo(server()).to("node1"), "sh", ["-c", "echo $$; sleep 600"], {}, {
      signal: cancelled.signal,
      onOutput: (stream, text) => {
        pidsFrom(pids)(stream, text);
        cancelled.abort();
      },
    });
    expect(answer).toMatchObject({ kind: "lost", because: expect.stringContaining("cancelled") });
    await until(() => (pids.some(runs) ? undefined : true));
  });

  test("what is cancelled before there is a connection was not begun, and no outcome of it is lost", async () => {
    expect(await run(waysTo(server()).to("node1"), "sleep", ["600"], {}, { signal: AbortSignal.abort() })).toEqual({ kind: "failed", failure: { code: "cancelled", because: "sleep was not begun, because the run is cancelled" } });
  });
});
