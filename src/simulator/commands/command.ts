import type { CmdletResult, ProgramResult } from "../../core/action.ts";
import type { Failure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { NodeState } from "../node-state.ts";
import type { CallOutcome } from "../trigger.ts";
import type { WorldState } from "../world-state.ts";

/** What a command answers: its value, or a failure. */
export type Reply<T> = { readonly kind: "ok"; readonly value: T } | { readonly kind: "failed"; readonly failure: Failure };

/** Not over yet: ask again when something has come about, or at `atMs` where that is earlier. */
export interface Later {
  readonly kind: "later";
  readonly atMs?: number | undefined;
}

/** A command that has begun. Its first effects have been made; it answers from the state at its end, and may change it then. */
export interface Begun<T> {
  /** From its beginning to the moment at which `end` may be asked; Infinity where it never answers. */
  readonly takesMs: number;
  readonly end: (state: WorldState) => Reply<T> | Later;
}

/** Where and under which circumstances a command begins. */
export interface Moment {
  readonly state: WorldState;
  /** Undefined on the machine that runs the interpreter, which has no services and is in no cluster. */
  readonly node: NodeState | undefined;
  /** What a trigger says of what begins now. */
  readonly outcome: CallOutcome;
}

/** A program of the model. */
export interface ProgramCommand {
  /** Lower case, with `.exe`. */
  readonly name: string;
  /** True if a call with these arguments changes something. */
  readonly changes: (args: readonly string[]) => boolean;
  readonly begin: (moment: Moment, args: readonly string[]) => Begun<ProgramResult>;
}

/** A cmdlet of the model. Its records have all their properties; the wanted ones are picked later. */
export interface CmdletCommand {
  readonly name: string;
  readonly changes: boolean;
  /** Names that it knows, as they are written; from which base version on (absent: from the first). */
  readonly parameters: Readonly<Record<string, { readonly from?: string }>>;
  readonly begin: (moment: Moment, parameters: Readonly<Record<string, Json>>) => Begun<CmdletResult>;
}

/** The answer of a program: text with Windows line ends. */
export function printed(exitCode: number, stdout: string, stderr = ""): Reply<ProgramResult> {
  const crlf = (text: string): string => text.replace(/\r?\n/g, "\r\n");
  return { kind: "ok", value: { exitCode, stdout: crlf(stdout), stderr: crlf(stderr), droppedBytes: 0 } };
}

/** The answer of a cmdlet. */
export function records(...list: readonly JsonObject[]): Reply<CmdletResult> {
  return { kind: "ok", value: { records: list } };
}

/** A failure, with one of the codes `denied`, `not_found`, `unreachable`, `cmdlet_error`. */
export function failed(code: string, because: string): { readonly kind: "failed"; readonly failure: Failure } {
  return { kind: "failed", failure: { code, because } };
}

/** A parameter's value as text; "" where it is not given. */
export function textOf(parameters: Readonly<Record<string, Json>>, name: string): string {
  const key = Object.keys(parameters).find((known) => known.toLowerCase() === name.toLowerCase());
  const value = key === undefined ? undefined : parameters[key];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
