import type { Failure } from "../../../core/failure.ts";
import { formatSize } from "../../../core/quantity.ts";
import type { PacemakerCluster, PacemakerFailure, PacemakerUnit } from "../../../formats/pacemaker-cluster.ts";
import type { PostgresServer } from "../../../formats/postgres-server.ts";

/** Node attributes in which resource agents keep how fit a copy is to lead (`crm_master(8)`; `pgsqlms` sets it from the replication). Above 0 it may. */
export function promotionScore(cluster: PacemakerCluster, unit: PacemakerUnit, node: string): number | undefined {
  const [instance] = unit.instances;
  const attributes = cluster.nodes.find(({ name }) => name === node)?.attributes ?? {};
  const written = attributes[`master-${instance?.id ?? unit.id}`] ?? attributes[`promotion-${instance?.id ?? unit.id}`];
  return written === undefined || !/^-?(?:\d+|INFINITY)$/.test(written) ? undefined : Number(written.replace("INFINITY", "1000000"));
}

/** Why the server on the target must not take over now: what it has not got from the primary would be lost. Undefined where it may. */
export function cannotLead(server: PostgresServer, score: number | undefined, node: string, maxLagBytes: number): Failure | undefined {
  if (server.role === "down") return { code: "not_in_sync", because: `the server on ${node} takes no connection (${server.because})` };
  if (server.role === "primary") return { code: "split", because: `the server on ${node} says that it is a primary, and the cluster says that it is not promoted. Look at both servers before anything is moved: two primaries lose data` };
  if (!server.receives) return { code: "not_in_sync", because: `the server on ${node} receives from no primary: a switchover now would lose what it has not got. See \`select * from pg_stat_wal_receiver\` there, and the log of the server` };
  if (server.paused) return { code: "not_in_sync", because: `the replay of the server on ${node} is paused. Ask who paused it; \`select pg_wal_replay_resume()\` there ends it` };
  if (server.behindBytes === undefined || server.behindBytes > maxLagBytes) {
    return { code: "behind", because: `the server on ${node} is ${server.behindBytes === undefined ? "behind, nobody knows how far" : `${formatSize(server.behindBytes)} behind`}, and at most ${formatSize(maxLagBytes)} is allowed. Wait until it has caught up` };
  }
  if (score === undefined || score <= 0) return { code: "not_a_candidate", because: `the cluster does not take ${node} for a candidate yet (its promotion score is ${score ?? "not set"}). The resource agent on the primary must have seen it stream; see \`crm_mon -1A\`` };
  return undefined;
}

/** The last promotion of a copy on that node that failed, as the cluster remembers it; undefined where none did. */
export function failedPromotion({ failures }: PacemakerCluster, { instances }: PacemakerUnit, node: string): PacemakerFailure | undefined {
  return failures.findLast((failure) => failure.task === "promote" && failure.node === node && instances.some(({ id }) => id.replace(/:\d+$/, "") === failure.resource));
}

/**
 * A node whose copy the cluster would rather have lead than the one on `node`; undefined where there is none. An agent sets the scores anew
 * only when it looks next, some seconds after a promotion: until then nothing but the rule of the move holds the lead there.
 */
export function rivalOf(cluster: PacemakerCluster, unit: PacemakerUnit, node: string): string | undefined {
  const own = promotionScore(cluster, unit, node);
  if (own === undefined) return undefined;
  return cluster.nodes.find(({ name, state }) => name !== node && state === "online" && (promotionScore(cluster, unit, name) ?? Number.NEGATIVE_INFINITY) > own)?.name;
}
