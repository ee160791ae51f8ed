import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../src/cli/main.ts";
import type { Event } from "../../src/core/event.ts";
import { readJournal } from "../../src/world/journal-reading.ts";
import { runFolderOf } from "../../src/world/run-folder.ts";
import { stage } from "../cli/stage.ts";
import { PROJECT } from "../docs/project.ts";
import { changesIn } from "../kit/death.ts";

const PRELOADED = join(PROJECT, "test/kit/dies-at.ts");
const RUN = ["run", "ccr-rollup.yml", "--yes", "--json"] as const;

/** What a run left behind, in its own words and in those of its system. */
export interface Left {
  readonly result: string;
  /** Every change whose outcome is known, by step and action. */
  readonly changes: readonly string[];
  /** `world show --json` without what depends on the hour alone. */
  readonly world: unknown;
  /** What the system itself has kept of what was done to it: what its installer has logged on each node, each outage's cause. */
  readonly befell: readonly string[];
  /** Names of the jobs that its nodes keep. */
  readonly remains: readonly string[];
}

/** What was found at one instant of death. */
export interface Taken {
  readonly left: Left;
  /** `never began`: nothing of the run was on the disk but its folder, and it was begun anew; `over`: it had ended. */
  readonly how: "resumed" | "never began" | "over";
  /** Changes whose outcome was open when the runner died. */
  readonly inDoubt: number;
  /** Bytes of a torn last record. */
  readonly cutBytes: number;
}

interface ShownWorld {
  readonly clock: { readonly nodes: readonly { readonly name: string; readonly jobs: readonly { readonly name: string }[]; readonly event_log: readonly { readonly source: string; readonly message: string }[] }[]; readonly outages: readonly { readonly cause: string }[] };
}

