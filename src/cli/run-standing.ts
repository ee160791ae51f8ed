import type { Event } from "../core/event.ts";
import type { Acquired, LockHolder } from "../core/port.ts";
import { dayAndHourOf } from "../core/time.ts";
import { holderText } from "../interpreter/run/holder-text.ts";
import { readRunJournal } from "./run-journal.ts";

/** Where a run is and whose it is, as its journal tells it to whoever it keeps off. */
export interface RunStanding extends Pick<LockHolder, "by" | "step"> {
  /** Why it cannot be taken up any more: "has succeeded"; undefined where it can. Such a run keeps nobody off. */
  readonly over: string | undefined;
}

/** How a run of a state folder stands. Of one whose journal cannot be read nothing is known, and it is not over. */
export function standingOf(stateFolder: string, run: string): RunStanding {
  const journal = readRunJournal(stateFolder, run);
  if (journal.kind === "error") return { over: undefined };
  const { events } = journal.value;
  const by = whose(events);
  const step = stepOf(events);
  return { over: whyOver(events), ...(by === undefined ? {} : { by }), ...(step === undefined ? {} : { step }) };
}

/** Why a run cannot be taken up any more, by its events (those of `STANDING_EVENTS` will do); undefined where it can. One that was abandoned and still owes something can. */
export function whyOver(events: readonly Event[]): string | undefined {
  const undone = events.findLast((event) => event.type === "rolled-back");
  if (undone !== undefined) return `was rolled back by the run ${undone.by}`;
  const last = events.at(-1);
  if (last?.type !== "run-finished") return undefined;
  if (last.result === "succeeded") return "has succeeded";
  if (last.result === "nothing to do") return "had nothing to do";
  const taken = events.findLast((event) => event.type === "run-resumed");
  return taken?.to === "abandon" && last.owed.length === 0 ? "was abandoned" : undefined;
}

/** Why a lock of the state folder was not got, for a sentence: `it is held by the run k3x of pat on desk, since 09:00, in step install`. */
export function heldBy(stateFolder: string, acquired: Exclude<Acquired, { readonly kind: "held" }>): string {
  if (acquired.kind === "unusable") return acquired.because;
  const { by, step } = standingOf(stateFolder, acquired.holder.run);
  return `it is held by ${holderText({ ...acquired.holder, ...(by === undefined ? {} : { by }), ...(step === undefined ? {} : { step }) })}`;
}

/** Why a run is not taken up that could not be held; nothing was done. */
export function notHeld(stateFolder: string, run: string, acquired: Exclude<Acquired, { readonly kind: "held" }>): string {
  if (acquired.kind === "unusable") return `The run ${run} is not taken up: ${acquired.because}. Nothing was done.`;
  const { by, step } = standingOf(stateFolder, run);
  return `The run ${run} is under way in another process${by === undefined ? "" : `, of ${by}`}, since ${dayAndHourOf(acquired.holder.since)}${step === undefined ? "" : `, in step ${step}`}. Nothing was done.`;
}

/** Who carries it out, or did last: `pat on desk`, and the account where that is another name. */
function whose(events: readonly Event[]): string | undefined {
  const begun = events.findLast((event) => event.type === "run-started" || event.type === "run-resumed");
  if (begun === undefined) return undefined;
  const { operator, account, host } = begun;
  return operator === account ? `${operator} on ${host}` : `${operator} (account ${account}) on ${host}`;
}

/** The step in which it is, else the last one that it entered; what only asks for the goal is none of them. */
function stepOf(events: readonly Event[]): string | undefined {
  const open = new Set<string>();
  let last: string | undefined;
  for (const event of events) {
    if (event.type === "step-started" && event.kind === "leaf" && event.phase !== "goal") {
      open.add(event.step);
      last = event.step;
    } else if (event.type === "step-finished") open.delete(event.step);
  }
  return [...open].at(-1) ?? last;
}
