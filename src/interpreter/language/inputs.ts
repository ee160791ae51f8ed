import { errorAt, errorWithoutPlace, type Diagnostic } from "../../core/diagnostic.ts";
import type { Json } from "../../core/json.ts";
import { nameHint } from "../../core/names.ts";
import type { ResolvedInput } from "../../core/plan.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { InputDeclaration, Runbook } from "../../core/runbook.ts";
import { isRequired, type Schema } from "../../core/schema.ts";
import type { Span } from "../../core/source.ts";
import { convertText } from "./convert.ts";
import { matchesPattern } from "./convert-pattern.ts";
import { withFolder } from "./inputs-files.ts";
import { resolveSecret, type Asking } from "./inputs-secret.ts";
import type { Node } from "./node.ts";
import { valueOf } from "./value-of.ts";

/** A value as it was given: text (`--set`, the environment, a prompt), or a part of a file. */
export type GivenValue = { readonly kind: "text"; readonly text: string; /** The environment variable that it came in. */ readonly variable?: string } | { readonly kind: "node"; readonly node: Node };

/** Where values for inputs come from (language.md section 3). */
export interface InputSource {
  /** As it is shown beside the value: `--set`, `inventory system exclus1`. */
  readonly origin: string;
  /** `names-must-exist`: a name that the runbook does not declare is an error. */
  readonly strict: "names-must-exist" | "extra-names-allowed";
  readonly values: ReadonlyMap<string, GivenValue>;
  /** The folder, absolute, that files among the values are relative to. Undefined: they stay as they are written. */
  readonly folder?: string;
}

/** Origin of a value that the runbook itself gives. */
const DEFAULT = "default";

function filesIn(value: Json, schema: Schema, folder: string | undefined): Json {
  return folder === undefined ? value : withFolder(value, schema, folder);
}

function fault(span: Span | undefined, code: string, message: string, origin: string, hint?: string): Diagnostic {
  return span === undefined ? errorWithoutPlace(code, `${message} (from ${origin})`, hint) : errorAt(span, code, `${message} (from ${origin})`, hint);
}

/** A text as a value of an input; the sentence says what it must be and what came. */
function readText({ name, schema }: InputDeclaration, text: string): Result<Json, string> {
  if (schema.type === "string" && schema.pattern !== undefined && matchesPattern(schema.pattern, text) !== true) {
    return error(`\`${name}\` must match ${schema.pattern} — got \`${text}\``);
  }
  const converted = convertText(text, schema);
  return converted.kind === "ok" ? converted : error(`\`${name}\`: ${converted.error}`);
}

function readGiven(input: InputDeclaration, given: GivenValue, source: InputSource): Result<Json, readonly Diagnostic[]> {
  const text = given.kind === "text" ? given.text : given.node.kind === "scalar" ? given.node.text : undefined;
  const span = given.kind === "node" ? given.node.span : undefined;
  if (input.schema.remember === true) {
    return error([fault(span, "not-remembered", `\`${input.name}\` takes only what a step of a run has remembered, so nobody can give it`, source.origin, "leave it out; the file is meant to be called")]);
  }
  if (text !== undefined) {
    const read = readText(input, text);
    return read.kind === "ok" ? read : error([fault(span, "bad-input", read.error, source.origin, exampleHint(input))]);
  }
  if (given.kind === "text") return error([]);
  const { value, diagnostics } = valueOf(given.node, input.schema);
  if (value !== undefined && diagnostics.length === 0) return ok(value);
  return error(diagnostics.map((diagnostic) => ({ ...diagnostic, message: `\`${input.name}\`: ${diagnostic.message} (from ${source.origin})` })));
}

/** A system that could be named, and the values that it would give. */
export interface SystemInputs {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, unknown>;
}

/** An example as it would be typed; undefined where the declaration shows none. */
function exampleOf({ schema }: InputDeclaration): string | undefined {
  const first = "examples" in schema ? schema.examples?.[0] : undefined;
  if (first !== undefined) return typeof first === "string" ? first : JSON.stringify(first);
  return schema.type === "string" ? schema.enum?.[0] : undefined;
}

