import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/core/json.ts";
import type { CallOptions } from "../../src/core/port.ts";
import { clixmlText } from "../../src/world/clixml-text.ts";
import { localTransport } from "../../src/world/local-transport.ts";
import { scriptProgram } from "../../src/world/powershell-call.ts";
import { HAS_POWERSHELL, PATIENCE_MS } from "./pwsh/lab.ts";
import { options, temporaryFolder, until } from "./real-process.ts";

const HOSTILE = ["it's", '"$(1+1)"', "`x", "line\r\nline", "“typographic”", "日本\u{1F600}", "\uD800 alone", "_x0041_", "\u0000", "<&>", "@'\n'@", ""];

function machine() {
  const folder = mkdtempSync(join(tmpdir(), "runbook-"));
  return localTransport({ state: folder, fetched: folder });
}

test("a script is a program that is given nothing but base64", () => {
  const program = scriptProgram("pwsh", { kind: "script", script: HOSTILE.join("|"), parameters: { value: HOSTILE.join("|") } });
  expect(program.args).toEqual(["-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-Command", "-"]);
  expect(program.stdin?.split("\n")[1]).toMatch(/^rb_script '[A-Za-z0-9+/=]+'$/);
});

test("CLIXML is plain ASCII, and says what each value is", () => {
  expect(clixmlText({ a: ["é", 1, 2 ** 40, 0.5, true, null] })).toBe(
    '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><DCT><En><S N="Key">a</S><Obj N="Value" RefId="1"><LST><S>_x00E9_</S><I32>1</I32><I64>1099511627776</I64><Db>0.5</Db><B>true</B><Nil/></LST></Obj></En></DCT></Obj></Objs>',
  );
});

test.skipIf(HAS_POWERSHELL)("a machine without PowerShell says so", async () => {
  expect(await machine().cmdlet({ kind: "cmdlet", name: "Get-Date", parameters: {}, properties: [] }, options())).toMatchObject({ kind: "failed", failure: { code: "not_found", because: expect.stringContaining("no PowerShell") } });
});

