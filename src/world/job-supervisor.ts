import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { holdFile } from "./held-file.ts";
import { aliveFile, claimJobFile, JOB_FILES, writeJobFile, type JobBegun, type JobEnded } from "./job-files.ts";
import { markOf, systemStart } from "./process-mark.ts";
import { isMainProgram } from "./program-of-ours.ts";

/** What the runner asks for, as JSON on standard input. */
export interface JobOrder {
  readonly folder: string;
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly log?: string;
}

/** The only line that the supervisor prints: what became of the start. */
export type JobStart =
  | { readonly kind: "started" | "found" }
  | { readonly kind: "not-started"; readonly systemCode: string };

/** The runner may be gone: then nobody reads it. */
function tell(start: JobStart): void {
  process.stdout.write(`${JSON.stringify(start)}\n`);
}

/** Holds the file that says that this process lives, as long as it does; gives the way to let it go and remove it. */
function holdAliveFile(folder: string, pid: number): () => void {
  const path = aliveFile(folder, pid);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const letGo = holdFile(path);
  return () => {
    letGo?.();
    rmSync(path, { force: true });
  };
}

/**
 * Starts a job, at most once under its folder, and writes down how it ends. Runs as a process of its own that outlasts the
 * runner; the file that says that the job was begun is there before the program is, and only one process can have written it.
 */
export function superviseJob(order: JobOrder): void {
  const { folder, name, program, args, log } = order;
  const supervisor = markOf(process.pid);
  const letGo = supervisor.started === "" ? holdAliveFile(folder, supervisor.pid) : undefined;
  const begun: JobBegun = { name, program, args, ...(log === undefined ? {} : { log }), startedAt: new Date().toISOString(), boot: systemStart(), supervisor };
  if (!claimJobFile(folder, JOB_FILES.begun, begun)) {
    letGo?.();
    return tell({ kind: "found" });
  }
  const output = openSync(join(folder, JOB_FILES.output), "a", 0o600);
  const child = spawn(program, args, { stdio: ["ignore", output, output], windowsHide: true });
  closeSync(output);
  child.once("spawn", () => {
    if (child.pid !== undefined) writeJobFile(folder, JOB_FILES.running, markOf(child.pid));
    tell({ kind: "started" });
  });
  child.once("error", (fault: NodeJS.ErrnoException) => {
    // It never ran, so its name is free again.
    rmSync(join(folder, JOB_FILES.begun), { force: true });
    letGo?.();
    tell({ kind: "not-started", systemCode: fault.code ?? "" });
  });
  child.once("exit", (exitCode, signal) => {
    const ended: JobEnded = { exitCode: exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]), endedAt: new Date().toISOString() };
    writeJobFile(folder, JOB_FILES.ended, ended);
  });
}

if (isMainProgram(import.meta.url)) {
  process.on("SIGHUP", () => undefined);
  process.stdout.on("error", () => undefined);
  superviseJob(JSON.parse(await text(process.stdin)) as JobOrder);
}
