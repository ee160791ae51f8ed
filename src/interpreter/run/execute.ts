import { emptyObject, type Json } from "../../core/json.ts";
import type { AcceptedChange, Event, EventBody, RunFinished, RunResumed } from "../../core/event.ts";
import { SECRET_HOLE, type Plan } from "../../core/plan.ts";
import type { Clock, Lock, Transports } from "../../core/port.ts";
import type { Runbook } from "../../core/runbook.ts";
import { timeMs, timeText } from "../../core/time.ts";
import { makeRoots } from "../plan/roots.ts";
import type { Branch, Run, Tally } from "./context.ts";
import { undoablePaths } from "./undoable-paths.ts";
import type { Engine } from "./engine.ts";
import { fileEndOf, runFile, type FileEnd } from "./file.ts";
import { Gate } from "./gate.ts";
import { Halt } from "./halt.ts";
import { givenEnd } from "./given-end.ts";
import { keptOffBecause } from "./holder-text.ts";
import { endedBy } from "./leaf-state.ts";
import { Limit } from "./limit.ts";
import { maskEvent } from "./mask-event.ts";
import { PlannedIndex } from "./planned-index.ts";
import type { Recorded } from "./recorded.ts";
import { Resumption } from "./resumption.ts";
import { rollBack } from "./roll-back.ts";
import type { Rollback } from "./rollback.ts";
import { takeFromVars, type RunSecrets } from "./run-secrets.ts";
import { Scheduler, type Task } from "./scheduler.ts";
import { settingMs } from "./settings.ts";
import { removeRemains } from "./remains.ts";
import { exitCodeOf, isOver, runResult } from "./status.ts";
import { Watch } from "./watch.ts";

/** What a run needs: what to do, who does it, and the ports to the world. */
export interface ExecuteInput {
  readonly runbook: Runbook;
  readonly plan: Plan;
  readonly run: string;
  /** SHA-256 of the runbook's text. */
  readonly digest: string;
  readonly operator: string;
  readonly account: string;
  readonly host: string;
  readonly tool: string;
  readonly clock: Clock;
  readonly transports: Transports;
  readonly engine: Engine;
  readonly lock: Lock;
  /** The secrets of the run. Absent where it has none, or where they are withheld: then nothing is looked at that needs one. */
  readonly secrets?: RunSecrets;
  /** For a run that is taken up again: what its journal tells. Its id, its inputs and its beginning are those of the run. */
  readonly recorded?: Recorded;
  /** For a run that is taken up with another file than before: what was changed, and what was said to it. */
  readonly changes?: readonly AcceptedChange[];
  /** `abandon` and `rollback`: nothing new is begun; what is in doubt is looked at, and what is owed is paid. Default: it goes on. */
  readonly to?: RunResumed["to"];
  /** For a run that undoes another one: what undoes it, and which steps are left as they are by name. `runbook` is that run's, and `plan` the rollback's. */
  readonly rollback?: { readonly undo: Rollback; readonly left: readonly string[] };
  /** What a person may type after such an end. `undoable`: paths of the steps that did something and say how it is undone. */
  readonly next: (end: Omit<RunFinished, "next" | "type">, undoable: readonly string[]) => RunFinished["next"];
}

/** A run that was begun. */
export interface Execution {
  /** Its last event. Throws only for our own mistakes. */
  readonly finished: Promise<Event & RunFinished>;
  /** The first signal: no new change, the action at hand ends, one look, then what `always` owes. */
  cancel(because: string): void;
  /** The second signal: own programs are ended too. */
  abort(): void;
}

