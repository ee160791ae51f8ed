import type { Json, JsonObject } from "./json.ts";
import type { PatchReading } from "./patch.ts";

/** What an action does to the world: looks; can be undone or repeated; stops a service for a while; cannot be undone. */
export type Effect = "reads" | "changes" | "disrupts" | "destroys";

/** The effects from the harmless to the worst. */
export const EFFECTS: readonly Effect[] = ["reads", "changes", "disrupts", "destroys"];

/** The worse of two effects. */
export function worseEffect(a: Effect, b: Effect): Effect {
  return EFFECTS.indexOf(a) >= EFFECTS.indexOf(b) ? a : b;
}

/** One thing that is asked of a target, as a value. Values are arguments; nothing here is a line for a shell. */
export type Action = ProgramAction | CmdletAction | ScriptAction | PutAction | GetAction | StatAction | JobAction | JobsAction | SourceAction;

/** Run a program and wait for it; ended with its whole tree when the limit passes. Answers with {@link ProgramResult}, whatever the exit code. */
export interface ProgramAction {
  readonly kind: "program";
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder to run in, on the target. */
  readonly folder?: string;
}

/** Call a PowerShell cmdlet by name with named parameters. Answers with {@link CmdletResult}; an error record is a failure. */
export interface CmdletAction {
  readonly kind: "cmdlet";
  readonly name: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** The properties wanted of each record; `VersionInfo.FileVersion` reaches into one. Others are not carried over. */
  readonly properties: readonly string[];
}

/** Run PowerShell text of the author's own, with named parameters that arrive as data. Answers with {@link ProgramResult}. */
export interface ScriptAction {
  readonly kind: "script";
  readonly script: string;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** Copy a file of the runner to the target, over a temporary name. Answers with {@link StatResult} of what then lies there. */
export interface PutAction {
  readonly kind: "put";
  readonly from: string;
  readonly to: string;
}

/** Fetch a file of the target into the run's folder. Answers with {@link GetResult}. */
export interface GetAction {
  readonly kind: "get";
  readonly from: string;
  readonly limitBytes: number;
}

/** Size and hash of a file on the target. Answers with {@link StatResult}; a file that is not there is an answer, not a failure. */
export interface StatAction {
  readonly kind: "stat";
  readonly path: string;
}

/** Start a program that outlasts the channel and the runner, at most once under its name (which the interpreter gives). Answers with {@link JobResult} as soon as it is started or found. */
export interface JobAction {
  readonly kind: "job";
  readonly program: string;
  readonly args: readonly string[];
  /** A log that the program itself writes, on the target: its size and last lines tell that it is alive. */
  readonly log?: string;
}

/** All jobs that any run of ours started on the target. Answers with {@link JobsResult}. */
export interface JobsAction {
  readonly kind: "jobs";
}

/** Size and hash of a file on the machine that runs the interpreter (an input of format `file`), and what its content says where that is asked for. Answers with {@link SourceResult}. */
export interface SourceAction {
  readonly kind: "source";
  readonly path: string;
  /** What to read the content as. */
  readonly as?: SourceFormat;
}

/** What the content of a file can be read as. `patch`: a Windows Installer patch. */
export type SourceFormat = "patch";

/** What a program came to. */
export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes of output that were not kept: what is over the bound. */
  readonly droppedBytes: number;
}
/** The records of a cmdlet, each with the wanted properties that it had; an enum value is its name, a date RFC 3339, a version text. */
export interface CmdletResult {
  readonly records: readonly JsonObject[];
}
/** A file as it lies there. Without `exists` the rest is 0, "" and absent. */
export interface StatResult {
  readonly exists: boolean;
  readonly bytes: number;
  /** Lower-case hexadecimal; "" for a folder or where nothing is. */
  readonly sha256: string;
  readonly folder: boolean;
}
/** A file of the runner. Its content is read together with its hash, so that both are of the same bytes. */
export interface SourceResult extends StatResult {
  /** There where the action asks for it and a file lies there: what the patch says of itself, never its bytes. */
  readonly patch?: PatchReading;
}
/** A fetched file: where it lies on the runner. */
export interface GetResult {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}
/** A job as its target knows it. `lost`: the target was restarted under it. Times are RFC 3339. */
export interface JobResult {
  readonly name: string;
  readonly state: "running" | "ended" | "lost";
  readonly program: string;
  readonly args: readonly string[];
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly exitCode?: number;
  readonly logBytes: number;
  /** The last lines of its log, at most 4 kB. */
  readonly logTail: string;
}
/** Every job of ours on a target, oldest first. */
export interface JobsResult {
  readonly jobs: readonly JobResult[];
}

/** What each kind of action answers. */
export interface ActionResults {
  readonly program: ProgramResult;
  readonly cmdlet: CmdletResult;
  readonly script: ProgramResult;
  readonly put: StatResult;
  readonly get: GetResult;
  readonly stat: StatResult;
  readonly job: JobResult;
  readonly jobs: JobsResult;
  readonly source: SourceResult;
}

/** The answer of any action. */
export type ActionResult = ActionResults[keyof ActionResults];
