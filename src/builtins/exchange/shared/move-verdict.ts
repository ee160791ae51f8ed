import { assertNever } from "../../../core/assert-never.ts";
import type { Decision, Past, PastAct } from "../../../core/builtin.ts";
import { giveUp, isInDoubt } from "../../../core/facts.ts";
import { durationMs, formatDuration } from "../../../core/quantity.ts";
import { statusIn, type MailboxServerStatus } from "./mailbox-server-status.ts";

const LOOK_AGAIN_MS = 5_000;
const PENDING_LOOK_MS = 10_000;
/** A move takes one to three minutes (domain page, 7.3); what is pending for longer is told. */
const SLOW_MS = 5 * 60_000;
/** Databases mount one after another: what is dismounted in two looks this far apart stays so. */
const MOUNTS_WITHIN_MS = 15_000;

/** What is decided about a move once it is under way, of the inputs of the step. */
export interface MoveGoal {
  readonly identity: string;
  readonly to: string;
  readonly stays: string;
  readonly when_dismounted: "fail" | "done";
}

/** What a move gives. */
export interface MoveOutputs {
  readonly from: string;
  readonly active_node: string;
  readonly state: MailboxServerStatus["state"];
}

/** The last try of this attempt. */
export function lastTry(past: Past): PastAct | undefined {
  return past.acts.findLast((act) => act.attempt === past.attempt);
}

/** True while the cluster is bringing the mailbox server up or down. */
export function isPending({ state }: MailboxServerStatus): boolean {
  return state.endsWith("Pending");
}

/** The state with what is not online, how long it has been pending (F30; half an hour: domain page, B23b), and what the cmdlet said where it failed. */
export function describeMove(identity: string, status: MailboxServerStatus, past: Past): string {
  const tried = lastTry(past);
  const failed = status.failedResources.length === 0 ? "" : `; not online: ${status.failedResources.join(", ")}`;
  const since = isPending(status) && past.elapsedMs >= 60_000 ? `; ${formatDuration(Math.floor(past.elapsedMs / 60_000) * 60_000)} after the step began (with many logs to replay half an hour was seen)` : "";
  const said = tried?.failure === undefined ? "" : `; the cmdlet said: ${tried.failure.because}`;
  return `${identity} is ${status.state} on ${status.activeNode ?? "no node"}${failed}${since}${said}`;
}

/** Waits for what is pending; told to a person once it takes longer than a move does (F30). */
function waitForPending(because: string, past: Past): Decision<never> {
  const slow = past.elapsedMs < SLOW_MS ? {} : { warning: { code: "slow_move", message: because } };
  return { kind: "wait", because, everyMs: PENDING_LOOK_MS, ...slow };
}

/** The state at the look before; undefined in the first turn and where it could not be read. */
function statusBefore(past: Past): MailboxServerStatus | undefined {
  const before = past.previous === undefined ? undefined : statusIn(past.previous);
  return before?.kind === "ok" ? before.value : undefined;
}

/** What to decide where the mailbox server is on the node that was to take it, tried or not (F29, F30). */
export function onTarget(goal: MoveGoal, status: MailboxServerStatus, past: Past): Decision<MoveOutputs> {
  const to = goal.to.toUpperCase();
  const tried = lastTry(past);
  const seen = describeMove(goal.identity, status, past);
  const before = statusBefore(past);
  const asBefore = before?.activeNode === to && before.state === status.state && before.failedResources.join() === status.failedResources.join();
  const done: Decision<MoveOutputs> = { kind: "done", outputs: { from: past.acts[0]?.fill["from"] ?? to, active_node: to, state: status.state }, because: seen };
  switch (status.state) {
    case "Online":
      // Where the answer was lost the limit may have passed: this look may be the last one.
      if (tried === undefined || isInDoubt(tried) || asBefore || durationMs(goal.stays) === 0) return done;
      return { kind: "wait", because: `${seen}; it must still be there in ${goal.stays}`, everyMs: durationMs(goal.stays) };
    case "Partially Online":
      if (!asBefore) return { kind: "wait", because: seen, everyMs: MOUNTS_WITHIN_MS };
      if (goal.when_dismounted === "done") return done;
      return giveUp(past, "databases_dismounted", `${seen}. It is on ${to}, and databases stay dismounted there. Mount each once with \`Mount-Database\` (exchange.mount_databases), and leave the other node as it is meanwhile`);
    case "Failed":
      if (tried === undefined) return giveUp(past, "not_online", `${seen}. It is already on the node; find out why it is not online`);
      // One reading of Failed may be the bounce of a resource; two in a row are not.
      if (asBefore) return giveUp(past, "failed_on_target", `${seen}. Look at the services and the Application log of ${to}`);
      return { kind: "wait", because: seen, everyMs: LOOK_AGAIN_MS };
    case "Offline":
      if (tried === undefined) return giveUp(past, "not_online", `${seen}. It is already on the node; find out why it is not online`);
      return { kind: "wait", because: seen, everyMs: LOOK_AGAIN_MS };
    case "Online Pending":
    case "Offline Pending":
      return waitForPending(seen, past);
    default:
      return assertNever(status.state);
  }
}

/** What to decide where it is not there; undefined where nothing keeps from moving it now: nothing was tried, or nobody knows what became of the try (F28, F31). */
export function notOnTarget(goal: MoveGoal, status: MailboxServerStatus, past: Past): Decision<never> | undefined {
  const { state, activeNode, failedResources } = status;
  const tried = lastTry(past);
  const to = goal.to.toUpperCase();
  const seen = describeMove(goal.identity, status, past);
  if (isPending(status)) return waitForPending(tried === undefined ? `${seen}: somebody is moving or starting it at this moment` : seen, past);
  if (tried !== undefined && activeNode === undefined) return { kind: "wait", because: seen, everyMs: LOOK_AGAIN_MS };
  if (tried?.outcome === "failed") {
    const code = tried.failure?.code === "denied" ? "denied" : "move_refused";
    return giveUp(past, code, `${activeNode} still owns ${goal.identity} (${state}). The move was refused; remove the cause, and do not move it with cluster.exe. The cmdlet said: ${tried.failure?.because ?? "nothing"}`);
  }
  if (tried?.outcome === "ok") return giveUp(past, "moved_back", `the move to ${to} was reported as done, and ${seen}. It came back by itself, or somebody moved it back: ${to} is suspect. Look at the Application and System logs of ${to} before you move it again, and update nothing meanwhile`);
  if (activeNode !== undefined && state === "Online") return undefined;
  const cure = state === "Partially Online" && failedResources.length > 0 ? "Exchange refuses to move a server with a dismounted database; bring it online first: mount the database with `Mount-Database`, or find out why it is not mounted" : "Only a server that is Online is handed over: bring it online first";
  return giveUp(past, "not_online", `\`Get-ClusteredMailboxServerStatus ${goal.identity}\` shows that ${seen}. ${cure}`);
}
