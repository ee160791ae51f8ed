import { defineBuiltin } from "../../core/builtin.ts";
import { withoutReading } from "../../core/reading.ts";
import { readClock } from "./shared/clock.ts";
import { cureOf } from "./shared/copy-cure.ts";
import { copyHealthIn, mayRecover } from "./shared/copy-health.ts";
import { lookAtCopies, readCopies } from "./shared/copies.ts";
import { isBeforeServicePack1, readVersion, versionIn } from "./shared/mailbox-server.ts";
import { QUEUE_LIMITS } from "./shared/queue-limits.ts";

/** `exchange.copy_status`: whether the copies of the databases are fit for a move. */
export const exchangeCopyStatus = defineBuiltin({
  name: "exchange.copy_status",
  title: "Read whether the database copies are healthy",
  docs: `Reads the copy of every storage group of a clustered mailbox server. \`healthy\` is true if there is at least one copy, every one is
Healthy and not suspended, and its queues are within the limits. \`summary\` names what is wrong.

After the replication service started, copies are Initializing for a while; wait for them with \`wait-until\`. \`recovering\` is false where
waiting is in vain: a copy that is Failed, Suspended or being seeded needs somebody.

Before service pack 1 a single good reading proves little: three are taken, 30 seconds apart, and a log must have been inspected
within the last hour.

Source: domain page, 3.3 and 11.3.`,
  examples: [{
    title: "Wait until the copies are healthy",
    yaml: `- id: copies
  uses: exchange.copy_status
  target: node_b
  with: { identity: "{{inputs.cms}}" }
  wait-until:
    that: outputs.healthy
    because: The mailbox server is moved only onto healthy copies.
  every: 30s
  timeout: 15m`,
  }],
  inputs: { identity: { type: "string", description: "Name of the clustered mailbox server" }, ...QUEUE_LIMITS },
  outputs: {
    healthy: { type: "boolean", description: "Every copy is fit for a move" },
    copies: {
      type: "list",
      description: "Every copy on the node, one for each storage group",
      items: {
        type: "object",
        properties: {
          name: { type: "string", description: "Name of the storage group" },
          status: { type: "string", description: "`Healthy`, `Initializing`, `Failed`, …" },
          copy_queue: { type: "integer", minimum: 0, description: "Logs that wait to be copied" },
          replay_queue: { type: "integer", minimum: 0, description: "Logs that wait to be replayed" },
          suspended: { type: "boolean", description: "Somebody suspended the copying" },
          target_node: { type: "string", format: "netbios_name", required: false, description: "The node that holds the copy; absent before service pack 1" },
        },
      },
    },
    recovering: { type: "boolean", description: "It is not healthy, and may become so by itself: copies that lag, are Initializing or Resynchronizing, or whose service is not up yet" },
    summary: { type: "string", description: "What is not healthy, or that all is" },
    cures: { type: "list", items: { type: "string" }, description: "What brings each copy right that is not fit: `NAME: what to do`; empty where all are" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_version: readVersion, read_copies: readCopies, read_clock: readClock },
  look(_inputs, facts) {
    const version = versionIn(facts);
    const first = { version: { action: "read_version" } };
    return version.kind === "error" ? first : { ...first, ...lookAtCopies(isBeforeServicePack1(version.value) ? "three times" : "once") };
  },
  decide(inputs, facts, past) {
    const seen = copyHealthIn(facts, inputs);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { copies, problems, unfit } = seen.value;
    const summary = problems.length > 0 ? problems.join("; ") : `${copies.length === 1 ? "the copy is" : `all ${copies.length} copies are`} healthy`;
    return {
      kind: "done",
      outputs: {
        healthy: problems.length === 0,
        copies: copies.map(({ name, status, copyQueue, replayQueue, suspended, targetNode }) => ({
          name, status, copy_queue: copyQueue, replay_queue: replayQueue, suspended, ...(targetNode === undefined ? {} : { target_node: targetNode }),
        })),
        recovering: problems.length > 0 && copies.length > 0 && copies.every(mayRecover),
        summary,
        cures: copies.length === 0 ? [`${inputs.identity}: enable the copies with \`Enable-StorageGroupCopy\`, where it is a server with cluster continuous replication`] : unfit.map((copy) => `${copy.name}: ${cureOf(copy, inputs.identity)}`),
      },
      because: summary,
    };
  },
});
