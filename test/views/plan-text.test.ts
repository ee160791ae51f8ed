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
    await expectScreen("plan-rollup", planLines(PLAN, PLAIN));
  });

  test("in short shows what may change, for the question whether to run it", async () => {
    await expectScreen("plan-summary", planSummary(PLAN, PLAIN));
  });

  test("keeps to the page", () => {
    for (const columns of [40, 80, 120]) {
      for (const line of planLines(PLAN, { columns, colour: "none" })) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });
});

describe("the preview", () => {
  test("says what today's looks say, up to the first thing that would be changed", () => {
    const preview = previewOf(stopped());
    expect(preview.map(({ step, says }) => `${step}: ${says}`)).toEqual(["goal/level: does not hold", "is_ccr: holds", "copies: holds", "update_b: does not hold"]);
    expect(previewLines(preview, PLAIN)[0]).toBe("What today's looks say");
  });

  test("of a step that would act stays so, however the run that may not act ends", () => {
    const stamp = { v: 1, seq: 1, at: "2007-11-20T12:00:00.000Z", run: "r" } as const;
    const preview = previewOf([
      { ...stamp, type: "step-started", step: "a", kind: "leaf", phase: "step", attempt: 1, title: "A", effect: "changes" },
      { ...stamp, type: "decided", step: "a", turn: 1, decision: "act", because: "it is not there" },
      { ...stamp, type: "step-finished", step: "a", status: "interrupted", attempts: 1, ms: 1 },
    ]);
    expect(preview).toEqual([{ step: "a", says: "would act", because: "it is not there" }]);
    expect(previewLines(preview, PLAIN).at(-1)).toContain("can only be told");
  });

  test("of nothing is nothing", () => {
    expect(previewLines(previewOf([]), PLAIN)).toEqual([]);
  });
});
