// Prints, as ratios in one run, what the tool costs: start-up against `node -e 0`, time and memory per step, and what it takes that a run is never
// forgotten: its journal against a bare loop of write and fdatasync on the same disk.
// Cases run in turn (A B C, A B C, …); the median of the ratios is what counts. Figures, marks, and nothing else.
// The program is built into a folder of its own, and runs with the flags of its own first line.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "./build.ts";
import { eightAtOnce, inARow, journalPrice } from "./journal-bench.ts";

/** Only Linux tells what the children of a process have used. */
const CHILDREN = "/proc/self/stat";
const TELLS_CPU = existsSync(CHILDREN);
const ROUNDS = 11;

/** One measurement of a finished process. `cpuMs` is the time on the clock where the system does not tell the CPU's. */
interface Measured {
  readonly cpuMs: number;
  readonly wallMs: number;
}

const folder = mkdtempSync(join(tmpdir(), "runbook-bench-"));
const { program } = await bundle(join(folder, "dist"));
const flags = /^#!.* node (.*)$/m.exec(readFileSync(program, "utf8"))?.[1]?.split(" ") ?? [];
const probe = join(folder, "probe.mjs");
writeFileSync(probe, `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(process.env.BENCH_OUT, JSON.stringify(process.resourceUsage())));\n`);

/** CPU time that the children of this process have used so far, in ms: the kernel's own count. Elsewhere the clock. */
function childrenCpuMs(): number {
  if (!TELLS_CPU) return Number(process.hrtime.bigint()) / 1e6;
  const fields = readFileSync(CHILDREN, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Runs a command several times in a row, since the kernel counts in steps of 10 ms, and gives the mean. */
function measure(args: readonly string[], times: number, accepted: readonly number[]): Measured {
  const before = childrenCpuMs();
  const begun = process.hrtime.bigint();
  for (let i = 0; i < times; i += 1) {
    const done = spawnSync(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, RUNBOOK_STATE: join(folder, "state") } });
    if (!accepted.includes(done.status ?? -1)) throw new Error(`${args.join(" ")} ended ${String(done.status)}: ${done.stderr.toString()}`);
  }
  return { cpuMs: (childrenCpuMs() - before) / times, wallMs: Number(process.hrtime.bigint() - begun) / 1e6 / times };
}

/** Peak memory of one run, asked of the process itself as it ends. */
function peakKb(args: readonly string[]): number {
  const out = join(folder, "usage.json");
  const done = spawnSync(process.execPath, ["--import", probe, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, BENCH_OUT: out, RUNBOOK_STATE: join(folder, "state") } });
  if (done.status !== 0) throw new Error(`${args.join(" ")} ended ${String(done.status)}: ${done.stderr.toString()}`);
  return (JSON.parse(readFileSync(out, "utf8")) as { maxRSS: number }).maxRSS;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A runbook of about so many lines, every step with a text, a condition and a template. */
function runbookOfLines(lines: number): string {
  const steps = Array.from({ length: Math.round((lines - 8) / 8) }, (_, i) => [
    `  - id: s${i}`, `    title: Check part ${i} of {{inputs.service}}`, "    why: It has to be there.", '    if: inputs.service != ""',
    "    uses: check", "    with:", `      that: inputs.service.startsWith("w") && ${i} >= 0`, `      because: Part ${i} of {{inputs.service}} is missing`,
  ].join("\n"));
  return `${["runbook: 1", "name: bench", "title: A file to validate", "inputs:", "  service: { default: web, description: A service }", "steps:", ...steps].join("\n")}\n`;
}

/** A runbook of so many checks. */
function runbookOfChecks(steps: number): string {
  const list = Array.from({ length: steps }, (_, i) => `  - id: s${i}\n    uses: check\n    with: { that: "inputs.n >= ${i % 7}", because: "{{inputs.n}} is too small" }`);
  return `${["runbook: 1", `name: checks_${steps}`, "title: Many checks", "inputs:", "  n: { type: integer, default: 7, description: A number }", "steps:", ...list].join("\n")}\n`;
}

