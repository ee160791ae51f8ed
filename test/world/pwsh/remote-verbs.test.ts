import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ProgramResult } from "../../../src/core/action.ts";
import type { Call, CallOptions, Outcome } from "../../../src/core/port.ts";
import { KEPT_BYTES } from "../../../src/world/kept-output.ts";
import { nodeArgs, options, temporaryFolder, until } from "../real-process.ts";
import { HAS_REMOTING, PATIENCE_MS } from "./lab.ts";
import { remote } from "./remote-kit.ts";

describe.runIf(HAS_REMOTING)("a machine that is reached by PowerShell remoting", { timeout: PATIENCE_MS }, () => {
  const there = remote();
  const run = (program: string, args: readonly string[], parts: Partial<Call<"program">> = {}, changed: Partial<CallOptions> = {}): Promise<Outcome<ProgramResult>> => there.node.run({ kind: "program", program, args, ...parts }, options(changed));
  const js = (text: string, parts: Partial<Call<"program">> = {}, changed: Partial<CallOptions> = {}): Promise<Outcome<ProgramResult>> => run(process.execPath, nodeArgs(text), parts, changed);

  describe("a cmdlet", () => {
    test("gives the wanted properties, an enum by its name, a date in RFC 3339", async () => {
      const path = join(temporaryFolder(), "a");
      writeFileSync(path, "abc");
      expect(await there.cmdlet("Get-Item", { Path: path }, ["FullName", "Length", "Attributes", "LastWriteTimeUtc"])).toEqual({
        kind: "ok",
        value: { records: [{ FullName: path, Length: 3, Attributes: "Normal", LastWriteTimeUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) }] },
      });
    });

    test("gives a date that WMI wrote in RFC 3339, and leaves what only looks like one", async () => {
      expect(await there.value("'20080301180000.000000+540'")).toBe("2008-03-01T09:00:00.000Z");
      expect(await there.value("'20080301013000.250000-480'")).toBe("2008-03-01T09:30:00.250Z");
      expect(await there.value("'20081301180000.000000+540'")).toBe("20081301180000.000000+540");
    });

    test("of which the remote side warns is answered all the same, and the warning is shown", async () => {
      const said: string[] = [];
      const answer = await there.cmdlet("Invoke-Expression", { Command: "Write-Warning careful; Write-Verbose more -Verbose; @{ a = 1 }" }, ["a"], { onOutput: (stream, text) => said.push(`${stream} ${text}`) });
      expect(answer).toEqual({ kind: "ok", value: { records: [{ a: 1 }] } });
      expect(said).toEqual(["stderr WARNING: careful\nVERBOSE: more\n"]);
    });

    test("that fails there says why, by its own class", async () => {
      expect(await there.cmdlet("Get-Item", { Path: "/no/such" })).toMatchObject({ kind: "failed", failure: { code: "not_found", because: expect.stringContaining("/no/such") } });
      expect(await there.cmdlet("Get-NoSuchThing", {})).toMatchObject({ kind: "failed", failure: { code: "not_found", because: "there is no cmdlet Get-NoSuchThing" } });
      expect(await there.cmdlet("Invoke-Expression", { Command: "throw (New-Object UnauthorizedAccessException 'not you')" })).toEqual({ kind: "failed", failure: { code: "denied", because: "not you" } });
      expect(await there.cmdlet("Write-Error", { Message: "no", ErrorId: "E1", Category: "PermissionDenied" })).toEqual({ kind: "failed", failure: { code: "denied", because: "no" } });
    });

    test("that ends its PowerShell is lost: remoting tells neither error nor code", async () => {
      expect(await there.cmdlet("Invoke-Expression", { Command: "exit 4" })).toMatchObject({ kind: "lost" });
      expect(await there.value("1")).toBe(1);
    });

    test("goes through one session for many calls", async () => {
      const pid = await there.value("$PID");
      expect(await there.value("$PID")).toBe(pid);
    });

    test("does not meet another in a busy session: calls at once have sessions of their own", async () => {
      const answers = await Promise.all([1, 2, 3, 4].map((n) => there.value(`$(Start-Sleep -Milliseconds 300; ${n})`)));
      expect(answers).toEqual([1, 2, 3, 4]);
    });
  });

  describe("a program", () => {
    test("is given input, environment and folder, and gives both streams and its code", async () => {
      const folder = temporaryFolder();
      const text = "process.stdin.setEncoding('utf8').on('data',(d)=>{console.log(d,process.env.Runbook_Test,process.cwd());console.error('日本');process.exitCode=255})";
      expect(await js(text, { stdin: "é\n", env: { Runbook_Test: "x y" }, folder })).toEqual({ kind: "ok", value: { exitCode: 255, stdout: `é\n x y ${folder}\n`, stderr: "日本\n", droppedBytes: 0 } });
    });

    test("reads the end of its input where it is given none, and need not read what it is given", async () => {
      expect(await js("process.stdin.on('data',()=>{}).on('end',()=>console.log('end'))")).toMatchObject({ value: { stdout: "end\n" } });
      expect(await js("process.exit(3)", { stdin: "x".repeat(2_000_000) })).toMatchObject({ kind: "ok", value: { exitCode: 3 } });
    });

    test("may print without measure: the end is kept, the rest is counted", async () => {
      const answer = await js("const x='é'.repeat(499)+'x\\n';for(let i=0;i<3000;i++)process.stdout.write(x);process.stdout.write('the end')");
      const value = answer.kind === "ok" ? answer.value : undefined;
      expect(value?.stdout.endsWith("x\nthe end")).toBe(true);
      expect(Buffer.byteLength(value?.stdout ?? "") + (value?.droppedBytes ?? 0)).toBeGreaterThanOrEqual(3_000_007 - 1);
      expect(Buffer.byteLength(value?.stdout ?? "")).toBeLessThanOrEqual(KEPT_BYTES);
    });

    test("that is not there, may not be run, or has no folder is a failure", async () => {
      const file = join(temporaryFolder(), "text");
      writeFileSync(file, "x");
      chmodSync(file, 0o644);
      expect(await run("no-such-program", [])).toEqual({ kind: "failed", failure: { code: "not_found", because: "NODEA has no program no-such-program" } });
      expect(await run(file, [])).toMatchObject({ kind: "failed", failure: { code: "denied" } });
      expect(await run("/bin/true", [], { folder: "/no/such" })).toEqual({ kind: "failed", failure: { code: "not_found", because: "the folder /no/such does not exist" } });
      expect(await run("/bin/true", ["a\0b"])).toMatchObject({ kind: "failed", failure: { code: "bad_input", because: expect.stringContaining("NUL") } });
    });

    test("that is a batch file is not given what cmd.exe would read", async () => {
      expect(await run("tool.cmd", ["a & b"])).toMatchObject({ kind: "failed", failure: { code: "bad_input", because: expect.stringContaining("batch file") } });
    });

    test("ends with its tree at the limit, and the session is still good", async () => {
      const pid = await there.value("$PID");
      const file = join(temporaryFolder(), "pids");
      const text = `const c=require('child_process').spawn('sleep',['600']);require('fs').writeFileSync(${JSON.stringify(file)},process.pid+' '+c.pid);setInterval(()=>{},1000)`;
      expect(await js(text, {}, { limitMs: 4_000 })).toMatchObject({ kind: "timeout", because: expect.stringContaining("took longer than 4s and was ended") });
      for (const one of readFileSync(file, "utf8").split(" ")) await until(() => (existsSync(`/proc/${one}`) ? undefined : true));
      expect(await there.value("$PID")).toBe(pid);
    });
  });

  test("a script ends with its code there, and takes its values as data", async () => {
    const script = "param($a, $list) \"$a|$($list -join '+')|$([Console]::In.ReadToEnd())\"; /bin/cat; exit 7";
    expect(await there.node.script({ kind: "script", script, parameters: { a: "it's $(1)", list: ["x", "y"] } }, options())).toEqual({ kind: "ok", value: { exitCode: 7, stdout: "it's $(1)|x+y|\n", stderr: "", droppedBytes: 0 } });
  });

  describe("a file", () => {
    const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

    test.each([["empty", Buffer.alloc(0)], ["small", Buffer.from([0, 255, 10, 13, 254])], ["of several chunks", Buffer.alloc(2_500_001, "rollup\0")]])("that is %s is put, seen, and fetched as it is", async (_title, bytes) => {
      const [from, to] = [join(temporaryFolder(), "a.msp"), join(temporaryFolder(), "b é.msp")];
      writeFileSync(from, bytes);
      writeFileSync(to, "something else");
      const facts = { exists: true, bytes: bytes.length, sha256: hash(bytes), folder: false };
      expect(await there.node.put({ kind: "put", from, to }, options())).toEqual({ kind: "ok", value: facts });
      expect(readFileSync(to).equals(bytes)).toBe(true);
      expect(readdirSync(join(to, ".."))).toEqual(["b é.msp"]);
      expect(await there.node.stat({ kind: "stat", path: to }, options())).toEqual({ kind: "ok", value: facts });
      const fetched = await there.node.get({ kind: "get", from: to, limitBytes: 5_000_000 }, options());
      expect(fetched).toMatchObject({ kind: "ok", value: { bytes: bytes.length, sha256: hash(bytes) } });
    });

    test("that is too long is fetched by its end", async () => {
      const from = join(temporaryFolder(), "log");
      writeFileSync(from, "begin-end");
      const fetched = await there.node.get({ kind: "get", from, limitBytes: 3 }, options());
      expect(readFileSync(fetched.kind === "ok" ? fetched.value.path : "", "utf8")).toBe("end");
    });

    test("that is not there is an answer, and a folder is one, too", async () => {
      const folder = temporaryFolder();
      expect(await there.node.stat({ kind: "stat", path: join(folder, "no/a") }, options())).toEqual({ kind: "ok", value: { exists: false, bytes: 0, sha256: "", folder: false } });
      expect(await there.node.stat({ kind: "stat", path: folder }, options())).toEqual({ kind: "ok", value: { exists: true, bytes: 0, sha256: "", folder: true } });
      expect(await there.node.get({ kind: "get", from: join(folder, "a"), limitBytes: 3 }, options())).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    });

    test("that cannot be put leaves no part behind", async () => {
      const [folder, from] = [temporaryFolder(), join(temporaryFolder(), "a")];
      writeFileSync(from, "x");
      mkdirSync(join(folder, "to"));
      expect(await there.node.put({ kind: "put", from, to: join(folder, "to") }, options())).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
      expect(await there.node.put({ kind: "put", from, to: join(folder, "no/b") }, options())).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
      expect(await there.node.put({ kind: "put", from: join(folder, "nothing"), to: join(folder, "b") }, options())).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
      expect(readdirSync(folder)).toEqual(["to"]);
    });
  });
});
