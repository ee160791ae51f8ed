import { expect, test } from "vitest";
import type { Action } from "../../src/core/action.ts";
import { hole } from "../../src/core/plan.ts";
import { commandLine } from "../../src/views/command-line.ts";

const CASES: readonly (readonly [sentence: string, action: Action, shown: string])[] = [
  ["a program with a blank in an argument", { kind: "program", program: "cluster.exe", args: ["group", "Cluster Group", "/moveto:NODEA"] }, 'cluster.exe group "Cluster Group" /moveto:NODEA'],
  ["an empty argument is seen", { kind: "program", program: "p", args: ["", 'say "x"'] }, 'p "" "say \\"x\\""'],
  ["what a shell would run stands in single quotes", { kind: "program", program: "p", args: ["$(reboot)", "a;b", "it's $HOME"] }, "p '$(reboot)' 'a;b' 'it'\\''s $HOME'"],
  ["a hole stands for what only a look can tell", { kind: "program", program: "cluster.exe", args: ["group", hole("the group")] }, 'cluster.exe group "⟨the group⟩"'],
  ["a cmdlet with switches, lists and quotes", { kind: "cmdlet", name: "Move-X", parameters: { Identity: "EXCLUS1", MoveComment: "it's time", Confirm: false, Force: true, Nodes: ["A", "B"] }, properties: [] }, "Move-X -Identity EXCLUS1 -MoveComment 'it''s time' -Confirm:$false -Force -Nodes A,B"],
  ["a script on one line", { kind: "script", script: "Get-X\n  Set-Y $n\n", parameters: { n: 3 } }, "powershell { Get-X; Set-Y $n } -n 3"],
  ["a copy", { kind: "put", from: "/a b/c", to: "C:\\x" }, 'copy "/a b/c" to C:\\x'],
  ["a fetch with its bound", { kind: "get", from: "C:\\log", limitBytes: 1_000_000 }, "fetch C:\\log (at most 1MB)"],
  ["a job", { kind: "job", program: "msiexec.exe", args: ["/quiet"] }, "msiexec.exe /quiet (as a job)"],
  ["an argument that would move the cursor", { kind: "program", program: "p", args: ["\u001B[2Ja\nb"] }, 'p "a b"'],
];

test.each(CASES)("%s", (_sentence, action, shown) => {
  expect(commandLine(action)).toBe(shown);
});
