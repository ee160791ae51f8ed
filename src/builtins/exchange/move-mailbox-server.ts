import { defineBuiltin } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { withoutReading } from "../../core/reading.ts";
import { readClock } from "./shared/clock.ts";
import { readNodes } from "../../formats/cluster-readings.ts";
import { lookAtCopies, readCopies } from "./shared/copies.ts";
import { readDatabases } from "./shared/databases.ts";
import { readHost } from "./shared/host-name.ts";
import { isBeforeServicePack1, readServer, readVersion, versionIn } from "./shared/mailbox-server.ts";
import { readStatus, STATES, statusIn } from "./shared/mailbox-server-status.ts";
import { obstacleToMove } from "./shared/move-guard.ts";
import { describeMove, lastTry, notOnTarget, onTarget } from "./shared/move-verdict.ts";
import { QUEUE_LIMITS } from "./shared/queue-limits.ts";
import { levelActions, lookAtLevel } from "./shared/rollup-level.ts";

/** Its own checks take up to 20 seconds before anything is seen of a move (domain page, 7.3): until then a lost answer says nothing. */
const SHOWS_WITHIN_MS = 60_000;

/** `exchange.move_mailbox_server`: hands a clustered mailbox server over to the passive node. */
export const exchangeMoveMailboxServer = defineBuiltin({
  name: "exchange.move_mailbox_server",
  title: "Move a clustered mailbox server to the passive node",
  docs: `Hands the mailbox server over with \`Move-ClusteredMailboxServer\`, from the node that takes over, and waits until it is Online
there and stays so (\`stays\`). Users have a short outage. It never uses \`cluster.exe\`, which does not look at the copies and can
lose mail, and never \`-IgnoreDismounted\`.

Directly before the move it reads the state and refuses where a copy is not healthy, is suspended, lags too far or goes to another
node; where a backup runs, since the move would end it; where the node is down, paused, no member, or (with \`at_least\`) below a
build, by the registry or by its files; and where the server is not Online. While somebody else moves or starts it, it waits; a
server that is Online on \`to\` is left alone.

The cmdlet's word is no answer: the state is read again. Without a change of owner the step fails with \`move_refused\` and the
cmdlet's text. A server that is back on its node ends it with \`moved_back\`. While it is pending the step waits, by default half
an hour in all, and says what is not online.

A move that fails late leaves the server on the node, with databases dismounted. With \`when_dismounted: done\` the step is done then,
and \`state\` is Partially Online: mount them with \`exchange.mount_databases\`.

Before service pack 1 the cmdlet has no \`Confirm\` and does not ask; from then on it is called with \`Confirm\` false.

Source: domain page, 2.2, 2.3, 3.3, 11.2, 11.3 and 11.12; R14, R26, G7, I3, I10, F26 to F31.`,
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
    stays: { type: "duration", default: "1m", description: "How long after the move the server must still be Online on the node" },
    when_dismounted: { type: "string", enum: ["fail", "done"], default: "fail", description: "What a move is after which databases stay dismounted: a failure, or done, because a next step mounts them" },
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
    databases_dismounted: "the server is on the node, and databases stay dismounted",
  },
  place: "required",
  timeoutMs: 1_800_000,
  undo: { kind: "steps", how: "Move it back with this builtin, to the node in `from`." },
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
    ...levelActions,
    move: {
      effect: "disrupts",
      title: "Move the mailbox server",
      fills: { from: "the node that owns it" },
      make: ({ identity, to, comment }) => ({ kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: { Identity: identity, TargetMachine: to, MoveComment: comment, Confirm: false }, properties: [] }),
      settlesWithinMs: SHOWS_WITHIN_MS,
    },
    move_before_sp1: {
      effect: "disrupts",
      title: "Move the mailbox server (before service pack 1)",
      fills: { from: "the node that owns it" },
      make: ({ identity, to, comment }) => ({ kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: { Identity: identity, TargetMachine: to, MoveComment: comment }, properties: [] }),
      settlesWithinMs: SHOWS_WITHIN_MS,
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
    return { ...named, ...(inputs.at_least === undefined ? {} : lookAtLevel(facts)), ...copies, nodes: { action: "read_nodes" }, databases: { action: "read_databases" } };
  },
  decide(inputs, facts, past) {
    const seen = statusIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const status = seen.value;
    const to = inputs.to.toUpperCase();
    if (status.activeNode === to) return onTarget(inputs, status, past);
    const hindered = notOnTarget(inputs, status, past);
    if (hindered !== undefined) return hindered;

    const obstacle = obstacleToMove(inputs, facts);
    if (obstacle.kind === "error") return withoutReading(past, obstacle.error);
    if (obstacle.value !== undefined) return giveUp(past, obstacle.value.code, obstacle.value.because);
    const version = versionIn(facts);
    if (version.kind === "error") return withoutReading(past, version.error);
    const action = isBeforeServicePack1(version.value) ? "move_before_sp1" : "move";
    return {
      kind: "act",
      actions: [{ action, fill: { from: status.activeNode ?? "" } }],
      because: `${describeMove(inputs.identity, status, past)}; the copies on ${to} are healthy, ${to} is Up, and no backup runs`,
    };
  },
});
