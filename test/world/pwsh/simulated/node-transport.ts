import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProgramResult } from "../../../../src/core/action.ts";
import type { CallOptions, Outcome, Transport } from "../../../../src/core/port.ts";
import type { NodeState } from "../../../../src/simulator/node-state.ts";
import type { World } from "../../../../src/simulator/world.ts";
import { powershellTransport, type ClosableTransport } from "../../../../src/world/powershell-transport.ts";
import { UNTETHERED } from "../../../../src/world/tether.ts";
import { keepContent, layJobs, layPath, type Contents } from "./node-disk.ts";
import { cutConnection, type RealNode } from "./nodes.ts";
import type { Asked, Way } from "./way.ts";
import { SILENCE, type Written } from "./world-server.ts";

/** What all nodes of a world share. */
export interface NodeSurroundings {
  readonly world: World;
  readonly way: Way;
  readonly contents: Contents;
  /** Programs of jobs that run, by the jobs' names: each is ended with its exit code. */
  readonly jobs: Map<string, (exitCode: number) => void>;
}

/** A real call has as long as it needs: limits are the world's, as its clock is. */
const REAL_LIMIT_MS = 600_000;

/**
 * A node of a simulated system as it is reached for real: every call goes through the real transport. Cmdlets, programs and pages
 * are asked of the world by the node itself, with what arrived there; files and jobs lie on the node's real disk, which is
 * made what the world says of it before it is read. What no node can say (a limit passed, it is down) the world says.
 */
