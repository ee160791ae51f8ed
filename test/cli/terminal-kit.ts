import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { bundle } from "../../scripts/build.ts";

/** The project's folder. */
export const ROOT = resolve(import.meta.dirname, "../..");
/** What the key sends. */
export const CTRL_C = "\u0003";

/** util-linux's `script` gives a program a terminal; other systems have another one of that name, or none. */
export const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;

/** What a program of the tests is started with. */
export const ENV: Readonly<Record<string, string>> = { PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`, HOME: tmpdir(), TERM: "xterm" };

/** A new folder for runs. */
export function newState(): string {
  return mkdtempSync(join(tmpdir(), "runbook-state-"));
}

/** Builds the program as it is shipped; gives its path. */
export async function buildProgram(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "runbook-terminal-"));
  symlinkSync(join(ROOT, "schema"), join(folder, "schema"));
  return (await bundle(join(folder, "dist"))).program;
}

/** Output that comes as it comes, and what is waited for in it. */
class Reading {
  all = "";
  #unread = "";
  #wanted: { readonly text: string; readonly come: () => void } | undefined;

  take(text: string): void {
    this.all += text;
    this.#unread += text;
    this.#look();
  }

  /** Resolves when the text has come since the last one that was waited for. */
  shows(text: string): Promise<void> {
    return new Promise((come) => {
      this.#wanted = { text, come };
      this.#look();
    });
  }

  #look(): void {
    if (this.#wanted === undefined) return;
    const at = this.#unread.indexOf(this.#wanted.text);
    if (at === -1) return;
    this.#unread = this.#unread.slice(at + this.#wanted.text.length);
    const { come } = this.#wanted;
    this.#wanted = undefined;
    come();
  }
}

/** A program that was started. */
export class Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number | null>;
  readonly #out = new Reading();

  constructor(command: string, args: readonly string[], { env = {}, folder = ROOT }: { readonly env?: Readonly<Record<string, string>>; readonly folder?: string } = {}) {
    this.child = spawn(command, args, { cwd: folder, env: { ...ENV, ...env } });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => this.#out.take(text));
    this.ended = new Promise((done) => this.child.on("close", done));
  }

  /** All that was written so far. */
  get screen(): string {
    return this.#out.all;
  }

  /** Waits for a text on the screen; throws, with the screen, where the program ends without it. */
  async shows(text: string): Promise<void> {
    const how = await Promise.race([this.#out.shows(text).then(() => "shown" as const), this.ended]);
    if (how !== "shown" && !this.screen.includes(text)) throw new Error(`it ended (${String(how)}) without “${text}”:\n${this.screen}`);
  }

  type(text: string): void {
    this.child.stdin.write(text);
  }
}

/** Starts a command line on a terminal, of 80 by 24 unless it is said. Its first line is the process id. */
export function onTerminal(line: string, options: { readonly env?: Readonly<Record<string, string>>; readonly columns?: number; readonly rows?: number; readonly folder?: string } = {}): Started {
  const { columns = 80, rows = 24, ...rest } = options;
  return new Started("script", ["--quiet", "--return", "--command", `stty cols ${columns} rows ${rows}; echo "pid $$"; exec ${line}`, "/dev/null"], rest);
}

/** Starts a command line on a terminal and types each text when what is expected before it has been shown. */
export async function typedOn(line: string, typing: readonly (readonly [shown: string, typed: string])[], env: Readonly<Record<string, string>> = {}): Promise<{ readonly code: number | null; readonly screen: string }> {
  const started = onTerminal(line, { env });
  for (const [shown, text] of typing) {
    await started.shows(shown);
    started.type(text);
  }
  return { code: await started.ended, screen: started.screen };
}
