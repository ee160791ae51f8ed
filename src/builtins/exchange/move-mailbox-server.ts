import { defineBuiltin, type Past, type PastAct } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { readClock } from "./shared/clock.ts";
import { readNodes } from "../../formats/cluster-readings.ts";
import { lookAtCopies, readCopies } from "./shared/copies.ts";
import { readDatabases } from "./shared/databases.ts";
import { readHost } from "./shared/host-name.ts";
import { isBeforeServicePack1, readServer, readVersion, versionIn } from "./shared/mailbox-server.ts";
import { readStatus, STATES, statusIn, type MailboxServerStatus } from "./shared/mailbox-server-status.ts";
import { obstacleToMove } from "./shared/move-guard.ts";
import { QUEUE_LIMITS } from "./shared/queue-limits.ts";
import { levelActions, REGISTRY_LOOK } from "./shared/rollup-level.ts";

const LOOK_AGAIN_MS = 5_000;

/** The last try of this attempt. */
function lastTry(past: Past): PastAct | undefined {
  return past.acts.findLast((act) => act.attempt === past.attempt);
}

/** The node from which this step moved the server, in whichever attempt. */
function movedFrom(past: Past): string | undefined {
  return past.acts[0]?.fill["from"];
}

/** The state with what is not online, and what the cmdlet said where it failed. */
function describe(identity: string, status: MailboxServerStatus, tried: PastAct | undefined): string {
  const failed = status.failedResources.length === 0 ? "" : `; not online: ${status.failedResources.join(", ")}`;
  const said = tried?.failure === undefined ? "" : `; the cmdlet said: ${tried.failure.because}`;
  return `${identity} is ${status.state} on ${status.activeNode ?? "no node"}${failed}${said}`;
}

