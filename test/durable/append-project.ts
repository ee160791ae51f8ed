import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../scripts/build.ts";
import { main } from "../../src/cli/main.ts";
import { projectWith } from "../cli/project-fixture.ts";
import { stage } from "../cli/stage.ts";
import { PROJECT } from "../docs/project.ts";

/** Names of the steps of {@link appendProject}, and what each appends to its own file. */
export const STEPS = ["one", "two", "three", "four", "five", "six"] as const;

/** A project on this machine whose every step appends its name to a file of its own, so that what was done twice is seen. */
export interface AppendProject {
  readonly folder: string;
  /** What each file holds; "" where it is not there. */
  readonly made: () => readonly string[];
}

/** `meanwhile`: a line for a shell that the second step runs, once, after it has done its work; `$PPID` is the runner. */
export function appendProject(meanwhile = "true"): AppendProject {
  const step = (id: string): string => `  - id: ${id}
    title: Append ${id}
    uses: run.program
    target: local
    with:
      program: sh
      args: ["-c", ${JSON.stringify(`echo ${id} >> "$1/${id}"; ${id === "two" ? `[ -e "$1/once" ] || { touch "$1/once"; ${meanwhile}; }` : "true"}`)}, sh, "{{vars.into}}"]
      effect: changes
      done-when: { uses: file.stat, with: { path: "{{inputs.into}}/${id}" }, that: outputs.exists }
`;
  const text = `runbook: 1\nname: append\ntitle: Append to files\ninputs:\n  into: { format: path, description: Where the files lie, examples: [/tmp/x] }\nvars:\n  into: "{{inputs.into}}"\nsteps:\n${STEPS.map(step).join("")}`;
  const folder = projectWith({ "append.yml": text });
  return { folder, made: () => STEPS.map((id) => (existsSync(join(folder, id)) ? readFileSync(join(folder, id), "utf8") : "")) };
}

/** What every file holds where each step did its work once. */
export const ONCE: readonly string[] = STEPS.map((id) => `${id}\n`);

/** A command in this process, in the project's folder. */
export async function command({ folder }: AppendProject, state: string, words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const here = stage({ workingFolder: folder, env: { RUNBOOK_STATE: state } });
  const code = await main(words, here.surroundings);
  return { code, out: here.out(), err: here.err() };
}

/** The words that run the project. */
export function runWords({ folder }: AppendProject): readonly string[] {
  return ["run", "append.yml", "--set", `into=${folder}`, "--yes"];
}

/** The program, built into a folder of its own. */
export interface BuiltProgram {
  readonly program: string;
  remove(): void;
}

export async function builtProgram(): Promise<BuiltProgram> {
  const folder = mkdtempSync(join(tmpdir(), "runbook-built-"));
  symlinkSync(join(PROJECT, "schema"), join(folder, "schema"));
  const { program } = await bundle(join(folder, "dist"));
  return { program, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The program as a process, to its end. */
export function asProcess(program: string, { folder }: AppendProject, state: string, words: readonly string[]): { readonly signal: string | null; readonly code: number | null; readonly err: string } {
  const { signal, status, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", RUNBOOK_STATE: state } });
  return { signal, code: status, err: stderr };
}

/** The program as a process that goes on beside the test; `ended` resolves with its exit code and what it wrote. */
export function beside(program: string, { folder }: AppendProject, state: string, words: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<{ readonly code: number | null; readonly text: string }> } {
  const child = spawn(process.execPath, [program, ...words], { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { PATH: process.env["PATH"] ?? "", RUNBOOK_STATE: state } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (text += piece.toString()));
  return { child, ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, text }))) };
}

/** The one run of a state folder. */
export function onlyRun(state: string): string {
  const [run, ...others] = readdirSync(join(state, "runs"));
  if (run === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} runs`);
  return run;
}
