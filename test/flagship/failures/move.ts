import { DONE, event, STANDS, THEN, type Failure } from "./failure.ts";

const MOVED_B = [...DONE.updateB, ...DONE.move];
const restOfA = { result: "succeeded", changes: DONE.updateA, ...STANDS.done } as const;
const fromMove = { result: "succeeded", changes: DONE.fromMove, ...STANDS.done } as const;
const healthy = { kind: "copy", status: "Healthy", message: "" } as const;
const afterSetupB = (does: string): readonly [string, string] => event(`{ on: { command: msiexec.exe, node: NODEB }, after: 16m, does: [${does}] }`);

/** F26 to F33: the copies, and the move (domain page, 6). */
export const MOVE: readonly Failure[] = [
  { row: "F26", name: "a copy that fails while setup runs", world: "two-node", changes: [afterSetupB("{ copy: { storage_group: Second Storage Group, status: Failed, message: a log is damaged } }")], first: { result: "stopped", changes: DONE.updateB, because: [/^update_b\/copies: .*Second Storage Group is Failed \(a log is damaged\)/, /resume the copy, or seed it anew, then start again/], on: "NODEA", updated: ["NODEB"], amiss: ["the copy of Second Storage Group is Failed"] }, cure: [healthy], second: fromMove },
  { row: "F26", name: "copies that stay Initializing for ten minutes", world: "two-node", changes: [["people:", "durations: { copy_initializing: 10m }\n\npeople:"]], first: THEN.all, second: THEN.nothing },
  { row: "F27", name: "a queue that goes down in time", world: "two-node", changes: [afterSetupB("{ copy: { status: Healthy, queue: 900 } }")], first: THEN.all, second: THEN.nothing },
  { row: "F27", name: "a queue that stays high", world: "two-node", changes: [afterSetupB("{ copy: { status: Healthy, queue: 9000 } }")], first: { result: "stopped", changes: DONE.updateB, because: [/^update_b\/copies: not within 30m: First Storage Group has \d+ logs to copy, at most 1 are allowed/], on: "NODEA", updated: ["NODEB"] } },
  { row: "F28", name: "the move is refused", world: "move-refused", first: { result: "stopped", changes: MOVED_B, because: [/^handover\/move: NODEA still owns EXCLUS1/, /the replay of a log cannot be verified/, /do not move it with cluster\.exe/], ...STANDS.halfWay }, second: fromMove },
  { row: "F28", name: "NODEB is paused before the move", world: "two-node", changes: [["after: 2m }", "after: 2m, does: [{ pause: NODEB }] }"]], first: { result: "stopped", changes: DONE.updateB, because: [/handover\/.*NODEB.*paused.*[Rr]esume/], on: "NODEA", updated: ["NODEB"], amiss: ["NODEB is paused"] }, cure: [{ kind: "resume", node: "NODEB" }] },
  { row: "F28", name: "a copy fails before the move", world: "two-node", changes: [["after: 2m }", "after: 2m, does: [{ copy: { status: Failed, message: a log is damaged } }] }"]], first: { result: "stopped", changes: DONE.updateB, because: [/^handover\/move: .*Failed/], on: "NODEA", updated: ["NODEB"] } },
  { row: "F28", name: "a database is dismounted before the move", world: "two-node", changes: [["after: 2m }", "after: 2m, does: [{ dismount: Archive Database }] }"]], first: { result: "stopped", changes: DONE.updateB, because: [/EXCLUS1 is Partially Online on NODEA; not online: Second Storage Group.Archive Database/, /bring it online first/], on: "NODEA, Partially Online", updated: ["NODEB"] }, brokenByTheFault: ["I5"] },
  { row: "F29", name: "the move leaves a database dismounted", world: "test/worlds/late-move-failure.world.yml", first: { result: "succeeded", changes: [...MOVED_B, "NODEB Mount-Database", ...DONE.updateA], ...STANDS.done }, second: THEN.nothing },
  { row: "F30", name: "the move takes longer than its budget", world: "test/worlds/online-pending.world.yml", first: { result: "failed", changes: MOVED_B, because: [/longer than its outage budget of 10m.*Online Pending on NODEB; not online: .*Second Storage Group\\Archive Database/], ...STANDS.moved }, second: restOfA },
  { row: "F30", name: "the answer of the move is lost", world: "test/worlds/move-answer-lost.world.yml", first: THEN.all, second: THEN.nothing },
  { row: "F30", name: "the answer of the move takes forty minutes", world: "two-node", changes: [event("{ on: { command: Move-ClusteredMailboxServer }, reply: { slow: 40m } }")], first: THEN.all, second: THEN.nothing },
  { row: "F30", name: "the cmdlet says that it failed, and the server moved", world: "test/worlds/move-fails-though-made.world.yml", first: THEN.all, second: THEN.nothing },
  { row: "F31", name: "EXCLUS1 fails back by itself", world: "test/worlds/moves-back-by-itself.world.yml", first: { result: "stopped", changes: MOVED_B, because: [/^handover\/move: the move to NODEB was reported as done, and EXCLUS1 is Online on NODEA.*NODEB is suspect.*update nothing meanwhile/], ...STANDS.halfWay }, second: fromMove, brokenByTheFault: ["I5"] },
  { row: "F32", name: "NODEA owns Cluster Group after the move", world: "node-b-updated", first: { result: "succeeded", changes: DONE.fromMove, ...STANDS.done }, second: THEN.nothing },
  { row: "F33", name: "the new copies on NODEA fail", world: "test/worlds/copies-never-healthy.world.yml", first: { result: "waiting", changes: MOVED_B, because: [/^served_by_b: .*First Storage Group/, /ccr-move\.yml/], on: "NODEB", updated: ["NODEB"] }, cure: [healthy], second: restOfA },
  { row: "–", name: "NODEA crashes after the move", world: "test/worlds/a-restarts-after-move.world.yml", first: THEN.all, second: THEN.nothing },
  { row: "–", name: "the operator says no", world: "test/worlds/person-says-no.world.yml", first: { result: "stopped", changes: DONE.updateB, because: [/^handover\/approve: operator said no: not today$/], ...STANDS.halfWay }, second: { result: "stopped", changes: [], because: [/operator said no/] } },
  { row: "–", name: "nobody who could approve", world: "no-people", first: { result: "waiting", changes: DONE.updateB, asked: [/^Move EXCLUS1 from NODEA to NODEB now\?/], ...STANDS.halfWay }, second: { result: "waiting", changes: [] } },
];
