import type { ActionCall, Past, PastAct } from "../../../core/builtin.ts";
import { isInDoubt } from "../../../core/facts.ts";
import type { ProgramResult } from "../../../core/action.ts";
import type { Failure } from "../../../core/failure.ts";
import { clusterFailure } from "../../../formats/cluster-errors.ts";
import type { ClusterGroup, GroupState } from "../../../formats/cluster-exe.ts";

/** How much of a group works; a settled group may not work less than before its move (domain page, 11.1). */
const WORTH: Readonly<Record<Exclude<GroupState, "Pending">, number>> = { Online: 2, "Partially Online": 1, Offline: 0, Failed: 0 };

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The call that moves a group. Its state is kept with the intent: what it must be in again afterwards. */
export function moveCall(group: ClusterGroup): ActionCall {
  return { action: "move", fill: { group: group.name, state: group.state } };
}

/** The moves of a group that this step tried, oldest first, in this attempt or in all of them. */
export function movesOf(past: Past, group: string, reach: "attempt" | "run"): readonly PastAct[] {
  return past.acts.filter((act) => act.action === "move" && sameName(act.fill["group"] ?? "", group) && (reach === "run" || act.attempt === past.attempt));
}

/** True if the group is in a state that is at least as good as the one before its first move. A group that was not moved only must not be pending. */
export function isSettled(group: ClusterGroup, past: Past): boolean {
  if (group.state === "Pending") return false;
  const before = movesOf(past, group.name, "run")[0]?.fill["state"];
  const needed = before === "Online" || before === "Partially Online" ? WORTH[before] : 0;
  return WORTH[group.state] >= needed;
}

/** Why a group that is not on its target will not be moved by trying again. Undefined where no move was tried, where nobody knows what became of it, and where `cluster.exe` only gave up waiting. */
export function moveFailure(past: Past, group: ClusterGroup, to: string): Failure | undefined {
  const act = movesOf(past, group.name, "attempt").at(-1);
  if (act === undefined || isInDoubt(act)) return undefined;
  if (act.outcome === "failed") return act.failure ?? { code: "move_refused", because: `${group.name} could not be moved` };
  const refused = clusterFailure(`cluster group "${group.name}" /moveto:${to}`, act.result as ProgramResult);
  if (refused !== undefined) return refused.code === "still_moving" ? undefined : refused;
  const because = `${group.name} was moved to ${to}, and ${group.owner} owns it again. A failback policy or somebody else moved it; look at its preferred owners before you try again`;
  return { code: "group_returned", because };
}
