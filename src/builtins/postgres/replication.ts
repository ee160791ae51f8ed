import { defineBuiltin } from "../../core/builtin.ts";
import { formatSize, sizeBytes } from "../../core/quantity.ts";
import { withoutReading } from "../../core/reading.ts";
import type { Properties, ValuesOf } from "../../core/schema.ts";
import type { PostgresServer } from "../../formats/postgres-server.ts";
import { readServer, SERVER_INPUTS, serverIn, serverText } from "./shared/server-reading.ts";

const OUTPUTS = {
  role: { type: "string", enum: ["primary", "standby", "down"], description: "What the server is" },
  in_sync: { type: "boolean", description: "Its copy, or one of its copies, keeps up" },
  timeline: { type: "integer", required: false, description: "Rises with every promotion; absent where the server is down" },
  standbys: {
    type: "list", description: "Of a primary: who receives from it; empty else",
    items: { type: "object", properties: { name: { type: "string" }, address: { type: "string" }, state: { type: "string", description: "`streaming` where it keeps up" }, sync: { type: "string", description: "`async`, `sync`, `quorum` or `potential`" }, behind: { type: "size", required: false } } },
  },
  receives: { type: "boolean", description: "Of a standby: it receives from a primary now; false else" },
  paused: { type: "boolean", description: "Of a standby: somebody paused its replay; false else" },
  behind: { type: "size", required: false, description: "Of a standby that receives: what it has not replayed yet" },
} as const satisfies Properties;

/** The server as outputs; `maxLagBytes` is how far behind counts as in sync. */
function outputsOf(server: PostgresServer, maxLagBytes: number): ValuesOf<typeof OUTPUTS> {
  const within = (bytes: number | undefined): boolean => bytes !== undefined && bytes <= maxLagBytes;
  const nothing = { standbys: [], receives: false, paused: false };
  switch (server.role) {
    case "down":
      return { role: "down", in_sync: false, ...nothing };
    case "primary": {
      const standbys = server.standbys.map(({ behindBytes, ...standby }) => ({ ...standby, ...(behindBytes === undefined ? {} : { behind: formatSize(behindBytes) }) }));
      return { role: "primary", in_sync: server.standbys.some(({ state, behindBytes }) => state === "streaming" && within(behindBytes)), timeline: server.timeline, ...nothing, standbys };
    }
    case "standby": {
      const { receives, paused, behindBytes, timeline } = server;
      return { role: "standby", in_sync: receives && !paused && within(behindBytes), timeline, ...nothing, receives, paused, ...(behindBytes === undefined ? {} : { behind: formatSize(behindBytes) }) };
    }
  }
}

/** `postgres.replication`: role of a server, and how its copies stand. */
export const postgresReplication = defineBuiltin({
  name: "postgres.replication",
  title: "Read role and replication of a PostgreSQL server",
  docs: [
    "Asks the server on the target whether it is a primary or a standby. Of a primary, `standbys` lists who receives from it and how far behind each is; of a standby, `receives` and `behind` say how it keeps up. A server that takes no connection is `down`: an answer, not a failure.",
    "",
    "`in_sync` is what a procedure asks for before it takes the other server down: a primary with at least one streaming standby, or a standby that receives and whose replay is not paused, no more than `max_lag` behind.",
    "",
    "Reads over the local socket, as `account`. PostgreSQL 10 and later; `runuser` needs root, see `become` in the inventory.",
  ].join("\n"),
  examples: [{
    title: "Wait until the standby keeps up",
    yaml: ["- id: in_sync", "  uses: postgres.replication", "  target: node_b", "  wait-until: outputs.role == 'standby' && outputs.in_sync", "  every: 2s", "  timeout: 10m"].join("\n"),
  }],
  inputs: { ...SERVER_INPUTS, max_lag: { type: "size", default: "16MiB", description: "A server further behind than this is not in sync" } },
  outputs: OUTPUTS,
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_server: readServer },
  look: () => ({ server: { action: "read_server" } }),
  decide(inputs, facts, past) {
    const seen = serverIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    return { kind: "done", outputs: outputsOf(seen.value, sizeBytes(inputs.max_lag)), because: serverText(seen.value) };
  },
});