/** A loop of so many items over a check, with ten steps before it. */
function runbookOfItems(items: number): string {
  const before = Array.from({ length: 10 }, (_, i) => `  - { id: s${i}, uses: check, with: { that: "true", because: no } }`);
  const inputs = `  items: { type: list, items: integer, default: [${Array.from({ length: items }, (_, i) => i).join(", ")}], description: Numbers }`;
  return `${["runbook: 1", `name: items_${items}`, "title: Many items", "inputs:", inputs, "steps:", ...before, "  - id: each", "    for-each: inputs.items", "    uses: check", '    with: { that: "item >= 0", because: "{{item}} is too small" }'].join("\n")}\n`;
}

function row(name: string, value: number, mark: string): void {
  process.stdout.write(`${name.padEnd(58)} ${value.toFixed(3).padStart(9)}   ${mark}\n`);
}

function startUp(): void {
  writeFileSync(join(folder, "lines.yml"), runbookOfLines(300));
  const base = ["-e", "0"];
  const version = [...flags, program, "--version"];
  const validate = [...flags, program, "validate", "lines.yml"];
  for (const args of [base, version, validate]) measure(args, 1, [0]);
  const rounds = Array.from({ length: ROUNDS }, () => ({ base: measure(base, 4, [0]), version: measure(version, 4, [0]), validate: measure(validate, 4, [0]) }));
  const what = TELLS_CPU ? "CPU" : "time on the clock (no CPU time to be had here)";
  row(`start of --version, ${what}, against node -e 0`, median(rounds.map((round) => round.version.cpuMs / round.base.cpuMs)), "mark 1.2");
  row(`validate of 300 lines, ${what}, against node -e 0`, median(rounds.map((round) => round.validate.cpuMs / round.base.cpuMs)), "mark 3");
}

function steps(): void {
  const sizes = [10, 1_000, 10_000] as const;
  const args = (n: number): string[] => [...flags, program, "run", `checks-${n}.yml`, "--yes"];
  for (const n of sizes) writeFileSync(join(folder, `checks-${n}.yml`), runbookOfChecks(n));
  measure(args(10), 1, [0]);
  const rounds = Array.from({ length: 3 }, () => ({ few: measure(args(10), 1, [0]), some: measure(args(1_000), 1, [0]), many: measure(args(10_000), 1, [0]) }));
  const perStep = (more: Measured, less: Measured, count: number): number => (more.wallMs - less.wallMs) / count;
  const first = median(rounds.map((round) => perStep(round.some, round.few, 990)));
  const later = median(rounds.map((round) => perStep(round.many, round.some, 9_000)));
  row("ms a step, the first thousand (start-up taken off)", first, "");
  row("ms a step, from 1,000 to 10,000", later, "mark 0.15");
  row("quotient of the two (linear: at most about 1)", later / first, "mark 1");
  row("kB of memory a step, from 1,000 to 10,000", median(rounds.map(() => (peakKb(args(10_000)) - peakKb(args(1_000))) / 9_000)), "mark 5");
}

/** Each item asks whether the loop is to go on, and sees the steps before it: neither may cost more the more items there are. */
function loops(): void {
  const sizes = [10, 5_000, 10_000] as const;
  const args = (n: number): string[] => [...flags, program, "run", `items-${n}.yml`, "--yes"];
  for (const n of sizes) writeFileSync(join(folder, `items-${n}.yml`), runbookOfItems(n));
  measure(args(10), 1, [0]);
  const rounds = Array.from({ length: 3 }, () => ({ few: measure(args(10), 1, [0]).cpuMs, some: measure(args(5_000), 1, [0]).cpuMs, many: measure(args(10_000), 1, [0]).cpuMs }));
  row("ms an item of a loop, from 5,000 to 10,000, CPU", median(rounds.map(({ some, many }) => (many - some) / 5_000)), "mark 0.3");
  row("against the first 5,000 (linear: at most about 1)", median(rounds.map(({ few, some, many }) => (many - some) / (some - few))), "mark 1");
}

