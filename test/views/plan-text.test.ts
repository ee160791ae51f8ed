import { describe, expect, test } from "vitest";
import { hole, type Plan, type PlanNode } from "../../src/core/plan.ts";
import { planLines, planSummary } from "../../src/views/plan-text.ts";
import { previewLines, previewOf } from "../../src/views/preview.ts";
import { PLAIN } from "../../src/views/style.ts";
import { widthOf } from "../../src/views/terminal-text.ts";
import { expectScreen } from "./golden.ts";
import { stopped } from "./rollup-recording.ts";

function node(path: string, title: string, rest: Partial<PlanNode> = {}): PlanNode {
  return { path, kind: "leaf", phase: "step", title, why: undefined, if: undefined, uses: undefined, effect: "reads", target: { kind: "none" }, irreversible: undefined, actions: [], children: [], ...rest };
}

const PLAN: Plan = {
  digest: "3f9a".repeat(16),
  runbook: "ccr_rollup",
  file: "runbooks/ccr-rollup.yml",
  title: "Install an update rollup in a CCR environment",
  system: "exclus1",
  simulated: true,
  inputs: [
    { name: "kb", value: "945684", origin: "default" },
    { name: "nodes", value: ["NODEA", "NODEB"], origin: "inventory system exclus1" },
  ],
  addresses: ["NODEA", "NODEB"],
  locks: ["NODEA", "NODEB", "exclus1"],
  nodes: [
    node("probes.mailbox", "mailbox server EXCLUS1", { phase: "probe", uses: "exchange.mailbox_server_status", target: { kind: "address", address: "NODEA" } }),
    node("is_ccr", "Is it a CCR?", {
      phase: "precondition", target: { kind: "address", address: "NODEB" },
      actions: [{ name: "server", title: "Read the mailbox server", effect: "reads", atMost: 1, template: { kind: "cmdlet", name: "Get-MailboxServer", parameters: { Identity: "EXCLUS1" }, properties: [] } }],
    }),
    node("update_b", "Update NODEB (NodeB), the passive node", {
      kind: "call", effect: "disrupts", why: "The mailboxes stay online on NODEA meanwhile.",
      children: [
        node("update_b/away", "Move every group away from NODEB", {
          effect: "disrupts", target: { kind: "address", address: "NODEB" },
          actions: [{ name: "move", title: "Move a group to the other node", effect: "disrupts", atMost: 5, template: { kind: "program", program: "cluster.exe", args: ["group", hole("the group"), "/moveto:NODEA", "/wait:120"] } }],
        }),
        node("update_b/wipe", "Remove the old logs", { effect: "destroys", if: "steps.away.done", irreversible: "Logs cannot be made again.", target: { kind: "one-of", addresses: ["NODEA", "NODEB"] } }),
        node("update_b/restore", "Restore the services", { phase: "rescue", effect: "changes", target: { kind: "address", address: "NODEB" } }),
      ],
    }),
    node("copies", "Every copy is healthy", { kind: "for-each", children: [node("copies[…]", `Copy of ${hole("item")}`, { target: { kind: "one-of", addresses: ["NODEA", "NODEB"] } })] }),
    node("level", "Both nodes have the expected build", { phase: "postcondition" }),
  ],
};

describe("the plan", () => {
  test("shows every step with every action, and what only a look can tell", async () => {
    await expectScreen("plan-rollup", planLines(PLAN, "all", PLAIN));
  });

  test("in short shows every change and every question, and counts what only looks", async () => {
    await expectScreen("plan-short", planLines(PLAN, "short", PLAIN));
  });

  test("in short names every command that the whole plan has for a change", () => {
    const commands = (extent: "short" | "all"): readonly string[] => planLines(PLAN, extent, { columns: 200, colour: "none" }).filter((line) => line.trimStart().startsWith("$ "));
    expect(commands("short")).toEqual(commands("all"));
    expect(commands("short").length).toBe(1);
  });

  test("in short shows instances that may do the same once, and names the others", () => {
    const wipe = (host: string): PlanNode => node(`wipe[${host}]`, `Wipe ${host}`, {
      effect: "changes", target: { kind: "address", address: host },
      actions: [{ name: "run", title: "Run it", effect: "changes", atMost: 1, template: { kind: "program", program: "wipe", args: host === "c" ? ["--hard"] : [] } }],
    });
    const lines = planLines({ ...PLAN, nodes: [node("wipe", "Wipe them", { kind: "for-each", effect: "changes", children: ["a", "b", "c", "d"].map(wipe) })] }, "short", PLAIN);
    expect(lines.filter((line) => line.includes("$ wipe"))).toEqual(["          $ wipe", "          $ wipe --hard"]);
    expect(lines.join("\n")).toContain("the same 2 times: on b, on d");
  });

  test("in short says of a block that the inputs leave out that it is never entered", () => {
    const lines = planLines({ ...PLAN, nodes: [node("back", "Bring it back", { kind: "block", if: "inputs.back" })] }, "short", PLAIN);
    expect(lines.map((line) => line.trim())).toEqual(expect.arrayContaining(["back: Bring it back", "only if inputs.back", "never entered with these inputs"]));
  });

  test("in short shows what may change, for the question whether to run it", async () => {
    await expectScreen("plan-summary", planSummary(PLAN, "/work/.runbook", PLAIN));
  });

  test("keeps to the page", () => {
    for (const columns of [40, 80, 120]) {
      for (const extent of ["short", "all"] as const) {
        for (const line of planLines(PLAN, extent, { columns, colour: "none" })) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }
    }
  });
});

describe("the preview", () => {
  test("says what today's looks say, up to the first thing that would be changed", () => {
    const preview = previewOf(stopped());
    expect(preview.map(({ step, says }) => `${step}: ${says}`)).toEqual(["goal/level: does not hold", "is_ccr: holds", "copies: holds", "update_b: does not hold"]);
    expect(previewLines(preview, "short", PLAIN)[0]).toBe("What today's looks say");
  });

  test("of a step that would act stays so, however the run that may not act ends", () => {
    const stamp = { v: 1, seq: 1, at: "2007-11-20T12:00:00.000Z", run: "r" } as const;
    const preview = previewOf([
      { ...stamp, type: "step-started", step: "a", kind: "leaf", phase: "step", attempt: 1, title: "A", effect: "changes" },
      { ...stamp, type: "decided", step: "a", turn: 1, decision: "act", because: "it is not there" },
      { ...stamp, type: "step-finished", step: "a", status: "interrupted", attempts: 1, ms: 1 },
    ]);
    expect(preview).toEqual([{ step: "a", says: "would act", because: "it is not there" }]);
    expect(previewLines(preview, "short", PLAIN).at(-1)).toContain("can only be told");
  });

  test("in short counts what holds, and in full tells it", () => {
    const preview = [
      { step: "a", says: "holds", because: "it is up" }, { step: "b", says: "holds", because: "it is up" }, { step: "c", says: "skipped", because: "no" },
      { step: "d", says: "does not hold", because: "it is down" },
    ] as const;
    expect(previewLines(preview, "short", PLAIN)).toEqual(["What today's looks say", "  2 hold, 1 skipped", "  does not hold  d: it is down"]);
    expect(previewLines(preview, "all", PLAIN).length).toBe(5);
  });

  test("of nothing is nothing", () => {
    expect(previewLines(previewOf([]), "all", PLAIN)).toEqual([]);
  });
});