/** A state folder of its own, for so long as it is worked with. */
async function inStateFolder<T>(work: (state: string) => T | Promise<T>): Promise<T> {
  const state = mkdtempSync(join(tmpdir(), "runbook-killed-"));
  try {
    return await work(state);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** Starts the program as a process that its preloaded part watches, and tells how it ended. */
async function runner(program: string, state: string, env: Readonly<Record<string, string>>): Promise<"killed" | "lived"> {
  const child = spawn(process.execPath, ["--disallow-code-generation-from-strings", "--import", PRELOADED, program, ...RUN], {
    cwd: PROJECT, stdio: ["ignore", "ignore", "pipe"], env: { PATH: process.env["PATH"] ?? "", RUNBOOK_STATE: state, ...env },
  });
  let stderr = "";
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  const [status, signal] = await new Promise<readonly [number | null, string | null]>((resolve) => child.on("close", (...end) => resolve(end)));
  if (signal !== "SIGKILL" && status !== 0) throw new Error(`the runner ended ${String(signal ?? status)}: ${stderr}`);
  return signal === "SIGKILL" ? "killed" : "lived";
}

async function command(state: string, words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const here = stage({ workingFolder: PROJECT, env: { RUNBOOK_STATE: state } });
  const code = await main(words, here.surroundings);
  return { code, out: here.out(), err: here.err() };
}

function onlyRun(state: string): string | undefined {
  const runs = readdirSync(state).includes("runs") ? readdirSync(join(state, "runs")) : [];
  if (runs.length > 1) throw new Error(`there are ${runs.length} runs`);
  return runs[0];
}

function eventsOf(state: string, run: string): readonly Event[] {
  const journal = readJournal(runFolderOf(state, run).path);
  if (journal.kind === "error") throw new Error(journal.error.because);
  return journal.value.events;
}

/** What a state folder with one run holds. Throws where the journal is no whole one. */
async function leftIn(state: string, run: string): Promise<Left> {
  const events = eventsOf(state, run);
  const shown = await command(state, ["world", "show", "--json"]);
  if (shown.code !== 0) throw new Error(shown.err);
  const { clock, ...world } = (JSON.parse(shown.out) as { readonly world: ShownWorld }).world;
  const installs = clock.nodes.flatMap(({ name, event_log }) => event_log.filter(({ source }) => source === "MsiInstaller").map(({ message }) => `${name}: ${message}`));
  const last = events.at(-1);
  return {
    result: last?.type === "run-finished" ? last.result : "interrupted", changes: changesIn(events).known, world,
    remains: clock.nodes.flatMap(({ jobs }) => jobs.map(({ name }) => name)),
    befell: [...installs, ...clock.outages.map(({ cause }) => `outage: ${cause}`)],
  };
}

/** The run that nobody killed, and what each of its instants is. */
export interface Unkilled {
  readonly left: Left;
  readonly instants: readonly string[];
}

/** Runs the program to its end. */
export async function unkilled(program: string): Promise<Unkilled> {
  return inStateFolder(async (state) => {
    const out = join(state, "instants.json");
    await runner(program, state, { DIES_OUT: out });
    return { left: await leftIn(state, onlyRun(state) ?? ""), instants: JSON.parse(readFileSync(out, "utf8")) as readonly string[] };
  });
}

/** The runner is killed at an instant; the run is taken up, or begun anew where nothing of it was kept. */
export async function killAndTakeUp(program: string, diesAt: number): Promise<Taken> {
  return inStateFolder(async (state) => {
    if (await runner(program, state, { DIES_AT: String(diesAt) }) !== "killed") throw new Error(`the runner outlived instant ${diesAt}`);
    return takeUp(state);
  });
}

/** The runner is killed as it makes its first change durable, and another command comes: what that is told. */
export async function killAndLook(program: string, words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { instants } = await unkilled(program);
  return inStateFolder(async (state) => {
    await runner(program, state, { DIES_AT: String(instants.indexOf("renameSync worlds") + 1) });
    return command(state, words);
  });
}

/** Copies of one run's state folder, each as a death at an instant would leave it: `work` is given the folder that holds them, by instant. */
export async function copiesAt(program: string, instants: readonly number[], work: (folderOf: (instant: number) => string) => Promise<void>): Promise<void> {
  return inStateFolder(async (copies) => {
    await inStateFolder((state) => runner(program, state, { COPIES_AT: instants.join(","), COPIES_TO: copies }));
    await work((instant) => join(copies, String(instant)));
  });
}

/** Takes the only run of a state folder up, as a person would who finds it. */
export async function takeUp(state: string): Promise<Taken> {
  const run = onlyRun(state);
  const journal = run === undefined ? undefined : readJournal(runFolderOf(state, run).path);
  if (run === undefined || journal?.kind !== "ok") return { left: await begunAnew(state, run), how: "never began", inDoubt: 0, cutBytes: 0 };
  const { events, cutBytes } = journal.value;
  const isOver = events.at(-1)?.type === "run-finished";
  const resumed = await command(state, ["resume", run, "--json"]);
  if (resumed.code !== (isOver ? 2 : 0)) throw new Error(`resume ended ${resumed.code}: ${resumed.err}`);
  if (isOver) await expectFree(state);
  if (!isOver && readdirSync(join(state, "claims")).some((name) => name.endsWith(".json"))) throw new Error("claims are left");
  const after = eventsOf(state, run);
  if (after.some(({ seq }, index) => seq !== index + 1)) throw new Error("the records are not counted on");
  return { left: await leftIn(state, run), how: isOver ? "over" : "resumed", inDoubt: changesIn(events).inDoubt.length, cutBytes };
}

/** A run that had ended keeps nobody off, whatever it had not let go of yet. */
async function expectFree(state: string): Promise<void> {
  const next = await command(state, [...RUN]);
  if (next.code !== 0) throw new Error(`the next run ended ${next.code}: ${next.out.trim().split("\n").at(-1) ?? ""} ${next.err}`);
}

/** A run without a journal is said to have never begun, and another one is not kept off by it. */
async function begunAnew(state: string, run: string | undefined): Promise<Left> {
  if (run !== undefined) {
    const refused = await command(state, ["resume", run, "--json"]);
    if (refused.code !== 2 || !refused.err.includes("never began")) throw new Error(`resume of a run without a journal ended ${refused.code}: ${refused.err}`);
    rmSync(join(state, "runs", run), { recursive: true });
  }
  const anew = await command(state, [...RUN]);
  if (anew.code !== 0) throw new Error(`the run that was begun anew ended ${anew.code}: ${anew.err}`);
  return leftIn(state, onlyRun(state) ?? "");
}
