import { expect, test } from "vitest";
import { failing, well, type Diagnosis } from "../../src/core/finding.ts";
import { awaitedText, doctorLines } from "../../src/views/doctor-text.ts";
import { PLAIN } from "../../src/views/style.ts";
import { widthOf } from "../../src/views/terminal-text.ts";

const HOSTILE = "vm\u001B[2J\r\nok  db9  ssh\u202E";

function target(address: string, findings: Diagnosis["findings"]): Diagnosis {
  return { address, kind: "ssh", reachedAs: HOSTILE, verdict: findings.some(({ verdict }) => verdict === "failed") ? "failed" : "ok", ms: 12, findings };
}

test("what a machine says of itself cannot move the cursor, forge a line or leave the page", () => {
  const targets = [target(HOSTILE, [failing("identity", `calls itself ${HOSTILE}`, HOSTILE)]), target("db1", [well("reachable", HOSTILE)])];
  const lines = doctorLines({ v: 1, system: "lab", simulated: false, account: HOSTILE, host: HOSTILE, verdict: "failed", targets, patterns: [HOSTILE] }, "all", PLAIN);
  expect(lines.join("")).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/u);
  expect(lines.filter((line) => line.startsWith("ok  db9"))).toEqual([]);
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
});

test("who waits is told for which targets and since when, the first six by name", () => {
  const awaited = Array.from({ length: 8 }, (_, index) => ({ address: `db${index}`, sinceMs: 1_000 }));
  expect(awaitedText(awaited, 20, 13_900)).toBe("12 of 20 looked at; waits for db0 (12s), db1 (12s), db2 (12s), db3 (12s), db4 (12s), db5 (12s) and 2 more");
});
