import type { Registry } from "../core/builtin.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a flag takes: nothing, one value, or any number of values. */
export interface Flag {
  readonly name: string;
  readonly takes: "nothing" | "value" | "values";
  /** How the value is called in the help: `NAME=VALUE`. Undefined where it takes nothing. */
  readonly value?: string;
  /** The values that it takes; undefined where any text is one. */
  readonly choices?: readonly string[];
  /** What it does, a sentence without a full stop. */
  readonly does: string;
}

/** The words of a command line, checked against the command's table. */
export interface Arguments {
  readonly operands: readonly string[];
  /** Names of the flags that were given and take nothing. */
  readonly given: ReadonlySet<string>;
  /** Values by flag, in their order. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** The value of a flag that takes one; undefined where it was not given. */
export function valueOf(args: Arguments, flag: string): string | undefined {
  return args.values.get(flag)?.at(-1);
}

/** What a command is run with. */
export interface CommandContext {
  readonly args: Arguments;
  readonly surroundings: Surroundings;
  /** How runbook was started, for `next` lines: `runbook`, `npx --no-install runbook`. */
  readonly typed: string;
  /** The builtins; loaded when they are asked for. */
  readonly loadBuiltins: () => Promise<Registry>;
}

/** Runs a command; answers with the exit code. */
export type RunCommand = (context: CommandContext) => Promise<number>;

/** A command as the help and the parser see it. Its code is loaded when it is called. */
export interface Command {
  readonly name: string;
  /** One line, in the imperative, without a full stop. */
  readonly summary: string;
  /** What comes after the name: `FILE`, `[NAME]`, `show | reset`. */
  readonly usage: string;
  readonly operands: { readonly atLeast: number; readonly atMost: number };
  /** Short paragraphs: what it does, what it leaves alone, how it ends. */
  readonly teaches: readonly string[];
  readonly flags: readonly Flag[];
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  readonly load: () => Promise<RunCommand>;
}
