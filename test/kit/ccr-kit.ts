import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SourceFormat, SourceResult } from "../../src/core/action.ts";
import { ok } from "../../src/core/result.ts";
import type { Event, RunFinished } from "../../src/core/event.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Lock, Outcome, Transports } from "../../src/core/port.ts";
import type { Runbook } from "../../src/core/runbook.ts";
import { readWorld, startedWorld } from "../../src/cli/world-file.ts";
import { parsePatchFile } from "../../src/formats/msp-file.ts";
import { resolveInputs } from "../../src/interpreter/language/inputs.ts";
import { makePlan } from "../../src/interpreter/plan/make-plan.ts";
import { makeRollbackPlan } from "../../src/interpreter/plan/rollback-plan.ts";
import { deedsOf } from "../../src/interpreter/run/deeds.ts";
import type { Recorded } from "../../src/interpreter/run/recorded.ts";
import { execute, type Execution } from "../../src/interpreter/run/execute.ts";
import type { Engine } from "../../src/interpreter/run/engine.ts";
import { rollbackOf } from "../../src/interpreter/run/rollback.ts";
import { localEngine } from "../../src/interpreter/run/local-engine.ts";
import { worldPeople } from "../../src/simulator/people.ts";
import { simulatedTransports } from "../../src/simulator/transport.ts";
import { VirtualClock } from "../../src/simulator/virtual-clock.ts";
import type { World } from "../../src/simulator/world.ts";
import { loadedRunbook } from "../runbooks/loaded.ts";
import { PROJECT } from "../docs/project.ts";
import { FaultWatch } from "./fault-watch.ts";
import { freeLock } from "./run-kit.ts";
import { rulesBroken } from "./run-rules.ts";

/** What a run on a simulated cluster came to. */
export interface CcrTrial {
  readonly events: readonly Event[];
  readonly end: Event & RunFinished;
  readonly plan: Plan;
  readonly statuses: Readonly<Record<string, string>>;
}

/** A fresh world from `examples/worlds/NAME.world.yml`, or from another path below the project. */
export async function freshWorld(name: string): Promise<World> {
  return worldOf(pathOf(name), readFileSync(pathOf(name), "utf8"));
}

/** A fresh world that is another one with some of its text replaced; every piece must be there. */
export async function changedWorld(name: string, ...changes: readonly (readonly [string, string])[]): Promise<World> {
  const text = changes.reduce((before, [piece, other]) => {
    if (!before.includes(piece)) throw new Error(`${name} does not hold ${piece}`);
    return before.replace(piece, other);
  }, readFileSync(pathOf(name), "utf8"));
  return worldOf(pathOf(name), text);
}

/** Where a world lies: `examples/worlds/NAME.world.yml` for a bare name. */
export function pathOf(name: string): string {
  return join(PROJECT, name.includes("/") ? name : `examples/worlds/${name}.world.yml`);
}

/** A fresh world of a text that lies nowhere: as if at `path`, which is absolute. */
export async function worldOf(path: string, text: string): Promise<World> {
  const read = readWorld(path, { name: path, text });
  if (read.world === undefined) throw new Error(read.diagnostics.map(({ message }) => message).join("\n"));
  const started = await startedWorld(read.world);
  if (started.kind === "error") throw new Error(started.error.map(({ message }) => message).join("\n"));
  return started.value;
}

const PACKAGES = join(PROJECT, "test/formats/packages");
/** Below it every package lies as if it had any name: `as-if/FILE/NAME` is the file. */
const AS_IF = join(PACKAGES, "as-if");

/** Inputs with which a file of `test/formats/packages` lies where the rollup should, under its name; none where no file is given. */
export function sourceWith(file: string | undefined): Readonly<Record<string, string>> {
  return file === undefined ? {} : { source: join(AS_IF, file) };
}

function statFile(asked: string, as?: SourceFormat): Outcome<SourceResult> {
  const path = asked.startsWith(`${AS_IF}/`) ? join(PACKAGES, dirname(asked.slice(AS_IF.length))) : asked;
  if (!existsSync(path)) return { kind: "ok", value: { exists: false, bytes: 0, sha256: "", folder: false } };
  const stat = statSync(path);
  if (stat.isDirectory()) return { kind: "ok", value: { exists: true, bytes: 0, sha256: "", folder: true } };
  const content = readFileSync(path);
  return { kind: "ok", value: { exists: true, bytes: stat.size, sha256: createHash("sha256").update(content).digest("hex"), folder: false, ...(as === undefined ? {} : { patch: parsePatchFile(content) }) } };
}

const INPUTS: Readonly<Record<string, string>> = { kb: "945684", signer: "Example Publisher", build: "8.1.263.1", source: join(PROJECT, "examples/packages"), cms: "EXCLUS1", node_a: "NODEA", node_b: "NODEB" };

