import { ok } from "../../src/core/result.ts";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { RunFinished, Event } from "../../src/core/event.ts";
import type { Lock } from "../../src/core/port.ts";
import { resolveInputs } from "../../src/interpreter/language/inputs.ts";
import { parse } from "../../src/interpreter/language/parse.ts";
import { valueOf } from "../../src/interpreter/language/value-of.ts";
import { makePlan } from "../../src/interpreter/plan/make-plan.ts";
import { execute } from "../../src/interpreter/run/execute.ts";
import { localEngine } from "../../src/interpreter/run/local-engine.ts";
import { checkWorld } from "../../src/simulator/check-world.ts";
import { worldPeople } from "../../src/simulator/people.ts";
import { startState, type PackageContent } from "../../src/simulator/start-world.ts";
import { simulatedTransports } from "../../src/simulator/transport.ts";
import { VirtualClock } from "../../src/simulator/virtual-clock.ts";
import { World } from "../../src/simulator/world.ts";
import { WORLD_SCHEMA, type WorldFile } from "../../src/simulator/world-schema.ts";
import { readFileFacts } from "../../src/world/file-facts.ts";
import { readSource } from "../../src/world/local-transport.ts";
import { PROJECT } from "../docs/project.ts";
import { loadedRunbook } from "./loaded.ts";

const BASE = join(PROJECT, "examples/worlds/two-node.world.yml");

/** What a run came to. */
export interface Ran {
  readonly events: readonly Event[];
  readonly end: Event & RunFinished;
  /** Status by path: the last that each step had. */
  readonly statuses: ReadonlyMap<string, string>;
  /** Paths of the steps that changed something, in order, each once. */
  readonly changed: readonly string[];
}

/** A cluster that lives on between runs. */
export interface Cluster {
  readonly world: World;
  /** `seen` is called with every event, when the world's time is the event's. */
  run(runbook: string, inputs?: Readonly<Record<string, string>>, seen?: (event: Event) => void): Promise<Ran>;
}

const FREE: Lock = { acquire: () => ({ kind: "held", release: () => undefined }) };

/** The base world's file, to be changed by a test before it begins. */
export function baseWorld(): WorldFile {
  const { node } = parse({ name: BASE, text: readFileSync(BASE, "utf8") });
  if (node === undefined) throw new Error("the base world cannot be parsed");
  const { value, diagnostics } = valueOf(node, WORLD_SCHEMA);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  return value as WorldFile;
}

/** A cluster as a world file says. */
export async function clusterOf(file: WorldFile): Promise<Cluster> {
  const faults = checkWorld(file);
  if (faults.length > 0) throw new Error(faults.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  const contents = new Map<string, PackageContent>();
  const never = new AbortController().signal;
  for (const { from } of file.packages ?? []) contents.set(from, await readFileFacts(join(dirname(BASE), from), never));
  return clusterOn(new World(startState(file, contents, Date.UTC(2008, 2, 15, 9))));
}

/** A cluster that a world is. */
export function clusterOn(world: World): Cluster {
  let runs = 0;
  return {
    world,
    run: (runbook, inputs = {}, seen = () => undefined) => {
      runs += 1;
      return runOn(world, runbook, inputs, `r00000000${runs}`, seen);
    },
  };
}

/** What the base inventory gives. */
const INPUTS: Readonly<Record<string, string>> = {
  kb: "945684", signer: "Example Publisher", build: "8.1.263.1", cms: "EXCLUS1", node_a: "NODEA", node_b: "NODEB", source: join(PROJECT, "examples/packages"), passive: "NODEB", active: "NODEA",
};

async function runOn(world: World, file: string, given: Readonly<Record<string, string>>, id: string, seen: (event: Event) => void): Promise<Ran> {
  const runbook = loadedRunbook(file);
  const own = new Set(runbook.inputs.map(({ name }) => name));
  const values = new Map(Object.entries({ ...INPUTS, ...given }).filter(([name]) => own.has(name)).map(([name, text]) => [name, { kind: "text" as const, text }]));
  const inputs = resolveInputs(runbook, [{ origin: "--set", strict: "names-must-exist", folder: PROJECT, values }]);
  if (inputs.kind === "error") throw new Error(inputs.error.map(({ message }) => message).join("; "));
  const plan = makePlan({ runbook, displayFile: file, inputs: inputs.value, system: "exclus1", simulated: true });
  if (plan.kind === "error") throw new Error(plan.error.map(({ message }) => message).join("; "));
  const clock = new VirtualClock(world.state.nowMs, { settle: () => nextTurn() });
  const transports = simulatedTransports(world, clock, {
    stat: (path, as) => readSource(path, as),
    keep: async (name) => name,
  });
  const events: Event[] = [];
  const onEvent = (event: Event): void => {
    events.push(event);
    world.passTo(clock.now());
    seen(event);
  };
  const engine = localEngine({ journal: { append: () => undefined, sync: async () => ok(undefined) }, people: worldPeople(world, clock), onEvent, permit: undefined });
  const execution = execute({ runbook, plan: plan.value, run: id, digest: "0", operator: "operator", account: "operator", host: "test", tool: "test", clock, transports, engine, lock: FREE, next: () => [] });
  const end = await execution.finished;
  world.passTo(clock.now());
  const statuses = new Map<string, string>();
  for (const event of events) if (event.type === "step-finished") statuses.set(event.step, event.status);
  const changed = [...new Set(events.flatMap((event) => (event.type === "action-started" && event.effect !== "reads" ? [event.step] : [])))];
  return { events, end, statuses, changed };
}