function exampleHint(input: InputDeclaration): string | undefined {
  const example = exampleOf(input);
  return example === undefined ? input.schema.description : `for example ${example}`;
}

/** A word as a POSIX shell takes it. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function missing(input: InputDeclaration, systems: readonly SystemInputs[]): Diagnostic {
  const { name, schema } = input;
  const what = schema.description === undefined ? "" : `: ${schema.description}`;
  if (schema.remember === true) return errorWithoutPlace("missing-input", `\`${name}\` is not given${what}`, "only a runbook that calls this one can give it, from a step with `remember: true`");
  const example = shellWord(exampleOf(input) ?? "VALUE");
  const [system, ...others] = systems.filter((candidate) => candidate.inputs.has(name)).map((candidate) => candidate.name);
  const named = system === undefined ? "" : others.length === 0 ? `--system ${system} gives it; or ` : `--system NAME gives it: ${[system, ...others].map((each) => `\`${each}\``).join(", ")}; or `;
  return errorWithoutPlace("missing-input", `\`${name}\` is not given${what}`, `${named}--set ${name}=${example}; or in a file of --values, in the inventory, or as RUNBOOK_INPUT_${name.toUpperCase()}`);
}

function unknownNames(runbook: Runbook, sources: readonly InputSource[]): readonly Diagnostic[] {
  const names = runbook.inputs.map(({ name }) => name);
  const declared = new Set(names);
  return sources.filter(({ strict }) => strict === "names-must-exist").flatMap(({ origin, values }) =>
    [...values].filter(([name]) => !declared.has(name)).map(([name, given]) =>
      fault(given.kind === "node" ? given.node.span : undefined, "unknown-input", `\`${runbook.name}\` has no input \`${name}\``, origin, nameHint(name, names))));
}

function sourceOf(name: string, sources: readonly InputSource[]): { readonly source: InputSource; readonly given: GivenValue } | undefined {
  for (const source of sources) {
    const given = source.values.get(name);
    if (given !== undefined) return { source, given };
  }
  return undefined;
}

/** The inputs that must be given and that no source gives: what a terminal could be asked for, in the order of the file. Secrets are asked for later, when the plan is accepted. */
export function missingInputs(runbook: Runbook, sources: readonly InputSource[]): readonly InputDeclaration[] {
  return runbook.inputs.filter(({ name, schema }) => isRequired(schema) && schema.remember !== true && schema.secret !== true && sourceOf(name, sources) === undefined);
}

/**
 * The inputs of a run with their origins, in the order of the file. Sources come the strongest first; the runbook's defaults are the
 * weakest. An optional input that nobody gives is left out. `systems` are those that were not named: where one would give what is missing, that is said. Of a secret only its source is found: it is not read. On the unhappy path all
 * faults: unknown names, values that do not fit, what is missing.
 */
export function resolveInputs(runbook: Runbook, sources: readonly InputSource[], asking: Asking = "nobody", systems: readonly SystemInputs[] = []): Result<readonly ResolvedInput[], readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [...unknownNames(runbook, sources)];
  const resolved: ResolvedInput[] = [];
  for (const input of runbook.inputs) {
    const { name, schema } = input;
    const found = sourceOf(name, sources);
    if (schema.secret === true) {
      const secret = resolveSecret(input, found, asking);
      if (secret.kind === "error") diagnostics.push(...secret.error);
      else if (secret.value !== undefined) resolved.push(secret.value);
      continue;
    }
    const fallback = "default" in schema ? schema.default : undefined;
    if (found !== undefined) {
      const value = readGiven(input, found.given, found.source);
      if (value.kind === "ok") resolved.push({ name, value: filesIn(value.value, schema, found.source.folder), origin: found.source.origin });
      else diagnostics.push(...value.error);
      // A default was brought to JSON by its schema when the file was lowered.
    } else if (fallback !== undefined) resolved.push({ name, value: fallback as Json, origin: DEFAULT });
    else if (isRequired(schema)) diagnostics.push(missing(input, systems));
  }
  return diagnostics.length > 0 ? error(diagnostics) : ok(resolved);
}
