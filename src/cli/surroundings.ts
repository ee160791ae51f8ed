import type { Sink } from "../views/sink.ts";

/** A stream that a person or a program reads. */
export interface Output extends Sink {
  readonly isTerminal: boolean;
  /** As wide as the terminal is now; 80 where there is none. */
  columns(): number;
  /** As high as the terminal is now; 24 where there is none. */
  rows(): number;
  /** Calls back whenever the terminal has another size. Gives the way to end it. */
  onResize(changed: () => void): () => void;
}

/** The ways in which a run is asked to end. On Windows they are Ctrl-C, none, the closing of the console, and Ctrl-Break. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGBREAK";

/** What a command is started in: everything that it may know of its process. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** True if a person can be asked: standard input and standard error, on which prompts are drawn, are a terminal. */
  readonly canAsk: boolean;
  /** Calls back at every signal that asks the process to end. Gives the way to end it. */
  onStopSignal(asked: (signal: StopSignal) => void): () => void;
  /** From here on a journal keeps all that the command tells: where standard output cannot be written, its exit code stays what it is. Else it is that of a command that did not succeed. */
  journalled(): void;
  /** Calls back again and again. Gives the way to end it. */
  every(intervalMs: number, tick: () => void): () => void;
}
