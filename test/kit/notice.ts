import { isDeepStrictEqual } from "node:util";
import type { Event } from "../../src/core/event.ts";
import type { Runbook } from "../../src/core/runbook.ts";
import type { Failure } from "../flagship/failures/failure.ts";
import { changedWorld, runOnWorld, sourceWith } from "./ccr-kit.ts";
import { changesOf } from "./changes.ts";
import { freeLock } from "./run-kit.ts";
import { standingOf, type Standing } from "./standing.ts";

const BUILD = "8.1.263.1";
const REST_MS = 15 * 60_000;

/** What a run on a world came to, as far as somebody could notice a difference. */
export interface Outcome {
  readonly result: string;
  readonly because: string;
  readonly changes: readonly string[];
  readonly asked: readonly string[];
  readonly open: readonly string[];
  readonly owed: readonly string[];
  readonly outages: readonly string[];
  readonly locks: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly standing: Standing;
  readonly breaches: readonly string[];
  readonly coverage: Coverage;
}

/** How a difference shows, the worst first: a rule of the model breaks; the system is left otherwise; something else is done; it ends otherwise; it is asked or told otherwise. */
export const NOTICED_BY = ["breaks", "leaves", "does", "ends", "tells"] as const;

/** What somebody notices of a part that was taken out. */
export interface Notice {
  readonly by: (typeof NOTICED_BY)[number];
  /** What then goes wrong, in a sentence. */
  readonly what: string;
}

/** What happened in the runs on a world, as far as it tells which part can have mattered there. */
export interface Coverage {
  /** Ids of the steps that were entered or skipped. */
  readonly entered: ReadonlySet<string>;
  /** Steps that failed, `id code`; those that a question was asked in, `id asked`. */
  readonly failed: ReadonlySet<string>;
  /** How long the steps took, by id, the longest time of each, in ms of the world. */
  readonly took: ReadonlyMap<string, number>;
  /** Refusals and failures that builtins decided, `name:code`. */
  readonly guarded: ReadonlySet<string>;
}

function coverageOf(events: readonly Event[]): Coverage {
  const uses = new Map(events.flatMap((event) => (event.type === "step-started" && event.uses !== undefined ? [[event.step, event.uses] as const] : [])));
  const idOf = (path: string): string => (path.split("/").at(-1) ?? path).replace(/\[.*$/, "");
  const ended = events.flatMap((event) => (event.type === "step-finished" || event.type === "attempt-failed" ? [event] : []));
  const took = new Map<string, number>();
  for (const event of ended) if (event.type === "step-finished") took.set(idOf(event.step), Math.max(event.ms, took.get(idOf(event.step)) ?? 0));
  return {
    took,
    // A run that waits for an answer leaves its steps unfinished.
    entered: new Set(events.flatMap((event) => (event.type === "step-started" || event.type === "step-finished" ? [idOf(event.step)] : []))),
    failed: new Set([
      ...ended.flatMap(({ step, code }) => (code === undefined ? [] : [`${idOf(step)} ${code}`])),
      ...events.flatMap((event) => (event.type === "question-asked" ? event.step.split("/").map((part) => `${idOf(part)} asked`) : [])),
    ]),
    guarded: new Set(events.flatMap((event) => (event.type === "decided" && event.code !== undefined ? [`${uses.get(event.step) ?? ""}:${event.code}`] : []))),
  };
}

/** The runs on a world, each made when it is asked for: the first, and the second where the row has one. */
export async function* outcomesOf({ world: name, changes = [], inputs: given = {}, package: file, cure = [], second }: Failure, runbook?: Runbook): AsyncGenerator<Outcome> {
  const inputs = { ...given, ...sourceWith(file) };
  const world = await changedWorld(name, ...changes);
  for (const run of second === undefined ? [1] : [1, 2]) {
    if (run === 2) world.suffer(cure);
    const locks: string[] = [];
    const { end, events } = await runOnWorld(world, {
      inputs, rules: "broken-on-purpose", ...(runbook === undefined ? {} : { runbook }),
      lock: { acquire: (names, id) => { locks.push(...names); return freeLock.acquire(names, id); } },
    });
    world.passTo(world.state.nowMs + REST_MS);
    yield {
      result: end.result, because: end.because, changes: changesOf(events), open: end.openItems.map(({ step, code }) => `${step} (${code})`), owed: end.owed,
      asked: events.flatMap((event) => (event.type === "question-asked" ? [event.question, ...event.show] : [])),
      outages: end.outages.map(({ probe, step }) => `${probe} ${step ?? "outside"}`), outputs: end.outputs, locks, standing: standingOf(world.state, inputs["build"] ?? BUILD),
      coverage: coverageOf(events),
      breaches: world.state.breaches.map(({ invariant, because }) => `${invariant}: ${because}`).toSorted(),
    };
  }
}

/** What differs between a run with and without a part; undefined where nobody would notice. */
export function noticeOf(whole: Outcome, reduced: Outcome): Notice | undefined {
  const notices: Notice[] = [];
  const broken = reduced.breaches.filter((breach) => !whole.breaches.includes(breach));
  if (broken.length > 0) notices.push({ by: "breaks", what: broken.join("; ") });
  if (!isDeepStrictEqual(whole.standing, reduced.standing)) notices.push({ by: "leaves", what: `it leaves ${told(reduced.standing)} (not ${told(whole.standing)})` });
  if (!isDeepStrictEqual(whole.changes, reduced.changes)) notices.push({ by: "does", what: `it does ${listed(reduced.changes)} (not ${listed(whole.changes)})` });
  if (whole.result !== reduced.result) notices.push({ by: "ends", what: `it ends ${reduced.result} (not ${whole.result})` });
  for (const part of ["asked", "open", "owed", "locks", "outages"] as const) if (!isDeepStrictEqual(whole[part], reduced[part])) notices.push({ by: "tells", what: `${part}: ${listed(reduced[part])} (not ${listed(whole[part])})` });
  const output = Object.keys(whole.outputs).find((name) => Object.hasOwn(reduced.outputs, name) && !isDeepStrictEqual(whole.outputs[name], reduced.outputs[name]));
  if (output !== undefined) notices.push({ by: "tells", what: `${output} is ${String(reduced.outputs[output])} (not ${String(whole.outputs[output])})` });
  if (whole.because !== reduced.because) notices.push({ by: "tells", what: `it says: ${reduced.because.slice(0, 160)} (not: ${whole.because.slice(0, 160)})` });
  const [worst] = notices;
  return worst === undefined ? undefined : { by: worst.by, what: notices.slice(0, 3).map(({ what }) => what).join("; ") };
}

function told({ on, updated, amiss }: Standing): string {
  return [`on ${on}`, `updated ${listed(updated)}`, ...amiss].join(", ");
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? "nothing" : texts.join(", ");
}
