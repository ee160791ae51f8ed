import { DONE, event, node, secondGroup, STANDS, THEN, untouched, type Failure } from "./failure.ts";

const onSetupB = (reply: string): readonly [string, string] => event(`{ on: { command: msiexec.exe, node: NODEB }, ${reply} }`);
const duringCopy = (does: string): readonly [string, string] => event(`{ on: { command: put, node: NODEB }, after: 1s, does: [${does}] }`);
const withApproval = (does: string): readonly [string, string] => ["after: 2m }", `after: 2m, does: [${does}] }`];

/** What setup may end with (domain page, 4.7), where the catalogue has no row of its own. */
const EXIT_CODES: readonly Failure[] = ([
  [1602, "somebody at the console cancels setup", /1602.*[Ss]omebody/],
  [1613, "the installer is too old", /1613/],
  [1633, "the package is for another platform", /1633/],
  [1639, "the command line is not understood", /1639/],
  [1640, "the session may not install", /1640/],
] as const).map(([code, name, because]) => ({
  row: "–", name, world: "two-node", changes: [onSetupB(`reply: { exit_code: ${code} }`)],
  first: { result: "stopped", because: [because], ...STANDS.untouched },
}));

/** Those that somebody can cure while the run waits: it asks whether setup is started again. */
const CURABLE: readonly Failure[] = ([
  [1612, "the cached package of Exchange is missing", "source_missing"],
  [1622, "the log cannot be opened", "log_not_writable"],
  [1625, "a policy forbids the patch", "forbidden"],
  [1632, "the temporary folder is full", "no_space"],
] as const).flatMap(([code, name, outcome]) => {
  const asked = new RegExp(`^Setup on NODEB ended before it changed anything \\(${outcome}\\)\\. Start it again\\?$`);
  const exits = onSetupB(`reply: { exit_code: ${code} }`);
  const says = ["    answers:", `    answers:\n      - { kind: choose, question: Start it again, answer: again, after: 9m }`] as const;
  return [
    { row: "–", name: `${name}, and nobody is there`, world: "two-node", changes: [exits], first: { result: "waiting", asked: [asked], owed: ["update_b/setup"], ...STANDS.untouched } },
    { row: "–", name: `${name}, and somebody puts it right`, world: "two-node", changes: [exits, says], first: { ...THEN.all, changes: [...DONE.updateB, ...DONE.fromSetupB] }, second: THEN.nothing },
  ];
});

