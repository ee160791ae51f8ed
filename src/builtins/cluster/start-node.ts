import type { ProgramResult } from "../../core/action.ts";
import { defineBuiltin, type Decision, type Facts, type Past } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { formatDuration } from "../../core/quantity.ts";
import { allRead, parseReading, unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import type { Properties, ValuesOf } from "../../core/schema.ts";
import { askToTryAgain, grantedTries, saidStop, stopAnswer } from "../../core/try-again.ts";
import { CLUSTER_NODES, parseNodeTable } from "../../formats/cluster-exe.ts";
import { oneRecord, textField } from "../../formats/cmdlet-record.ts";
import { excerpt } from "../../formats/excerpt.ts";

/** `cluster.exe` on a node whose Cluster service does not run: there is nothing to ask (domain page, 3.1). */
const NO_ENDPOINT = 1753;
/** How long a node may take to join after its Cluster service was started. Ours: the domain page estimates less than a minute (7.3). */
const JOINS_WITHIN_MS = 600_000;
/** How often the service may be started in one attempt, with what people grant. */
const MOST_STARTS = 10;

interface ClusterService {
  readonly mode: string;
  readonly state: string;
}

/** The reading `service`: the Cluster service of the node. */
function serviceIn(facts: Facts): Reading<ClusterService> {
  return parseReading(facts, "service", "cmdlet", (answer) => {
    const record = oneRecord("the Cluster service", answer);
    if (record.kind === "error") return record;
    const mode = textField(record.value, "StartMode");
    const state = textField(record.value, "State");
    return mode === undefined || state === undefined ? unreadable("the Cluster service", "it has no start mode or no state") : ok({ mode, state });
  });
}

/** The reading `system`: the node's own name, upper case. */
function nameIn(facts: Facts): Reading<string> {
  return parseReading(facts, "system", "cmdlet", (answer) => {
    const record = oneRecord("the operating system", answer);
    if (record.kind === "error") return record;
    const name = textField(record.value, "CSName");
    return name === undefined ? unreadable("the operating system", "it has no `CSName`") : ok(name.toUpperCase());
  });
}

/** How the node stands in its cluster, as itself sees it: `Down` while its own Cluster service does not answer. */
function membershipIn(facts: Facts, name: string): Reading<string> {
  return parseReading(facts, "nodes", "program", (answer) => {
    if (answer.exitCode === NO_ENDPOINT) return ok("Down");
    const nodes = parseNodeTable(answer);
    if (nodes.kind === "error") return nodes;
    return ok(nodes.value.find((node) => node.name === name)?.state ?? "no node of the cluster");
  });
}

function startsOf(past: Past): readonly ProgramResult[] {
  return past.acts.flatMap((act) => (act.attempt === past.attempt && act.outcome === "ok" ? [act.result as ProgramResult] : []));
}

const OUTPUTS = {
  state: { type: "string", enum: ["Up", "Paused"], description: "How the node stands in the cluster" },
  started: { type: "boolean", description: "This step started the Cluster service" },
} as const satisfies Properties;

/** `cluster.start_node`: a node's Cluster service runs, and the node is in the cluster. */
export const clusterStartNode = defineBuiltin({
  name: "cluster.start_node",
  title: "Bring a node back into its cluster",
  docs: `Starts the Cluster service of the target where it is stopped, and waits until the node is Up, or Paused. A node that is in the cluster is left alone.

Setup of a rollup stops the Cluster service and starts it at its end. Where that fails the node stays Down: there is no second node then, and the quorum hangs
on the other node and the witness. It is started once; where the node does not come back within ten minutes, a person is asked.

A service that is Disabled is not started: bring its start mode back first, with \`windows.services_restore\`.

Source: domain page, 7.2 rule 3; G3, F25.`,
  examples: [{
    title: "After setup",
    yaml: `- id: cluster_back
  uses: cluster.start_node
  target: node_b`,
  }],
  inputs: {},
  outputs: OUTPUTS,
  codes: {
    service_disabled: "the Cluster service is Disabled",
    not_a_node: "the target is no node of a cluster",
    not_joined: "the node did not come back, and a person said stop",
  },
  place: "required",
  timeoutMs: 3_600_000,
  undo: { kind: "nothing", because: "a node of a cluster runs its Cluster service" },
  touches: () => ["cluster"],
  actions: {
    system: { effect: "reads", title: "Read the machine's own name", make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_OperatingSystem" }, properties: ["CSName"] }) },
    service: { effect: "reads", title: "Read the Cluster service", make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_Service", Filter: "Name='ClusSvc'" }, properties: ["Name", "StartMode", "State"] }) },
    nodes: { effect: "reads", title: "Read the nodes of the cluster", make: () => CLUSTER_NODES },
    start: { effect: "changes", title: "Start the Cluster service", make: () => ({ kind: "program", program: "sc.exe", args: ["start", "ClusSvc"] }), atMost: MOST_STARTS, settlesWithinMs: 60_000 },
  },
  look: () => ({ system: { action: "system" }, service: { action: "service" }, nodes: { action: "nodes" } }),
  decide(_inputs, facts, past, place): Decision<ValuesOf<typeof OUTPUTS>> {
    const name = nameIn(facts);
    const service = serviceIn(facts);
    if (service.kind === "error" && service.error.code === "not_found") return giveUp(past, "not_a_node", `${place.address} has no Cluster service (\`sc.exe query ClusSvc\` shows it): it is no node of a cluster. Set the step's \`target\` to one`);
    const seen = allRead({ service, name, membership: name.kind === "error" ? name : membershipIn(facts, name.value) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { service: { mode, state }, name: node, membership } = seen.value;
    const starts = startsOf(past);
    if (membership === "Up" || membership === "Paused") return { kind: "done", outputs: { state: membership, started: starts.length > 0 }, because: `${node} is ${membership}` };
    const shown = `\`cluster.exe node /status\` and \`sc.exe query ClusSvc\` on ${node} show it ${membership}, and its Cluster service ${state}`;
    if (mode === "Disabled") return giveUp(past, "service_disabled", `${shown} and Disabled. Bring its start mode back with windows.services_restore, or \`sc.exe config ClusSvc start= auto\``);
    const granted = grantedTries(past);
    if (state === "Stopped" && starts.length < 1 + granted) return { kind: "act", actions: [{ action: "start" }], because: shown };
    const last = starts.at(-1);
    const said = last === undefined || last.exitCode === 0 ? "" : `; sc.exe ended with ${last.exitCode}: ${excerpt(last.stdout || last.stderr)}`;
    if (state !== "Stopped" && past.elapsedMs < JOINS_WITHIN_MS * (1 + granted)) return { kind: "wait", because: `${shown}${said}`, everyMs: 10_000 };
    const because = `${shown}${said}. ${state === "Stopped" ? "It was started and stopped again" : `It has not joined within ${formatDuration(JOINS_WITHIN_MS)}`}`;
    const stop = stopAnswer(past);
    if (stop !== undefined) return giveUp(past, "not_joined", `${because}; ${saidStop(stop)}. There is no second node: do not move the mailbox server to ${node}, and do nothing to the other node`);
    return askToTryAgain(`The Cluster service of ${node} does not come back. Start it again?`, [
      because,
      `See why: the System log of ${node}, sources ClusSvc and Service Control Manager; and whether ${node} reaches the other node and the witness.`,
      "Until it is back there is no second node, and the quorum hangs on the other node and the witness. Do not restart the other node.",
    ], because);
  },
});
