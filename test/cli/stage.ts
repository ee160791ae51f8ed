import type { Output, StopSignal, Surroundings } from "../../src/cli/surroundings.ts";

/** Surroundings in memory: what a test gives a command, and what it wrote. */
export interface Stage {
  readonly surroundings: Surroundings;
  readonly out: () => string;
  readonly err: () => string;
  /** Sends a signal, as a person's Ctrl-C would. */
  readonly signal: (signal: StopSignal) => void;
}

/** What differs from a pipe in an empty environment. */
export interface StageOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly workingFolder?: string;
  readonly terminal?: { readonly columns: number; readonly rows: number };
}

/** A stage; without options a pipe in an empty environment. */
export function stage(options: StageOptions = {}): Stage {
  let out = "";
  let err = "";
  const asked = new Set<(signal: StopSignal) => void>();
  const output = (write: (text: string) => void): Output => ({
    write,
    isTerminal: options.terminal !== undefined,
    columns: () => options.terminal?.columns ?? 80,
    rows: () => options.terminal?.rows ?? 24,
    onResize: () => () => {},
  });
  return {
    surroundings: {
      env: options.env ?? {},
      workingFolder: options.workingFolder ?? process.cwd(),
      stdout: output((text) => (out += text)),
      stderr: output((text) => (err += text)),
      canAsk: false,
      onStopSignal: (callback) => {
        asked.add(callback);
        return () => void asked.delete(callback);
      },
      journalled: () => {},
      every: () => () => {},
    },
    out: () => out,
    err: () => err,
    signal: (signal) => asked.forEach((callback) => callback(signal)),
  };
}
