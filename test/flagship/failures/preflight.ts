import { join } from "node:path";
import { PROJECT } from "../../docs/project.ts";
import { event, node, secondGroup, STANDS, THEN, untouched, DONE, type Failure } from "./failure.ts";

/** The world `two-node` with service pack 3 and its rollup 6: 8.3.83.6 is older than 8.3.245.2, although its text is greater. */
const SP3: readonly (readonly [string, string])[] = [
  ["version: 8.1.240.6", "version: 8.3.83.6"], ["../packages/Exchange2007-KB945684-x64-EN.msp", "../../test/formats/packages/Exchange2007-KB2608656-x64-EN.msp"],
  ['kb: "945684"', 'kb: "2608656"'], ["target: 8.1.240.6", "target: 8.3.83.6"], ["build: 8.1.263.1", "build: 8.3.245.2"],
  ["Update Rollup 1 for Exchange Server 2007 Service Pack 1 (KB945684) 8.1.263.1", "Update Rollup 6 for Exchange Server 2007 Service Pack 3 (KB2608656) 8.3.245.2"],
];

/** F1 to F10: what is wrong before anything was changed (domain page, 6). */
export const PREFLIGHT: readonly Failure[] = [
  { row: "F1", name: "a single copy cluster", world: "scc", first: untouched(/storage type of EXCLUS1 is Shared.*only for CCR/, /a single copy cluster, which has a procedure of its own/) },
  { row: "F1", name: "a server that is in no cluster", world: "two-node", changes: [["active: NODEA", "active: NODEA\n  storage: stand_alone"]], first: untouched(/storage type of EXCLUS1 is Disabled.*only for CCR/, /Disabled no cluster: there setup is simply run/) },
  { row: "F2", name: "no local administrator on NODEB", world: "test/worlds/no-rights-on-b.world.yml", first: untouched(/Access is denied.*no local administrator on NODEB/, /Add it to the Administrators of NODEB and log on anew/, /preflight\/machines\[NODEB\]/) },
  { row: "F2", name: "without the Exchange role", world: "test/worlds/no-exchange-role.world.yml", first: untouched(/`Get-ClusteredMailboxServerStatus` was refused: .*does not have the Exchange Server Administrator role/) },
  { row: "F3", name: "an old backup, and the policy says stop", world: "two-node", changes: [secondGroup("last_full_backup: 50h")], inputs: { backup_policy: "stop" }, first: untouched(/last full backup of some database of EXCLUS1 is from 2008-03-13T07:00:00.*older than 1d/) },
  { row: "F3", name: "no backup at all, and the policy says stop", world: "two-node", changes: [secondGroup("copy: Healthy")], inputs: { backup_policy: "stop" }, first: untouched(/last full backup of some database of EXCLUS1.*or there is none/) },
  { row: "F3", name: "an old backup, and nobody who answers for it", world: "two-node", changes: [secondGroup("last_full_backup: 50h")], first: { ...untouched(/last full backup/), result: "waiting", asked: [/older than 1d.*or there is none/] } },
  {
    row: "F3", name: "an old backup, and a person who answers for it", world: "two-node",
    changes: [secondGroup("last_full_backup: 50h"), ["    answers:", "    answers:\n      - { kind: choose, question: backup, answer: skip, reason: another system made one }"]],
    first: { ...THEN.all, asked: [/older than 1d/, /^Move EXCLUS1/], open: ["preflight/backup", "address_book", "backup_after"] }, second: THEN.nothing,
  },
  { row: "F3", name: "an old backup, and the policy says note", world: "two-node", changes: [secondGroup("last_full_backup: 50h")], inputs: { backup_policy: "note" }, first: { ...THEN.all, open: ["preflight/backup", "address_book", "backup_after"] }, second: THEN.nothing },
  { row: "F4", name: "a backup that ends in an hour", world: "two-node", changes: [secondGroup("last_full_backup: 5h, backup_running: 1h")], first: THEN.all, second: THEN.nothing },
  { row: "F4", name: "a backup that does not end", world: "two-node", changes: [secondGroup("last_full_backup: 5h, backup_running: 9h")], first: untouched(/^preflight\/no_backup: not within 4h: A backup of EXCLUS1 is running/) },
  { row: "F4", name: "a backup that begins while setup runs", world: "test/worlds/backup-at-move.world.yml", first: THEN.all, second: THEN.nothing },
  { row: "F4", name: "a backup that begins before the move and does not end", world: "two-node", changes: [event("{ on: { command: msiexec.exe, node: NODEB }, after: 20m, does: [{ backup: { for: 9h } }] }")], first: { result: "stopped", changes: DONE.updateB, because: [/^handover\/no_backup: not within 4h: A backup of EXCLUS1 is running/], ...STANDS.halfWay }, second: { result: "stopped", changes: [] } },
  { row: "F5", name: "a restart that is due", world: "two-node", changes: [node("NODEB", "restart_pending: [windows_update]")], first: untouched(/NODEB waits for a restart.*while it is passive.*restart-passive-node\.yml/) },
  { row: "F5", name: "a restart of the active node that is due", world: "two-node", changes: [node("NODEA", "restart_pending: [file_rename]")], first: untouched(/NODEA waits for a restart.*while it is passive.*restart-passive-node\.yml/) },
  { row: "F6", name: "a PowerShell that is too new", world: "two-node", changes: [node("NODEA", 'powershell: "3.0"')], first: untouched(/NODEA has PowerShell 3\.0.*Remove the Windows Management Framework first/) },
  { row: "F7", name: "an interim update", world: "two-node", changes: [node("NODEB", 'interim_updates: ["940000"]')], first: untouched(/An interim update is installed.*remove it first/) },
  { row: "F8", name: "a witness that is away", world: "two-node", changes: [["  witness:", "  witness_reachable: false\n  witness:"]], first: untouched(/The file share witness is not online; 2 of 3 votes.*`cluster\.exe res` shows it\. See that its share can be reached/), cure: [{ kind: "witness", reachable: true }], second: THEN.all },
  { row: "F8", name: "a witness that goes away before setup", world: "test/worlds/witness-lost.world.yml", first: { result: "stopped", changes: DONE.copiedB, because: [/the witness is not online.*Bring the missing vote back/], ...STANDS.untouched }, cure: [{ kind: "witness", reachable: true }], second: { result: "succeeded", changes: DONE.fromSetupB, ...STANDS.done } },
  { row: "F9", name: "NODEB has the level already", world: "node-b-updated", first: { result: "succeeded", changes: DONE.fromMove, ...STANDS.done }, second: THEN.nothing },
  { row: "F9", name: "NODEB has the level, and serves already", world: "moved", first: { result: "succeeded", changes: DONE.updateA, ...STANDS.done }, second: THEN.nothing },
  { row: "F9", name: "only NODEA has the level", world: "two-node", changes: [node("NODEA", 'updates: ["945684"]')], first: { result: "succeeded", changes: DONE.updateB, on: "NODEA", updated: ["NODEA", "NODEB"], amiss: [] }, second: { result: "nothing to do", changes: [] } },
  { row: "F9", name: "a node that is newer than the rollup", world: "two-node", changes: [node("NODEB", "file_build: 8.1.278.2")], first: untouched(/preflight\/level_b: The registry says 8\.1\.240\.6, the files 8\.1\.278\.2/, /install its rollup again by hand, elevated.*reg\.exe query HKLM.*ExSetup\.exe/) },
  { row: "F10", name: "no package for the article", world: "two-node", inputs: { kb: "999999" }, first: untouched(/Exchange2007-KB999999-x64-EN\.msp: nothing lies there\. Download the rollup/) },
  { row: "F10", name: "a package for another architecture under the right name", world: "two-node", package: "Exchange2007-KB945684-x86-EN.msp", first: untouched(/^package: .*is for x86, whatever its name says/, /Download the rollup for x64/) },
  { row: "F10", name: "a package of another service pack under the right name", world: "two-node", package: "wrong-line/Exchange2007-KB945684-x64-EN.msp", first: untouched(/^package: .*is for 8\.2\.176\.2, and EXCLUS1 has 8\.1\.240\.6/, /1642. Download the rollup for the service pack that is installed/) },
  { row: "F10", name: "a package that was cut off on the way", world: "two-node", package: "truncated.msp", first: untouched(/^package: .*truncated|cut|incomplete/, /[Dd]ownload/) },
  { row: "F10", name: "a package that was changed after it was signed", world: "two-node", package: "changed-after-signing.msp", first: untouched(/^package: /, /[Dd]ownload/) },
  { row: "F10", name: "a package that nobody signed", world: "two-node", package: "unsigned.msp", first: untouched(/^signature: .*is not signed by Example Publisher/, /Download it from Microsoft again/) },
  { row: "F10", name: "an update of another product", world: "two-node", package: "other-product.msp", first: untouched(/^package: /) },
  { row: "F10", name: "no patch at all", world: "two-node", package: "plain-text.msp", first: untouched(/^package: /, /[Dd]ownload/) },
  { row: "F10", name: "a package that somebody else signed, and the policy says note", world: "two-node", inputs: { signer: "Somebody Else", signature_policy: "note" }, first: { ...THEN.all, open: ["signature", "address_book", "backup_after"] } },
  { row: "F10", name: "a node of another architecture", world: "two-node", changes: [node("NODEB", "architecture: x86")], first: untouched(/NODEB is x86; a package for x64 does not fit/) },
  { row: "F10", name: "a build of another service pack", world: "two-node", inputs: { build: "8.2.176.2" }, first: untouched(/8\.2\.176\.2 belongs to another service pack/, /take the rollup for the service pack that is installed/) },
];

