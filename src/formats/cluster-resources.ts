import type { ClusterNode, ClusterResource } from "./cluster-exe.ts";

/**
 * Resources that a clustered mailbox server has: its Information Store and System Attendant instances (domain page, 3.1). How
 * they are named on a server is from memory, so the pattern is wide: a group too many is left where it is, which is harmless,
 * while one too few would be moved without a health check.
 */
const MAILBOX_SERVER_RESOURCE = /exchange|information store|system attendant/i;

/** The witness in `cluster.exe res`: a file share witness on Server 2008, the Majority Node Set resource on Server 2003 (domain page, 2.8 and 3.1; names from memory). */
const WITNESS_RESOURCE = /file share witness|majority node set/i;

/** Names of the groups that hold an Exchange clustered mailbox server; only `Move-ClusteredMailboxServer` may move them (domain page, 11.14). */
export function mailboxServerGroups(resources: readonly ClusterResource[]): ReadonlySet<string> {
  return new Set(resources.filter((resource) => MAILBOX_SERVER_RESOURCE.test(resource.name)).map((resource) => resource.group));
}

/** The votes of a cluster. */
export interface ClusterVotes {
  /** Votes that are there now: nodes whose Cluster service runs, paused ones too, and the witness while it is online. */
  readonly votes: number;
  /** Votes that there could be. */
  readonly of: number;
  /** False also where the cluster has no witness. */
  readonly witnessOnline: boolean;
}

/** Counts votes: one for each node and one for a witness, if there is one (domain page, 2.8, quorum). */
export function countVotes(nodes: readonly ClusterNode[], resources: readonly ClusterResource[]): ClusterVotes {
  const witness = resources.find((resource) => WITNESS_RESOURCE.test(resource.name));
  const witnessOnline = witness?.state === "Online";
  const running = nodes.filter((node) => node.state === "Up" || node.state === "Paused").length;
  return { votes: running + (witnessOnline ? 1 : 0), of: nodes.length + (witness === undefined ? 0 : 1), witnessOnline };
}

/** Votes that are needed to go on: more than half. */
export function majorityOf(votes: ClusterVotes): number {
  return Math.floor(votes.of / 2) + 1;
}
