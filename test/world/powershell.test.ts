import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clixmlText } from "../../src/world/clixml-text.ts";
import { localTransport } from "../../src/world/local-transport.ts";
import { cmdletAnswer, cmdletProgram, POWERSHELLS } from "../../src/world/powershell-call.ts";
import { options, temporaryFolder } from "./real-process.ts";

const HOSTILE = ["it's", '"$(1+1)"', "`x", "line\r\nline", "“typographic”", "日本\u{1F600}", "\uD800 alone", "_x0041_", "\u0000", "<&>", "@'\n'@", ""];
const isHere = POWERSHELLS.some((powershell) => spawnSync(powershell, ["-NoProfile", "-Command", "1"]).status === 0);

describe("the call of a cmdlet", () => {
  const call = { kind: "cmdlet", name: "Get-Item", parameters: { LiteralPath: HOSTILE.join("|") }, properties: ["Name"] } as const;

  test("has no value in its arguments, and nothing but base64 in its lines", () => {
    const { program } = cmdletProgram("pwsh", call);
    expect(program.args).toEqual(["-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-Command", "-"]);
    expect(program.stdin?.split("\n")[1]).toMatch(/^rb_call '[A-Za-z0-9+/=]+'$/);
  });

  const printed = (stdout: string) => ({ exitCode: 0, stdout, stderr: "", droppedBytes: 0 });
  test.each<[string, string, object]>([
    ["records are taken from the marked line alone", '{"records":[{"a":1}]}\n@m@{"faults":[],"records":[{"Name":"x"}]}\n', { kind: "ok", value: { records: [{ Name: "x" }] } }],
    ["an error record is a failure", '@m@{"faults":[{"message":"no","id":"X","category":"InvalidOperation"}],"records":[{}]}', { kind: "error", error: { code: "cmdlet_error", because: "no" } }],
    ["a command that does not exist is not found", '@m@{"faults":[{"message":"no","id":"CommandNotFoundException","category":"ObjectNotFound"}],"records":[]}', { error: { code: "not_found" } }],
    ["a missing right is denied", '@m@{"faults":[{"message":"no","id":"X","category":"PermissionDenied"}],"records":[]}', { error: { code: "denied" } }],
    ["no answer is unreadable", "something else", { error: { code: "unreadable" } }],
  ])("%s", (_title, stdout, answer) => {
    expect(cmdletAnswer("@m@", printed(stdout))).toMatchObject(answer);
  });
});

test("CLIXML is plain ASCII, and says what each value is", () => {
  expect(clixmlText({ a: ["é", 1, 2 ** 40, 0.5, true, null] })).toBe(
    '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><DCT><En><S N="Key">a</S><Obj N="Value" RefId="1"><LST><S>_x00E9_</S><I32>1</I32><I64>1099511627776</I64><Db>0.5</Db><B>true</B><Nil/></LST></Obj></En></DCT></Obj></Objs>',
  );
});

test.skipIf(isHere)("a machine without PowerShell says so", async () => {
  const local = localTransport({ state: temporaryFolder(), fetched: temporaryFolder() });
  expect(await local.cmdlet({ kind: "cmdlet", name: "Get-Date", parameters: {}, properties: [] }, options())).toMatchObject({ kind: "failed", failure: { code: "not_found", because: expect.stringContaining("no PowerShell") } });
});

describe.runIf(isHere)("a real PowerShell", () => {
  const folder = temporaryFolder;

  test("gives the wanted properties of each record", async () => {
    const path = folder();
    writeFileSync(join(path, "a"), "abc");
    const local = localTransport({ state: path, fetched: path });
    expect(await local.cmdlet({ kind: "cmdlet", name: "Get-Item", parameters: { Path: join(path, "a") }, properties: ["FullName", "Length", "Directory.Name", "Nope"] }, options())).toEqual({
      kind: "ok",
      value: { records: [{ FullName: join(path, "a"), Length: 3, "Directory.Name": path.split("/").at(-1) }] },
    });
  });

  test("takes values as data", async () => {
    const local = localTransport({ state: folder(), fetched: folder() });
    const script = "param($values) foreach ($v in $values) { [Console]::Out.WriteLine((@($v.ToCharArray()) | ForEach-Object { [int]$_ }) -join ' ') }";
    const answer = await local.script({ kind: "script", script, parameters: { values: HOSTILE } }, options());
    const units = (text: string): string => Array.from({ length: text.length }, (_none, at) => text.charCodeAt(at)).join(" ");
    expect(answer).toMatchObject({ kind: "ok", value: { exitCode: 0, stdout: HOSTILE.map((text) => `${units(text)}\n`).join("") } });
  });

  test.each([["exit 7", 7], ["throw 'bad'", 1], ["'fine'", 0]])("%s ends a script with its code", async (script, exitCode) => {
    const local = localTransport({ state: folder(), fetched: folder() });
    expect(await local.script({ kind: "script", script, parameters: {} }, options())).toMatchObject({ kind: "ok", value: { exitCode } });
  });
});
