import { readFileSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CmdletResult, JobResult } from "../../src/core/action.ts";
import { sha256 } from "../../src/core/digest.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { CallOptions, Outcome } from "../../src/core/port.ts";
import { parse } from "../../src/interpreter/language/parse.ts";
import { valueOf } from "../../src/interpreter/language/value-of.ts";
import { startState } from "../../src/simulator/start-world.ts";
import { simulatedTransports } from "../../src/simulator/transport.ts";
import { VirtualClock } from "../../src/simulator/virtual-clock.ts";
import { World } from "../../src/simulator/world.ts";
import { WORLD_SCHEMA, type WorldFile } from "../../src/simulator/world-schema.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
/** The stand-in of the rollup, as the worlds name it, and where it lies on the disk. */
export const PACKAGE = "../packages/Exchange2007-KB945684-x64-EN.msp";
const content = readFileSync(new URL("packages/Exchange2007-KB945684-x64-EN.msp", EXAMPLES));
export const PACKAGE_CONTENT = { sha256: sha256(content), bytes: content.length };

/** A world file of the examples, or one that is given as text, converted by its schema. */
export function worldFile(text: string): WorldFile {
  const tree = parse({ name: "world.yml", text });
  if (tree.node === undefined || tree.diagnostics.length > 0) throw new Error(JSON.stringify(tree.diagnostics.map(({ message }) => message)));
  const { value, diagnostics } = valueOf(tree.node, WORLD_SCHEMA);
  if (value === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics.map(({ message }) => message)));
  return value as unknown as WorldFile;
}

/** The text of a world of the examples. */
export function exampleText(name: string): string {
  return readFileSync(new URL(`worlds/${name}.world.yml`, EXAMPLES), "utf8");
}

/** A world of the examples at its beginning; `more` is added to the file. */
export function exampleWorld(name = "two-node", more: Partial<WorldFile> = {}): World {
  return worldOf({ ...worldFile(exampleText(name)), ...more });
}

/** A world at its beginning. */
export function worldOf(file: WorldFile): World {
  return new World(startState(file, new Map([[PACKAGE, PACKAGE_CONTENT]]), Date.UTC(2008, 2, 15)));
}

/** A clock that begins with the world. */
export function clockOf(world: World): VirtualClock {
  return new VirtualClock(world.state.nowMs, { settle: async () => void (await nextTurn()) });
}

/** Options of a call. */
export function options(limitMs = 3_600_000): CallOptions {
  return { limitMs, onOutput: () => undefined, signal: new AbortController().signal };
}

/** A driver that lets the world's time pass until an answer is there. */
export class Driver {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly kept: { readonly name: string; readonly text: string }[] = [];
  readonly transports: ReturnType<typeof simulatedTransports>;

  constructor(world: World) {
    this.world = world;
    this.clock = clockOf(world);
    this.transports = simulatedTransports(world, this.clock, {
      stat: async (path) => (path.endsWith(".msp")
        ? { kind: "ok", value: { exists: true, folder: false, ...PACKAGE_CONTENT } }
        : { kind: "ok", value: { exists: false, folder: false, bytes: 0, sha256: "" } }),
      keep: async (name, text) => {
        this.kept.push({ name, text });
        return `/run/${name}`;
      },
    });
  }

  /** What a promise comes to, when as much time has passed as it takes. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const progress = { over: false };
    const ended = promise.finally(() => {
      progress.over = true;
    });
    while (!progress.over) await this.clock.advance(() => !progress.over);
    return ended;
  }

  /** Lets that much time pass. */
  async pass(ms: number): Promise<void> {
    await this.until(new Promise<void>((resolve) => this.clock.at(this.clock.now() + ms, "pass", resolve)));
    this.world.passTo(this.clock.now());
  }

  /** The answer of a program: its exit code and what it printed. */
  async run(node: string, program: string, ...args: readonly string[]): Promise<{ readonly exitCode: number; readonly out: string }> {
    const outcome = await this.until(this.transports.to(node).run({ kind: "program", program, args }, options()));
    if (outcome.kind !== "ok") throw new Error(JSON.stringify(outcome));
    return { exitCode: outcome.value.exitCode, out: outcome.value.stdout + outcome.value.stderr };
  }

  /** The outcome of a cmdlet, with the properties that are wanted. */
  async cmdlet(node: string, name: string, parameters: Readonly<Record<string, Json>>, ...properties: readonly string[]): Promise<Outcome<CmdletResult>> {
    return this.until(this.begun(node, name, parameters, ...properties));
  }

  /** A cmdlet that has begun: time passes only where the test lets it. */
  begun(node: string, name: string, parameters: Readonly<Record<string, Json>>, ...properties: readonly string[]): Promise<Outcome<CmdletResult>> {
    return this.transports.to(node).cmdlet({ kind: "cmdlet", name, parameters, properties }, options());
  }

  /** The records of a cmdlet that goes well. */
  async records(node: string, name: string, parameters: Readonly<Record<string, Json>>, ...properties: readonly string[]): Promise<readonly JsonObject[]> {
    const outcome = await this.cmdlet(node, name, parameters, ...properties);
    if (outcome.kind !== "ok") throw new Error(JSON.stringify(outcome));
    return outcome.value.records;
  }

  /** Copies the package to a node and starts its installation there as a job; gives what becomes of the start. */
  async install(node: string, job = "job", args: readonly string[] = INSTALL): Promise<Outcome<JobResult>> {
    await this.until(this.transports.to(node).put({ kind: "put", from: "/packages/rollup.msp", to: "D:\\ur\\rollup.msp" }, options()));
    return this.until(this.transports.to(node).startJob(job, { kind: "job", program: "msiexec.exe", args, log: "D:\\ur\\rollup.log" }, options()));
  }

  /** The job of that name as its node knows it; waits in steps of a minute until it does not run any more, at most six hours. */
  async ended(node: string, job = "job"): Promise<JobResult> {
    for (let minutes = 0; minutes < 360; minutes += 1) {
      const outcome = await this.until(this.transports.to(node).jobs({ kind: "jobs" }, options()));
      const found = outcome.kind === "ok" ? outcome.value.jobs.find((known) => known.name === job) : undefined;
      if (found !== undefined && found.state !== "running") return found;
      await this.pass(60_000);
    }
    throw new Error(`${job} still runs`);
  }
}

/** The command line of an unattended installation. */
export const INSTALL: readonly string[] = ["/update", "D:\\ur\\rollup.msp", "/quiet", "/norestart", "/l*vx", "D:\\ur\\rollup.log"];
/** The parameters of a move to a node. */
export const moveTo = (node: string): Readonly<Record<string, Json>> => ({ Identity: "EXCLUS1", TargetMachine: node, MoveComment: "Applying update rollup", Confirm: false });
