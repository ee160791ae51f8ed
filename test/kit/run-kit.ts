import { builtins } from "../../src/builtins/index.ts";
import type { AnyBuiltin } from "../../src/core/builtin.ts";
import type { Event, RunFinished } from "../../src/core/event.ts";
import { error, ok } from "../../src/core/result.ts";
import type { AskedQuestion, Clock, Lock, People, Reply, Transports } from "../../src/core/port.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Runbook } from "../../src/core/runbook.ts";
import { Secrets } from "../../src/core/secrets.ts";
import { loadRunbook } from "../../src/interpreter/language/load.ts";
import { resolveInputs } from "../../src/interpreter/language/inputs.ts";
import { makePlan } from "../../src/interpreter/plan/make-plan.ts";
import { makeRollbackPlan } from "../../src/interpreter/plan/rollback-plan.ts";
import { deedsOf } from "../../src/interpreter/run/deeds.ts";
import type { Recorded } from "../../src/interpreter/run/recorded.ts";
import type { RunSecrets } from "../../src/interpreter/run/run-secrets.ts";
import { execute, type Execution } from "../../src/interpreter/run/execute.ts";
import { rollbackOf } from "../../src/interpreter/run/rollback.ts";
import { localEngine } from "../../src/interpreter/run/local-engine.ts";
import { jobBuiltin } from "./job-builtin.ts";
import { storeBuiltins } from "./store-world.ts";

/** A run to be tried: files by name (`main.yml` is the run's), inputs as text. */
export interface Trial {
  readonly files: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Secrets by input: what their sources hold now. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly transports: Transports;
  /** Answers by a part of the question; a question without one is answered by nobody. */
  readonly answers?: Readonly<Record<string, string>>;
  /** How long people take on the system's clock. Default: they sit at the terminal, and take none of its time. */
  readonly answersAfterMs?: number;
  /** Who is there, in place of those who give `answers`. */
  readonly people?: People;
  readonly lock?: Lock;
  /** What the journal tells of the run that is taken up. */
  readonly recorded?: Recorded;
  /** To what a run is taken up. Default: it goes on. */
  readonly to?: "go-on" | "abandon" | "rollback";
  /** The events of a run that this one undoes, and the steps of it that are left as they are. */
  readonly undoes?: { readonly events: readonly Event[]; readonly leave?: readonly string[] };
  /** The runner dies directly after the record of this number. */
  readonly diesAt?: number;
  /** Called with every event as it happens. */
  readonly onEvent?: (event: Event, execution: () => Execution) => void;
}

/** The runner is dead: what it would have done after this it does not do. */
export class Died extends Error {
  /** What it had recorded. */
  readonly events: readonly Event[];
  constructor(events: readonly Event[]) {
    super("the runner died");
    this.events = events;
  }
}

/** What a trial came to. */
export interface Tried {
  readonly events: readonly Event[];
  readonly end: Event & RunFinished;
  readonly plan: Plan;
  /** Statuses by path, the last that each step had. */
  readonly statuses: Readonly<Record<string, string>>;
}

const registry: ReadonlyMap<string, AnyBuiltin> = new Map([...builtins, ...[...storeBuiltins, jobBuiltin].map((builtin) => [builtin.name, builtin] as const)]);

/** A runbook from texts; its faults are thrown, since a trial has none. */
export function loadTexts(files: Readonly<Record<string, string>>): Runbook {
  const loaded = loadRunbook("/project/main.yml", "main.yml", {
    files: { read: (path) => { const text = files[path.replace("/project/", "")]; return text === undefined ? error(`there is no ${path}`) : ok(text); } },
    registry,
    projectFolder: "/project",
  });
  if (loaded.runbook === undefined) throw new Error(loaded.diagnostics.map(({ code, message, hint }) => `${code}: ${message}; ${hint ?? ""}`).join("\n"));
  return loaded.runbook;
}

/** A lock that nobody else holds. */
export const freeLock: Lock = { acquire: () => ({ kind: "held", release: () => undefined }) };

function secretsOf(given: Readonly<Record<string, string>>): RunSecrets {
  const known = new Secrets();
  for (const [name, text] of Object.entries(given)) known.add(name, text);
  return { values: new Map(Object.entries(given)), known };
}

/** Plans and runs. */
export async function tryRun(trial: Trial): Promise<Tried> {
  const runbook = loadTexts(trial.files);
  const values = new Map(Object.entries(trial.inputs ?? {}).map(([name, text]) => [name, { kind: "text" as const, text }]));
  const inputs = resolveInputs(runbook, [{ origin: "--set", strict: "names-must-exist", values }]);
  if (inputs.kind === "error") throw new Error(inputs.error.map(({ message }) => message).join("\n"));
  const plan = makePlan({ runbook, displayFile: "main.yml", inputs: inputs.value, system: "trial", simulated: true });
  if (plan.kind === "error") throw new Error(plan.error.map(({ message }) => message).join("\n"));
  const { undoes } = trial;
  const undo = undoes === undefined ? undefined : rollbackOf(runbook, plan.value.inputs, deedsOf(undoes.events), new Set(undoes.leave));
  if (undo?.kind === "error") throw new Error(undo.error.map(({ message }) => message).join("\n"));
  const planned = undo === undefined ? plan.value : makeRollbackPlan(plan.value, undo.value.undoes, undo.value.entries);
  const events: Event[] = [];
  const ask = async (question: AskedQuestion): Promise<Reply> => {
    const found = Object.entries(trial.answers ?? {}).find(([part]) => question.text.includes(part));
    if (found !== undefined && trial.answersAfterMs !== undefined) await new Promise<void>((resolve) => trial.clock.at(trial.clock.now() + (trial.answersAfterMs ?? 0), "person", resolve));
    return found === undefined ? { kind: "nobody" } : { kind: "answered", answer: { answer: found[1], by: "Pat", account: "pat", host: "desk", reason: "asked" } };
  };
  const execution: Execution = execute({
    ...(trial.recorded === undefined ? {} : { recorded: trial.recorded }), ...(trial.to === undefined ? {} : { to: trial.to }), ...(undo === undefined ? {} : { rollback: { undo: undo.value, left: undoes?.leave ?? [] } }),
    runbook, plan: planned, run: undo === undefined ? "r000000001" : "u000000001", digest: "0".repeat(64), operator: "pat", account: "pat", host: "desk", tool: "runbook test",
    ...(trial.secrets === undefined ? {} : { secrets: secretsOf(trial.secrets) }), clock: trial.clock, transports: trial.transports, lock: trial.lock ?? freeLock, next: () => [],
    engine: localEngine({
      journal: { append: () => undefined, sync: async () => ok(undefined) }, people: trial.people ?? { presence: trial.answersAfterMs === undefined ? "terminal" : "simulated", ask }, permit: undefined,
      onEvent: (event) => {
        if (trial.diesAt !== undefined && event.seq > trial.diesAt) throw new Died(events);
        events.push(event);
        if (event.seq === trial.diesAt) throw new Died(events);
        trial.onEvent?.(event, () => execution);
      },
    }),
  });
  const end = await execution.finished;
  const statuses: Record<string, string> = {};
  for (const event of events) if (event.type === "step-finished") statuses[event.step] = event.status;
  return { events, end, plan: planned, statuses };
}
