import type { Runbook } from "../../src/core/runbook.ts";
import { FAILURES } from "../flagship/failures/catalogue.ts";
import type { Failure } from "../flagship/failures/failure.ts";
import { noticeOf, outcomesOf, type Coverage, type Notice, type Outcome } from "./notice.ts";
import { removalsOf, type Removal } from "./removals.ts";
import { guardsOf, registryWithout } from "./unguarded.ts";
import { loadWithout } from "./without.ts";

/** A step or a guard of the procedure, and the procedure without it. */
export interface Part {
  readonly id: string;
  /** Undefined where no sound file is left without it: nobody could run it. */
  readonly reduced: () => Runbook | undefined;
  /** True where the part can have mattered, by what happened in a world with the whole procedure. */
  readonly matters: (coverage: Coverage) => boolean;
}

/** Who notices that a part is missing. */
export interface Noticed extends Notice {
  /** The row and the name of the world; `the loader` where the file is refused. */
  readonly in: string;
}

/** Every step and every guard: of the files, and of the builtins that change something. */
export function partsOf(): readonly Part[] {
  return [
    ...removalsOf().map((removal) => ({ id: removal.id, reduced: () => loadWithout(removal).runbook, matters: (coverage: Coverage) => canMatter(removal, coverage) })),
    ...guardsOf().map((guard) => ({ id: guard.id, reduced: () => loadWithout(undefined, registryWithout(guard)).runbook, matters: ({ guarded }: Coverage) => guarded.has(guard.id) })),
  ];
}

/** A step that took longer has looked more than once. */
const WAITED_MS = 4_000;
/** No builtin has a shorter limit of its own. */
const SHORTEST_LIMIT_MS = 55_000;
/** So many worlds are asked further when one was found in which only something else is told. */
const WORLDS_FURTHER = 10;

/** A condition that never was false and a step that never was entered change nothing by their absence. */
function canMatter({ id }: Removal, { entered, failed, took }: Coverage): boolean {
  const [step = "", rule = ""] = id.replace(/^\S+ /, "").split(/\.(?=(?:expect|retry|on-failure|wait-until|timeout)\b)/);
  const ids = step.split(".").filter((word) => !["preconditions", "checks", "steps", "postconditions", "block", "rescue", "always"].includes(word));
  const [own] = ids;
  if (!/^(?:preconditions|checks|steps|postconditions)\./.test(step)) return true;
  const inner = ids.findLast((word) => entered.has(word));
  if (rule.startsWith("expect")) return failed.has(`${inner ?? ""} expectation`);
  if (rule === "retry" || rule === "on-failure") return [...failed].some((entry) => entry.startsWith(`${inner ?? ""} `));
  if (rule === "wait-until") return (took.get(inner ?? "") ?? 0) >= WAITED_MS;
  if (rule === "timeout") return (took.get(inner ?? "") ?? 0) >= SHORTEST_LIMIT_MS;
  return inner !== undefined && own !== undefined && entered.has(own);
}

/** A world by the name that a list has. */
export function nameOf({ row, name }: Failure): string {
  return `${row}: ${name}`;
}

const wholes = new Map<string, Promise<readonly Outcome[]>>();

/** What the whole procedure comes to in a world; run once. */
export function wholeIn(world: Failure): Promise<readonly Outcome[]> {
  const known = wholes.get(nameOf(world)) ?? allOf(outcomesOf(world));
  wholes.set(nameOf(world), known);
  return known;
}

async function allOf(runs: AsyncIterable<Outcome>): Promise<readonly Outcome[]> {
  const all: Outcome[] = [];
  for await (const outcome of runs) all.push(outcome);
  return all;
}

/** What goes wrong in one world without a part; undefined where nobody notices. */
export async function noticedIn(world: Failure, reduced: Runbook): Promise<Noticed | undefined> {
  const wholeRuns = await wholeIn(world);
  let found: Noticed | undefined;
  let run = 0;
  for await (const outcome of outcomesOf(world, reduced)) {
    const whole = wholeRuns[run];
    const notice = whole === undefined ? undefined : noticeOf(whole, outcome);
    run += 1;
    if (notice !== undefined) found ??= { ...notice, in: nameOf(world) };
    if (found !== undefined && found.by !== "tells") return found;
  }
  return found;
}

/** Looks for a world that notices that a part is missing: the one that is given first, then all in which the part can have mattered, up to one in which more goes wrong than that something else is told. Undefined: nobody notices. */
export async function searchNotice(part: Part, first: string | undefined): Promise<Noticed | undefined> {
  const reduced = part.reduced();
  if (reduced === undefined) return { in: "the loader", by: "ends", what: "no sound file is left" };
  const worlds = FAILURES.toSorted((a, b) => Number(nameOf(b) === first) - Number(nameOf(a) === first));
  let best: Noticed | undefined;
  let further = 0;
  for (const world of worlds) {
    const whole = await wholeIn(world);
    if (!whole.some(({ coverage }) => part.matters(coverage))) continue;
    if (best !== undefined) further += 1;
    if (further > WORLDS_FURTHER) break;
    const found = await noticedIn(world, reduced);
    if (found !== undefined && found.by !== "tells") return found;
    best ??= found;
  }
  return best;
}
