import type { Action, ActionResults, SourceFormat } from "./action.ts";
import type { AskedTerms } from "./approval.ts";
import type { Question } from "./builtin.ts";
import type { Event } from "./event.ts";
import type { Failure } from "./failure.ts";
import type { Result } from "./result.ts";

/** What became of a call to the world. `lost`: the channel broke, so nobody knows; `timeout`: the limit passed, and what could be ended was ended; `isGone` where its whole tree is known to be gone. */
export type Outcome<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "lost"; readonly because: string }
  | { readonly kind: "timeout"; readonly because: string; readonly isGone?: true };

/** An action as it is handed over: a job has its name now. */
export type Call<K extends Action["kind"] = Action["kind"]> = Extract<Action, { kind: K }>;

/** What holds for one call. */
export interface CallOptions {
  /** After this long the call ends with `timeout`; reads and tethered programs are ended with their tree, a job never. */
  readonly limitMs: number;
  /** Called with pieces of output as they come. */
  readonly onOutput: (stream: "stdout" | "stderr", text: string) => void;
  /** Aborted at the second signal of a cancellation. */
  readonly signal: AbortSignal;
}

/** How one address is reached. Verbs: run a program, call a cmdlet, put, get, and jobs; the last three have a reading half (`stat`, `jobs`); what a target keeps of jobs is removed by their names; `ending` tells of what was cut off. None throws for what the world does. */
export interface Transport {
  run(call: Call<"program">, options: CallOptions): Promise<Outcome<ActionResults["program"]>>;
  cmdlet(call: Call<"cmdlet">, options: CallOptions): Promise<Outcome<ActionResults["cmdlet"]>>;
  script(call: Call<"script">, options: CallOptions): Promise<Outcome<ActionResults["script"]>>;
  put(call: Call<"put">, options: CallOptions): Promise<Outcome<ActionResults["put"]>>;
  get(call: Call<"get">, options: CallOptions): Promise<Outcome<ActionResults["get"]>>;
  stat(call: Call<"stat">, options: CallOptions): Promise<Outcome<ActionResults["stat"]>>;
  startJob(name: string, call: Call<"job">, options: CallOptions): Promise<Outcome<ActionResults["job"]>>;
  jobs(call: Call<"jobs">, options: CallOptions): Promise<Outcome<ActionResults["jobs"]>>;
  /**
   * Removes what the target keeps of jobs that have ended or are lost, and what starts that failed have left: their names are free again. One that runs is left as it is.
   * Answers with the names of those that were left. Logs that programs wrote themselves stay. A name that the target does not know is no fault, so it may be asked for again.
   */
  forgetJobs(names: readonly string[], options: CallOptions): Promise<Outcome<readonly string[]>>;
  /** Why a call whose runner died, whose channel broke, or whose limit passed `sinceMs` ago may still be at work there: its tree ends with them, and that takes a moment. Undefined where it is gone. Jobs are not meant. */
  ending(sinceMs: number): string | undefined;
}

/** The way to every address of a run, and to the runner's own files. */
export interface Transports {
  /** The transport for an address that the run knows; `local` included. */
  to(address: string): Transport;
  /** Facts of a file on the machine that runs the interpreter, and what its content says as a file of that format. Takes no virtual time. */
  source(path: string, as?: SourceFormat): Promise<Outcome<ActionResults["source"]>>;
  /** True if the whole system is simulated. */
  readonly simulated: boolean;
}

/** Time: the system's own. */
export interface Clock {
  /** Milliseconds since 1970. Never goes back. */
  now(): number;
  /** Calls `wake` once, not before `atMs`; ties are broken by `key`. Gives the way to take it back. */
  at(atMs: number, key: string, wake: () => void): () => void;
  /**
   * Only a virtual clock has it. Called when nothing of the run can go on: lets all that was set free go as far as it can, and,
   * if the run is idle even then, moves to the earliest wake-up and calls it.
   */
  readonly advance?: (isIdle: () => boolean) => Promise<void>;
}

/** Chance: for the run's id. */
export interface Chance {
  /** A new run id: ten letters and digits, a letter first. */
  runId(): string;
}

/** A question with what it is about. */
export interface AskedQuestion extends Omit<Question, "terms" | "expiresMs"> {
  readonly run: string;
  readonly step: string;
  readonly digest: string;
  readonly terms?: AskedTerms;
  /** When it expires, RFC 3339 in the system's time, and how long that is from now: 0 or less has passed. Absent: never. */
  readonly expires?: { readonly at: string; readonly leftMs: number };
  /** `left`: the run is about to end, and nobody is asked any more; an answer that was left for it counts. Absent: people are asked. */
  readonly only?: "left";
}

/** A person's answer. */
export interface Answer {
  /** `yes`, `no`, the name of a choice, or the typed value as text. */
  readonly answer: string;
  readonly by: string;
  readonly account: string;
  readonly host: string;
  readonly reason: string | undefined;
  /** Names the answer in the run's inbox, where it was left there. */
  readonly left?: string;
}

/** What became of asking. `expired`: its time passed before an answer came. `left`: the person who was asked went away. `nobody`: nobody who could answer is there. */
export type Reply = { readonly kind: "answered"; readonly answer: Answer } | { readonly kind: "expired" } | { readonly kind: "left" } | { readonly kind: "nobody" };

/** Whoever can be asked. */
export interface People {
  /** `terminal`: waiting takes no virtual time. `simulated`: the people of the world, who take the world's time. */
  readonly presence: "terminal" | "simulated" | "nobody";
  /** Never waits longer than the question lasts: in the world's time where people are `simulated`, else in real time. `warn`: told why an answer that lies ready is not taken, before anybody is asked. */
  ask(question: AskedQuestion, warn: (because: string) => void): Promise<Reply>;
}

/** Where events are kept. One writer. */
export interface Journal {
  append(event: Event): void;
  /** Resolves when all that was appended would outlast the runner's death; with the reason why it does not, if it cannot be written. */
  sync(): Promise<Result<undefined, string>>;
}

/** Who holds a lock that was wanted. */
export interface LockHolder {
  readonly lock: string;
  readonly run: string;
  readonly since: string;
  /** Who carries that run out, or did last: `pat on desk`. Undefined where its journal does not tell. */
  readonly by?: string;
  /** Path of the step in which that run is, else of the last that it entered. Undefined before its first. */
  readonly step?: string;
}

/** What became of locks that were wanted. `unusable`: whether they are free cannot be told, and nothing is held; `claimed`: nobody holds one of them, but another run has begun to change what it stands for and has not come to an end. */
export type Acquired =
  | { readonly kind: "held"; readonly release: () => void }
  | { readonly kind: "taken" | "claimed"; readonly holder: LockHolder }
  | { readonly kind: "unusable"; readonly because: string };

/** Locks against other runs. */
export interface Lock {
  /** All or none, without waiting. */
  acquire(names: readonly string[], run: string): Acquired;
}
