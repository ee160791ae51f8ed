import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildProgram, CTRL_C, hasScript, newState, typedOn } from "./terminal-kit.ts";

let program = "";

beforeAll(async () => {
  if (hasScript) program = await buildProgram();
}, 60_000);

const typed = (line: string, typing: readonly (readonly [shown: string, typed: string])[], env: Readonly<Record<string, string>> = {}, state = newState()): ReturnType<typeof typedOn> => typedOn(`${program} ${line} --state ${state}`, typing, env);

describe.skipIf(!hasScript)("on a terminal", () => {
  test("the plan is shown first, with the state folder, and a no runs nothing", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml", [["(y/N)", "\r"]]);
    expect(screen).toMatch(/system +exclus1 \(simulated\)[\s\S]*state +\/[\s\S]*Inputs[\s\S]*What it may change/u);
    expect(screen).toContain("Nothing was run.");
    expect(code).toBe(130);
  }, 30_000);

  test("the live list leaves room for a question, which says where the run stands; its answer is kept, and the run goes to its end", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml", [["simulated system?", "y\r"], ["NODEB now?", "y\r"], ["Reason", "window agreed\r"]]);
    expect(screen).toContain("Approval of the outage");
    expect(screen).toContain("because window");
    expect(screen).toMatch(/succeeded:[\s\S]*world reset/u);
    expect(code).toBe(0);
  }, 40_000);

  test("Ctrl-C at a question of the runbook cancels the run, with 130 and what to do next", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml --yes", [["NODEB now?", CTRL_C]]);
    expect(screen).toMatch(/cancelled: the question was left[\s\S]*Next/u);
    expect(code).toBe(130);
  }, 30_000);

  test("--step shows each change with its command, and a no ends the run before it", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml --yes --step", [["Make this change?", "\r"]]);
    expect(screen).toContain("cluster.exe group");
    expect(screen).toContain("stopped:");
    expect(code).toBe(1);
  }, 30_000);

  test("a secret without a source is asked for once the plan is accepted, and nothing of it is shown", async () => {
    const folder = mkdtempSync(join(tmpdir(), "runbook-secret-"));
    writeFileSync(join(folder, "main.yml"), "runbook: 1\nname: ask\ntitle: Ask\ninputs:\n  pw: { secret: true, description: Password of the database }\nsteps:\n  - { id: use, uses: run.query, target: local, with: { program: cat, stdin: \"it is {{inputs.pw}}\" } }\noutputs: { text: steps.use.outputs.text }\n");
    const { code, screen } = await typed(`run ${folder}/main.yml --system local`, [["(y/N)", "y\r"], ["(not shown)", "abc\r"], ["shorter than 4", "\u0015hunter2\r"]]);
    expect(screen).toMatch(/pw +=? *\*\*\* +from the terminal[\s\S]*Password of the database[\s\S]*it is \*\*\*/);
    expect(screen).not.toContain("hunter2");
    expect(code).toBe(0);
  }, 30_000);

  test("a rollback is shown and asked about once: a no undoes nothing, a yes does it, with its own question on the way", async () => {
    const state = newState();
    expect((await typed("run ccr-move.yml --yes --set to=NODEB", [["NODEB now?", "y\r"], ["Reason", "\r"]], {}, state)).code).toBe(0);
    const [run = ""] = readdirSync(join(state, "runs"));
    const no = await typed(`rollback ${run}`, [["simulated system?", "\r"]], {}, state);
    expect(no.screen).toMatch(/What undoes it, the last first[\s\S]*TargetMachine NODEA[\s\S]*Nothing was undone\./u);
    expect(no.code).toBe(130);
    const yes = await typed(`rollback ${run}`, [["simulated system?", "y\r"], ["to NODEA now?", "y\r"], ["Reason", "\r"]], {}, state);
    expect(yes.screen).not.toContain("INVARIANT BROKEN");
    expect(yes.screen).toMatch(new RegExp(`succeeded: what the run ${run} did is undone`, "u"));
    expect(yes.code).toBe(0);
  }, 60_000);

  test("TERM=dumb gets plain lines, on which nothing moves", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml --yes --system scc", [], { TERM: "dumb" });
    expect(screen).toContain("stopped:");
    expect(screen).not.toContain("\u001B[");
    expect(code).toBe(1);
  }, 30_000);
});
