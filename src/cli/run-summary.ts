import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "../core/result.ts";
import { dayAndHourOf } from "../core/time.ts";
import type { RunSummary } from "../views/documents.ts";
import { STANDING_EVENTS, standingOf } from "../views/standing.ts";
import { systemCode } from "../world/file-fault.ts";
import { givenUpIn, type GivenUp } from "../world/given-up.ts";
import type { JournalFault, OpenJournal } from "../world/journal-reading.ts";
import type { RunFile } from "./run-store.ts";

/** A run in a list, as its journal tells it; of one whose journal cannot be read, why. `heldSince`: since when a process carries it out. */
export function summaryOf(run: string, folder: string, opened: Result<OpenJournal, JournalFault>, heldSince: () => string | undefined): RunSummary {
  const begunAt = begunAtOf(folder);
  const givenUp = givenUpIn(folder);
  const journal = opened.kind === "error" ? opened : opened.value.only(STANDING_EVENTS);
  if (journal.kind === "error") {
    const standing = givenUp !== undefined ? "abandoned" : journal.error.kind === "damaged" ? "damaged" : heldSince() === undefined ? "never began" : "running";
    return { run, runbook: "", system: "", simulated: false, begunAt, startedAt: "", lastAt: "", operator: "", standing, because: givenUp === undefined ? journal.error.because : givenUpText(givenUp) };
  }
  const events = journal.value;
  const started = events.find((event) => event.type === "run-started");
  const last = events.findLast((event) => event.type !== "rollback-started" && event.type !== "rolled-back");
  const isOver = last?.type === "run-finished";
  return {
    run, runbook: started?.runbook ?? "", system: started?.system ?? "", simulated: started?.simulated ?? false, begunAt, startedAt: started?.at ?? "", lastAt: opened.kind === "ok" ? opened.value.lastAt : "",
    operator: started?.operator ?? "", standing: standingOf(events, givenUp !== undefined ? "given up" : isOver || heldSince() === undefined ? "free" : "held"), because: givenUp !== undefined ? givenUpText(givenUp) : isOver ? last.because : "",
    ...(started?.undoes === undefined ? {} : { undoes: started.undoes }),
  };
}

/** How a run was given up, for a sentence about it. */
export function givenUpText({ account, host, at }: GivenUp): string {
  return at === "" ? "abandoned without its journal" : `abandoned without its journal by ${account} on ${host} at ${dayAndHourOf(at)}`;
}

/** When a run was begun; "" where its folder does not tell. */
function begunAtOf(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as RunFile).begunAt ?? "";
  } catch (fault) {
    if (fault instanceof SyntaxError || systemCode(fault) !== undefined) return "";
    throw fault;
  }
}
