import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { main } from "../../src/cli/main.ts";
import { readJournal } from "../../src/world/journal-reading.ts";
import { stage } from "./stage.ts";
import { buildProgram, CTRL_C, hasScript, newState, onTerminal, ROOT, type Started } from "./terminal-kit.ts";

const ENTER = "\r";
let program = "";

beforeAll(async () => {
  if (hasScript) program = await buildProgram();
}, 60_000);

/** The only run of a state folder. */
function runIn(state: string): string {
  const [run = "", ...more] = readdirSync(join(state, "runs"));
  expect(more).toEqual([]);
  return run;
}

function journalOf(state: string): readonly Event[] {
  const journal = readJournal(join(state, "runs", runIn(state)));
  if (journal.kind === "error") throw new Error(journal.error.because);
  return journal.value.events;
}

/** How often setup was started, by node. */
function setupsIn(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => (event.type === "action-started" && event.action.what.kind === "job" ? [event.action.target] : []));
}

async function end(started: Started): Promise<readonly [number | null, string]> {
  const code = await started.ended;
  return [code, started.screen];
}

describe.skipIf(!hasScript)("the procedure at a terminal", () => {
  test.each([[80, 24], [120, 40]])("is left in the middle of the install, looked at, and taken up to its end (%i by %i)", async (columns, rows) => {
    const state = newState();
    const at = (line: string): Started => onTerminal(`${program} ${line} --state ${state}`, { columns, rows });
    const first = at("run ccr-rollup.yml --yes --pace 120");
    await first.shows("msiexec runs since");
    first.type(CTRL_C);
    const [left, said] = await end(first);
    expect(said).toMatch(/Ending: no further change is begun[\s\S]*cancelled: the signal SIGINT came[\s\S]*Next/u);
    expect(left).toBe(130);
    const run = runIn(state);

    const [, listed] = await end(at("runs"));
    expect(listed).toContain("cancelled");
    expect(listed).toContain(`resume ${run}`);

    const [, shown] = await end(at(`show ${run}`));
    expect(shown).toMatch(/cancelled: the signal SIGINT came[\s\S]*Install the rollup; UNKNOWN/u);

    const again = at(`resume ${run.slice(0, 4)}`);
    await again.shows("goes on after it ended cancelled");
    await again.shows("NODEB now?");
    again.type(`y${ENTER}`);
    await again.shows("Reason");
    again.type(`window agreed${ENTER}`);
    const [code, screen] = await end(again);
    expect(screen).toContain("succeeded:");
    expect(code).toBe(0);
    expect(setupsIn(journalOf(state))).toEqual(["NODEB", "NODEA"]);
    for (const line of `${said}${listed}${shown}${screen}`.split(/\r?\n/u)) expect([line, plain(line).length <= columns]).toEqual([line, true]);
  }, 180_000);
});

/** A line without what moves the cursor or paints. Of one that is drawn over, what stays. */
function plain(line: string): string {
  return (line.split(/\r|\u001B\[\d*G|\u001B\[2K/u).at(-1) ?? "").replaceAll(/\u001B\[[0-?]*[ -/]*[@-~]/gu, "");
}

test("the procedure without a terminal waits at the approval, is answered as its last screen says, and goes on to its end", async () => {
  const state = newState();
  const typed = async (line: string): Promise<readonly [number, string]> => {
    const on = stage({ workingFolder: ROOT });
    const words = line.replace(/^runbook /u, "").split(" ");
    const code = await main([...words, ...(words.includes("--state") ? [] : ["--state", state])], on.surroundings);
    return [code, `${on.out()}${on.err()}`];
  };
  let [code, screen] = await typed("run ccr-rollup.yml --system no_people --yes");
  const questions: string[] = [];
  while (code === 5) {
    expect(screen).toMatch(/\nwaiting: /u);
    const answer = /^ {2}(runbook answer \S+ (\S+) --\S+)/mu.exec(screen);
    const resume = /^ {2}(runbook resume \S+)/mu.exec(screen);
    questions.push(answer?.[2] ?? "");
    const [left, said] = await typed(answer?.[1] ?? "");
    expect([left, said]).toEqual([0, expect.stringContaining("takes it")]);
    [code, screen] = await typed(resume?.[1] ?? "");
  }
  expect(questions[0]).toBe("handover/approve");
  expect([code, screen]).toEqual([0, expect.stringContaining("succeeded:")]);
  const asked = journalOf(state).flatMap((event) => (event.type === "question-answered" ? [event.step] : []));
  expect(asked).toEqual(questions);
}, 60_000);