/** The disk's own time varies from one moment to the next, so rounds are short, many, and each is measured against its own loop; so long, though, that it is the steps that are measured, and not the run around them. */
async function journal(): Promise<void> {
  const prices = async (text: string) => {
    await journalPrice(folder, text);
    const rounds = [];
    for (let round = 0; round < 25; round += 1) rounds.push(await journalPrice(folder, text));
    return { journal: median(rounds.map((round) => round.journalAgainstLoop)), whole: median(rounds.map((round) => round.runAgainstLoop)), syncs: median(rounds.map((round) => round.syncsAChange)), loopMs: median(rounds.map((round) => round.loopMs)) };
  };
  const row1 = await prices(inARow(300));
  row("ms of a bare write and fdatasync on this disk", row1.loopMs, "");
  row("what the journal of a step takes, against that", row1.journal, "mark 1.3");
  row("a whole step on a system that answers at once, against that", row1.whole, "");
  const eight = await prices(eightAtOnce(5));
  row("syncs a change, eight instances at once", eight.syncs, "mark 1");
  row("a whole step of eight at once, against that", eight.whole, "");
}

/** A state folder with one run of a runbook of many checks and an approval, which waits for it; and how many records its journal has. */
function waitingRun(name: string, steps: readonly string[]): { readonly state: string; readonly run: string; readonly records: number } {
  const state = join(folder, `state-${name}`);
  writeFileSync(join(folder, `${name}.yml`), `${["runbook: 1", `name: ${name}`, "title: A long run", "inputs:", "  n: { type: integer, default: 7, description: A number }", "steps:", ...steps].join("\n")}\n`);
  measure([...flags, program, "run", `${name}.yml`, "--yes", "--state", state], 1, [0, 5]);
  const run = readdirSync(join(state, "runs"))[0] ?? "";
  return { state, run, records: readFileSync(join(state, "runs", run, "journal.jsonl"), "utf8").split("\n").length - 2 };
}

/** Takes a waiting run up in a copy of its state folder: each time from the same journal. */
function takeUp(state: string, run: string): Measured {
  const copy = join(folder, "state-copy");
  rmSync(copy, { recursive: true, force: true });
  cpSync(state, copy, { recursive: true });
  return measure([...flags, program, "resume", run, "--yes", "--state", copy], 1, [5]);
}

/** What a long journal takes more than a short one: of a run that has succeeded, which is told; and of one that waits behind, or before, thousands of steps of the same file. */
function longJournal(): void {
  const checks = (count: number): string[] => Array.from({ length: count }, (_, i) => `  - { id: s${i}, uses: check, with: { that: "inputs.n >= ${i % 7}", because: "{{inputs.n}} is too small" } }`);
  const approval = "  - { id: ask, uses: human.approve, with: { question: Go on? } }";
  const [short, long] = [waitingRun("over_short", checks(10)), waitingRun("over_long", checks(3_400))];
  const [before, behind] = [waitingRun("waits_before", [approval, ...checks(3_400)]), waitingRun("waits_behind", [...checks(3_400), approval])];
  const told = (state: string, run: string): Measured => measure([...flags, program, "resume", run, "--state", state], 4, [2]);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    base: measure(["-e", "0"], 3, [0]), short: told(short.state, short.run), long: told(long.state, long.run), before: takeUp(before.state, before.run), behind: takeUp(behind.state, behind.run),
  }));
  row(`a journal of ${long.records} records is read, against node -e 0`, median(rounds.map((round) => (round.long.cpuMs - round.short.cpuMs) / round.base.cpuMs)), "mark 1");
  row(`and a run with ${behind.records} is taken up behind them`, median(rounds.map((round) => (round.behind.cpuMs - round.before.cpuMs) / round.base.cpuMs)), "mark 1");
}

try {
  startUp();
  steps();
  loops();
  await journal();
  longJournal();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
