import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import type { ResolvedInput } from "../core/plan.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { InputDeclaration, Runbook } from "../core/runbook.ts";
import { SHORTEST_SECRET, sourceText, type SecretSource } from "../core/secret.ts";
import { Secrets } from "../core/secrets.ts";
import { matchesPattern } from "../interpreter/language/convert-pattern.ts";
import type { RunSecrets } from "../interpreter/run/run-secrets.ts";
import { readSecretSource } from "../world/secret-sources.ts";
import { inputHelp } from "./ask-input.ts";
import type { CommandContext } from "./command.ts";
import { pageStyle } from "./page-style.ts";

/** A longer text is no secret: it would be looked for in all that is told. */
const LONGEST_SECRET = 64_000;

/** What is wrong with a secret, without a part of it; undefined where it is one. */
function faultOf({ schema }: InputDeclaration, secret: string): string | undefined {
  if (secret === "") return "it is empty";
  if (secret.length < SHORTEST_SECRET) return `it is shorter than ${SHORTEST_SECRET} characters: so short a text stands in many others, and could not be masked`;
  if (secret.length > LONGEST_SECRET) return `it is longer than ${LONGEST_SECRET} characters`;
  if (secret.includes("\0")) return "it holds a NUL character, which no program can be given";
  return schema.type === "string" && schema.pattern !== undefined && matchesPattern(schema.pattern, secret) !== true ? `it does not match ${schema.pattern}` : undefined;
}

async function readOne(context: CommandContext, input: InputDeclaration, source: SecretSource): Promise<Result<string, string | "left">> {
  if (source.kind !== "prompt") return await readSecretSource(source, context.surroundings.env);
  const { stderr, env, canAsk } = context.surroundings;
  if (!canAsk) return error("nobody is at a terminal who could be asked; the run was begun at one");
  const { askHidden } = await import("../world/terminal-prompts.ts");
  stderr.write(`${inputHelp(input, pageStyle(stderr, env, context.args)).join("\n")}\n`);
  const answer = await askHidden(`${input.name} (not shown):`, (text) => faultOf(input, text) ?? true);
  return answer.kind === "left" ? error("left") : ok(answer.value);
}

/**
 * Reads the secrets among the inputs of a run, each from its source; undefined where there are none. All faults at once; none shows a
 * part of what was read. `left`: a person went away from a prompt.
 */
export async function readSecrets(context: CommandContext, runbook: Runbook, inputs: readonly ResolvedInput[]): Promise<Result<RunSecrets | undefined, readonly Diagnostic[] | "left">> {
  const values = new Map<string, string>();
  const known = new Secrets();
  const faults: Diagnostic[] = [];
  for (const input of runbook.inputs) {
    const source = inputs.find(({ name }) => name === input.name)?.secret;
    if (source === undefined) continue;
    const secret = await readOne(context, input, source);
    if (secret.kind === "error" && secret.error === "left") return error("left");
    const fault = secret.kind === "error" ? secret.error : faultOf(input, secret.value);
    if (fault !== undefined) faults.push(errorWithoutPlace("secret-not-read", `the secret \`${input.name}\` (from ${sourceText(source)}) cannot be taken: ${fault}`, input.schema.description));
    else if (secret.kind === "ok") {
      values.set(input.name, secret.value);
      known.add(input.name, secret.value);
    }
  }
  if (faults.length > 0) return error(faults);
  return ok(values.size === 0 ? undefined : { values, known });
}
