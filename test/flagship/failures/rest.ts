import { DONE, event, STANDS, THEN, type Failure } from "./failure.ts";

const BACK = ["NODEA Move-ClusteredMailboxServer"];

/** F34 to F41: the second node, what comes from outside, and what is left at the end (domain page, 6). */
export const REST: readonly Failure[] = [
  { row: "F34", name: "other bytes arrive, once", world: "test/worlds/copy-damaged.world.yml", first: { ...THEN.all, changes: [...DONE.copiedB, "NODEB put", ...DONE.fromSetupB] }, second: THEN.nothing },
  { row: "F34", name: "other bytes arrive, each time", world: "two-node", changes: [event("{ on: { command: put, node: NODEB, times: 9 }, file: damaged }")], first: { result: "stopped", changes: [...DONE.copiedB, "NODEB put"], because: [/update_b\/copy: .*was copied, and other bytes lie at C:.*damaged on the way.*certutil\.exe -hashfile.*then go on/], ...STANDS.untouched } },
  { row: "F34", name: "a transfer that fails once", world: "two-node", changes: [event("{ on: { command: put }, reply: { fail: { code: unreachable, because: the network name is gone } } }")], first: { ...THEN.all, changes: [...DONE.copiedB, "NODEB put", ...DONE.fromSetupB] }, second: THEN.nothing },
  { row: "F35", name: "setup on NODEA fails", world: "test/worlds/install-a-fails.world.yml", first: { result: "stopped", changes: [...DONE.all, "NODEA sc.exe"], because: [/^update_a\/install: msiexec ended with 1603/], ...STANDS.moved }, second: { result: "succeeded", changes: ["NODEA msiexec.exe"], ...STANDS.done } },
  { row: "F36", name: "EXCLUS1 fails over to the node that is being patched", world: "test/worlds/failover-during-install.world.yml", first: { result: "failed", changes: DONE.updateB, because: [/^mailbox: EXCLUS1 is .* on NODEB.*`Get-ClusteredMailboxServerStatus EXCLUS1` shows it/, /a node without a setup under way owns it, start it there with `Start-ClusteredMailboxServer EXCLUS1`/, /something else took it down/], on: "NODEA", updated: ["NODEB"] }, second: { result: "succeeded", changes: DONE.fromMove, ...STANDS.done }, brokenByTheFault: ["I4", "I5"] },
  { row: "F36", name: "the active node dies while the other is being patched", world: "test/worlds/a-dies-during-install.world.yml", first: { result: "failed", changes: DONE.updateB, because: [/^mailbox: EXCLUS1 is .* something else took it down/] }, second: { result: "stopped", changes: [], because: [/NODEA does not answer/] }, brokenByTheFault: ["I4", "I5", "I6"] },
  { row: "F39", name: "the way back is refused", world: "two-node", inputs: { move_back: "true" }, changes: [event("{ on: { command: Move-ClusteredMailboxServer, nth: 2 }, reply: { fail: { code: cmdlet_error, because: the window is over } } }")], first: { result: "succeeded", changes: [...DONE.all, ...BACK], ...STANDS.done, open: ["address_book", "backup_after", "on_node_a"] }, second: { result: "succeeded", changes: BACK, on: "NODEA", updated: ["NODEA", "NODEB"], amiss: [] } },
  {
    row: "F41", name: "errors in the Application log after the update", world: "two-node",
    changes: [event("{ on: { command: msiexec.exe, node: NODEA }, after: 5m, does: [{ log_event: { node: NODEB, source: MSExchangeIS, id: 9519, message: a database could not be started } }] }")],
    first: { result: "waiting", changes: DONE.all, because: [/^served_well: .*MSExchangeIS 9519/, /ccr-rollup-undo\.yml/], ...STANDS.done },
  },
  {
    row: "F41", name: "mail does not flow after the move", world: "two-node",
    changes: [event("{ on: { command: Move-ClusteredMailboxServer }, after: 1s, does: [{ mail_flow: failing }] }")],
    first: { result: "waiting", changes: [...DONE.updateB, ...DONE.move], because: [/^served_by_b: /, /ccr-move\.yml/], ...STANDS.moved },
  },
  { row: "F40", name: "no backup after the update", world: "two-node", first: { ...THEN.all, open: ["address_book", "backup_after"] }, second: THEN.nothing },
];
