import type { ActionCall, ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { allRead, parseReading, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { recordsOf, textField } from "../../../formats/cmdlet-record.ts";
import { excerpt } from "../../../formats/excerpt.ts";

const MSIEXEC = /(?:^|[\\/])msiexec(?:\.exe)?$/i;
/** The Windows Installer service itself: it lingers for minutes when nothing is installed any more (from memory). */
const SERVICE_LINE = /msiexec(?:\.exe)?"?\s+\/V\s*$/i;

/** The readings that tell whether something is being installed: `jobs`, what runs of ours began, and `processes`, what anybody began. */
export const READ_INSTALLERS = {
  jobs: { effect: "reads", title: "Read the jobs that runs have started", make: () => ({ kind: "jobs" }) },
  processes: {
    effect: "reads",
    title: "Read the processes of the Windows Installer",
    make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_Process", Filter: "Name='msiexec.exe'" }, properties: ["ProcessId", "CommandLine"] }),
  },
} as const satisfies Readonly<Record<string, ActionDeclaration<unknown>>>;

/** The look at them. */
export const INSTALLERS_LOOK: Readonly<Record<string, ActionCall>> = { jobs: { action: "jobs" }, processes: { action: "processes" } };

/** What is being installed now, each as a person would name it; empty where nothing is. A process whose command line is hidden counts: better to wait for nothing than to work under a setup. */
export function installersIn(facts: Facts): Reading<readonly string[]> {
  const jobs = parseReading(facts, "jobs", "jobs", (answer) => ok(answer.jobs.filter(({ state, program }) => state === "running" && MSIEXEC.test(program)).map(({ name }) => `job ${name}`)));
  const processes = parseReading(facts, "processes", "cmdlet", (answer) => {
    const records = recordsOf("the processes", answer);
    if (records.kind === "error") return records;
    const lines = records.value.map((record) => textField(record, "CommandLine") ?? "msiexec.exe, whose command line is hidden");
    return ok(lines.filter((line) => !SERVICE_LINE.test(line)).map(excerpt));
  });
  const seen = allRead({ jobs, processes });
  // A job of ours is a process, too: it is named once.
  return seen.kind === "error" ? seen : ok(seen.value.jobs.length > 0 ? seen.value.jobs : seen.value.processes);
}