/** Worlds in which one guard stands alone between the run and a wrong change, or a wrong word about it. */
export const GUARDS: readonly Failure[] = [
  ...EXIT_CODES,
  ...CURABLE,
  { row: "F4", name: "a backup of the copies when setup is to start", world: "two-node", changes: [["people:", "backup_jobs: [{ at: 100s, takes: 40m, of: passive }]\n\npeople:"]], first: THEN.all, second: THEN.nothing },
  { row: "F7", name: "an interim update on NODEA", world: "two-node", changes: [node("NODEA", 'interim_updates: ["940000"]')], first: untouched(/preflight\/level_a: An interim update is installed/) },
  { row: "F9", name: "files of another build on NODEA", world: "two-node", changes: [node("NODEA", "file_build: 8.1.263.1")], first: untouched(/preflight\/level_a: The registry says 8\.1\.240\.6, the files 8\.1\.263\.1/) },
  { row: "F9", name: "NODEA is newer than the build", world: "two-node", changes: [node("NODEA", 'updates: ["945684"]')], inputs: { build: "8.1.250.1" }, first: { result: "stopped", changes: [], because: [/preflight\/level_a: .*8\.1\.263\.1, newer than 8\.1\.250\.1/] } },
  { row: "F9", name: "NODEB is newer than the build", world: "node-b-updated", inputs: { build: "8.1.250.1" }, first: { result: "stopped", changes: [], because: [/preflight\/level_b: .*8\.1\.263\.1, newer than 8\.1\.250\.1/] } },
  { row: "F10", name: "a build that is older than the service pack", world: "two-node", changes: [["  witness:", "  witness_reachable: false\n  witness:"]], inputs: { build: "8.1.200.1" }, first: { ...untouched(/EXCLUS1 has version 8\.1\.240\.6, and 8\.1\.200\.1 is older/, /witness is not online/), updated: ["NODEA", "NODEB"] } },
  { row: "F10", name: "a package that brings another build", world: "two-node", inputs: { build: "8.1.278.2" }, first: { result: "stopped", because: [/8\.1\.263\.1/] } },
  { row: "F11", name: "the cluster refuses to move a group", world: "two-node", changes: [event("{ on: { command: cluster.exe group, times: 9 }, reply: { exit_code: 5, stdout: \"System error 5 has occurred (0x00000005).\\r\\nAccess is denied.\\r\\n\" } }")], first: { result: "stopped", changes: DONE.groupB, because: [/^update_b\/groups: /], ...STANDS.untouched } },
  { row: "F14", name: "a service is Disabled while the package is copied", world: "two-node", changes: [duringCopy("{ service: { node: NODEB, name: MSExchangeRepl, start_mode: Disabled } }")], first: { result: "stopped", changes: DONE.copiedB, because: [/update_b\/services_before: .*as Disabled: MSExchangeRepl/, /set them by hand/], on: "NODEA", updated: [] } },
  { row: "F17", name: "Windows notes a restart of NODEB at the end", world: "two-node", changes: [event("{ on: { command: msiexec.exe, node: NODEA }, after: 5m, does: [{ restart_pending: NODEB }] }")], first: { result: "failed", changes: DONE.all, because: [/restarts\[NODEB\].*still waits for a restart.*runbook run restart-passive-node\.yml.*To see it there: `reg\.exe/], on: "NODEB", updated: ["NODEA", "NODEB"] } },
  { row: "–", name: "the folder is deleted when setup starts", world: "two-node", changes: [event("{ on: { command: msiexec.exe, node: NODEB }, does: [{ remove_file: { node: NODEB, path: 'C:\\Rollup\\Exchange2007-KB945684-x64-EN.msp' } }] }")], first: { result: "waiting", changes: DONE.updateB, asked: [/log_not_writable/], owed: ["update_b/setup"], ...STANDS.untouched }, second: { result: "succeeded", changes: ["NODEB put", ...DONE.fromSetupB], ...STANDS.done } },
  { row: "F27", name: "a queue that grows with the approval", world: "two-node", changes: [withApproval("{ copy: { status: Healthy, queue: 900 } }")], first: { result: "stopped", changes: DONE.updateB, because: [/^handover\/move: .*logs to copy/], on: "NODEA", updated: ["NODEB"] }, second: { result: "stopped" } },
  { row: "F28", name: "the Cluster service of NODEB stops before the move", world: "two-node", changes: [withApproval("{ service: { node: NODEB, name: ClusSvc, state: Stopped } }")], first: { result: "stopped", changes: DONE.updateB, because: [/^handover\//], on: "NODEA", updated: ["NODEB"] } },
  { row: "F28", name: "a backup begins with the approval", world: "two-node", changes: [withApproval("{ backup: { for: 30m } }")], first: THEN.all, second: THEN.nothing },
  { row: "F31", name: "the cluster takes EXCLUS1 back to NODEA by policy", world: "two-node", changes: [["active: NODEA", "active: NODEA\n  failback: NODEA"]], first: untouched(/preflight\/sound\/stays: EXCLUS1 has a failback policy \(EXCLUS1 to NODEA\)/, /Run `cluster\.exe group "EXCLUS1" \/prop AutoFailbackType=0` on a node/, /`cluster\.exe group "EXCLUS1" \/prop` shows AutoFailbackType/), cure: [{ kind: "failback", group: "EXCLUS1" }], second: THEN.all },
  { row: "F31", name: "the cluster would take EXCLUS1 to the node that is updated first", world: "two-node", changes: [["active: NODEA", "active: NODEA\n  failback: NODEB"]], first: untouched(/preflight\/sound\/stays: .*EXCLUS1 to NODEB/) },
  { row: "F31", name: "a failback policy is set while NODEB is updated", world: "two-node", changes: [event("{ on: { command: msiexec.exe, node: NODEB }, after: 5m, does: [{ failback: { group: EXCLUS1, to: NODEA } }] }")], first: { result: "stopped", changes: DONE.updateB, because: [/^handover\/sound\/stays: EXCLUS1 has a failback policy/], ...STANDS.halfWay }, cure: [{ kind: "failback", group: "EXCLUS1" }], second: { result: "succeeded", changes: DONE.fromMove, ...STANDS.done } },
  { row: "F31", name: "a failback policy is set with the approval of the move", world: "two-node", changes: [withApproval("{ failback: { group: EXCLUS1, to: NODEA } }")], first: { result: "stopped", changes: [...DONE.updateB, ...DONE.move], because: [/^update_a\/sound\/stays: EXCLUS1 has a failback policy/], ...STANDS.moved }, cure: [{ kind: "failback", group: "EXCLUS1" }], second: { result: "succeeded", changes: DONE.updateA, ...STANDS.done } },
  { row: "F31", name: "another group has a failback policy", world: "two-node", changes: [["\ngroups:\n", "\ngroups:\n  Tapes: { owner: NODEB, preferred_owners: [NODEB], failback: true }\n"]], first: { result: "succeeded", on: "NODEB", updated: ["NODEA", "NODEB"] } },
  { row: "F39", name: "the way back takes its time", world: "two-node", inputs: { move_back: "true" }, changes: [event("{ on: { command: Move-ClusteredMailboxServer, nth: 2 }, reply: { effect: done, fail: { code: cmdlet_error, because: it timed out } }, move: { online_pending: 8m } }")], first: { result: "succeeded", changes: [...DONE.all, "NODEA Move-ClusteredMailboxServer"], on: "NODEA", updated: ["NODEA", "NODEB"] }, second: { result: "nothing to do", changes: [] } },
  { row: "–", name: "a wizard that nobody uses", world: "two-node", inputs: { move_by: "wizard" }, changes: [[", does: [{ hand_over: NODEB }]", ""]], first: { result: "stopped", changes: DONE.updateB, because: [/^handover\/move_by_hand: /], ...STANDS.halfWay } },
  { row: "–", name: "an executive's log that never ends", world: "two-node", changes: [secondGroup("last_full_backup: 5h, log_rate: 200")], first: { result: "stopped" } },
];
