import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { formatSize } from "../../../core/quantity.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import type { Properties, ValuesOf } from "../../../core/schema.ts";
import { parsePostgresServer, POSTGRES_QUESTION, type PostgresServer } from "../../../formats/postgres-server.ts";

/** How the server on the target is asked. */
export const SERVER_INPUTS = {
  port: { type: "integer", minimum: 1, maximum: 65_535, default: 5432, description: "Port of the server" },
  account: { type: "string", pattern: "^[a-z_][a-z0-9_-]*$", default: "postgres", description: "Account of the operating system that may read the state of the server; `psql` is run as it, over the local socket" },
} as const satisfies Properties;

/** Reads role and replication of the server on the target: reading `server`. */
export const readServer: ActionDeclaration<ValuesOf<typeof SERVER_INPUTS>> = {
  effect: "reads",
  title: "Read role and replication of the server",
  make: ({ port, account }) => ({
    kind: "program", program: "runuser", args: ["-u", account, "--", "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", `--port=${port}`, "--dbname=postgres", `--command=${POSTGRES_QUESTION}`],
    env: { PGCONNECT_TIMEOUT: "5" }, folder: "/",
  }),
};

/** The reading `server`. */
export function serverIn(facts: Facts): Reading<PostgresServer> {
  return parseReading(facts, "server", "program", parsePostgresServer);
}

function lagText(bytes: number | undefined): string {
  return bytes === undefined ? "nobody knows how far behind" : `${formatSize(bytes)} behind`;
}

/** How a server stands, as a sentence without a full stop. */
export function serverText(server: PostgresServer): string {
  switch (server.role) {
    case "down":
      return `the server takes no connection (${server.because})`;
    case "primary":
      return `the server is the primary${server.standbys.length === 0 ? " and has no standby" : `; ${server.standbys.map(({ name, state, behindBytes }) => `${name} is ${state}, ${lagText(behindBytes)}`).join(", ")}`}`;
    case "standby":
      return `the server is a standby that ${server.receives ? `receives${server.paused ? ", with its replay paused" : ""}, ${lagText(server.behindBytes)}` : "receives from no primary"}`;
  }
}