/** Begins to carry out a plan. Every event goes to the engine, in order; the last is `run-finished`. */
export function execute(input: ExecuteInput): Execution {
  const { recorded } = input;
  const halt = new Halt();
  const abort = new AbortController();
  const told = new Set<string>();
  const emit = stamped(input, told);
  const tally: Tally = {
    actions: recorded?.actions ?? 0, intents: recorded?.intents ?? 0, mending: 0, rescuedOrNoted: false, attempts: new Map(recorded?.attempts),
    acts: new Map([...recorded?.acts ?? []].map(([path, acts]) => [path, acts.map((act) => endedBy(act, input.clock.now()))])), ran: new Map([...recorded?.ranBefore ?? []].map(([path, end]) => [path, givenEnd(end)])), entered: new Set(recorded?.inFlight.keys()), told, openItems: [], passedOver: [], owed: [],
  };
  const run: Run = {
    id: input.run, account: recorded?.started.account ?? input.account, secrets: input.secrets?.known, secretInputs: input.secrets === undefined && input.plan.inputs.some(({ secret }) => secret !== undefined) ? "withheld" : "known", plan: input.plan, planned: new PlannedIndex(input.plan.nodes), transports: input.transports, engine: input.engine, emit, halt,
    abort: abort.signal, gate: new Gate(), watch: new Watch(emit, tally.entered, recorded?.outages ?? []), tally,
    resumption: recorded === undefined ? undefined : new Resumption(recorded, input.to ?? "go-on"),
  };
  if (input.to !== undefined && input.to !== "go-on") halt.raise(input.to === "abandon" ? { kind: "cancelled", because: "the run was abandoned" } : { kind: "rollback", because: "the run is to be undone" });
  for (const { halt: cause } of [...recorded?.unwinding.values() ?? []].flat()) if (cause !== undefined && !halt.raised) halt.raise(cause);
  const finished = withoutSecrets(new Scheduler(input.clock).run("", (task) => wholeRun(input, run, task)), input.secrets);
  return { finished, cancel: (because) => halt.raise({ kind: "cancelled", because }), abort: () => { halt.abort(); abort.abort(); } };
}

/** Our own mistake is told with its message, which may quote an argument. */
async function withoutSecrets<T>(finished: Promise<T>, secrets: RunSecrets | undefined): Promise<T> {
  try {
    return await finished;
  } catch (fault) {
    if (secrets === undefined || !(fault instanceof Error) || secrets.known.nameIn(`${fault.message}${fault.stack ?? ""}`) === undefined) throw fault;
    throw Object.assign(new Error(secrets.known.mask(fault.message)), { stack: secrets.known.mask(fault.stack ?? "") });
  }
}

/** Gives events their number and the system's time, which never goes back; keeps track of the steps that are told as started and not as finished. */
function stamped(input: ExecuteInput, told: Set<string>): (body: EventBody) => Event {
  let seq = input.recorded?.lastSeq ?? 0;
  let lastMs = input.recorded === undefined ? 0 : timeMs(input.recorded.lastAt);
  // Most events of a step come within one millisecond.
  let at = timeText(lastMs);
  const secrets = input.secrets?.known;
  return (raw) => {
    const body = secrets === undefined ? raw : maskEvent(raw, secrets);
    seq += 1;
    const nowMs = input.clock.now();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      at = timeText(nowMs);
    }
    const event: Event = { v: 1, seq, at, run: input.run, ...body };
    if (event.type === "step-started") told.add(event.step);
    if (event.type === "step-finished") told.delete(event.step);
    input.engine.record(event);
    return event;
  };
}

async function wholeRun(input: ExecuteInput, run: Run, task: Task): Promise<Event & RunFinished> {
  const { runbook, plan } = input;
  if (input.recorded === undefined) begin(input, run);
  else takeUp(input, run, input.recorded);
  const locks = runbook.mode === "checks" ? { kind: "held" as const, release: () => undefined } : input.lock.acquire(plan.locks, input.run);
  if (locks.kind !== "held") return end(input, run, { result: "stopped", because: keptOffBecause(locks) }, emptyObject());
  try {
    const ended = await runWhole(input, run, task);
    const result = resultOf(input, run, ended);
    if (isOver({ ...result, owed: run.tally.owed }, input.to ?? "go-on")) await removeRemains(run, task, input.rollback?.undo.jobs ?? []);
    return end(input, run, result, ended.outputs);
  } finally {
    locks.release();
  }
}

function begin(input: ExecuteInput, run: Run): void {
  const { plan } = input;
  const { owner, reviewed, references } = input.runbook;
  run.emit({
    type: "run-started", runbook: plan.runbook, title: plan.title, file: plan.file, digest: input.digest, system: plan.system, simulated: plan.simulated,
    inputs: plan.inputs, ...(owner === undefined ? {} : { owner }), ...(reviewed === undefined ? {} : { reviewed }), ...(references.length === 0 ? {} : { references }),
    operator: input.operator, account: input.account, host: input.host, tool: input.tool,
    ...(input.rollback === undefined ? {} : { undoes: input.rollback.undo.undoes, left: input.rollback.left }),
  });
  run.emit({ type: "plan-made", digest: plan.digest, nodes: plan.nodes });
}

