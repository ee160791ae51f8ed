import type { Step } from "../../core/runbook.ts";
import { insideOf } from "../plan/paths.ts";
import type { RollbackEntry } from "../plan/rollback-plan.ts";
import type { Roots } from "../plan/roots.ts";
import { emptyObject } from "../../core/json.ts";
import type { Branch, Run, StepEnd } from "./context.ts";
import { nextAttempt } from "./leaf.ts";
import { runList, type ListEnd } from "./list.ts";
import { putQuestion } from "./question.ts";
import type { Rollback } from "./rollback.ts";
import { blockEnd } from "./status.ts";

/**
 * Undoes what a run did: for each of its steps, the last first, what its `rollback` says. All of it is mending, so no invariant ends
 * it. Ends before a step that it does not go past, and at the first that could not be undone.
 */
export async function rollBack(run: Run, around: Branch, rollback: Rollback): Promise<ListEnd> {
  const byPath = new Map(rollback.entries.map((entry) => [entry.path, entry]));
  const branch: Branch = { ...around, phase: "rollback", course: "rescue", roots: withoutSteps(around.roots) };
  run.tally.mending += 1;
  const undone = await runList(run, branch, rollback.entries.map(stepOf), async (_run, inner, _step, path) => {
    const entry = byPath.get(path);
    if (entry === undefined) throw new Error(`nothing undoes ${path}`);
    return undo(run, inner, entry);
  });
  run.tally.mending -= 1;
  const { end } = rollback;
  if (undone.kind !== "went-on" || end === undefined) return undone;
  return { kind: "failed", step: end.path, code: "not_undone", because: end.because, changed: undone.changed };
}

/** The step around what undoes one: it has the path of the step that is undone, and gives nothing. */
function stepOf({ path, steps, runbook }: RollbackEntry): Step {
  return {
    id: path, span: { source: runbook.source, start: 0, end: 0 }, title: undefined, why: undefined, if: undefined, loop: undefined, timeout: undefined, onFailure: { policy: "stop" }, retry: undefined,
    body: { kind: "block", steps, rescue: [], afterRescue: undefined, always: [] },
  };
}

async function undo(run: Run, branch: Branch, { path, title, steps, runbook, roots, scope, around, outcome }: RollbackEntry): Promise<StepEnd> {
  run.emit({ type: "step-started", step: path, kind: "block", phase: "rollback", attempt: nextAttempt(run, path), title, effect: "reads" });
  if (outcome === "unknown") {
    const word = await askAbout(run, branch, path, title);
    if (word !== "undo") return word;
  }
  for (const step of around) run.tally.entered.add(step);
  const main = await runList(run, { ...branch, runbook, roots, scope, prefix: insideOf(path), parent: path }, steps);
  for (const step of around) run.tally.entered.delete(step);
  return blockEnd({ main, rescue: undefined, always: undefined, afterRescue: undefined });
}

/** Nobody knows whether the step did its work, and nothing can see it: a person says what becomes of it. */
async function askAbout(run: Run, branch: Branch, path: string, title: string): Promise<"undo" | StepEnd> {
  const asked = await putQuestion(run, branch, branch.limits, path, {
    kind: "choose", text: `${title}: nobody knows whether it did its work. Undo it?`, show: [],
    choices: { undo: "do what undoes it; that looks first, as every step does", leave: "leave it as it is, and go on with what was done before it", stop: "stop here" },
  }, { about: "failure" });
  if (asked.kind === "nobody" || asked.kind === "expired") return { status: "waiting", because: "nobody knows whether it did its work" };
  if (asked.kind === "stopped") return { status: "interrupted" };
  const { answer, by, reason } = asked.answer;
  if (answer === "undo") return "undo";
  const said = `${by} said so${reason === undefined ? "" : `: ${reason}`}`;
  return answer === "leave" ? { status: "skipped", because: `it is left as it is; ${said}` } : { status: "failed", code: "declined", because: `it is not undone; ${said}` };
}

function withoutSteps(roots: Roots): Roots {
  return Object.assign(emptyObject<unknown>(), roots, { steps: emptyObject<Roots["steps"][string]>() }) as unknown as Roots;
}