describe.runIf(HAS_POWERSHELL)("a real PowerShell", { timeout: PATIENCE_MS }, () => {
  // One for all: a PowerShell takes its time to start, and is kept.
  const local = machine();
  const call = (name: string, parameters: Readonly<Record<string, Json>>, properties: readonly string[] = [], parts: Partial<CallOptions> = {}) => local.cmdlet({ kind: "cmdlet", name, parameters, properties }, options(parts));

  test("gives the wanted properties of each record", async () => {
    const path = temporaryFolder();
    writeFileSync(join(path, "a"), "abc");
    expect(await call("Get-Item", { Path: join(path, "a") }, ["FullName", "Length", "Directory.Name", "Attributes", "Nope"])).toEqual({
      kind: "ok",
      value: { records: [{ FullName: join(path, "a"), Length: 3, "Directory.Name": path.split("/").at(-1), Attributes: "Normal" }] },
    });
  });

  test("gives values as what they are", async () => {
    const Command = `@{ time = [datetime]'2008-03-15T09:00:00Z'; day = [dayofweek]::Friday; one = ,'NODEA'; none = @(); big = 9007199254740993; half = 0.5; version = [version]'8.1.240.6'; nothing = $null; no = $false; span = [timespan]'00:00:05' }`;
    expect(await call("Invoke-Expression", { Command }, ["time", "day", "one", "none", "big", "half", "version", "nothing", "no", "span"])).toEqual({
      kind: "ok",
      value: { records: [{ time: "2008-03-15T09:00:00.000Z", day: "Friday", one: ["NODEA"], none: [], big: "9007199254740993", half: 0.5, version: "8.1.240.6", no: false, span: "00:00:05" }] },
    });
  });

  test("is one process for many calls, and a cmdlet that fails does not end it", async () => {
    const pid = async (): Promise<unknown> => call("Invoke-Expression", { Command: "@{ pid = $PID }" }, ["pid"]);
    const first = await pid();
    expect(await call("Get-Item", { Path: "/no/such" })).toMatchObject({ kind: "failed", failure: { code: "not_found", because: expect.stringContaining("/no/such") } });
    expect(await call("Get-NoSuchThing", {})).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    expect(await call("Get-Item", { NoSuchParameter: 1 })).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
    expect(await pid()).toEqual(first);
  });

  test("shows what a cmdlet says beside its answer, and takes none of it for the answer", async () => {
    const said: string[] = [];
    const answer = await call("Invoke-Expression", { Command: "Write-Warning careful; [Console]::Out.WriteLine('@loose@'); @{ a = 1 }" }, ["a"], { onOutput: (stream, text) => said.push(`${stream} ${text}`) });
    expect(answer).toEqual({ kind: "ok", value: { records: [{ a: 1 }] } });
    expect(said).toEqual(["stderr warning: careful\n"]);
  });

  test("lets a program that a cmdlet starts read nothing of ours", async () => {
    const answer = await call("Invoke-Expression", { Command: "$null = /bin/cat; 'after'" }, ["Length"]);
    expect(answer).toEqual({ kind: "ok", value: { records: [{ Length: 5 }] } });
  });

  test("that a cmdlet ends leaves its outcome open, and the next call is answered", async () => {
    expect(await call("Invoke-Expression", { Command: "exit 3" })).toMatchObject({ kind: "lost", because: expect.stringContaining("gave no answer") });
    expect(await call("Get-Date", {})).toMatchObject({ kind: "ok" });
  });

  test("that hangs is ended with its tree at the limit, and started anew", async () => {
    const file = join(temporaryFolder(), "pid");
    expect(await call("Invoke-Expression", { Command: `/bin/sh -c 'echo $$ > ${file}; exec sleep 600'` }, [], { limitMs: 8_000 })).toMatchObject({ kind: "timeout" });
    const pid = readFileSync(file, "utf8").trim();
    await until(() => (existsSync(`/proc/${pid}`) ? undefined : true));
    expect(await call("Get-Date", {})).toMatchObject({ kind: "ok" });
  });

  test("that dies under a call leaves its outcome open", async () => {
    expect(await call("Invoke-Expression", { Command: "[Diagnostics.Process]::GetCurrentProcess().Kill(); [Threading.Thread]::Sleep(60000)" })).toMatchObject({ kind: "lost", because: expect.stringContaining("while Invoke-Expression ran") });
    expect(await call("Get-Date", {})).toMatchObject({ kind: "ok" });
  });

  test("whose session died while nobody used it is opened anew: nothing was begun", async () => {
    const answer = await call("Invoke-Expression", { Command: "@{ pid = $PID }" }, ["pid"]);
    const pid = Number(answer.kind === "ok" ? answer.value.records[0]?.["pid"] : undefined);
    process.kill(pid, "SIGKILL");
    await until(() => (existsSync(`/proc/${pid}`) ? undefined : true));
    expect(await call("Get-Date", {})).toMatchObject({ kind: "ok" });
  });

  test("answers calls that come at once, each with its own answer", async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => call("Invoke-Expression", { Command: `@{ n = ${n} }` }, ["n"])));
    expect(answers).toEqual([1, 2, 3, 4, 5].map((n) => ({ kind: "ok", value: { records: [{ n }] } })));
  });

  test("that is busy with as many calls as it takes does not begin another, and says so at its limit", async () => {
    const cancelled = new AbortController();
    const others = [1, 2, 3].map(() => call("Start-Sleep", { Seconds: 600 }, [], { signal: cancelled.signal, limitMs: 600_000 }));
    expect(await call("Get-Date", {}, [], { limitMs: 100 })).toMatchObject({ kind: "failed", failure: { code: "unreachable", because: expect.stringContaining("was not begun") } });
    cancelled.abort();
    expect((await Promise.all(others)).map(({ kind }) => kind)).toEqual(["lost", "lost", "lost"]);
    expect(await call("Get-Date", {})).toMatchObject({ kind: "ok" });
  });

  test("takes values as data", async () => {
    const script = "param($values) foreach ($v in $values) { [Console]::Out.WriteLine((@($v.ToCharArray()) | ForEach-Object { [int]$_ }) -join ' ') }";
    const answer = await local.script({ kind: "script", script, parameters: { values: HOSTILE } }, options());
    const units = (text: string): string => Array.from({ length: text.length }, (_none, at) => text.charCodeAt(at)).join(" ");
    expect(answer).toMatchObject({ kind: "ok", value: { exitCode: 0, stdout: HOSTILE.map((text) => `${units(text)}\n`).join("") } });
  });

  test.each([["exit 7", 7], ["throw 'bad'", 1], ["'fine'", 0], ["/bin/cat; exit 4", 4], ["/bin/sh -c 'exit 5'", 5]])("%s ends a script with its code", async (script, exitCode) => {
    expect(await local.script({ kind: "script", script, parameters: {} }, options())).toMatchObject({ kind: "ok", value: { exitCode } });
  });

  test("refuses a parameter that the script does not have: a splat would drop it", async () => {
    const answer = await local.script({ kind: "script", script: "param($a) 1", parameters: { b: 1 } }, options());
    expect(answer).toMatchObject({ kind: "ok", value: { exitCode: 1, stderr: expect.stringContaining("no parameter 'b'") } });
  });
});
