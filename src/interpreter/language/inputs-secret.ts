import { errorWithoutPlace, type Diagnostic } from "../../core/diagnostic.ts";
import type { ResolvedInput } from "../../core/plan.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { InputDeclaration } from "../../core/runbook.ts";
import { isRequired } from "../../core/schema.ts";
import { MASK, sourceText, type SecretSource } from "../../core/secret.ts";
import type { GivenValue, InputSource } from "./inputs.ts";
import { REFERENCES, secretReference } from "./secret-source.ts";

/** Who can be asked for a secret that nothing gives a source for. */
export type Asking = "terminal" | "nobody";

/** Where a secret comes from is told, its value is not. */
function resolved(name: string, secret: SecretSource, said: string | undefined): ResolvedInput {
  return { name, value: MASK, origin: said === undefined ? sourceText(secret) : `${sourceText(secret)} (${said})`, secret };
}

function given(name: string, value: GivenValue, source: InputSource): Result<ResolvedInput, readonly Diagnostic[]> {
  if (value.kind === "text" && value.variable !== undefined) return ok(resolved(name, { kind: "env", name: value.variable }, undefined));
  if (value.kind === "text") {
    return error([errorWithoutPlace("secret-on-command-line", `\`${name}\` is a secret: ${source.origin} would leave it in the list of processes and in the shell's history`, otherWays(name))]);
  }
  const reference = secretReference(name, value.node, source.folder ?? "", source.origin);
  return reference.kind === "ok" ? ok(resolved(name, reference.value, source.origin)) : error([reference.error]);
}

function otherWays(name: string): string {
  return `set the environment variable RUNBOOK_INPUT_${name.toUpperCase()}; or give its source in the inventory or in a file of --values: \`${name}:\` with ${REFERENCES}; on a terminal it is asked for`;
}

/**
 * The source of a secret, which is not read here: what a file or the environment says, else what the runbook says, else the terminal.
 * Undefined where an optional one has none. On the unhappy path: a value in place of a source, or nothing at all.
 */
export function resolveSecret(input: InputDeclaration, found: { readonly source: InputSource; readonly given: GivenValue } | undefined, asking: Asking): Result<ResolvedInput | undefined, readonly Diagnostic[]> {
  const { name, schema, from } = input;
  if (found !== undefined) return given(name, found.given, found.source);
  if (from !== undefined) return ok(resolved(name, from, undefined));
  if (!isRequired(schema)) return ok(undefined);
  if (asking === "terminal") return ok(resolved(name, { kind: "prompt" }, undefined));
  const what = schema.description === undefined ? "" : `: ${schema.description}`;
  return error([errorWithoutPlace("missing-input", `the secret \`${name}\` has no source${what}`, otherWays(name))]);
}
