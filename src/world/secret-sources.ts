import { error, ok, type Result } from "../core/result.ts";
import type { SecretSource } from "../core/secret.ts";
import { readTextFile } from "./files.ts";
import { runProcess } from "./local-process.ts";
import { Tether } from "./tether.ts";

/** Whoever keeps secrets answers within this, a person's touch on a key included. */
const COMMAND_LIMIT_MS = 120_000;

/** One line end closes what a file or a program holds, and is no part of it. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}

/** The secret of a source, or a sentence that says why there is none: never a part of what was read. */
export async function readSecretSource(source: Exclude<SecretSource, { kind: "prompt" }>, env: Readonly<Record<string, string | undefined>>): Promise<Result<string, string>> {
  switch (source.kind) {
    case "env": {
      const value = env[source.name];
      return value === undefined ? error(`the environment variable ${source.name} is not set`) : ok(value);
    }
    case "file": {
      const text = readTextFile(source.path);
      return text.kind === "ok" ? ok(withoutLineEnd(text.value)) : text;
    }
    case "command":
      return readFromCommand(source.command, source.folder);
  }
}

async function readFromCommand([program = "", ...args]: readonly string[], folder: string): Promise<Result<string, string>> {
  const options = { limitMs: COMMAND_LIMIT_MS, onOutput: () => undefined, signal: new AbortController().signal };
  const outcome = await runProcess({ kind: "program", program, args, folder }, options, new Tether());
  if (outcome.kind === "failed") return error(outcome.failure.because);
  if (outcome.kind !== "ok") return error(outcome.because);
  const { exitCode, stdout, droppedBytes } = outcome.value;
  // What it said is not shown: it may be the secret, or a part of it.
  if (exitCode !== 0) return error(`\`${program}\` ended with exit code ${exitCode}; run it by hand to see why`);
  return droppedBytes > 0 ? error(`\`${program}\` printed more than a secret can be long`) : ok(withoutLineEnd(stdout));
}
