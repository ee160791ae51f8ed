import type { Outcome } from "../../core/port.ts";
import type { Run } from "./context.ts";
import type { StartedJob } from "./deeds.ts";
import type { Task } from "./scheduler.ts";

/** A target has this long to remove what it keeps. */
const LIMIT_MS = 30_000;

/** Names of the jobs that a run has started or has tried to start, over all its entries, and of those that it undoes, by the address where they are. */
function jobsByAddress(run: Run, undone: readonly StartedJob[]): ReadonlyMap<string, readonly string[]> {
  const own = [...run.tally.acts.values()].flat().flatMap(({ job, address }) => (job === undefined ? [] : [{ name: job, address }]));
  const jobs = new Map<string, Set<string>>();
  for (const { name, address } of [...own, ...undone]) jobs.set(address, (jobs.get(address) ?? new Set()).add(name));
  return new Map([...jobs].map(([address, names]) => [address, [...names]]));
}

/** Asks a target to remove them; once more where the first call did not come through, since a connection that lay idle may be gone. */
async function forget(run: Run, task: Task, address: string, names: readonly string[]): Promise<Outcome<readonly string[]>> {
  const ask = (): Promise<Outcome<readonly string[]>> => task.ask(() => run.transports.to(address).forgetJobs(names, { limitMs: LIMIT_MS, onOutput: () => undefined, signal: run.abort }));
  const first = await ask();
  return first.kind === "ok" || run.abort.aborted ? first : ask();
}

/** A job by its name, with the step of this run that began it. */
function jobText({ tally }: Run, name: string): string {
  const step = [...tally.acts].find(([, acts]) => acts.some(({ job }) => job === name))?.[0];
  return step === undefined ? name : `${name} of ${step}`;
}

function warningOf(run: Run, address: string, names: readonly string[], outcome: Outcome<readonly string[]>): string | undefined {
  if (outcome.kind === "ok") {
    const [first, ...others] = outcome.value.map((name) => jobText(run, name));
    if (first === undefined) return undefined;
    const [what, its] = others.length === 0 ? [`the job ${first} still runs`, "it"] : [`the jobs ${[first, ...others].join(", ")} still run`, "them"];
    return `${what} on ${address}, and nobody waits for ${its} any more; what is kept of ${its} stays there`;
  }
  const because = outcome.kind === "failed" ? outcome.failure.because : outcome.because;
  return `the records of ended jobs stay on ${address} (${names.join(", ")}), where they only take up room: ${because}`;
}

/**
 * Removes what targets keep of the jobs of a run that is over for good: until then they are what a later step, a resume and a person
 * look at. The ends of its steps outlast the runner first, so that none is ever entered again without its jobs. Where it does not
 * work that is a warning: the run is none the worse for it. `undone`: jobs of the run that this one has undone.
 */
export async function removeRemains(run: Run, task: Task, undone: readonly StartedJob[]): Promise<void> {
  const jobs = [...jobsByAddress(run, undone)];
  // Where nothing can be kept any more, the end of the run says so.
  if (jobs.length === 0 || (await task.own(() => run.engine.sync())).kind === "error") return;
  const asked = jobs.map(([address, names]) => ({ address, names, answer: task.spawn(`remains/${address}`, (branch) => forget(run, branch, address, names)) }));
  for (const { address, names, answer } of asked) {
    const message = warningOf(run, address, names, await answer.join(task));
    if (message !== undefined) run.emit({ type: "warning", code: "remains-left", message });
  }
}
