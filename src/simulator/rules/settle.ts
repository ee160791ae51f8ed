import { mailboxServerStatus, ownerOfMailboxServer, settleMailboxServer } from "./mailbox-server.ts";
import { settleMembership } from "./membership.ts";
import { settleGroups } from "./groups.ts";
import { settleCopies } from "./copies.ts";
import { breach } from "./breaches.ts";
import type { WorldState } from "../world-state.ts";

/** Lets the background rules follow a change (domain page, 7.2), each after those that it depends on. Called after every change. */
export function settle(state: WorldState): void {
  settleMembership(state);
  settleGroups(state);
  settleMailboxServer(state);
  settleCopies(state);
  recordOutage(state);
  recordBreaches(state);
}

/** Keeps the times in which the mailbox server was not Online, and why (domain page, I5). */
function recordOutage(state: WorldState): void {
  const online = mailboxServerStatus(state) === "Online";
  const last = state.outages.at(-1);
  const open = last !== undefined && last.toMs === undefined ? last : undefined;
  if (online && open !== undefined) open.toMs = state.nowMs;
  if (online || open !== undefined) return;
  const { move, stopped } = state.mailboxServer;
  const cause = stopped !== undefined ? "stop" : move?.result === "running" ? "move" : "fault";
  state.outages.push({ fromMs: state.nowMs, cause });
  if (cause === "fault") breach(state, "I5", `the mailbox server was ${mailboxServerStatus(state)} on ${ownerOfMailboxServer(state).name}, outside of a move`);
}

/** Notes what may never hold while a node is being patched (domain page, I2 and I4). */
function recordBreaches(state: WorldState): void {
  const patched = state.nodes.filter((node) => node.jobs.some((job) => job.state === "running" && job.install !== undefined && job.install.phase !== "check" && job.install.phase !== "prepare"));
  if (patched.length > 1) breach(state, "I2", `${patched.map((node) => node.name).join(" and ")} were patched at the same time`);
  for (const node of patched) {
    const away = state.nodes.filter((other) => other !== node && other.membership !== "Up").map((other) => other.name);
    if (away.length > 0) breach(state, "I4", `${away.join(", ")} was not Up while ${node.name} was patched`);
    if (!state.cluster.quorum) breach(state, "I4", `there was no quorum while ${node.name} was patched`);
  }
}