/** What a trial may change. */
export interface CcrOptions {
  readonly file?: string;
  /** In place of the file: a runbook that was loaded otherwise. */
  readonly runbook?: Runbook;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: Event, execution: () => Execution, world: World) => void;
  readonly engine?: Partial<Engine>;
  /** What the journal of this world's last run tells: the run is taken up again. */
  readonly recorded?: Recorded;
  /** The events of a run on this world that this one undoes, as far back as it can. */
  readonly undoes?: readonly Event[];
  readonly lock?: Lock;
  /** How the world's nodes are reached, where that is not directly: the transports in place of its own, and what has to come to rest before its time goes on. */
  readonly way?: { readonly around: (direct: Transports) => Transports; readonly settled: () => Promise<void> };
  /** `broken-on-purpose`: the run is one that may break the rules of the domain page, 7.4. Default: it throws where it does. */
  readonly rules?: "broken-on-purpose";
}

const runs = new WeakMap<World, number>();

/** The run's id: a world's runs are told apart by it, and fresh worlds see the same ids. */
function runId(world: World): string {
  const number = (runs.get(world) ?? 0) + 1;
  runs.set(world, number);
  return `r${String(number).padStart(9, "0")}`;
}

function lastRunId(world: World): string {
  return `r${String(runs.get(world) ?? 1).padStart(9, "0")}`;
}

const watches = new WeakMap<World, FaultWatch>();

/** What befalls a world, watched from its first run on. */
export function watchOf(world: World): FaultWatch {
  const watch = watches.get(world) ?? new FaultWatch(world);
  watches.set(world, watch);
  return watch;
}

const loaded = new Map<string, Runbook>();

function loadedOnce(file: string): Runbook {
  const known = loaded.get(file) ?? loadedRunbook(file);
  loaded.set(file, known);
  return known;
}

/** Runs the flagship, or another runbook, on a world, which keeps what the run did. */
export async function runOnWorld(world: World, options: CcrOptions = {}): Promise<CcrTrial> {
  const runbook = options.runbook ?? loadedOnce(options.file ?? "runbooks/ccr-rollup.yml");
  const names = new Set(runbook.inputs.map(({ name }) => name));
  const values = new Map(Object.entries({ ...INPUTS, ...options.inputs }).filter(([name]) => names.has(name)).map(([name, text]) => [name, { kind: "text" as const, text }]));
  const inputs = resolveInputs(runbook, [{ origin: "--set", strict: "names-must-exist", values }]);
  if (inputs.kind === "error") throw new Error(inputs.error.map(({ message }) => message).join("\n"));
  const plan = makePlan({ runbook, displayFile: "ccr-rollup.yml", inputs: inputs.value, system: "exclus1", simulated: true });
  if (plan.kind === "error") throw new Error(plan.error.map(({ message }) => message).join("\n"));
  const undo = options.undoes === undefined ? undefined : rollbackOf(runbook, inputs.value, deedsOf(options.undoes), new Set());
  if (undo?.kind === "error") throw new Error(undo.error.map(({ message }) => message).join("\n"));
  const planned = undo === undefined ? plan.value : makeRollbackPlan(plan.value, undo.value.undoes, undo.value.entries);
  const watch = watchOf(world);
  const known = world.state.breaches.length;
  const settle = options.way?.settled ?? ((): Promise<void> => new Promise((resolve) => { setImmediate(resolve); }));
  const clock = new VirtualClock(world.state.nowMs, { settle });
  const events: Event[] = [];
  const direct = simulatedTransports(world, clock, { stat: async (path, as) => statFile(path, as), keep: async (name) => name });
  const transports = options.way?.around(direct) ?? direct;
  const engine = localEngine({
    journal: { append: () => undefined, sync: async () => ok(undefined) }, people: worldPeople(world, clock), permit: undefined,
    onEvent: (event) => { events.push(event); options.onEvent?.(event, () => execution, world); },
  });
  const execution: Execution = execute({
    ...(options.recorded === undefined ? {} : { recorded: options.recorded }), ...(undo === undefined ? {} : { rollback: { undo: undo.value, left: [] } }), runbook, plan: planned, run: options.recorded === undefined ? runId(world) : lastRunId(world), digest: "0".repeat(64), operator: "pat", account: "pat", host: "desk", tool: "runbook test",
    clock, transports, lock: options.lock ?? freeLock, next: () => [], engine: { ...engine, ...options.engine },
  });
  const end = await execution.finished;
  world.passTo(clock.now());
  const broken = options.rules === undefined ? rulesBroken(world, known, events, watch.happened()) : [];
  if (broken.length > 0) throw new Error(`the run broke ${broken.join("; ")}`);
  const statuses: Record<string, string> = {};
  for (const event of events) if (event.type === "step-finished") statuses[event.step] = event.status;
  return { events, end, plan: planned, statuses };
}
