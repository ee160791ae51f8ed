import type { ProgramResult } from "../core/action.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";
import { excerpt } from "./excerpt.ts";

/** A server that receives the changes of this primary. */
export interface PostgresStandby {
  /** `application_name` of its connection: by convention its node's name. */
  readonly name: string;
  readonly address: string;
  /** `streaming`, `catchup`, `backup` … (view pg_stat_replication). */
  readonly state: string;
  /** `async`, `sync`, `quorum` or `potential`. */
  readonly sync: string;
  /** Bytes of the log that it has not replayed yet; undefined where it has not told. */
  readonly behindBytes: number | undefined;
}

/** A PostgreSQL server as it answers. `down`: it takes no connection. */
export type PostgresServer =
  | { readonly role: "down"; readonly because: string }
  | { readonly role: "primary"; readonly timeline: number; readonly standbys: readonly PostgresStandby[] }
  | {
      readonly role: "standby";
      readonly timeline: number;
      /** True if it receives from a primary now. */
      readonly receives: boolean;
      /** True if somebody paused the replay. */
      readonly paused: boolean;
      /** Bytes of the log that the primary has told of and that are not replayed yet; undefined where it does not receive. */
      readonly behindBytes: number | undefined;
    };

/**
 * The question to the server: one row of JSON. Functions that only one role may call stand behind the role. PostgreSQL 10 and later
 * (names of functions and views: manual, "System Administration Functions" and "Monitoring Database Activity").
 */
export const POSTGRES_QUESTION = `select json_build_object(
 'standby', pg_is_in_recovery(),
 'timeline', (select timeline_id from pg_control_checkpoint()),
 'paused', case when pg_is_in_recovery() then pg_is_wal_replay_paused() end,
 'receiver', (select status from pg_stat_wal_receiver limit 1),
 'behind', case when pg_is_in_recovery() then (select pg_wal_lsn_diff(greatest(latest_end_lsn, pg_last_wal_receive_lsn()), pg_last_wal_replay_lsn()) from pg_stat_wal_receiver limit 1) end,
 'standbys', case when pg_is_in_recovery() then null else (select coalesce(json_agg(json_build_object(
  'name', application_name, 'address', host(client_addr), 'state', state, 'sync', sync_state, 'behind', pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(replay_lsn, sent_lsn))) order by application_name), '[]')
  from pg_stat_replication) end)`;

/** `psql` where the server took no connection (manual page, "Exit Status"). */
const NO_CONNECTION = 2;

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function bytesOf(value: Json | undefined): number | undefined {
  return typeof value === "number" ? Math.max(0, value) : undefined;
}

function standbyOf(value: Json): PostgresStandby | undefined {
  if (!isJsonObject(value)) return undefined;
  return { name: textOf(value["name"]), address: textOf(value["address"]), state: textOf(value["state"]), sync: textOf(value["sync"]), behindBytes: bytesOf(value["behind"]) };
}

function serverOf(row: JsonObject): PostgresServer | undefined {
  const { standby, timeline, standbys } = row;
  if (typeof standby !== "boolean" || typeof timeline !== "number") return undefined;
  if (standby) {
    const receives = row["receiver"] === "streaming";
    return { role: "standby", timeline, receives, paused: row["paused"] === true, behindBytes: receives ? bytesOf(row["behind"]) : undefined };
  }
  if (!Array.isArray(standbys)) return undefined;
  return { role: "primary", timeline, standbys: (standbys as readonly Json[]).flatMap((value) => standbyOf(value) ?? []) };
}

/** The server from what `psql` printed. One that takes no connection is an answer (`down`), not a failure. */
export function parsePostgresServer({ exitCode, stdout, stderr }: ProgramResult): Reading<PostgresServer> {
  if (exitCode === NO_CONNECTION) return ok({ role: "down", because: excerpt(stderr) });
  if (exitCode !== 0) return error({ code: /permission denied|must be superuser/i.test(stderr) ? "denied" : "unreadable", because: `\`psql\` ended with ${exitCode}: ${excerpt(stderr === "" ? stdout : stderr)}` });
  let row: Json;
  try {
    row = JSON.parse(stdout) as Json;
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
    return unreadable("the answer of `psql`", `it is no JSON: ${excerpt(stdout.trim() === "" ? stderr : stdout)}`);
  }
  const server = isJsonObject(row) ? serverOf(row) : undefined;
  return server === undefined ? unreadable("the answer of `psql`", excerpt(stdout)) : ok(server);
}