export function nodeTransport(node: RealNode, direct: Transport, { world, way, contents, jobs }: NodeSurroundings): ClosableTransport {
  const real = powershellTransport(node.name, { kind: "powershell", via: "ssh" }, { fetched: mkdtempSync(join(tmpdir(), "runbook-")), tether: { ...UNTETHERED, isEnding: () => false } });

  /** What the node asks is answered by the world, if it is of the kind that was called. */
  async function asks<T extends object>(kind: Asked["kind"], handOver: () => Promise<Outcome<T>>, answer: (asked: Asked) => Promise<Outcome<T>>): Promise<{ readonly said: Outcome<T>; readonly meant: Outcome<T> | undefined }> {
    let meant: Outcome<T> | undefined;
    const said = await way.carry({
      real: handOver,
      world: async (asked): Promise<Written> => {
        if (asked.kind !== kind || (asked.kind !== "page" && asked.node !== node.name)) throw new Error(`a ${kind} was called on ${node.name}, and this arrived: ${JSON.stringify(asked)}`);
        meant = await answer(asked);
        return written(asked, meant);
      },
    });
    // A broken connection the node shows itself.
    const isUnsaid = meant !== undefined && (meant.kind === "timeout" || (meant.kind === "failed" && (kind !== "cmdlet" || meant.failure.code === "unreachable")));
    return { said: isUnsaid && meant !== undefined ? meant : said, meant };
  }

  /** In the order of the calls, without anything that arrives. */
  async function inTurn<T>(begin: () => Promise<T>, before: () => Promise<void> = async () => undefined): Promise<T> {
    const begun = await way.carry({ real: async () => { await before(); return { answer: begin() }; }, world: unasked });
    return begun.answer;
  }

  function stateOfNode(): NodeState {
    const machine = world.machine(node.name);
    if (machine.kind !== "node") throw new Error(`the world has no node ${node.name}`);
    return machine.node;
  }

  async function lay(path?: string): Promise<void> {
    await layJobs(world.state, stateOfNode(), node, (name, exitCode) => jobs.get(name)?.(exitCode));
    if (path !== undefined) layPath(world.state, stateOfNode(), node, path, contents);
  }

  /** What the world says is first made so on the disk, and then read there. */
  async function read<T>(begin: () => Promise<Outcome<T>>, look: () => Promise<Outcome<T>>, path?: string): Promise<Outcome<T>> {
    const meant = await inTurn(begin);
    if (meant.kind !== "ok") return meant;
    return way.outside(async () => {
      await lay(path);
      return look();
    });
  }

  return {
    run: async (call, options) => {
      const { said, meant } = await asks("program", () => real.run(call, patient(options)), (asked) => direct.run({ ...call, program: nameOf(asked), args: argsOf(asked) }, quiet(options)));
      return said.kind === "ok" && meant?.kind === "ok" ? { kind: "ok", value: wholeCode(said.value, meant.value) } : said;
    },
    cmdlet: async (call, options) => (await asks("cmdlet", () => real.cmdlet(call, patient(options)), (asked) => direct.cmdlet({ ...call, name: nameOf(asked), parameters: asked.kind === "cmdlet" ? asked.parameters : {} }, options))).said,
    script: async (call, options) => (await asks("page", () => real.script(call, patient(options)), (asked) => direct.script({ ...call, parameters: { ...call.parameters, ...(asked.kind === "page" ? { url: asked.url } : {}) } }, quiet(options)))).said,
    stat: (call, options) => read(() => direct.stat(call, options), () => real.stat(call, patient(options)), call.path),
    get: (call, options) => read(() => direct.get(call, options), () => real.get(call, patient(options)), call.from),
    jobs: (call, options) => read(() => direct.jobs(call, options), () => real.jobs(call, patient(options))),
    put: async (call, options) => {
      keepContent(contents, call.from);
      let said: Outcome<unknown> | undefined;
      const meant = await inTurn(() => direct.put(call, options), async () => { said = await real.put(call, patient(options)); });
      if (meant.kind !== "ok" || said?.kind !== "ok") return meant.kind === "ok" ? (said as typeof meant) : meant;
      return read(async () => meant, () => real.stat({ kind: "stat", path: call.to }, patient(options)), call.to);
    },
    startJob: async (name, call, options) => {
      let meant: ReturnType<Transport["startJob"]> | undefined;
      const asked = Promise.withResolvers<undefined>();
      const said = await way.outside(() => way.carry({
        real: async () => {
          const begun = await real.startJob(name, call, patient(options));
          // A program that was begun now has still to say so; one of an earlier call has said it.
          if (begun.kind === "ok" && !jobs.has(name)) await asked.promise;
          return begun;
        },
        world: (question) => {
          meant = direct.startJob(name, { ...call, program: nameOf(question), args: argsOf(question) }, options);
          const over = new Promise<Written>((resolve) => jobs.set(name, (exitCode) => resolve({ kind: "line", value: { exitCode, stdout: "", stderr: "" } })));
          asked.resolve(undefined);
          return over;
        },
      }));
      // One that was begun before is only looked at.
      const answer = await (meant ?? inTurn(() => direct.startJob(name, call, options)));
      if (answer.kind !== "ok" || said.kind !== "ok") return answer.kind === "ok" ? said : answer;
      return read(async () => answer, () => real.startJob(name, call, patient(options)));
    },
    forgetJobs: async (names, options) => {
      const meant = await inTurn(() => direct.forgetJobs(names, options), () => lay());
      return meant.kind === "ok" ? way.outside(() => real.forgetJobs(names, patient(options))) : meant;
    },
    ending: (sinceMs) => direct.ending(sinceMs),
    close: () => real.close(),
  };
}

/** What goes back to the node; where it is nothing that a node could say, its connection is cut. */
function written(asked: Asked, outcome: Outcome<object>): Written {
  if (outcome.kind === "ok") return { kind: "line", value: outcome.value };
  if (asked.kind === "page") return SILENCE;
  if (outcome.kind === "failed" && asked.kind === "cmdlet" && outcome.failure.code !== "unreachable") return { kind: "line", value: outcome.failure };
  cutConnection(asked.pid);
  return SILENCE;
}

function nameOf(asked: Asked): string {
  return asked.kind === "page" ? "" : asked.name;
}

function argsOf(asked: Asked): readonly string[] {
  return asked.kind === "program" ? asked.args : [];
}

function unasked(asked: Asked): Promise<never> {
  throw new Error(`nothing was called that asks, and this arrived: ${JSON.stringify(asked)}`);
}

/** Linux keeps eight bits of an exit code; the others come from the world. */
function wholeCode(said: ProgramResult, meant: ProgramResult): ProgramResult {
  return said.exitCode === meant.exitCode % 256 ? { ...said, exitCode: meant.exitCode } : said;
}

function patient(options: CallOptions): CallOptions {
  return { ...options, limitMs: REAL_LIMIT_MS };
}

function quiet(options: CallOptions): CallOptions {
  return { ...options, onOutput: () => undefined };
}