/** What the catalogue has no row for, and is seen before anything was changed. */
export const BEFORE: readonly Failure[] = [
  { row: "–", name: "a node that is off", world: "two-node", changes: [node("NODEB", "power: off")], first: untouched(/NODEB does not answer/) },
  { row: "–", name: "a paused node", world: "test/worlds/paused-node.world.yml", first: untouched(/Paused: NODEB.*resume it/), cure: [{ kind: "resume", node: "NODEB" }], second: THEN.all },
  { row: "–", name: "a dismounted database", world: "two-node", changes: [secondGroup("last_full_backup: 5h, mounted: false")], first: { ...untouched(/`Get-MailboxDatabase -Server EXCLUS1 -Status` shows as dismounted: Second Storage Group\\Archive Database\. Mount it with `Mount-Database`/), on: "NODEA, Partially Online" }, cure: [{ kind: "mount", database: "Archive Database" }], second: THEN.all },
  { row: "–", name: "services left Disabled", world: "two-node", changes: [node("NODEB", "services: { MSExchangeRepl: { start_mode: Disabled, state: Stopped } }")], first: untouched(/Exchange services of NODEB are Disabled.*start types back by hand/) },
  { row: "–", name: "a copy that has failed", world: "unhealthy-copy", first: untouched(/Second Storage Group is Failed.*Resume-StorageGroupCopy "EXCLUS1\\Second Storage Group".*Then go on/) },
  { row: "–", name: "a copy that somebody suspended", world: "test/worlds/suspended-copy.world.yml", first: untouched(/Second Storage Group is Suspended/, /resume it with `Resume-StorageGroupCopy "EXCLUS1\\Second Storage Group"` when the reason for the suspension is gone/), cure: [{ kind: "copy", status: "Healthy", message: "" }], second: THEN.all },
  { row: "–", name: "a copy that is being seeded", world: "two-node", changes: [secondGroup("last_full_backup: 5h, copy: Seeding")], first: untouched(/Second Storage Group is Seeding/) },
  { row: "–", name: "a copy that lags and catches up", world: "lagging-copy", first: THEN.all, second: THEN.nothing },
  { row: "–", name: "a copy that resynchronizes for a while", world: "two-node", changes: [secondGroup("last_full_backup: 5h, copy: Resynchronizing, copy_for: 10m")], first: THEN.all, second: THEN.nothing },
  { row: "–", name: "one node named twice", world: "two-node", inputs: { node_b: "NODEA" }, first: untouched(/given are NODEA and NODEA/) },
  { row: "–", name: "the nodes named the wrong way round", world: "two-node", inputs: { node_a: "NODEB", node_b: "NODEA" }, first: untouched(/Begin with --set node_a=NODEA --set node_b=NODEB/) },
  { row: "–", name: "EXCLUS1 failed over before the run", world: "test/worlds/failed-over-before.world.yml", first: { ...untouched(/EXCLUS1 is on NODEB, which lacks the rollup/, /--set node_a=NODEB --set node_b=NODEA/), on: "NODEB" } },
  { row: "–", name: "an unknown mailbox server", world: "two-node", inputs: { cms: "EXCLUS9" }, first: untouched(/'EXCLUS9' could not be found/) },
  { row: "–", name: "another group on the node, which has failed", world: "two-node", changes: [["groups:\n  Cluster", "groups:\n  Print Group: { owner: NODEB, state: Failed, resources: [Spooler] }\n  Cluster"]], first: { result: "succeeded", changes: ["NODEB moves Available Storage", "NODEB moves Print Group", "NODEB put", "NODEB msiexec.exe", ...DONE.move, "NODEA moves Available Storage", "NODEA moves Cluster Group", "NODEA moves Print Group", "NODEA put", "NODEA msiexec.exe"], ...STANDS.done }, second: THEN.nothing },
  { row: "–", name: "a healthy cluster", world: "two-node", first: THEN.all, second: THEN.nothing },
  { row: "–", name: "a healthy cluster, and back", world: "two-node", inputs: { move_back: "true" }, first: { result: "succeeded", changes: [...DONE.all, "NODEA Move-ClusteredMailboxServer"], on: "NODEA", updated: ["NODEA", "NODEB"], amiss: [] }, second: { result: "nothing to do", changes: [] } },
  { row: "–", name: "both nodes have the level, and back is left", world: "both-updated-not-back", inputs: { move_back: "true" }, first: { result: "succeeded", changes: ["NODEA Move-ClusteredMailboxServer"], on: "NODEA", updated: ["NODEA", "NODEB"], amiss: [] }, second: { result: "nothing to do", changes: [] } },
  { row: "–", name: "by hand with the wizard", world: "two-node", inputs: { move_by: "wizard" }, first: { result: "succeeded", changes: [...DONE.updateB, ...DONE.updateA], ...STANDS.done }, second: THEN.nothing },
  { row: "–", name: "the wizard before the service packs", world: "test/worlds/rtm.world.yml", inputs: { build: "8.0.813.0", kb: "953469", source: join(PROJECT, "test/formats/packages"), move_by: "wizard" }, first: untouched(/wizard: `Get-ExchangeServer EXCLUS1.*shows 8\.0\.685\.25, and the wizard is there from Service Pack 1 on.*--set move_by=shell/) },
  { row: "–", name: "service pack 3, whose articles have seven digits", world: "two-node", changes: SP3, inputs: { build: "8.3.245.2", kb: "2608656", source: join(PROJECT, "test/formats/packages") }, first: { result: "succeeded", changes: DONE.all, on: "NODEB", updated: ["NODEA", "NODEB"], amiss: [] }, second: { result: "nothing to do", changes: [] } },
  { row: "–", name: "before the service packs", world: "test/worlds/rtm.world.yml", inputs: { build: "8.0.813.0", kb: "953469", source: join(PROJECT, "test/formats/packages") }, first: { result: "succeeded", changes: DONE.all }, second: { result: "nothing to do", changes: [] } },
];
