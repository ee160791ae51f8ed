import type { Action, ActionResult, Effect } from "../../core/action.ts";
import type { ActionCall, AnyBuiltin, Values } from "../../core/builtin.ts";
import type { Outcome } from "../../core/port.ts";
import type { Secrets } from "../../core/secrets.ts";
import { textFailure } from "../../core/text-failure.ts";
import { actionEffect } from "../plan/planned-actions.ts";
import { apply } from "./apply.ts";
import type { Branch, Run } from "./context.ts";
import { maskedOutput, secretMissing, secretShown, withCutMasked } from "./run-secrets.ts";

/** What is known of the leaf that issues an action. */
export interface Issuer {
  readonly path: string;
  readonly builtin: AnyBuiltin;
  readonly inputs: Values;
  readonly address: string;
  /** What the names of the actions begin with, for a reading among a step's inputs: `done-when/`. */
  readonly actionPrefix: string;
  /** `quietly`: a probe's sample; its readings are summed up when the watch ends, not told one by one. */
  readonly told: "each" | "quietly";
  /** Of the run. */
  readonly secrets: Secrets | undefined;
}

/** A declared action with its arguments. */
export interface MadeAction {
  readonly name: string;
  readonly title: string;
  readonly effect: Effect;
  readonly action: Action;
  /** The action as it is told and compared, with its secrets masked: the same after a resume, when a secret may be another one. */
  readonly masked: Action;
  readonly atMost: number;
  readonly settlesWithinMs: number;
  readonly fill: Readonly<Record<string, string>> | undefined;
}

/** Most characters of an action's output that go into events; the rest is counted. */
const OUTPUT_LIMIT = 16_384;

/** The action that a call names, with its arguments. A name that the builtin does not declare is our own mistake. */
export function makeAction(issuer: Issuer, call: ActionCall): MadeAction {
  const declaration = issuer.builtin.actions[call.action];
  if (declaration === undefined) throw new Error(`${issuer.builtin.name} chose an action that it does not declare: ${call.action}`);
  const action = declaration.make(issuer.inputs, call.fill ?? {});
  return {
    name: `${issuer.actionPrefix}${call.action}`,
    title: declaration.title,
    effect: actionEffect(issuer.builtin, declaration.effect, issuer.inputs),
    action,
    masked: issuer.secrets?.maskAction(action) ?? action,
    atMost: declaration.atMost ?? 1,
    settlesWithinMs: declaration.settlesWithinMs ?? 0,
    fill: call.fill,
  };
}

/** What became of a change: its outcome, or that it was not begun because the intent could not be kept. */
export type Issued = Outcome<ActionResult> | { readonly kind: "not-recorded"; readonly because: string };

/** What is issued, in which turn, and how long it may take. */
export interface Issue {
  readonly made: MadeAction;
  readonly turn: number;
  readonly limitMs: number;
}

/** Issues a reading and tells it; a probe's is not told. Nothing that the plan did not show is issued: that would be our own mistake, and ends with exit 3. */
export async function issueReading(run: Run, branch: Branch, issuer: Issuer, what: Issue): Promise<Outcome<ActionResult>> {
  const { made, limitMs } = what;
  allowed(run, issuer, made);
  const wrong = textFailure(made.action) ?? secretShown(made.action, run.secrets);
  if (wrong !== undefined) return { kind: "failed", failure: wrong };
  const missing = run.secretInputs === "withheld" ? secretMissing(made.action) : undefined;
  if (missing !== undefined) {
    run.halt.raise({ kind: "not-permitted", because: `before ${issuer.path}: ${missing.because}` });
    return { kind: "failed", failure: missing };
  }
  if (issuer.told === "quietly") return withCutMasked(await branch.task.ask(() => apply(run.transports, issuer.address, made.action, undefined, { limitMs, onOutput: () => undefined, signal: run.abort })), run.secrets);
  return carryOut(run, branch, issuer, what, undefined, announce(run, issuer, what, undefined));
}

