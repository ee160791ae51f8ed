import type { Unwinding, UnwoundMain } from "../../core/event.ts";
import { emptyObject } from "../../core/json.ts";
import type { Block, Step } from "../../core/runbook.ts";
import { renderForPeople } from "../language/template.ts";
import { insideOf } from "../plan/paths.ts";
import { isStopped, type Branch, type Run, type StepEnd } from "./context.ts";
import type { Course } from "./halt.ts";
import { nextAttempt, titleOf } from "./leaf.ts";
import { Limit } from "./limit.ts";
import { runAll, runList, type ListEnd } from "./list.ts";
import { settingMs } from "./settings.ts";
import { blockEnd } from "./status.ts";

/** Runs a block: its steps, its rescue if one failed, and in any case what it owes under `always`. */
export async function runBlock(run: Run, branch: Branch, step: Step, block: Block, path: string): Promise<StepEnd> {
  run.emit({
    type: "step-started", step: path, kind: step.loop === undefined ? "block" : "instance", phase: branch.phase, attempt: nextAttempt(run, path), title: titleOf(step, branch), effect: "reads",
    ...(branch.parent === undefined ? {} : { parent: branch.parent }), ...(step.why === undefined ? {} : { why: renderForPeople(step.why, branch.scope) }),
  });
  const inner: Branch = { ...branch, parent: path, prefix: step.loop === undefined ? branch.prefix : insideOf(path), limits: innerLimits(step, branch) };
  const cut = run.resumption?.unwindingOf(path);
  const wasEntered = run.resumption?.wasEntered(path) === true;
  const main: ListEnd = cut?.[0]?.main ?? touched(await runList(run, inner, block.steps), wasEntered);
  const wasRescued = cut?.some(({ part }) => part === "rescue") === true;
  const rescue = wasRescued || (cut === undefined && main.kind === "failed" && block.rescue.length > 0 && !isStopped(run, branch)) ? await rescueFrom(run, inner, block, path, main) : undefined;
  const always = await payAlways(run, inner, block, path, main, rescue);
  return blockEnd({ main, rescue, always, afterRescue: block.afterRescue });
}

/** `rescue` has only its own limits. In an `always` it is a part of what is owed. */
async function rescueFrom(run: Run, inner: Branch, block: Block, path: string, main: ListEnd): Promise<ListEnd> {
  await tell(run, inner, { type: "unwinding", step: path, part: "rescue", cause: `${main.step ?? path} failed: ${main.because ?? main.code ?? ""}`, main: unwound(main) });
  return mending(run, () => runList(run, { ...inner, limits: [], course: inner.course === "forward" ? "rescue" : inner.course === "closing" ? "always" : inner.course, phase: "rescue", scope: withFailure(inner, main) }, block.rescue));
}

/**
 * `always` is owed from the block's first step on. It runs over settled steps only, with only its own limits; else, and where it
 * was cut short, it stays owed and is named. A run that waits for a person still owes it.
 */
async function payAlways(run: Run, inner: Branch, block: Block, path: string, main: ListEnd, rescue: ListEnd | undefined): Promise<ListEnd | undefined> {
  if (block.always.length === 0 || main.kind === "not-yet" || main.untouched === true) return undefined;
  const settled = [main, rescue].every((part) => part?.kind !== "unknown" && part?.kind !== "waiting");
  const always = settled ? await unwind(run, inner, block, path, main) : undefined;
  if (always === undefined || always.kind === "unknown" || always.kind === "waiting" || always.kind === "interrupted") run.tally.owed.push(path);
  return always;
}

async function unwind(run: Run, inner: Branch, block: Block, path: string, main: ListEnd): Promise<ListEnd> {
  const branch: Branch = { ...inner, limits: [], phase: "always", givenUp: () => false };
  const wentWell = main.kind === "went-on" && !run.halt.raised;
  if (wentWell) return runAll(run, { ...branch, course: inner.course === "forward" ? "closing" : inner.course }, block.always);
  const { cause } = run.halt;
  await tell(run, inner, { type: "unwinding", step: path, part: "always", cause: cause?.because ?? main.because ?? main.kind, main: unwound(main), ...(cause === undefined ? {} : { halt: cause }) });
  const course: Course = "always";
  return mending(run, () => runAll(run, { ...branch, course, scope: main.kind === "failed" ? withFailure(inner, main) : inner.scope }, block.always));
}

/** An unwinding is kept before its first step, so that it is finished whatever happens. That it cannot be kept is no reason not to unwind: what changes something is not begun then. */
async function tell(run: Run, branch: Branch, unwinding: Unwinding): Promise<void> {
  run.emit(unwinding);
  await branch.task.own(() => run.engine.sync());
}

/** A block that was entered before the run was taken up owes its `always`, whether or not a step of it is entered now. */
function touched({ untouched, ...end }: ListEnd, wasEntered: boolean): ListEnd {
  return untouched === undefined || wasEntered ? end : { ...end, untouched };
}

function unwound({ kind, step, code, because, changed }: ListEnd): UnwoundMain {
  return {
    kind: kind === "went-on" || kind === "failed" ? kind : "interrupted", changed,
    ...(step === undefined ? {} : { step }), ...(code === undefined ? {} : { code }), ...(because === undefined ? {} : { because }),
  };
}

/** Until it has ended, what the probes see breaks no invariant between the gates. */
async function mending(run: Run, unwinding: () => Promise<ListEnd>): Promise<ListEnd> {
  run.tally.mending += 1;
  const end = await unwinding();
  run.tally.mending -= 1;
  return end;
}

function withFailure(branch: Branch, main: ListEnd): Branch["scope"] {
  const failure = Object.assign(emptyObject<string>(), { step: main.step ?? "", code: main.code ?? "", because: main.because ?? "" });
  return Object.assign(emptyObject<unknown>(), branch.scope, { failure });
}

/** The limits around the steps of a block or call. */
export function innerLimits(step: Step, branch: Branch): readonly Limit[] {
  const ownMs = settingMs(step.timeout, branch.scope);
  return ownMs === undefined ? branch.limits : [...branch.limits, new Limit(branch.task.now(), ownMs)];
}
