import type { StepEnd } from "./context.ts";
import { toldTogether } from "./failing.ts";
import type { ListEnd } from "./list.ts";
import type { HaltCause, RunFinished, RunResult, RunResumed } from "../../core/event.ts";

/** How a block's parts ended. */
export interface BlockParts {
  readonly main: ListEnd;
  /** Undefined: there was none, or nothing failed. */
  readonly rescue: ListEnd | undefined;
  /** Undefined: there is none, or it stays owed. */
  readonly always: ListEnd | undefined;
  readonly afterRescue: "stop" | "continue" | undefined;
}

function ended(list: ListEnd, status: StepEnd["status"]): StepEnd {
  return {
    status, ...(list.step === undefined ? {} : { failedStep: list.step }), ...(list.code === undefined ? {} : { code: list.code }), ...(list.because === undefined ? {} : { because: list.because }),
    ...(list.failures === undefined ? {} : { failures: list.failures }),
  };
}

/** The end of a block: the first that applies (semantics.md section 5). */
export function blockEnd({ main, rescue, always, afterRescue }: BlockParts): StepEnd {
  const parts = [main, rescue, always].filter((part) => part !== undefined);
  for (const kind of ["unknown", "not-yet", "waiting"] as const) {
    const part = parts.find((candidate) => candidate.kind === kind);
    if (part !== undefined) return ended(part, kind);
  }
  if (main.kind === "interrupted") return ended(main, "interrupted");
  const rescued = main.kind === "failed" && rescue?.kind === "went-on" && afterRescue === "continue";
  if (main.kind === "failed" && !rescued) return ended(rescue?.kind === "failed" ? { ...rescue, because: `${main.because ?? ""}; and its rescue failed: ${rescue.because ?? ""}` } : main, "failed");
  if (always !== undefined && always.kind !== "went-on") return ended(always, always.kind === "interrupted" ? "interrupted" : "failed");
  if (rescued) return { status: "rescued", because: main.because ?? "" };
  return { status: main.changed || always?.changed === true ? "ok" : "unchanged" };
}

/** The end of a loop: the first that applies. `instances` are those that were begun. */
export function loopEnd(instances: readonly StepEnd[], maxFailures: number): StepEnd {
  const unknown = instances.find((candidate) => candidate.status === "unknown");
  if (unknown !== undefined) return { ...unknown };
  const failures = instances.filter((instance) => instance.status === "failed");
  if (failures.length > maxFailures) {
    const each = failures.flatMap((failure) => failure.failures ?? [{ step: failure.failedStep ?? "", because: failure.because ?? failure.code ?? "" }]);
    const because = `${failures.length} of ${instances.length} failed${maxFailures > 0 ? `, more than the ${maxFailures} that may` : ""}: ${toldTogether(each)}`;
    return { status: "failed", code: failures[0]?.code ?? "failed", because, failures: each, ...(failures[0]?.failedStep === undefined ? {} : { failedStep: failures[0].failedStep }) };
  }
  for (const status of ["not-yet", "waiting", "interrupted"] as const) {
    const instance = instances.find((candidate) => candidate.status === status);
    if (instance !== undefined) return { ...instance };
  }
  return { status: instances.some((instance) => instance.status === "ok" || instance.status === "rescued" || instance.status === "failed") ? "ok" : "unchanged" };
}

/** What a run's result is made from. */
export interface RunFacts {
  readonly halt: HaltCause | undefined;
  readonly goalHeld: "held" | "not-held";
  /** Whether the runbook states a goal: without one its steps are all that can be told of. */
  readonly goal: "stated" | "none";
  readonly preconditions: ListEnd;
  readonly steps: ListEnd;
  readonly postconditions: ListEnd;
  readonly intents: number;
  readonly couldChange: boolean;
  readonly rescuedOrNoted: boolean;
  readonly passedOver: readonly string[];
}

/** The step and its reason; where several failed, each with its own. */
function toldOf({ step, code, because, failures }: ListEnd): string {
  return toldTogether(failures ?? [{ step: step ?? "", because: because ?? code ?? "" }]);
}

/** The result of a run: the first that applies (semantics.md section 5). */
export function runResult(facts: RunFacts): { readonly result: RunResult; readonly because: string } {
  const { halt } = facts;
  if (halt?.kind === "cancelled") return { result: "cancelled", because: halt.because };
  if (halt?.kind === "invariant") return { result: facts.intents === 0 ? "stopped" : "failed", because: `${halt.invariant}: ${halt.because}` };
  if (halt?.kind === "rollback" || halt?.kind === "not-permitted" || halt?.kind === "not-recorded") return { result: "stopped", because: halt.because };
  for (const list of [facts.preconditions, facts.steps]) {
    if (list.kind === "failed" || list.kind === "unknown") return { result: "stopped", because: toldOf(list) };
  }
  for (const list of [facts.preconditions, facts.steps, facts.postconditions]) {
    if (list.kind === "waiting") return { result: "waiting", because: `${list.step ?? ""}: ${list.because ?? ""}` };
  }
  if (facts.postconditions.kind === "unknown") return { result: "stopped", because: toldOf(facts.postconditions) };
  if (facts.postconditions.kind === "failed") return { result: "failed", because: `the goal does not hold: ${toldOf(facts.postconditions)}` };
  if (facts.passedOver.length > 0) return { result: "failed", because: `went on over ${facts.passedOver.join(", ")}` };
  if (facts.goalHeld === "held") return { result: "nothing to do", because: "the goal holds already" };
  if (facts.intents === 0 && facts.couldChange && !facts.rescuedOrNoted) return { result: "nothing to do", because: "no step had anything to change" };
  return { result: "succeeded", because: facts.goal === "none" ? "every step is done" : "every step is done and the goal holds" };
}

/** True if a run is over for good with such an end, so that nobody takes it up any more. `to`: what it was taken up to, or begun. */
export function isOver({ result, owed }: Pick<RunFinished, "result" | "owed">, to: RunResumed["to"]): boolean {
  return result === "succeeded" || result === "nothing to do" || (to === "abandon" && owed.length === 0);
}

/** The exit code of an end (language.md section 11). Who gives a run up is told whether it has let go of its system: that it was cancelled is no news. */
export function exitCodeOf(end: Pick<RunFinished, "result" | "owed">, to: RunResumed["to"]): number {
  if (to === "abandon") return isOver(end, to) ? 0 : 1;
  switch (end.result) {
    case "succeeded":
    case "nothing to do":
      return 0;
    case "stopped":
    case "failed":
      return 1;
    case "waiting":
      return 5;
    case "cancelled":
    case "interrupted":
      return 130;
  }
}
