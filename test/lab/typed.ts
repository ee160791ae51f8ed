import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./cluster.ts";

/** Types lines of the manual, in the project's folder: `RUN` is the run that was begun, files ending in `.inventory.yml` lie in the folder, runs in one below it. Gives what was printed, on both streams. */
export function typedLike(folder: string): (line: string, exitCode: number) => Promise<string> {
  const state = join(folder, "state");
  const filledIn = (word: string): string => {
    const runs = join(state, "runs");
    if (word === "RUN") return existsSync(runs) ? (readdirSync(runs)[0] ?? word) : word;
    return word.endsWith(".inventory.yml") ? join(folder, word) : word;
  };
  return (line, expected) => {
    const [program = "", ...words] = line.split(/\s+/).map(filledIn);
    return new Promise((resolve, reject) => {
      execFile(program, words, { cwd: PROJECT, env: { ...process.env, RUNBOOK_STATE: state }, maxBuffer: 1 << 24 }, (fault, stdout, stderr) => {
        const exitCode = fault === null ? 0 : fault.code;
        if (exitCode === expected) resolve(`${stdout}${stderr}`);
        else reject(new Error(`\`${line}\` ended with ${exitCode ?? "no code"}:\n${stdout}${stderr}`));
      });
    });
  };
}
