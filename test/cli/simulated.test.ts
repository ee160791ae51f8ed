import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { stage } from "./stage.ts";

/** Runs a command in the repository's own project, with a state folder of its own. */
function projectCommands(): (...words: string[]) => Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const state = mkdtempSync(join(tmpdir(), "runbook-state-"));
  return async (...words) => {
    const { surroundings, out, err } = stage({ env: { RUNBOOK_STATE: state } });
    const code = await main(words, surroundings);
    return { code, out: out(), err: err() };
  };
}

describe("the simulated system", () => {
  test("keeps what a run did, until it is reset", async () => {
    const runbook = projectCommands();
    expect((await runbook("world", "show")).out).toContain("0 changing commands");
    const run = await runbook("run", "ccr-rollup.yml", "--yes");
    expect(run.code).toBe(0);
    expect(run.out).toContain("exclus1 (simulated)");
    const after = await runbook("world", "show", "--json");
    expect(JSON.parse(after.out)).toMatchObject({ v: 1, system: "exclus1", world: { mailbox_server: { active_node: "NODEB", state: "Online" } } });
    expect((await runbook("run", "ccr-rollup.yml", "--yes")).out).toContain("nothing to do:");
    expect((await runbook("world", "reset")).out).toContain("is back at its start");
    expect((await runbook("world", "reset")).out).toContain("was at its start already");
    expect((await runbook("world", "show")).out).toContain("0 changing commands");
  }, 30_000);

  test("takes the same course every time", async () => {
    const course = async (): Promise<readonly unknown[]> => {
      const { out } = await projectCommands()("run", "ccr-rollup.yml", "--yes", "--json");
      return out.trimEnd().split("\n").map((line) => {
        const { at, type, step } = JSON.parse(line) as { readonly at: string; readonly type: string; readonly step?: string };
        return `${at} ${type} ${step ?? ""}`;
      });
    };
    expect(await course()).toEqual(await course());
  }, 30_000);

  test("is looked at by a plan, and not changed", async () => {
    const runbook = projectCommands();
    const plan = await runbook("plan", "ccr-rollup.yml");
    expect(plan.code).toBe(0);
    expect(plan.out).toMatch(/would act {2,}update_b\/groups:/u);
    expect((await runbook("world", "show")).out).toContain("0ms after its start, 0 changing commands");
  }, 30_000);

  test("that nobody is there to approve ends waiting, with 5", async () => {
    const runbook = projectCommands();
    const { code, out } = await runbook("run", "ccr-rollup.yml", "--yes", "--system", "no_people");
    expect(out).toContain("waiting:");
    expect(code).toBe(5);
  }, 30_000);

  test("of another kind of cluster is refused before anything is changed, with 1", async () => {
    const runbook = projectCommands();
    const { code, out } = await runbook("run", "ccr-rollup.yml", "--yes", "--system", "scc");
    expect(out).toContain("stopped:");
    expect(code).toBe(1);
    expect((await runbook("world", "show", "--system", "scc")).out).toContain("0 changing commands");
  }, 30_000);

  test("that is none has no world to show", async () => {
    const runbook = projectCommands();
    const { code, err } = await runbook("world", "show", "--system", "local");
    expect(code).toBe(2);
    expect(err).toContain("simulated");
    expect((await runbook("world", "shwo")).err).toContain("did you mean `show`?");
  });

  test("is not paced by what is no number", async () => {
    const { code, err } = await projectCommands()("run", "ccr-rollup.yml", "--yes", "--pace", "fast");
    expect(code).toBe(2);
    expect(err).toContain("--pace fast");
  });
});
