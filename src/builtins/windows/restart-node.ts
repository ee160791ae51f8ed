import type { ProgramResult } from "../../core/action.ts";
import { defineBuiltin, type Decision, type Facts, type Past, type PastAct } from "../../core/builtin.ts";
import { answerOf, failureOf, giveUp, hasActed } from "../../core/facts.ts";
import { allRead, parseReading, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { CLUSTER_GROUPS, CLUSTER_NODES, parseGroupTable, parseNodeTable, type ClusterGroup } from "../../formats/cluster-exe.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { parseTimestamp } from "../../formats/timestamp.ts";
import { READ_SYSTEM, systemIn, type OperatingSystem } from "./shared/computer-system.ts";
import { INSTALLERS_LOOK, installersIn, READ_INSTALLERS } from "./shared/installer-jobs.ts";

/** `cluster.exe` on a node whose Cluster service is stopped (domain page, 3.1). Such a node owns no group. */
const CLUSTER_SERVICE_STOPPED = 1753;

/** A start is newer only if it is so by more than this: WMI computes it from the clock, and it drifts with it. */
const BOOT_TIME_DRIFT_MS = 30_000;

/** A shutdown may be held up by services that take their time to stop, the information store above all. */
const SHUTDOWN_SETTLES_MS = 600_000;

/** The groups of the cluster; none where the Cluster service of the node does not run. */
function groupsIn(facts: Facts): Reading<readonly ClusterGroup[]> {
  if (answerOf(facts, "nodes", "program")?.exitCode === CLUSTER_SERVICE_STOPPED) return ok([]);
  const nodes = parseReading(facts, "nodes", "program", parseNodeTable);
  return nodes.kind === "error" ? nodes : parseReading(facts, "groups", "program", (answer) => parseGroupTable(answer, nodes.value));
}

/** True if the system was started since it was told to restart. */
function isRestarted(act: PastAct, system: OperatingSystem): boolean {
  const before = parseTimestamp(act.fill["last_start"] ?? "") ?? act.startedMs;
  return act.action === "restart" && system.lastBootMs > before + BOOT_TIME_DRIFT_MS;
}

/** True if Windows has taken the order, or refused it, in this attempt. */
function isUnderWay(past: Past): boolean {
  const act = past.acts.findLast(({ attempt }) => attempt === past.attempt);
  return act?.outcome === "ok" || act?.outcome === "failed";
}

/** What stands against a restart now; undefined where nothing does. */
function guard(facts: Facts, past: Past, system: OperatingSystem): Decision<never> | undefined {
  const seen = allRead({ groups: groupsIn(facts), installers: installersIn(facts) });
  if (seen.kind === "error") return withoutReading(past, seen.error);
  const owned = seen.value.groups.filter(({ owner }) => owner === system.name).map(({ name }) => name);
  if (owned.length > 0) return giveUp(past, "owns_groups", `${system.name} owns ${owned.join(", ")}; move the groups to another node first, with cluster.move_groups`);
  if (seen.value.installers.length > 0) return giveUp(past, "installer_running", `an installation is still running on ${system.name} (${seen.value.installers.join(", ")}). Wait until it has ended; do not end it`);
  return undefined;
}

/** What to decide after the restart was asked for and is not seen yet. */
function waitFor(act: PastAct, seen: string): Decision<never> | undefined {
  if (act.outcome === "failed") return { kind: "fail", code: act.failure?.code ?? "restart_refused", because: act.failure?.because ?? "the restart was refused" };
  if (act.outcome !== "ok") return undefined;
  const { exitCode, stderr } = act.result as ProgramResult;
  if (exitCode !== 0) return { kind: "fail", code: "restart_refused", because: `shutdown.exe ended with ${exitCode}: ${excerpt(stderr)}` };
  return { kind: "wait", because: seen, everyMs: 15_000 };
}

/** `windows.restart_node`: restarts a cluster node that owns nothing, and waits until it is back. */
export const windowsRestartNode = defineBuiltin({
  name: "windows.restart_node",
  title: "Restart a cluster node",
  docs: [
    "Restarts a node of a cluster and waits until it answers with a newer time of its last start. It is done once per step and run: a node that was restarted by this step is not restarted again.",
    "",
    "It refuses while the node owns a cluster group (`owns_groups`), so an active node is never restarted, and while anything is being installed there, by a run or by hand (`installer_running`). A node whose Cluster service is stopped owns no group.",
    "",
    "A node that answers again is not yet one that has joined its cluster: let a `cluster.nodes` with `wait-until: outputs.all_up` follow.",
  ].join("\n"),
  examples: [
    {
      title: "A restart that an update asked for",
      yaml: [
        "- id: restart_b",
        "  if: steps.install.outputs.restart_required",
        "  uses: windows.restart_node",
        "  target: node_b",
        "  with:",
        "    comment: The update rollup asked for it",
      ].join("\n"),
    },
  ],
  inputs: { comment: { type: "string", description: "Why; Windows records it in its event log" } },
  outputs: { booted_at: { type: "string", format: "time", description: "When the node was started" } },
  codes: {
    owns_groups: "the node owns a cluster group",
    installer_running: "an installation is still running on the node",
    restart_refused: "Windows did not take the restart",
  },
  place: "required",
  timeoutMs: 1_800_000,
  undo: { kind: "nothing", because: "the node runs again" },
  touches: () => ["cluster"],
  actions: {
    system: READ_SYSTEM,
    nodes: { effect: "reads", title: "Read the nodes of the cluster", make: () => CLUSTER_NODES },
    groups: { effect: "reads", title: "Read the groups of the cluster", make: () => CLUSTER_GROUPS },
    ...READ_INSTALLERS,
    restart: {
      effect: "disrupts",
      title: "Restart the node",
      // Not an argument: it is kept with what was done, and tells the start before from the start after.
      fills: { last_start: "when the node was started before" },
      make: (inputs) => ({ kind: "program", program: "shutdown.exe", args: ["/r", "/t", "0", "/d", "p:4:17", "/c", inputs.comment] }),
      settlesWithinMs: SHUTDOWN_SETTLES_MS,
    },
  },
  look(_inputs, facts, past) {
    const system = systemIn(facts);
    // While the node is away or about to go, asking it for more than the time of its start only costs time.
    if (system.kind === "error" || past.acts.some((act) => isRestarted(act, system.value)) || isUnderWay(past)) return { system: { action: "system" } };
    return { system: { action: "system" }, nodes: { action: "nodes" }, groups: { action: "groups" }, ...INSTALLERS_LOOK };
  },
  decide(_inputs, facts, past) {
    const system = systemIn(facts);
    if (system.kind === "error") {
      const away = failureOf(facts, "system") !== undefined && hasActed(past);
      return away ? { kind: "wait", because: `the node is away: ${system.error.because}`, everyMs: 15_000 } : withoutReading(past, system.error);
    }
    if (past.acts.some((act) => isRestarted(act, system.value))) {
      return { kind: "done", outputs: { booted_at: system.value.lastBoot }, because: `${system.value.name} was started at ${system.value.lastBoot}` };
    }
    const act = past.acts.findLast(({ attempt }) => attempt === past.attempt);
    const waiting = act === undefined ? undefined : waitFor(act, `${system.value.name} has not been restarted yet: \`Get-WmiObject Win32_OperatingSystem | fl LastBootUpTime\` shows ${system.value.lastBoot}. Where it does not go down, see on its console what holds it, or restart it there by hand`);
    return waiting ?? guard(facts, past, system.value) ?? {
      kind: "act",
      actions: [{ action: "restart", fill: { last_start: system.value.lastBoot } }],
      because: `${system.value.name} owns no group and runs since ${system.value.lastBoot}`,
    };
  },
});
