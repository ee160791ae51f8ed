import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killAtEach, shuffled, takeUpAtEach, type Deaths } from "../test/durable/kill-tally.ts";
import { unkilled } from "../test/durable/killed-runner.ts";
import { bundle } from "./build.ts";

/**
 * The runner dies in the middle of the CCR procedure, at every instant of its way to the disk (every record of the journal, and before and after
 * every change of the system), and the run is taken up: `node scripts/kills.ts [COUNT] [SEED] [--kill]`; by default every instant, in an order of
 * chance, so that a part of it is a fair sample. With `--kill` each death is a process that SIGKILL ends, which takes its time; else the state folder
 * of a living one is copied at each instant, as a death would leave it. Prints counts, and all that came out otherwise. Exit code 1 if there is any.
 */
const [wanted = Number.POSITIVE_INFINITY, seed = 1] = process.argv.slice(2).filter((word) => word !== "--kill").map(Number);
const folder = mkdtempSync(join(tmpdir(), "runbook-kills-"));
const line = ({ counts, problems }: Deaths): string => `${counts}; ${problems.length} with something wrong\n`;
try {
  symlinkSync(join(import.meta.dirname, "../schema"), join(folder, "schema"));
  const { program } = await bundle(join(folder, "dist"));
  const whole = await unkilled(program);
  const chosen = shuffled(whole.instants.length, seed).slice(0, wanted);
  const deaths = process.argv.includes("--kill") ? await killAtEach(program, whole, chosen) : await takeUpAtEach(program, whole, chosen, (sofar) => process.stdout.write(line(sofar)));
  process.stdout.write(`${deaths.problems.map((problem) => `${problem}\n`).join("")}${whole.instants.length} instants; ${line(deaths)}`);
  process.exitCode = deaths.problems.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
