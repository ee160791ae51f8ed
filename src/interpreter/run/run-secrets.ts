import type { Action, ActionResult, JobResult, ProgramResult } from "../../core/action.ts";
import { assertNever } from "../../core/assert-never.ts";
import type { Failure } from "../../core/failure.ts";
import type { CallOptions, Outcome } from "../../core/port.ts";
import { SECRET_HOLE } from "../../core/plan.ts";
import type { Binding, Leaf, Runbook, Scope, TemplateHelperValue } from "../../core/runbook.ts";
import { MaskedStream } from "../../core/masked-stream.ts";
import type { Secrets } from "../../core/secrets.ts";
import { madeByHelper } from "../language/template.ts";

/** The secrets that a run was given, by input, and what knows them and all that is made of them. */
export interface RunSecrets {
  readonly values: ReadonlyMap<string, string>;
  readonly known: Secrets;
}

/** The parts of an action that others can see while it runs (the list of processes, paths, names), with what each is. What goes in by standard input, by the environment or as a parameter is none. */
function openParts(action: Action): readonly (readonly [what: string, text: string])[] {
  switch (action.kind) {
    case "program":
      return [["the program's name", action.program], ...action.args.map((arg) => ["an argument", arg] as const), ["the folder", action.folder ?? ""], ...Object.keys(action.env ?? {}).map((name) => ["a variable's name", name] as const)];
    case "job":
      return [["the program's name", action.program], ...action.args.map((arg) => ["an argument", arg] as const), ["the log", action.log ?? ""]];
    case "cmdlet":
      return [["the cmdlet's name", action.name]];
    case "put":
      return [["a path", action.from], ["a path", action.to]];
    case "get":
      return [["a path", action.from]];
    case "stat":
    case "source":
      return [["a path", action.path]];
    case "script":
    case "jobs":
      return [];
    default:
      return assertNever(action);
  }
}

/** Why an action must not be issued: a secret would be seen. Undefined where it may. The checker has refused what the file says; this is for what only the run brings together. */
export function secretShown(action: Action, secrets: Secrets | undefined): Failure | undefined {
  if (secrets === undefined) return undefined;
  for (const [what, text] of openParts(action)) {
    const name = secrets.nameIn(text);
    if (name !== undefined) return { code: "bad_input", because: `${what} would hold the secret \`${name}\`, for everybody to see: hand it over where \`secret\` is declared, or choose a value that is not part of others` };
  }
  return undefined;
}

/** Why a reading cannot be made where secrets are withheld; undefined where it needs none. */
export function secretMissing(action: Action): Failure | undefined {
  return JSON.stringify(action).includes(SECRET_HOLE) ? { code: "not_known", because: "it needs a secret, and a plan reads none" } : undefined;
}

/** Takes in what helpers make of secrets. A result that no secret went into (`default` gave its other value) is none. */
function takeMade(made: readonly TemplateHelperValue[] | undefined, scope: Scope, secrets: Secrets): void {
  for (const value of made ?? []) {
    const result = madeByHelper(value, scope);
    const name = result?.of.map((text) => secrets.nameIn(text)).find((found) => found !== undefined);
    if (result !== undefined && name !== undefined) secrets.add(name, result.made);
  }
}

function takeBinding(binding: Binding, scope: Scope, secrets: Secrets): void {
  if (binding.kind === "template") takeMade(binding.secrets, scope, secrets);
  else if (binding.kind === "list") for (const item of binding.items) takeBinding(item, scope, secrets);
  else if (binding.kind === "object") for (const entry of binding.entries) takeBinding(entry.binding, scope, secrets);
}

/** Takes in what the inputs of a step make of secrets, before they are used. */
export function takeFromInputs(bindings: Leaf["with"], scope: Scope, secrets: Secrets | undefined): void {
  if (secrets !== undefined) for (const { binding } of bindings) takeBinding(binding, scope, secrets);
}

/** Takes in what the vars of a file make of secrets. */
export function takeFromVars(runbook: Runbook, scope: Scope, secrets: Secrets | undefined): void {
  if (secrets !== undefined) for (const { secrets: made } of runbook.vars) takeMade(made, scope, secrets);
}

function holdsSecret(binding: Binding): boolean {
  if (binding.kind === "template") return binding.secrets !== undefined;
  if (binding.kind === "list") return binding.items.some(holdsSecret);
  return binding.kind === "object" && binding.entries.some((entry) => holdsSecret(entry.binding));
}

/** True if a leaf cannot even look without a secret: its own reading needs one, or one among its inputs. */
export function looksWithSecret(leaf: Leaf): boolean {
  return leaf.with.some(({ binding }) => (binding.kind === "reading" ? looksWithSecret(binding.reading) : leaf.reads && holdsSecret(binding)));
}

/** The options of a call whose pieces of output are masked, also where a secret is split across two. `end` gives what is held back. */
export function maskedOutput(options: CallOptions, secrets: Secrets | undefined): { readonly options: CallOptions; readonly end: () => void } {
  if (secrets === undefined) return { options, end: () => undefined };
  const streams = {
    stdout: new MaskedStream(secrets, (text) => options.onOutput("stdout", text)),
    stderr: new MaskedStream(secrets, (text) => options.onOutput("stderr", text)),
  };
  return {
    options: { ...options, onOutput: (stream, text) => streams[stream].write(text) },
    end: () => {
      streams.stdout.end();
      streams.stderr.end();
    },
  };
}

/** An answer of which only the end was kept may begin in the middle of a secret, which nothing can recognize later: what is left of it is masked at once. */
export function withCutMasked(outcome: Outcome<ActionResult>, secrets: Secrets | undefined): Outcome<ActionResult> {
  if (secrets === undefined || outcome.kind !== "ok") return outcome;
  const { value } = outcome;
  if ("droppedBytes" in value && value.droppedBytes > 0) return { kind: "ok", value: { ...value, stdout: secrets.maskCutStart(value.stdout), stderr: secrets.maskCutStart(value.stderr) } satisfies ProgramResult };
  if ("logTail" in value) return { kind: "ok", value: tailMasked(value, secrets) };
  if ("jobs" in value) return { kind: "ok", value: { jobs: value.jobs.map((job) => tailMasked(job, secrets)) } };
  return outcome;
}

function tailMasked(job: JobResult, secrets: Secrets): JobResult {
  return job.logBytes > job.logTail.length ? { ...job, logTail: secrets.maskCutStart(job.logTail) } : job;
}
