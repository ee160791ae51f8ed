import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";

/** Reads what any run of ours started on the target. */
export const READ_JOBS: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read the jobs that runs have started",
  make: () => ({ kind: "jobs" }),
};

/** The reading `jobs`: names of those that are a Windows Installer and still run. */
export function installersIn(facts: Facts): Reading<readonly string[]> {
  return parseReading(facts, "jobs", "jobs", ({ jobs }) =>
    ok(jobs.filter(({ state, program }) => state === "running" && /(?:^|[\\/])msiexec(?:\.exe)?$/i.test(program)).map(({ name }) => name)));
}
