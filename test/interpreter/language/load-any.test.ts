import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { load } from "./project.ts";

const CASES = join(import.meta.dirname, "../../cases/check");
const TEXTS = readdirSync(CASES).filter((name) => name.endsWith(".yml")).map((name) => readFileSync(join(CASES, name), "utf8"));

/** What may be put in the place of a value. */
const SCRAPS = ["", "null", "~", "[]", "{}", "- a", "3", "true", "&a", "*a", "'", "[", "{{", "{{inputs.x}}", "{{steps.a.outputs}}", "__proto__", "constructor", "./main.yml", "!!map x"];

type Change = { readonly line: number; readonly kind: "drop" | "double" | "value" | "key" | "cut"; readonly scrap: string };

function changed(text: string, changes: readonly Change[]): string {
  const lines = text.split("\n");
  for (const { line, kind, scrap } of changes) {
    const at = line % lines.length;
    const old = lines[at] ?? "";
    const made = { drop: [], double: [old, old], value: [old.replace(/:.*$/, `: ${scrap}`)], key: [old.replace(/[a-z_-]+:/, `${scrap}:`)], cut: [old.slice(0, line % (old.length + 1))] };
    lines.splice(at, 1, ...made[kind]);
  }
  return lines.join("\n");
}

const change = fc.record({ line: fc.nat(200), kind: fc.constantFrom("drop", "double", "value", "key", "cut"), scrap: fc.constantFrom(...SCRAPS) } as const);

test("whatever a file says, loading answers with a runbook or with faults, never with a crash", () => {
  fc.assert(fc.property(fc.constantFrom(...TEXTS), fc.array(change, { minLength: 1, maxLength: 5 }), (text, changes) => {
    const { runbook, diagnostics } = load({ "main.yml": changed(text, changes) });
    expect(runbook === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
    expect(diagnostics.every(({ message }) => message.trim() !== "" && !/undefined|\[object|TypeError/.test(message))).toBe(true);
  }), { numRuns: 200 });
});
