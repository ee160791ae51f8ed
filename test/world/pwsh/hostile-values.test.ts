import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Transport } from "../../../src/core/port.ts";
import { localTransport } from "../../../src/world/local-transport.ts";
import { scriptProgram } from "../../../src/world/powershell-call.ts";
import { options } from "../real-process.ts";
import { HAS_POWERSHELL, HAS_REMOTING, PATIENCE_MS } from "./lab.ts";
import { remote } from "./remote-kit.ts";

const HOSTILE = [
  "it's", 'say "hi"', "$(Remove-Item /)", "a`nb`$x", "l1\nl2\r\nl3\n", "; exit 9;", "| Out-Null", "}{ @' \n'@", "日本語クラスタ〜①", "\u{1F5FE}", "</S><Nil/>&amp;]]>", "_x0041_ _x005F_", "$env:PATH %PATH%",
  "“smart” ‘q’ ‚‛„", "-Name", "--", "-", "@{a=1}", "", "  lead trail  ", "C:\\Program Files\\x\\", "\\\\server\\share\\\\", 'a\\"b\\\\" c\\', "\t", "2026-11-22T01:02:03Z", "0012", "x\"'$(rm)`;\n".repeat(10_000),
];
/** What no program can be given, and every cmdlet: a NUL, and half of a letter. */
const UNPRINTABLE = ["a\0b", "a\uD800b", "\uDFFF", "\u0001\u001B[31m\u007F\u0085\u2028\uFFFE\uFFFF"];

const anyText = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.string({ unit: "binary", maxLength: 40 }), fc.stringMatching(/^[\\"' $`;]{1,12}$/));
const textsOf = fc.array(anyText.filter((text) => !text.includes("\0")), { maxLength: 12 });

/** The arguments that a real program sees. */
async function seenBy(transport: Transport, args: readonly string[]): Promise<unknown> {
  const answer = await transport.run({ kind: "program", program: process.execPath, args: ["-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...args] }, options());
  return answer.kind === "ok" ? JSON.parse(answer.value.stdout) : answer;
}

/** The values that a real cmdlet sees, by name. */
async function takenBy(transport: Transport, values: readonly string[]): Promise<unknown> {
  const Property = Object.fromEntries(values.map((value, at) => [`p${at}`, value]));
  const answer = await transport.cmdlet({ kind: "cmdlet", name: "New-Object", parameters: { TypeName: "PSObject", Property }, properties: Object.keys(Property) }, options());
  return answer.kind === "ok" ? values.map((_value, at) => answer.value.records[0]?.[`p${at}`]) : answer;
}

function machine(): Transport {
  const folder = mkdtempSync(join(tmpdir(), "runbook-"));
  return localTransport({ state: folder, fetched: folder });
}

const FEW = { numRuns: 12 };

describe.runIf(HAS_POWERSHELL)("on this machine", { timeout: PATIENCE_MS }, () => {
  const local = machine();

  test("a cmdlet sees every value as it is", async () => {
    expect(await takenBy(local, [...HOSTILE, ...UNPRINTABLE])).toEqual([...HOSTILE, ...UNPRINTABLE]);
    await fc.assert(fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 12 }), async (values) => {
      expect(await takenBy(local, values)).toEqual(values);
    }), FEW);
  });

  test("a line that carries values is one command with one constant for PowerShell's own parser", async () => {
    const lines = fc.sample(fc.record({ script: anyText, parameters: fc.dictionary(anyText, anyText) }), 50).map((parts) => scriptProgram("pwsh", { kind: "script", ...parts }).stdin?.split("\n")[1] ?? "");
    const script = `param($lines) foreach ($line in $lines) { $faults = $null
      $ast = [Management.Automation.Language.Parser]::ParseInput($line, [ref]$null, [ref]$faults)
      $statements = $ast.EndBlock.Statements; $elements = $statements[0].PipelineElements[0].CommandElements
      "$(@($faults).Count) $($statements.Count) $($statements[0].PipelineElements.Count) $($elements.Count) $($elements[1].GetType().Name)" }`;
    const answer = await local.script({ kind: "script", script, parameters: { lines } }, options());
    expect(answer.kind === "ok" ? answer.value.stdout.trim().split("\n") : answer).toEqual(lines.map(() => "0 1 1 2 StringConstantExpressionAst"));
  });
});

describe.runIf(HAS_REMOTING)("on a machine that is reached by PowerShell remoting", { timeout: PATIENCE_MS }, () => {
  const there = remote();

  test("a cmdlet sees every value as it is", async () => {
    expect(await takenBy(there.node, [...HOSTILE, ...UNPRINTABLE])).toEqual([...HOSTILE, ...UNPRINTABLE]);
    await fc.assert(fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 12 }), async (values) => {
      expect(await takenBy(there.node, values)).toEqual(values);
    }), FEW);
  });

  // 5.1 has no list of arguments: there they go as one line, by the rules by which Windows programs read it back.
  test.each([["as a list", "$false"], ["as one line, as in Windows PowerShell", "$true"]])("a program sees every argument as it is, handed over %s", async (_title, isLine) => {
    const transport = there.open();
    await transport.cmdlet({ kind: "cmdlet", name: "Invoke-Expression", parameters: { Command: `$global:rb_old_arguments = ${isLine}` }, properties: [] }, options());
    expect(await seenBy(transport, HOSTILE)).toEqual(HOSTILE);
    await fc.assert(fc.asyncProperty(textsOf, async (values) => {
      expect(await seenBy(transport, values)).toEqual(values);
    }), FEW);
    transport.close();
  });
});
