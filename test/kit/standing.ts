import { compareVersions } from "../../src/core/version.ts";
import { brokenInvariants } from "../../src/simulator/broken-invariants.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "../../src/simulator/rules/mailbox-server.ts";
import type { WorldState } from "../../src/simulator/world-state.ts";
import { levelOf } from "./claims.ts";

/** How a system stands, in short: what somebody would ask first who comes to it. */
export interface Standing {
  /** The node that owns the mailbox server, with its state where that is not Online. */
  readonly on: string;
  /** The nodes that are at the build. */
  readonly updated: readonly string[];
  /** Everything that is not as it was before and as it should be, one sentence each: services, databases, copies, nodes, restarts. */
  readonly amiss: readonly string[];
}

/** How a world stands against a build. */
export function standingOf(state: WorldState, build: string): Standing {
  const status = mailboxServerStatus(state);
  const owner = ownerOfMailboxServer(state).name;
  return {
    on: status === "Online" ? owner : `${owner}, ${status}`,
    updated: state.nodes.map(({ name }) => name).filter((name) => compareVersions(levelOf(state, name), build) >= 0).toSorted(),
    amiss: brokenInvariants({ ...state, breaches: [] }, { kind: "succeeded", build })
      .filter(({ invariant }) => invariant === "I8" || invariant === "I9")
      .map(({ because }) => because),
  };
}
