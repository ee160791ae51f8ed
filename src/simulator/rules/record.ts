import type { NodeState } from "../node-state.ts";
import { sameName, type WorldState } from "../world-state.ts";
import { breach } from "./breaches.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "./mailbox-server.ts";

/**
 * Keeps the times in which the mailbox server was not Online, and who answers for them (domain page, I5): whoever began it, and from
 * then on what else than a call made it take another turn. Outside of a move none may be.
 */
export function recordOutage(state: WorldState): void {
  const status = mailboxServerStatus(state);
  const last = state.outages.at(-1);
  const open = last !== undefined && last.toMs === undefined ? last : undefined;
  if (status === "Online") {
    if (open !== undefined) open.toMs = state.nowMs;
    return;
  }
  const { name: owner } = ownerOfMailboxServer(state);
  const seen = `${status} on ${owner}`;
  if (open === undefined) {
    const { move, stopped } = state.mailboxServer;
    const cause = stopped !== undefined ? "stop" : move?.result === "running" ? "move" : "fault";
    state.outages.push({ fromMs: state.nowMs, cause, ...state.cause, seen });
    if (cause !== "move") breach(state, "I5", `the mailbox server was ${seen}, outside of a move`);
    return;
  }
  if (open.seen !== seen && state.cause.by !== "call") Object.assign(open, state.cause);
  open.seen = seen;
}

/** Notes what may never hold while a node is being patched (domain page, I2 and I4). A node that went down under its setup is in between until setup is through. */
export function recordBreaches(state: WorldState): void {
  const between = state.nodes.filter((node) => isBetween(node));
  if (between.length > 1) breach(state, "I2", `${between.map((node) => node.name).join(" and ")} were patched at the same time`);
  for (const node of between.filter((one) => one.jobs.some(({ state: stands, install }) => stands === "running" && install !== undefined))) {
    const away = state.nodes.filter((other) => other !== node && other.membership !== "Up").map((other) => other.name);
    if (away.length > 0) breach(state, "I4", `${away.join(", ")} was not Up while ${node.name} was patched`);
    if (!state.cluster.quorum) breach(state, "I4", `there was no quorum while ${node.name} was patched`);
    const owned = state.cluster.groups.filter((group) => sameName(group.owner, node.name)).map((group) => group.name);
    if (owned.length > 0) breach(state, "I4", `${node.name} owned ${owned.join(", ")} while it was patched`);
  }
}

/** True from the moment at which setup stops the services until it ends; the last setup that came so far counts. */
function isBetween(node: NodeState): boolean {
  const last = node.jobs.findLast(({ install }) => install !== undefined && install.phase !== "check" && install.phase !== "prepare");
  return last?.state === "running" || (last?.state === "lost" && last.install?.phase !== "register");
}
