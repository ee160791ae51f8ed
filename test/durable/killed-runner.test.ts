import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundle } from "../../scripts/build.ts";
import { PROJECT } from "../docs/project.ts";
import { killAtEach, kindOf, shuffled, type InstantKind } from "./kill-tally.ts";
import { unkilled } from "./killed-runner.ts";

/** So many of each kind; `scripts/kills.ts` makes every one. */
const SAMPLE: Readonly<Record<InstantKind, number>> = { "after a record": 20, "about a change of the system": 14, "before a call to the disk": 6 };
const SEED = 20_071_120;

test("the program, killed at any instant, leaves a run that comes to the same end, and nothing is done twice that may not be", async () => {
  const folder = mkdtempSync(join(tmpdir(), "runbook-kills-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(PROJECT, "schema"), join(folder, "schema"));
  const { program } = await bundle(join(folder, "dist"));
  const whole = await unkilled(program);
  expect(whole.left.result).toBe("succeeded");
  expect(whole.left.befell.length).toBeGreaterThan(2);
  expect(whole.left.remains).toEqual([]);
  const order = shuffled(whole.instants.length, SEED);
  const chosen = Object.entries(SAMPLE).flatMap(([kind, count]) => order.filter((instant) => kindOf(whole.instants[instant - 1] ?? "") === kind).slice(0, count));
  const { counts, problems } = await killAtEach(program, whole, chosen);
  process.stdout.write(`of ${whole.instants.length} instants ${counts}\n`);
  expect(problems).toEqual([]);
  expect(counts).toMatch(/^40 deaths: /);
}, 600_000);
