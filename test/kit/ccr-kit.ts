import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { StatResult } from "../../src/core/action.ts";
import type { Event, RunFinished } from "../../src/core/event.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Outcome } from "../../src/core/port.ts";
import { readWorld, startedWorld } from "../../src/cli/world-file.ts";
import { resolveInputs } from "../../src/interpreter/language/inputs.ts";
import { makePlan } from "../../src/interpreter/plan/make-plan.ts";
import { execute, type Execution } from "../../src/interpreter/run/execute.ts";
import type { Engine } from "../../src/interpreter/run/engine.ts";
import { localEngine } from "../../src/interpreter/run/local-engine.ts";
import { worldPeople } from "../../src/simulator/people.ts";
import { simulatedTransports } from "../../src/simulator/transport.ts";
import { VirtualClock } from "../../src/simulator/virtual-clock.ts";
import type { World } from "../../src/simulator/world.ts";
import { loadedRunbook } from "../runbooks/loaded.ts";
import { PROJECT } from "../docs/project.ts";
import { freeLock } from "./run-kit.ts";

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

function pathOf(name: string): string {
  return join(PROJECT, name.includes("/") ? name : `examples/worlds/${name}.world.yml`);
}

async function worldOf(path: string, text: string): Promise<World> {
  const read = readWorld(path, { name: path, text });
  if (read.world === undefined) throw new Error(read.diagnostics.map(({ message }) => message).join("\n"));
  const started = await startedWorld(read.world);
  if (started.kind === "error") throw new Error(started.error.map(({ message }) => message).join("\n"));
  return started.value;
}

function statFile(path: string): Outcome<StatResult> {
  if (!existsSync(path)) return { kind: "ok", value: { exists: false, bytes: 0, sha256: "", folder: false } };
  const stat = statSync(path);
  if (stat.isDirectory()) return { kind: "ok", value: { exists: true, bytes: 0, sha256: "", folder: true } };
  return { kind: "ok", value: { exists: true, bytes: stat.size, sha256: createHash("sha256").update(readFileSync(path)).digest("hex"), folder: false } };
}

const INPUTS: Readonly<Record<string, string>> = { kb: "945684", build: "8.1.263.1", source: join(PROJECT, "examples/packages"), cms: "EXCLUS1", node_a: "NODEA", node_b: "NODEB" };

/** What a trial may change. */
export interface CcrOptions {
  readonly file?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: Event, execution: () => Execution, world: World) => void;
  readonly engine?: Partial<Engine>;
}

const runs = new WeakMap<World, number>();

/** The run's id: a world's runs are told apart by it, and fresh worlds see the same ids. */
function runId(world: World): string {
  const number = (runs.get(world) ?? 0) + 1;
  runs.set(world, number);
  return `r${String(number).padStart(9, "0")}`;
}

/** Runs the flagship, or another runbook, on a world, which keeps what the run did. */
export async function runOnWorld(world: World, options: CcrOptions = {}): Promise<CcrTrial> {
  const runbook = loadedRunbook(options.file ?? "runbooks/ccr-rollup.yml");
  const known = new Set(runbook.inputs.map(({ name }) => name));
  const values = new Map(Object.entries({ ...INPUTS, ...options.inputs }).filter(([name]) => known.has(name)).map(([name, text]) => [name, { kind: "text" as const, text }]));
  const inputs = resolveInputs(runbook, [{ origin: "--set", strict: "names-must-exist", values }]);
  if (inputs.kind === "error") throw new Error(inputs.error.map(({ message }) => message).join("\n"));
  const plan = makePlan({ runbook, displayFile: "ccr-rollup.yml", inputs: inputs.value, system: "exclus1", simulated: true });
  if (plan.kind === "error") throw new Error(plan.error.map(({ message }) => message).join("\n"));
  const clock = new VirtualClock(world.state.nowMs, { settle: () => new Promise((resolve) => { setImmediate(resolve); }) });
  const events: Event[] = [];
  const transports = simulatedTransports(world, clock, { stat: async (path) => statFile(path), keep: async (name) => name });
  const engine = localEngine({
    journal: { append: () => undefined, sync: async () => undefined }, people: worldPeople(world, clock), permit: undefined,
    onEvent: (event) => { events.push(event); options.onEvent?.(event, () => execution, world); },
  });
  const execution: Execution = execute({
    runbook, plan: plan.value, run: runId(world), digest: "0".repeat(64), operator: "pat", account: "pat", host: "desk", tool: "runbook test",
    clock, transports, lock: freeLock, next: () => [], engine: { ...engine, ...options.engine },
  });
  const end = await execution.finished;
  world.passTo(clock.now());
  const statuses: Record<string, string> = {};
  for (const event of events) if (event.type === "step-finished") statuses[event.step] = event.status;
  return { events, end, plan: plan.value, statuses };
}