/** Tells that the run goes on, and from what. */
function takeUp(input: ExecuteInput, run: Run, recorded: Recorded): void {
  run.emit({
    type: "run-resumed", to: input.to ?? "go-on", after: recorded.result, lastAt: recorded.lastAt, digest: input.digest,
    givenBack: [...recorded.given.values()].filter(({ when }) => when === "always").length, again: [...recorded.inFlight.keys()], unwatched: recorded.down,
    ...(input.changes === undefined || input.changes.length === 0 ? {} : { changes: input.changes }),
    operator: input.operator, account: input.account, host: input.host, tool: input.tool,
    ...(input.rollback === undefined ? {} : { left: input.rollback.left }),
  });
  run.emit({ type: "plan-made", digest: input.plan.digest, nodes: input.plan.nodes });
}

async function runWhole(input: ExecuteInput, run: Run, task: Task): Promise<FileEnd> {
  const { runbook, plan } = input;
  const given = emptyObject<Json>();
  for (const { name, value, secret } of plan.inputs) given[name] = secret === undefined ? value : input.secrets?.values.get(name) ?? SECRET_HOLE;
  const roots = makeRoots(runbook, given, { id: input.run, operator: input.recorded?.started.operator ?? input.operator, started: input.recorded?.started.at ?? timeText(task.now()), system: plan.system, simulated: plan.simulated });
  if (roots.kind === "error") throw new Error(`the plan was made, and the run has no roots: ${roots.error.map(({ message }) => message).join("; ")}`);
  takeFromVars(runbook, roots.value, run.secrets);
  const limitMs = settingMs(runbook.timeout, roots.value);
  const branch: Branch = {
    task, runbook, prefix: "", parent: undefined, phase: "step", roots: roots.value, scope: roots.value,
    limits: limitMs === undefined ? [] : [new Limit(task.now(), limitMs)], course: "forward", givenUp: () => false, depth: "whole", disruptors: 1,
  };
  const undo = input.rollback?.undo;
  run.watch.enter(runbook, "", undo?.roots ?? roots.value);
  const ended = undo === undefined ? await runFile(run, branch, runbook) : fileEndOf(await rollBack(run, { ...branch, limits: [] }, undo));
  run.watch.leave("", task.now());
  return ended;
}

function resultOf(input: ExecuteInput, run: Run, ended: FileEnd): ReturnType<typeof runResult> {
  const told = runResult({
    halt: run.halt.cause, goalHeld: ended.goal, goal: input.runbook.postconditions.length === 0 ? "none" : "stated", preconditions: ended.preconditions, steps: ended.steps, postconditions: ended.postconditions,
    intents: run.tally.intents, couldChange: run.plan.nodes.some(({ effect }) => effect !== "reads"), rescuedOrNoted: run.tally.rescuedOrNoted, passedOver: run.tally.passedOver,
  });
  if (input.rollback === undefined) return told;
  const { undoes, entries } = input.rollback.undo;
  if (told.result === "succeeded" && entries.length === 0) return { result: "nothing to do", because: `nothing is left of what the run ${undoes} did` };
  if (told.result === "succeeded") return { ...told, because: `what the run ${undoes} did is undone` };
  return told.result === "nothing to do" ? { ...told, because: `nothing is left of what the run ${undoes} did` } : told;
}

function end(input: ExecuteInput, run: Run, { result, because }: ReturnType<typeof runResult>, outputs: Readonly<Record<string, Json>>): Event & RunFinished {
  const facts: Omit<RunFinished, "next" | "type"> = {
    result, exitCode: exitCodeOf({ result, owed: run.tally.owed }, input.to ?? "go-on"), because, outages: run.watch.outages, outputs, openItems: run.tally.openItems, passedOver: run.tally.passedOver, owed: run.tally.owed,
  };
  return run.emit({ type: "run-finished", ...facts, next: input.next(facts, undoablePaths(run)) }) as Event & RunFinished;
}