/**
 * Issues an action that changes something. The intent is kept before the port is called; without that nothing is done. `onKept`: the next intent
 * may be told now. Intents that only change share a sync, as they share a sample: the next one is told while this one is on its way to the disk.
 */
export async function issueChange(run: Run, branch: Branch, issuer: Issuer, what: Issue, job: string | undefined, onKept: () => void): Promise<Issued> {
  allowed(run, issuer, what.made);
  const number = announce(run, issuer, what, job);
  const shares = what.made.effect === "changes";
  if (shares) onKept();
  const kept = await branch.task.own(() => run.engine.sync());
  if (!shares) onKept();
  if (kept.kind === "error") {
    run.emit({ type: "action-finished", step: issuer.path, turn: what.turn, number, outcome: "not-begun", because: kept.error, ms: 0 });
    return { kind: "not-recorded", because: kept.error };
  }
  const outcome = await carryOut(run, branch, issuer, what, job, number);
  // Nothing but this record tells what a plain program did.
  if (issuer.builtin.cannotLook === true) await branch.task.own(() => run.engine.sync());
  return outcome;
}

function allowed(run: Run, issuer: Issuer, made: MadeAction): void {
  if (!run.planned.allows(issuer.path, made.name, made.action)) throw new Error(`${issuer.path}: the plan does not hold the action ${made.name} ${JSON.stringify(made.masked)}`);
}

function announce(run: Run, issuer: Issuer, { made, turn }: Issue, job: string | undefined): number {
  run.tally.actions += 1;
  run.emit({
    type: "action-started", step: issuer.path, turn, number: run.tally.actions, effect: made.effect,
    action: { name: made.name, title: made.title, target: issuer.address, what: made.action, ...(job === undefined ? {} : { job }), ...(made.fill === undefined ? {} : { fill: made.fill }) },
  });
  return run.tally.actions;
}

async function carryOut(run: Run, branch: Branch, issuer: Issuer, { made, turn, limitMs }: Issue, job: string | undefined, number: number): Promise<Outcome<ActionResult>> {
  const startedMs = branch.task.now();
  const changes = made.effect !== "reads";
  let kept = 0;
  let dropped = 0;
  const onOutput = (stream: "stdout" | "stderr", text: string): void => {
    const part = text.slice(0, Math.max(0, OUTPUT_LIMIT - kept));
    kept += part.length;
    dropped += text.length - part.length;
    if (part !== "" && changes) run.emit({ type: "action-output", step: issuer.path, number, stream, text: part, droppedBytes: 0 });
  };
  const output = maskedOutput({ limitMs, onOutput, signal: run.abort }, run.secrets);
  const begin = (): Promise<Outcome<ActionResult>> => apply(run.transports, issuer.address, made.action, job, output.options);
  const outcome = withCutMasked(await (made.action.kind === "source" ? branch.task.own(begin) : branch.task.ask(begin)), run.secrets);
  output.end();
  if (dropped > 0 && changes) run.emit({ type: "action-output", step: issuer.path, number, stream: "stdout", text: "", droppedBytes: dropped });
  run.emit({ type: "action-finished", step: issuer.path, turn, number, ms: branch.task.now() - startedMs, ...finished(outcome), ...(changes && outcome.kind === "ok" ? { result: outcome.value } : {}) });
  return outcome;
}

function finished(outcome: Outcome<ActionResult>): { outcome: "ok" | "failed" | "lost" | "timeout"; exitCode?: number; code?: string; because?: string } {
  switch (outcome.kind) {
    case "ok":
      return { outcome: "ok", ...("exitCode" in outcome.value && outcome.value.exitCode !== undefined ? { exitCode: outcome.value.exitCode } : {}) };
    case "failed":
      return { outcome: "failed", code: outcome.failure.code, because: outcome.failure.because };
    case "lost":
    case "timeout":
      return { outcome: outcome.kind, because: outcome.because };
  }
}
