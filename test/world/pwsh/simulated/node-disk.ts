import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFile, folderExists } from "../../../../src/simulator/files.ts";
import { jobResult } from "../../../../src/simulator/job-call.ts";
import type { NodeState } from "../../../../src/simulator/node-state.ts";
import type { WorldState } from "../../../../src/simulator/world-state.ts";
import { JOB_FILES, type JobBegun, type JobEnded } from "../../../../src/world/job-files.ts";
import { until } from "../../real-process.ts";
import type { RealNode } from "./nodes.ts";

/** The contents of files that were put on any node, by their hash. */
export type Contents = Map<string, Buffer>;

/** Makes a path of a node's real disk what the world says of it: a file, a folder, or nothing. */
export function layPath(state: WorldState, node: NodeState, { disk }: RealNode, path: string, contents: Contents): void {
  const real = join(disk, path);
  const file = findFile(state, node, path);
  if (file === undefined) {
    rmSync(real, { recursive: true, force: true });
    if (folderExists(node, path)) mkdirSync(real);
    return;
  }
  const content = file.text === undefined ? contents.get(file.sha256) : Buffer.from(file.text, "utf8");
  if (content === undefined) throw new Error(`nobody knows the content of ${path} on ${node.name}`);
  if (!existsSync(real) || !statSync(real).isFile() || !readFileSync(real).equals(content)) writeFileSync(real, content);
}

/** Keeps the content of a file of the runner, so that it can be laid on a disk; one that is not there has none. */
export function keepContent(contents: Contents, path: string): void {
  if (!existsSync(path)) return;
  const content = readFileSync(path);
  contents.set(createHash("sha256").update(content).digest("hex"), content);
}

/**
 * Makes the folders of a node's jobs what the world says of them: its clock in place of this machine's, the exit code whole, the
 * log as far as it is written. `release` ends the program of a job that is over in the world; what its supervisor writes then is waited for.
 */
export async function layJobs(state: WorldState, node: NodeState, real: RealNode, release: (name: string, exitCode: number) => void): Promise<void> {
  for (const job of node.jobs) {
    const folder = join(real.jobs, job.name);
    if (job.foreign === true || !existsSync(join(folder, JOB_FILES.begun))) continue;
    if (job.state === "lost") throw new Error(`the job ${job.name} of ${node.name} was lost, which no real node can show here`);
    const { startedAt, endedAt, exitCode } = jobResult(state, job);
    change<JobBegun>(join(folder, JOB_FILES.begun), (begun) => ({ ...begun, startedAt }));
    if (job.log !== undefined) layPath(state, node, real, job.log, new Map());
    if (endedAt === undefined || exitCode === undefined) continue;
    release(job.name, exitCode);
    const ended = join(folder, JOB_FILES.ended);
    await until(() => (existsSync(ended) ? true : undefined));
    change<JobEnded>(ended, (said) => {
      if (said.exitCode !== exitCode && said.exitCode !== exitCode % 256) throw new Error(`${job.program} ended with ${said.exitCode} where the world says ${exitCode}`);
      return { exitCode, endedAt };
    });
  }
}

function change<T>(path: string, made: (before: T) => T): void {
  writeFileSync(path, JSON.stringify(made(JSON.parse(readFileSync(path, "utf8")) as T)));
}
