/** How a resource group stands, in the words of `cluster.exe` (domain page, 3.1). */
export type GroupStatus = "Online" | "Offline" | "Partially Online" | "Failed" | "Pending";

/** A resource group. */
export interface GroupState {
  readonly name: string;
  readonly kind: "core" | "storage" | "mailbox" | "other";
  owner: string;
  /** Of a `mailbox` group it is not read: there the mailbox server's phase says it. */
  status: GroupStatus;
  /** What it settles at after a move: an empty `Available Storage` stays Offline (domain page, 11.1). */
  wanted: "Online" | "Offline" | "Partially Online" | "Failed";
  /** Of the move under way; 0 where none is. */
  ticket: number;
  /** Of an `other` group; the others have resources of their kind. */
  readonly resources: readonly string[];
  /** Upper case, the first first; empty: it prefers none. */
  preferredOwners: readonly string[];
  /** It goes back to its first preferred owner when that node joins (F12, F31). */
  failback: boolean;
}

/** The cluster. */
export interface ClusterState {
  readonly name: string;
  readonly witness: { readonly path: string; reachable: boolean };
  readonly groups: GroupState[];
  /** As the rules last saw it: at least two of three votes. */
  quorum: boolean;
}
