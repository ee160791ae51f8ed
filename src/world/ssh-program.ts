import type { ProgramResult } from "../core/action.ts";
import type { Failure } from "../core/failure.ts";
import { textFailure } from "../core/text-failure.ts";
import type { Call, CallOptions, Outcome } from "../core/port.ts";
import { formatLimit } from "../core/quantity.ts";
import { KeptOutput } from "./kept-output.ts";
import { givenUp, notBegun, timedOut } from "./limit.ts";
import type { SshConnection } from "./ssh-connection.ts";
import type { OutputSinks, RequestEnd } from "./ssh-session.ts";
import { isVariable, printfWord, shellWord } from "./ssh-shell-text.ts";

/** The longest argument or variable that Linux gives to a program: 32 pages, the closing NUL included. */
const LONGEST_ARGUMENT = 131_071;
/** All of them together, with what the target's own environment may take: the usual limit is 2 MiB. */
const LONGEST_LIST = 2_000_000;
/** What a pointer to an argument takes. */
const POINTER = 9;

/** Where something runs: an address and the connection to it. */
export interface SshPlace {
  readonly address: string;
  readonly connection: SshConnection;
}

/** Why a program cannot even be asked for; undefined where it can. */
function badInput(call: Call<"program">, address: string): Failure | undefined {
  const { program, args, env = {} } = call;
  const bad = (because: string): Failure => ({ code: "bad_input", because });
  const variables = Object.entries(env);
  const nul = textFailure(call);
  if (nul !== undefined) return nul;
  const name = variables.map(([key]) => key).find((key) => !isVariable(key));
  if (name !== undefined) return bad(`a shell on ${address} cannot give a program the variable \`${name}\`: letters, digits and _, and none of the names that it keeps to itself`);
  const lengths = [...[program, ...args].map((text) => Buffer.byteLength(text)), ...variables.map(([key, value]) => Buffer.byteLength(key) + 1 + Buffer.byteLength(value))];
  const isLong = lengths.some((length) => length > LONGEST_ARGUMENT) || lengths.reduce((sum, length) => sum + length + POINTER, 0) > LONGEST_LIST;
  return isLong ? bad(`the arguments of ${program} are longer than ${address} takes`) : undefined;
}

/** The request that runs a program. Its values are words of the shell, its input and environment too: none of them is an argument of anything but the program itself. */
export function requestOf({ program, args, stdin, env = {}, folder }: Call<"program">): string {
  const input = stdin === undefined ? "rb_fed=" : `rb_fed=1; rb_feed() { printf %b ${printfWord(stdin)}; }`;
  const body = [
    ...(folder === undefined ? [] : [`rb_in ${shellWord(folder)}`]),
    ...Object.entries(env).map(([name, value]) => `export ${name}=${shellWord(value)}`),
    `rb_exec ${[program, ...args].map(shellWord).join(" ")}`,
  ];
  return `${input}; rb_body() { ${body.join("; ")}; }; rb_go`;
}

function refusal(word: string, { program, folder = "" }: Call<"program">, address: string): Failure {
  switch (word) {
    case "no_folder":
      return { code: "not_found", because: `the folder ${folder} does not exist on ${address}, or the account may not enter it` };
    case "denied":
      return { code: "denied", because: `the account may not run ${program} on ${address}` };
    default:
      return { code: "not_found", because: `${address} has no program ${program}` };
  }
}

/** The outcome of what did not end by itself. */
export function endedOutcome(end: Exclude<RequestEnd, { kind: "exited" | "refused" }>, what: string, address: string, limitMs: number): Outcome<never> {
  switch (end.kind) {
    case "limit":
      return end.isGone ? { ...timedOut(what, limitMs), isGone: true } : { kind: "timeout", because: `${what} took longer than ${formatLimit(limitMs)}; ${address} was told to end it and has not said that it did` };
    case "cancelled":
      return givenUp(what);
    case "lost":
      return { kind: "lost", because: `the connection to ${address} was lost while ${what} ran` };
  }
}

/** Runs a program on the target and hands its output on as bytes. The exit code that the target tells is never the client's own 255. */
export async function runOverSsh({ address, connection }: SshPlace, call: Call<"program">, sinks: OutputSinks, options: Pick<CallOptions, "limitMs" | "signal">): Promise<Outcome<number>> {
  const bad = badInput(call, address);
  if (bad !== undefined) return { kind: "failed", failure: bad };
  const taken = await connection.take(options);
  switch (taken.kind) {
    case "failed":
      return taken;
    case "late":
      return options.signal.aborted ? notBegun(call.program) : { kind: "failed", failure: { code: "unreachable", because: `no shell on ${address} became free within ${formatLimit(options.limitMs)}: too much runs there at once` } };
    case "taken": {
      const end = await taken.session.run(requestOf(call), sinks, options);
      connection.release(taken.session);
      if (end.kind === "exited") return { kind: "ok", value: end.exitCode };
      return end.kind === "refused" ? { kind: "failed", failure: refusal(end.word, call, address) } : endedOutcome(end, call.program, address, options.limitMs);
    }
  }
}

/** The same for a program of an author: its output is told piece by piece, and its end is kept. */
export async function runProgram(place: SshPlace, call: Call<"program">, options: CallOptions): Promise<Outcome<ProgramResult>> {
  const stdout = new KeptOutput((text) => options.onOutput("stdout", text));
  const stderr = new KeptOutput((text) => options.onOutput("stderr", text));
  // A slice of a larger buffer would keep all of it.
  const outcome = await runOverSsh(place, call, { stdout: (bytes) => stdout.add(Buffer.from(bytes)), stderr: (bytes) => stderr.add(Buffer.from(bytes)) }, options);
  const [out, err] = [stdout.end(), stderr.end()];
  return outcome.kind === "ok" ? { kind: "ok", value: { exitCode: outcome.value, stdout: out.text, stderr: err.text, droppedBytes: out.droppedBytes + err.droppedBytes } } : outcome;
}

/** What a text of ours for `sh` printed. */
export interface Printed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The call of a text of ours for `sh`; values are its arguments, or its input. */
export function shellCall(text: string, args: readonly string[], stdin?: string): Call<"program"> {
  return { kind: "program", program: "sh", args: ["-c", text, "sh", ...args], ...(stdin === undefined ? {} : { stdin }) };
}

/** Runs a text of ours for `sh` on the target. All that it prints is kept. */
export async function runText(place: SshPlace, call: Call<"program">, options: Pick<CallOptions, "limitMs" | "signal">): Promise<Outcome<Printed>> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  const outcome = await runOverSsh(place, call, { stdout: (bytes) => stdout.push(Buffer.from(bytes)), stderr: (bytes) => stderr.push(Buffer.from(bytes)) }, options);
  return outcome.kind === "ok" ? { kind: "ok", value: { exitCode: outcome.value, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") } } : outcome;
}
