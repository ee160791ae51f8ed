import fs, { closeSync, mkdtempSync, openSync, statSync, writeSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Event } from "../src/core/event.ts";
import type { Journal, Outcome, Transport, Transports } from "../src/core/port.ts";
import { ok } from "../src/core/result.ts";
import { resolveInputs } from "../src/interpreter/language/inputs.ts";
import { makePlan } from "../src/interpreter/plan/make-plan.ts";
import { execute } from "../src/interpreter/run/execute.ts";
import { localEngine } from "../src/interpreter/run/local-engine.ts";
import { createJournal, type JournalFile } from "../src/world/journal-file.ts";
import { JOURNAL_FILE } from "../src/world/journal-reading.ts";
import { nobody } from "../src/world/nobody.ts";
import { systemClock } from "../src/world/system-clock.ts";
import { freeLock, loadTexts } from "../test/kit/run-kit.ts";

const datasync = promisify(fs.fdatasync);

/** Syncs of a file's data that this process has asked for, of whomever. */
let asked = 0;
const [inThread, inPlace] = [fs.fdatasync, fs.fdatasyncSync];
Object.assign(fs, {
  fdatasync: (file: number, then: (fault: NodeJS.ErrnoException | null) => void) => {
    asked += 1;
    inThread(file, then);
  },
  fdatasyncSync: (file: number) => {
    asked += 1;
    inPlace(file);
  },
});
syncBuiltinESMExports();

/** A system that answers at once: what is measured is the journal and the interpreter. */
function instantSystem(): Transports {
  const values = new Map<string, string>();
  const nowhere = async (): Promise<Outcome<never>> => ({ kind: "failed", failure: { code: "not_found", because: "the store knows programs only" } });
  const to = (address: string): Transport => ({
    run: async ({ program, args }) => {
      if (program === "set") values.set(`${address}/${args[0] ?? ""}`, args[1] ?? "");
      return ok({ exitCode: 0, stdout: program === "set" ? "" : (values.get(`${address}/${args[0] ?? ""}`) ?? ""), stderr: "", droppedBytes: 0 });
    },
    cmdlet: nowhere, script: nowhere, put: nowhere, get: nowhere, stat: nowhere, startJob: nowhere, jobs: nowhere, forgetJobs: nowhere, ending: () => undefined,
  });
  return { simulated: true, to, source: async () => ok({ exists: false, bytes: 0, sha256: "", folder: false }) };
}

/** What a journalled run cost. */
interface Journalled {
  readonly ms: number;
  readonly intents: number;
  readonly syncs: number;
  readonly bytes: number;
}

/** What a run gave to its journal: its events, and where it waited for them to be kept. */
type Told = Event | "sync";

/** The journal of a run in a folder of its own. */
function newJournal(folder: string): { readonly own: string; readonly file: JournalFile } {
  const own = mkdtempSync(join(folder, "run-"));
  const file = createJournal(own, { run: "r000000001", tool: "runbook bench" });
  if (file.kind === "error") throw new Error(file.error);
  return { own, file: file.value };
}

/** Runs a text over a journal in a folder of its own. What it gives to that is noted in `told`. */
async function run(text: string, folder: string, told: Told[]): Promise<Journalled> {
  const runbook = loadTexts({ "main.yml": text });
  const inputs = resolveInputs(runbook, []);
  if (inputs.kind === "error") throw new Error(inputs.error.map(({ message }) => message).join("; "));
  const plan = makePlan({ runbook, displayFile: "main.yml", inputs: inputs.value, system: "bench", simulated: true });
  if (plan.kind === "error") throw new Error(plan.error.map(({ message }) => message).join("; "));
  const { own, file } = newJournal(folder);
  let intents = 0;
  const askedBefore = asked;
  const journal: Journal = {
    append: (event: Event) => {
      if (event.type === "action-started" && event.effect !== "reads") intents += 1;
      told.push(event);
      file.append(event);
    },
    sync: () => {
      told.push("sync");
      return file.sync();
    },
  };
  const begun = performance.now();
  const execution = execute({
    runbook, plan: plan.value, run: "r000000001", digest: "0".repeat(64), operator: "pat", account: "pat", host: "desk", tool: "runbook bench",
    clock: systemClock(), transports: instantSystem(), lock: freeLock, next: () => [], engine: localEngine({ journal, people: nobody(), permit: undefined, onEvent: () => undefined }),
  });
  const end = await execution.finished;
  const ms = performance.now() - begun;
  if (end.result !== "succeeded") throw new Error(`the run ended ${end.result}: ${end.because}`);
  const bytes = statSync(join(own, JOURNAL_FILE)).size;
  const syncs = asked - askedBefore;
  await file.close();
  return { ms, intents, syncs, bytes };
}

/** Keeps in a journal of its own what a run had told: ms. */
async function kept(folder: string, told: readonly Told[]): Promise<number> {
  const { file } = newJournal(folder);
  const begun = performance.now();
  for (const event of told) {
    if (event === "sync") await file.sync();
    else file.append(event);
  }
  const ms = performance.now() - begun;
  await file.close();
  return ms;
}

/** A bare loop of `write` and `fdatasync` over so many bytes in so many rounds: ms. */
async function bareLoop(folder: string, rounds: number, bytes: number): Promise<number> {
  const path = join(mkdtempSync(join(folder, "loop-")), "file");
  const file = openSync(path, "a");
  const piece = Buffer.alloc(Math.round(bytes / rounds), 97);
  const begun = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    writeSync(file, piece);
    await datasync(file);
  }
  const ms = performance.now() - begun;
  closeSync(file);
  return ms;
}

const HEAD = "runbook: 1\nname: bench\ntitle: Sets\ntargets: { a: { address: NODEA } }\ntarget: a\n";
const set = (id: string, key: string): string => `{ id: ${id}, uses: store.set, with: { key: "${key}", value: new } }`;

/** So many steps, one after the other. */
export const inARow = (steps: number): string => `${HEAD}steps:\n${Array.from({ length: steps }, (_, i) => `  - ${set(`s${i}`, `k${i}`)}\n`).join("")}`;

/** Eight machines at once, so many steps on each. */
export const eightAtOnce = (steps: number): string => `runbook: 1\nname: bench\ntitle: Sets\ntargets: { all: { addresses: [A, B, C, D, E, F, G, H] } }\nsteps:\n  - id: each\n    for-each: targets.all.addresses\n    as: node\n    max-parallel: 8\n    block:\n${Array.from({ length: steps }, (_, i) => `      - { id: s${i}, uses: store.set, target: "{{node}}", with: { key: k${i}, value: new } }\n`).join("")}`;

/** Price of the journal for one shape of run. */
export interface JournalPrice {
  /** What the journal takes for all that the run gives to it, against a bare loop with the same bytes and a sync for each change. */
  readonly journalAgainstLoop: number;
  /** Time of the whole run against the same loop. */
  readonly runAgainstLoop: number;
  /** Syncs of the journal for each change. */
  readonly syncsAChange: number;
  readonly loopMs: number;
}

/** Measures one round: the run, what it gave to its journal kept once more without it, and the loop. */
export async function journalPrice(folder: string, text: string): Promise<JournalPrice> {
  const told: Told[] = [];
  const journalled = await run(text, folder, told);
  const keptMs = await kept(folder, told);
  const loopMs = await bareLoop(folder, journalled.intents, journalled.bytes);
  return { journalAgainstLoop: keptMs / loopMs, runAgainstLoop: journalled.ms / loopMs, syncsAChange: journalled.syncs / journalled.intents, loopMs: loopMs / journalled.intents };
}
