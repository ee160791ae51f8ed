import { emptyObject } from "../../core/json.ts";
import type { Block, Step } from "../../core/runbook.ts";
import { renderForPeople } from "../language/template.ts";
import { insideOf } from "../plan/paths.ts";
import type { Branch, Run, StepEnd } from "./context.ts";
import { nextAttempt, titleOf } from "./leaf.ts";
import { runAll, runList, type ListEnd } from "./list.ts";
import { settingMs } from "./settings.ts";
import { blockEnd } from "./status.ts";

/** Runs a block: its steps, its rescue if one failed, and in any case what it owes under `always`. */
export async function runBlock(run: Run, branch: Branch, step: Step, block: Block, path: string): Promise<StepEnd> {
  run.emit({
    type: "step-started", step: path, kind: step.loop === undefined ? "block" : "instance", phase: branch.phase, attempt: nextAttempt(run, path), title: titleOf(step, branch), effect: "reads",
    ...(branch.parent === undefined ? {} : { parent: branch.parent }), ...(step.why === undefined ? {} : { why: renderForPeople(step.why, branch.scope) }),
  });
  const inner: Branch = { ...branch, parent: path, prefix: step.loop === undefined ? branch.prefix : insideOf(path), deadlineMs: innerDeadline(step, branch) };
  const main = await runList(run, inner, block.steps);
  const unwinding: Branch = { ...inner, deadlineMs: undefined, course: "mending" };
  const rescue = main.kind === "failed" && block.rescue.length > 0 && !(run.halt.raised && branch.course === "forward")
    ? await rescueFrom(run, unwinding, block, path, main) : undefined;
  const always = await payAlways(run, branch, inner, unwinding, block, path, main, rescue);
  return blockEnd({ main, rescue, always, afterRescue: block.afterRescue });
}

async function rescueFrom(run: Run, branch: Branch, block: Block, path: string, main: ListEnd): Promise<ListEnd> {
  run.emit({ type: "unwinding", step: path, part: "rescue", cause: `${main.step ?? path} failed: ${main.because ?? main.code ?? ""}` });
  return runList(run, { ...branch, phase: "rescue", scope: withFailure(branch, main) }, block.rescue);
}

/** `always` runs over settled steps only; else it stays owed and is named. A run that waits for a person still owes it. */
async function payAlways(run: Run, branch: Branch, inner: Branch, unwinding: Branch, block: Block, path: string, main: ListEnd, rescue: ListEnd | undefined): Promise<ListEnd | undefined> {
  if (block.always.length === 0 || main.kind === "not-yet") return undefined;
  if (main.kind === "unknown" || main.kind === "waiting" || rescue?.kind === "unknown" || rescue?.kind === "waiting" || run.abort.aborted) {
    run.tally.owed.push(path);
    return undefined;
  }
  const wentWell = main.kind === "went-on" && !run.halt.raised;
  if (!wentWell) run.emit({ type: "unwinding", step: path, part: "always", cause: run.halt.cause?.because ?? main.because ?? main.kind });
  const scope = main.kind === "failed" ? withFailure(inner, main) : inner.scope;
  return runAll(run, { ...(wentWell ? { ...inner, deadlineMs: undefined } : unwinding), course: wentWell ? branch.course : "mending", phase: "always", scope }, block.always);
}

function withFailure(branch: Branch, main: ListEnd): Branch["scope"] {
  const failure = Object.assign(emptyObject<string>(), { step: main.step ?? "", code: main.code ?? "", because: main.because ?? "" });
  return Object.assign(emptyObject<unknown>(), branch.scope, { failure });
}

/** When the smallest limit around the steps of a block or call ends. */
export function innerDeadline(step: Step, branch: Branch): number | undefined {
  const ownMs = settingMs(step.timeout, branch.scope);
  if (ownMs === undefined) return branch.deadlineMs;
  return Math.min(branch.task.now() + ownMs, branch.deadlineMs ?? Number.POSITIVE_INFINITY);
}
