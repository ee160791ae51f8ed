import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Event, QuestionAsked, RunFinished } from "../../src/core/event.ts";
import { childrenOf, endProcess } from "../world/sshd.ts";
import { ADDRESS, PROJECT, SSH_CONFIG, update, type Roles } from "./cluster.ts";

/** How a command that runs or resumes came to its end. `exitCode` is undefined where it was killed. */
export interface Ending {
  readonly exitCode: number | undefined;
  readonly end: (Event & RunFinished) | undefined;
  /** The events of this command alone. */
  readonly events: readonly Event[];
  readonly stderr: string;
}

/** What is done when an event comes; `kill` ends the runner as a power cut would. */
export type OnEvent = (event: Event, kill: () => void) => void;

/** Somebody at the keyboard: types commands against the laboratory, in a state folder of their own. */
export class Operator {
  readonly folder = mkdtempSync(join(tmpdir(), "runbook-lab-"));
  /** All events so far, of all commands. */
  readonly events: Event[] = [];
  readonly #inventory = join(this.folder, "lab.inventory.yml");
  #runner: number | undefined;
  /** The run's id, once it has begun. */
  run = "";

  /** `variant`: which update is installed, `2.0_all` where nothing is to fail; the package then has that version. */
  constructor({ primary, standby }: Roles, variant = "2.0_all", inputs: Readonly<Record<string, string>> = {}) {
    writeFileSync(this.#inventory, [
      "inventory: 1", "transports:", `  default: { kind: ssh, config: ${SSH_CONFIG} }`, "systems:", "  lab:", "    description: The two nodes of the laboratory", "    inputs:",
      "      package: labsvc", `      version: "${variant.split("_")[0] ?? ""}"`, `      file: ${update(variant)}`, `      node_a: ${primary}`, `      node_b: ${standby}`, "      groups: [core]",
      "      services: [labsvc-store, labsvc-web]", `      address: ${ADDRESS}`, ...Object.entries(inputs).map(([name, value]) => `      ${name}: ${value}`), "",
    ].join("\n"));
  }

  /** Begins a run, and waits for the end of the command. */
  async begin(onEvent?: OnEvent): Promise<Ending> {
    return this.#command(["run", "postgres-rollup.yml", "--inventory", this.#inventory, "--system", "lab", "--yes"], onEvent);
  }

  /** Goes on with the run. */
  async resume(onEvent?: OnEvent): Promise<Ending> {
    return this.#command(["resume", this.run, "--yes"], onEvent);
  }

  /** Answers the question of a step. */
  async answer(step: string, answer: readonly string[] = ["--yes"]): Promise<void> {
    const { exitCode, stderr } = await this.#command(["answer", this.run, step, ...answer, "--by", "Ann", "--reason", "laboratory"], undefined);
    if (exitCode !== 0) throw new Error(`the answer to ${step} was not taken: ${stderr}`);
  }

  /** Goes on until the run waits for nobody: approvals are given. */
  async toTheEnd(ending: Ending, onEvent?: OnEvent): Promise<Ending> {
    let last = ending;
    while (last.exitCode === 5) {
      const question = last.events.findLast((event): event is Event & QuestionAsked => event.type === "question-asked");
      if (question === undefined) throw new Error("it waits, and asked nothing");
      await this.answer(question.step);
      last = await this.resume(onEvent);
    }
    return last;
  }

  /** Begins a run and goes on to its end: approvals are given. */
  async through(onEvent?: OnEvent): Promise<Ending> {
    return this.toTheEnd(await this.begin(onEvent), onEvent);
  }

  /** Kills the clients of ssh that the command at hand has started. */
  killClients(): void {
    const own = this.#runner === undefined ? [] : childrenOf(this.#runner).filter((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "ssh");
    if (own.length === 0) throw new Error("the runner has no client of ssh");
    own.forEach(endProcess);
  }

  /** Removes what the runs left here. */
  leave(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #command(words: readonly string[], onEvent: OnEvent | undefined): Promise<Ending> {
    const isRun = words[0] === "run" || words[0] === "resume";
    const child = spawn(process.execPath, [join(PROJECT, "dist/bin/runbook.mjs"), ...words, "--state", join(this.folder, "state"), ...(isRun ? ["--json"] : [])], { cwd: PROJECT, stdio: ["ignore", "pipe", "pipe"] });
    this.#runner = child.pid;
    const events: Event[] = [];
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => void (stderr += chunk.toString("utf8")));
    if (isRun) {
      createInterface(child.stdout).on("line", (line) => {
        const event = JSON.parse(line) as Event;
        this.run = event.run;
        events.push(event);
        this.events.push(event);
        onEvent?.(event, () => child.kill("SIGKILL"));
      });
    } else {
      child.stdout.resume();
    }
    return new Promise((resolve) => {
      child.once("close", (exitCode) => {
        const last = events.at(-1);
        resolve({ exitCode: exitCode ?? undefined, end: last?.type === "run-finished" ? last : undefined, events, stderr });
      });
    });
  }
}

/** Paths of the steps that changed something, each once, in the order of their first change. */
export function changedBy(events: readonly Event[]): readonly string[] {
  return [...new Set(events.flatMap((event) => (event.type === "action-started" && event.effect !== "reads" ? [event.step] : [])))];
}
