import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { reportOf } from "../../src/views/report-of.ts";
import { runsLines } from "../../src/views/runs-text.ts";
import { showLines, type Shown } from "../../src/views/show-text.ts";
import { standingOf } from "../../src/views/standing.ts";
import { PLAIN } from "../../src/views/style.ts";
import { widthOf } from "../../src/views/terminal-text.ts";
import { interrupted, manySteps, resumedTwice, waiting } from "./evidence-recording.ts";
import { expectScreen } from "./golden.ts";
import { rollup, stopped } from "./rollup-recording.ts";

function shown(events: readonly Event[], rest: Partial<Shown> = {}): Shown {
  const standing = standingOf(events, rest.heldSince === undefined ? "free" : "held");
  return {
    events, report: reportOf(events, standing, { records: events.length, chain: "a".repeat(64) }), stateFolder: "/work/.runbook", heldSince: undefined,
    commands: { resume: "runbook resume r7k2m9q4xa", abandon: "runbook abandon r7k2m9q4xa", rollback: "runbook rollback r7k2m9q4xa", all: "runbook show r7k2m9q4xa --all" }, questions: [], left: [], ...rest,
  };
}

const QUESTION: Shown["questions"][number] = {
  step: "approve", question: "May EXCLUS1 be moved to NODEB now?", show: ["Mailboxes are offline for about two minutes."], askedAt: "2007-11-20T12:00:03.000Z",
  ways: [{ command: "runbook answer r7k2m9q4xa approve --yes", does: "says yes" }, { command: "runbook resume r7k2m9q4xa", does: "goes on with the answer" }],
};

const CASES: readonly (readonly [name: string, shown: Shown])[] = [
  ["succeeded", shown(rollup())],
  ["stopped", shown(stopped())],
  ["interrupted", shown(interrupted())],
  ["running", shown(interrupted(), { heldSince: "2026-11-30T17:56:47.000Z" })],
  ["waiting", shown(waiting(), { questions: [QUESTION] })],
  ["resumed-twice", shown(resumedTwice())],
  ["500-steps", shown(manySteps(500))],
];

describe("show", () => {
  test.each(CASES)("of a run that is %s is as it was looked at", async (name, run) => {
    await expectScreen(`show-${name}`, showLines(run, PLAIN));
  });

  test.each(CASES)("of a run that is %s keeps to the page, narrow and wide", (_name, run) => {
    for (const columns of [40, 80, 120]) {
      const tooWide = showLines(run, { columns, colour: "none" }).filter((line) => widthOf(line) > columns);
      expect(tooWide).toEqual([]);
    }
  });

  test("of a run of 500 steps fits two screens", () => {
    expect(showLines(shown(manySteps(500)), PLAIN).length).toBeLessThan(48);
  });

  test("of a run that asks where it runs names no command that would be refused", () => {
    const asks = shown(waiting().filter(({ type }) => type !== "run-finished"), { heldSince: "2026-11-30T17:56:47.000Z", questions: [QUESTION] });
    const screen = showLines(asks, PLAIN).join("\n");
    expect(screen).toContain("Whoever sits at it answers there.");
    expect(screen).not.toContain("--yes");
  });

  test("of a run that never began says nothing", () => {
    expect(showLines(shown([]), PLAIN)).toEqual([]);
  });
});

describe("the list of runs", () => {
  const run = { run: "r7k2m9q4xa", runbook: "ccr_rollup", system: "exclus1", simulated: true, begunAt: "2026-11-30T17:56:47.000Z", startedAt: "2007-11-20T12:00:00.000Z", lastAt: "", operator: "ada", standing: "succeeded", because: "" } as const;
  const commandLine = (command: string, name: string): string => `runbook ${command} ${name}`;

  test("fits the page whatever the names are, and cuts what does not", () => {
    const runs = [run, { ...run, run: "k", runbook: "a_runbook_with_a_name_that_is_longer_than_any_page_would_be_wide_if_it_were_one", standing: "nothing to do" as const }];
    for (const columns of [60, 80, 120]) {
      for (const line of runsLines({ v: 1, runs }, commandLine, { columns, colour: "none" })) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  test("tells who began each where there is room for it", () => {
    expect(runsLines({ v: 1, runs: [run] }, commandLine, { columns: 120, colour: "none" })[0]).toBe("r7k2m9q4xa  succeeded  2026-11-30 17:56Z  ccr_rollup on exclus1 (simulated), by ada");
    expect(runsLines({ v: 1, runs: [run] }, commandLine, PLAIN)[0]).toBe("r7k2m9q4xa  succeeded  2026-11-30 17:56Z  ccr_rollup on exclus1 (simulated)");
  });

  test("of none says so", () => {
    expect(runsLines({ v: 1, runs: [] }, commandLine, PLAIN)).toEqual(["There is no run yet."]);
  });
});
