import { appendFileSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { projectWith } from "./project-fixture.ts";
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

  test("tells an open item in the author's words, and beside its step what the condition came to", async () => {
    const { out } = await projectCommands()("run", "ccr-rollup.yml", "--yes", "--json");
    const events = out.trimEnd().split("\n").map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(events.find((event) => event["type"] === "step-finished" && event["step"] === "backup_after")).toMatchObject({
      because: expect.not.stringContaining("outputs."), condition: expect.stringMatching(/^`outputs\.oldest_full_backup > run\.started` is false/u),
    });
    expect(events.at(-1)).toMatchObject({ openItems: [{ step: "address_book" }, { step: "backup_after", because: expect.not.stringContaining("outputs.") }] });
  }, 30_000);

  test("is spoken of in another language where the runbook and the files that it calls have one", async () => {
    const { out } = await projectCommands()("plan", "ccr-rollup.yml", "--lang", "ja");
    expect(out).toContain("update_b/install: ロールアップをインストールする");
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

  test("stands in a list of all that the inventory has, each with what is special about it", async () => {
    const runbook = projectCommands();
    const { code, out } = await runbook("world", "show", "--all");
    expect(code).toBe(0);
    expect(out).toContain("scc\n    A single copy cluster: the procedure is not for it.\n    EXCLUS1 Online on NODEA, NODEA Up 8.1.240.6, NODEB Up 8.1.240.6\n");
    const { systems } = JSON.parse((await runbook("world", "show", "--all", "--json")).out) as { systems: readonly { system: string }[] };
    expect(systems.map(({ system }) => system)).toEqual(expect.arrayContaining(["exclus1", "scc", "unhealthy_copy", "group_returns", "failover_before_install"]));
  });

  test("whose file was changed since is refused, with the way back to its start in this state folder", async () => {
    const folder = projectWith({
      "runbook.config.yml": "config: 1\ninventory: inventory.yml\nsystem: s\n",
      "inventory.yml": "inventory: 1\nsystems:\n  s:\n    transports:\n      default: { kind: simulated, world: w.world.yml }\n",
      "w.world.yml": readFileSync("examples/worlds/scc.world.yml", "utf8").replace(/from: \S+/u, `from: ${resolve("examples/packages/Exchange2007-KB945684-x64-EN.msp")}`),
    });
    const keep = async (): Promise<{ readonly code: number; readonly err: string }> => {
      const { surroundings, err } = stage({ workingFolder: folder });
      const words = ["run", resolve("runbooks/ccr-preflight.yml"), "--yes", "--state", "kept", ...["cms=EXCLUS1", "node_a=NODEA", "node_b=NODEB", "build=8.1.263.1"].flatMap((value) => ["--set", value])];
      return { code: await main(words, surroundings), err: err() };
    };
    await keep();
    appendFileSync(join(folder, "w.world.yml"), "# changed\n");
    const { code, err } = await keep();
    expect(err).toContain("runbook world reset --system s --state kept");
    expect(code).toBe(2);
  });

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
