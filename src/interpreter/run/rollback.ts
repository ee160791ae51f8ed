import type { Diagnostic } from "../../core/diagnostic.ts";
import { errorWithoutPlace } from "../../core/diagnostic.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import { nameHint } from "../../core/names.ts";
import { error, ok, type Result } from "../../core/result.ts";
import { SECRET_HOLE, type ResolvedInput } from "../../core/plan.ts";
import type { Runbook } from "../../core/runbook.ts";
import type { RollbackEntry } from "../plan/rollback-plan.ts";
import { makeRoots, type Roots } from "../plan/roots.ts";
import { deedPlaces, type DeedPlaces } from "./deed-places.ts";
import type { RunSecrets } from "./run-secrets.ts";
import { isOwedStep, stepsAround, type Deeds, type StartedJob } from "./deeds.ts";

/** A step that a rollback passes, or before which it ends, and why. */
export interface RollbackNote {
  readonly path: string;
  readonly title: string;
  readonly because: string;
}

/** What undoes a run, as its journal tells it. */
export interface Rollback {
  /** The run that is undone. */
  readonly undoes: string;
  /** The jobs that it began: nobody needs what is kept of them once it is undone. */
  readonly jobs: readonly StartedJob[];
  /** Names in reach in the run's own file: its probes are watched meanwhile. */
  readonly roots: Roots;
  /** The last first. */
  readonly entries: readonly RollbackEntry[];
  /** What is passed, the last first. */
  readonly passed: readonly RollbackNote[];
  /** The step that it does not go past; absent where it goes back to the beginning. */
  readonly end?: RollbackNote & {
    readonly mayBeLeft: boolean;
    /** True where it is the end only because its outcome is open: once the run has come to rest it may be none, as where a person says that it was not done. */
    readonly isOpen: boolean;
  };
}

/**
 * What undoes a run: its steps with an intent, the last first, through calls and loops. Steps of `always` are passed, so are those whose
 * builtin leaves nothing to undo and those that are left as they are by name. It ends before any other step that says no `rollback`.
 * `given`: the inputs of the run; without `secrets`, which a plan has not, holes stand for those. Faults are names under `leave` that did nothing.
 */
export function rollbackOf(runbook: Runbook, given: readonly ResolvedInput[], deeds: Deeds, leave: ReadonlySet<string>, secrets?: RunSecrets): Result<Rollback, readonly Diagnostic[]> {
  const { started } = deeds;
  const inputs = emptyObject<Json>();
  for (const { name, value, secret } of given) inputs[name] = secret === undefined ? value : secrets?.values.get(name) ?? SECRET_HOLE;
  const roots = makeRoots(runbook, inputs, { id: started.run, operator: started.operator, started: started.at, system: started.system, simulated: started.simulated });
  if (roots.kind === "error") return roots;
  const places = deedPlaces(runbook, roots.value, deeds);
  const paths = deedPaths(deeds, places);
  const strange = [...leave].filter((path) => !paths.includes(path));
  if (strange.length > 0) return error(strange.map((path) => errorWithoutPlace("unknown-step", `\`${path}\` did nothing in the run ${started.run} that could be left as it is`, nameHint(path, paths))));
  const jobs = [...deeds.jobs.values()].flat();
  const entries: RollbackEntry[] = [];
  const passed: RollbackNote[] = [];
  for (const path of paths) {
    const judged = judgeDeed(path, deeds, places, leave);
    const title = deeds.starts.get(path)?.title ?? path;
    if (judged.kind === "entry") entries.push(judged.entry);
    else if (judged.kind === "passed") passed.push({ path, title, because: judged.because });
    else return ok({ undoes: started.run, jobs, roots: roots.value, entries, passed, end: { path, title, because: judged.because, mayBeLeft: judged.mayBeLeft, isOpen: judged.isOpen } });
  }
  return ok({ undoes: started.run, jobs, roots: roots.value, entries, passed });
}

/** The steps that did something, or may have, the last first. What a person did by hand counts. */
function deedPaths({ intents, consents }: Deeds, { leaves }: DeedPlaces): readonly string[] {
  const last = new Map(intents);
  for (const [path, seq] of consents) if (leaves.get(path)?.leaf.builtin.changing === true) last.set(path, seq);
  return [...last].toSorted(([, a], [, b]) => b - a).map(([path]) => path);
}

type Judged =
  | { readonly kind: "entry"; readonly entry: RollbackEntry }
  | { readonly kind: "passed"; readonly because: string }
  | { readonly kind: "end"; readonly because: string; readonly mayBeLeft: boolean; readonly isOpen: boolean };

function judgeDeed(path: string, deeds: Deeds, { leaves, untold }: DeedPlaces, leave: ReadonlySet<string>): Judged {
  const isOpen = deeds.unsettled.has(path);
  if (isOpen && deeds.jobs.has(path)) return { kind: "end", because: "nobody can tell that its job has ended: what is at work is not undone", mayBeLeft: false, isOpen };
  if (leave.has(path)) return { kind: "passed", because: "it is left as it is" };
  if (!isOpen && isOwedStep(deeds, path)) return { kind: "passed", because: "it cleaned up (`always`)" };
  if (isOwedStep(deeds, path)) return { kind: "end", because: "nobody knows how it ended", mayBeLeft: true, isOpen };
  const place = leaves.get(path);
  if (place === undefined) {
    const around = [...untold].find(([above]) => path.startsWith(above));
    return { kind: "end", because: around === undefined ? "the file has no such step any more" : `it cannot be told any more what it was given: ${around[1]}`, mayBeLeft: true, isOpen: false };
  }
  const { leaf, step, runbook, roots, scope } = place;
  const undo = leaf.builtin.undo;
  if (leaf.builtin.cannotLook === true && deeds.notDone.has(path)) return { kind: "passed", because: "a person said that it was not done" };
  if (!isOpen && undo?.kind === "nothing") return { kind: "passed", because: undo.because };
  if (leaf.rollback.length > 0) return { kind: "entry", entry: { path, title: `Undo: ${deeds.starts.get(path)?.title ?? step.id}`, steps: leaf.rollback, runbook, roots, scope, around: stepsAround(deeds, path), outcome: isOpen ? "unknown" : "known" } };
  const how = undo?.kind === "steps" ? `: ${undo.how}` : "";
  return { kind: "end", because: isOpen ? "nobody knows how it ended" : `it says no \`rollback\`${how}`, mayBeLeft: true, isOpen: isOpen && (undo?.kind === "nothing" || leaf.builtin.cannotLook === true) };
}