/** `exchange.move_mailbox_server`: hands a clustered mailbox server over to the passive node. */
export const exchangeMoveMailboxServer = defineBuiltin({
  name: "exchange.move_mailbox_server",
  title: "Move a clustered mailbox server to the passive node",
  docs: `Hands the mailbox server over with \`Move-ClusteredMailboxServer\`, from the node that takes over, and waits until it is Online
there. Users have a short outage. It never uses \`cluster.exe\`, which does not look at the copies and can lose mail.

Directly before the move it reads the state and refuses where a copy is not healthy, lags too far or goes to another node; where a
backup runs, since the move would end it; where the node is down, paused, no member, or (with \`at_least\`) below a build; and where
the server is not Online.

A server that is already Online on \`to\` is left alone. A cmdlet that failed is no answer: the owner is read again. Without a
change of owner the step fails with \`move_refused\` and the cmdlet's text.

Before service pack 1 the cmdlet has no \`Confirm\` and does not ask; from then on it is called with \`Confirm\` false.

Source: domain page, 2.2, 2.3, 3.3, 11.2 and 11.3; R14, R26, G7, F28 to F31.`,
  examples: [{
    title: "Hand over to NodeB",
    yaml: `- id: move_to_b
  title: Move the mailbox server to NodeB
  why: From here on NodeA is passive and can be updated.
  uses: exchange.move_mailbox_server
  target: node_b
  with:
    identity: "{{inputs.cms}}"
    to: "{{inputs.node_b}}"
    comment: Applying update rollup
    at_least: "{{inputs.build}}"
  timeout: 30m`,
  }],
  inputs: {
    identity: { type: "string", description: "Name of the clustered mailbox server" },
    to: { type: "string", format: "netbios_name", description: "The node that takes over; also the step's target" },
    comment: { type: "string", description: "Reason that Exchange records with the move" },
    at_least: { type: "string", format: "version", required: false, description: "Build that the node must have at least; leave it out to go back" },
    ...QUEUE_LIMITS,
  },
  outputs: {
    from: { type: "string", format: "netbios_name", description: "The node that owned it before; where nothing was moved, the active node" },
    active_node: { type: "string", format: "netbios_name", description: "The node that owns it now" },
    state: { type: "string", enum: STATES, description: "State of the mailbox server at the end" },
  },
  codes: {
    not_online: "the mailbox server is not Online, so it cannot be handed over",
    not_on_target: "the step does not run on the node that takes over",
    not_ccr: "the mailbox server has no cluster continuous replication",
    not_a_member: "the mailbox server may not run on the node",
    target_node_down: "the node is not Up",
    target_node_paused: "the node is paused",
    level_too_low: "the node is below the build that it must have",
    copies_unhealthy: "a copy is not healthy, suspended, too far behind, or on another node",
    backup_running: "a backup runs, and the move would end it",
    move_refused: "the cmdlet failed, and the owner has not changed",
    moved_back: "the cmdlet succeeded, and another node owns the server",
    failed_on_target: "the server was moved and is Failed on the node",
  },
  place: "required",
  timeoutMs: 1_800_000,
  undo: "Move it back with this builtin, to the node in `from`.",
  touches: (inputs) => ["cluster", inputs.identity],
  actions: {
    read_status: readStatus,
    read_host: readHost,
    read_server: readServer,
    read_version: readVersion,
    read_copies: readCopies,
    read_clock: readClock,
    read_nodes: readNodes,
    read_databases: readDatabases,
    read_patches: levelActions.read_patches,
    read_install_properties: levelActions.read_install_properties,
    move: {
      effect: "disrupts",
      title: "Move the mailbox server",
      fills: { from: "the node that owns it" },
      make: ({ identity, to, comment }) => ({ kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: { Identity: identity, TargetMachine: to, MoveComment: comment, Confirm: false }, properties: [] }),
    },
    move_before_sp1: {
      effect: "disrupts",
      title: "Move the mailbox server (before service pack 1)",
      fills: { from: "the node that owns it" },
      make: ({ identity, to, comment }) => ({ kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: { Identity: identity, TargetMachine: to, MoveComment: comment }, properties: [] }),
    },
  },
  look(inputs, facts, past) {
    const first = { status: { action: "read_status" } };
    const status = statusIn(facts);
    const tried = lastTry(past)?.outcome;
    if (status.kind === "error" || status.value.activeNode === inputs.to.toUpperCase() || tried === "ok" || tried === "failed") return first;
    const version = versionIn(facts);
    const named = { ...first, host: { action: "read_host" }, server: { action: "read_server" }, version: { action: "read_version" } };
    if (version.kind === "error") return named;
    const copies = lookAtCopies(isBeforeServicePack1(version.value) ? "three times" : "once");
    // What can change at any moment is read last.
    return { ...named, ...(inputs.at_least === undefined ? {} : REGISTRY_LOOK), ...copies, nodes: { action: "read_nodes" }, databases: { action: "read_databases" } };
  },
  decide(inputs, facts, past) {
    const seen = statusIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const status = seen.value;
    const { state, activeNode } = status;
    const tried = lastTry(past);
    const seenNow = describe(inputs.identity, status, tried);
    const to = inputs.to.toUpperCase();

    if (activeNode === to) {
      if (state === "Online") return { kind: "done", outputs: { from: movedFrom(past) ?? to, active_node: to, state }, because: seenNow };
      if (tried === undefined && (state === "Failed" || state === "Offline")) return giveUp(past, "not_online", `${seenNow}. It is already on the node; find out why it is not online`);
      // One reading of Failed may be the bounce of a resource; two in a row are not.
      const before = past.previous === undefined ? undefined : statusIn(past.previous);
      if (state === "Failed" && before?.kind === "ok" && before.value.state === "Failed" && before.value.activeNode === to) return giveUp(past, "failed_on_target", `${seenNow}. Look at the services and the Application log of ${to}`);
      return { kind: "wait", because: seenNow, everyMs: LOOK_AGAIN_MS };
    }

    if (tried !== undefined && (activeNode === undefined || state.endsWith("Pending"))) return { kind: "wait", because: seenNow, everyMs: LOOK_AGAIN_MS };
    if (tried?.outcome === "failed") {
      const code = tried.failure?.code === "denied" ? "denied" : "move_refused";
      return giveUp(past, code, `${activeNode} still owns ${inputs.identity} (${state}). The move was refused; do not move it with cluster.exe. The cmdlet said: ${tried.failure?.because ?? "nothing"}`);
    }
    if (tried?.outcome === "ok") return giveUp(past, "moved_back", `the move to ${to} was reported as done, and ${seenNow}. Something moved it back, or it failed on ${to}; look at the Application log of ${to}`);
    if (activeNode === undefined || state !== "Online") return giveUp(past, "not_online", `${seenNow}. Only a server that is Online is handed over; bring it online first`);

    const obstacle = obstacleToMove(inputs, facts);
    if (obstacle.kind === "error") return withoutReading(past, obstacle.error);
    if (obstacle.value !== undefined) return giveUp(past, obstacle.value.code, obstacle.value.because);
    const version = versionIn(facts);
    if (version.kind === "error") return withoutReading(past, version.error);
    const action = isBeforeServicePack1(version.value) ? "move_before_sp1" : "move";
    return { kind: "act", actions: [{ action, fill: { from: activeNode } }], because: `${seenNow}; the copies on ${to} are healthy, ${to} is Up, and no backup runs` };
  },
});
