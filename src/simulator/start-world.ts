import { addressBookValues } from "./address-book.ts";
import { durationMs, sizeBytes } from "../core/quantity.ts";
import type { GroupState } from "./cluster-state.ts";
import type { MailboxServerState, StorageGroupState } from "./mailbox-state.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "./rules/mailbox-server.ts";
import { votes, QUORUM } from "./rules/membership.ts";
import { CATCH_UP_RATE } from "./rules/logs.ts";
import { settleCopies } from "./rules/copies.ts";
import { backupJobsOf, dueBackups } from "./backup-job.ts";
import { BY_ITSELF } from "./cause.ts";
import { dueOf, faultsOf, triggersOf, wordsOf } from "./start-events.ts";
import { startNode } from "./start-node.ts";
import { timingsOf } from "./timings.ts";
import { sameName, type PackageState, type WorldState } from "./world-state.ts";
import type { StorageGroupFile, WorldFile } from "./world-schema.ts";

/** What a package's stand-in on the real disk is. */
export interface PackageContent {
  readonly sha256: string;
  readonly bytes: number;
}

/** Logs that a storage group has at the beginning. */
const FIRST_LOGS = 1000;
/** How long before the world's beginning the last log of a database was closed that is dismounted or not used. */
const QUIET_MS = 6 * 3_600_000;
/** How long a copy that is Initializing stays so where the file does not say (domain page, 7.2 rule 2). */
const INITIALIZING_MS = 90_000;

/**
 * The state of a world at its beginning: what the file leaves out is as on a healthy system. The file was checked by `checkWorld`;
 * `contents` has the stand-in of every package, by its `from`; `epochMs` is the time where the file names none.
 */
export function startState(file: WorldFile, contents: ReadonlyMap<string, PackageContent>, epochMs: number): WorldState {
  const beginMs = file.starts === undefined ? epochMs : Date.parse(file.starts);
  const packages = packagesOf(file, contents);
  const server = mailboxServerOf(file, beginMs);
  const nodes = Object.entries(file.nodes).map(([name, node], index) => startNode(name, node, {
    id: index + 1, active: server.phase === "online" && sameName(name, file.mailbox_server.active), base: file.mailbox_server.version, packages, epochMs: beginMs,
  }));
  for (const node of nodes) node.machine.stored.push(...addressBookValues(file));
  const events = dueOf(file.events ?? [], beginMs);
  const due = [...events, ...dueBackups(file.backup_jobs ?? [], beginMs, events.length + 1)].toSorted((a, b) => a.atMs - b.atMs);
  const state: WorldState = {
    v: 2,
    name: file.name,
    seed: file.seed ?? 1,
    epochMs: beginMs,
    nowMs: beginMs,
    changes: 0,
    cause: BY_ITSELF,
    lastNumber: due.length,
    domain: file.domain ?? "contoso.example",
    timings: timingsOf(file.durations ?? {}),
    copyRate: sizeBytes(file.copy_rate ?? "10MB"),
    account: { name: file.account?.name ?? "CONTOSO\\operator", exchangeRole: file.account?.exchange_role ?? true },
    nodes,
    cluster: { name: file.cluster.name, witness: { path: file.cluster.witness ?? "\\\\HUB1\\witness", reachable: file.cluster.witness_reachable ?? true }, groups: groupsOf(file), quorum: true },
    mailboxServer: server,
    mailFlow: file.mailbox_server.mail_flow ?? "working",
    packages,
    programs: (file.programs ?? []).map((program) => ({
      command: wordsOf(program.command), node: program.node, exitCode: program.exit_code ?? 0, stdout: program.stdout ?? "", stderr: program.stderr ?? "",
      takesMs: durationMs(program.takes ?? "1s"), changes: program.changes ?? false, faults: (program.does ?? []).flatMap(faultsOf),
    })),
    people: (file.people ?? []).map((person) => ({
      name: person.name,
      account: person.account ?? person.name,
      answers: person.answers.map((answer) => ({ kind: answer.kind, question: answer.question, answer: answer.answer, reason: answer.reason, afterMs: durationMs(answer.after ?? "1m"), does: (answer.does ?? []).flatMap(faultsOf) })),
    })),
    triggers: triggersOf(file.events ?? []),
    backupJobs: backupJobsOf(file.backup_jobs ?? []),
    due,
    breaches: [],
    outages: [],
    startModes: nodes.flatMap((node) => node.services.map((service) => ({ node: node.name, service: service.name, startMode: service.startMode }))),
    mountedAtStart: server.storageGroups.filter((group) => !group.dismounted && server.phase === "online").map((group) => group.database),
  };
  state.cluster.quorum = votes(state) >= QUORUM;
  startCopies(state);
  const status = mailboxServerStatus(state);
  if (status !== "Online") state.outages.push({ fromMs: beginMs, cause: server.stopped === undefined ? "fault" : "stop", ...BY_ITSELF, seen: `${status} on ${ownerOfMailboxServer(state).name}` });
  return state;
}

/** Copies that are served at the beginning are so since before; one that is Initializing becomes Healthy after its time. */
function startCopies(state: WorldState): void {
  const before = state.mailboxServer.storageGroups.map(({ copy, catchUpRate }) => ({ readyMs: copy.readyMs, awaits: copy.awaits, catchUpRate }));
  settleCopies(state);
  state.mailboxServer.storageGroups.forEach((group, index) => {
    const { readyMs, awaits, catchUpRate } = before[index] ?? { ...group.copy, ...group };
    if (group.copy.served) Object.assign(group.copy, { readyMs, awaits });
    group.catchUpRate = catchUpRate;
  });
}

function packagesOf(file: WorldFile, contents: ReadonlyMap<string, PackageContent>): readonly PackageState[] {
  return (file.packages ?? []).map((known) => {
    const content = contents.get(known.from);
    if (content === undefined) throw new Error(`the content of ${known.from} is not given`);
    return {
      sha256: content.sha256, fileBytes: content.bytes, kb: known.kb, target: known.target, build: known.build, architecture: known.architecture ?? "x64",
      displayName: known.display_name ?? `Update Rollup for Exchange Server 2007 (KB${known.kb}) ${known.build}`, removable: known.removable ?? true, bytes: sizeBytes(known.size ?? "50MB"),
    };
  });
}

/** The mailbox server's group first among those that are no core group, as `cluster.exe` lists them: by name. */
function groupsOf(file: WorldFile): GroupState[] {
  const { name: server, active, failback } = file.mailbox_server;
  const own: GroupState = { ...newGroup(server, "mailbox", active, "Online"), preferredOwners: failback === undefined ? [] : [failback.toUpperCase()], failback: failback !== undefined };
  const others: GroupState[] = Object.entries(file.groups ?? {}).map(([name, group]) => {
    const kind = sameName(name, "Cluster Group") ? "core" : sameName(name, "Available Storage") ? "storage" : "other";
    return { ...newGroup(name, kind, group.owner, group.state ?? "Online"), resources: group.resources ?? [], preferredOwners: (group.preferred_owners ?? []).map((owner) => owner.toUpperCase()), failback: group.failback ?? false };
  });
  if (!others.some((group) => group.kind === "core")) others.push(newGroup("Cluster Group", "core", file.mailbox_server.active, "Online"));
  return [...others, own].toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

function newGroup(name: string, kind: GroupState["kind"], owner: string, wanted: GroupState["wanted"]): GroupState {
  return { name, kind, owner: owner.toUpperCase(), status: wanted, wanted, ticket: 0, resources: [], preferredOwners: [], failback: false };
}

const STORAGE = { ccr: "NonShared", scc: "Shared", stand_alone: "Disabled" } as const;

function mailboxServerOf(file: WorldFile, beginMs: number): MailboxServerState {
  const { name, storage, state, storage_groups: groups } = file.mailbox_server;
  return {
    name,
    group: name,
    storage: STORAGE[storage ?? "ccr"],
    redundantMachines: Object.keys(file.nodes).map((node) => node.toUpperCase()),
    phase: state === "Offline" ? "offline" : "online",
    ticket: 0,
    bounced: false,
    stopped: state === "Offline" ? { reason: "stopped before the world began" } : undefined,
    move: undefined,
    storageGroups: Object.entries(groups).map(([groupName, group]) => storageGroupOf(groupName, group, beginMs)),
  };
}

function storageGroupOf(name: string, file: StorageGroupFile, beginMs: number): StorageGroupState {
  const copied = FIRST_LOGS - (file.copy_queue ?? 0);
  const [from = CATCH_UP_RATE, to = from] = (file.catch_up ?? "").split("..").filter((text) => text !== "").map(Number);
  const writes = file.mounted !== false && (file.log_rate ?? 2) > 0;
  const status = file.copy ?? "Healthy";
  const untilMs = file.copy_for === undefined ? undefined : beginMs + durationMs(file.copy_for);
  const message = file.copy_message ?? "";
  const troubled = status === "Failed" || status === "Seeding" || status === "Resynchronizing" || status === "Stopped";
  return {
    name,
    database: file.database,
    dismounted: file.mounted === false,
    lastFullBackupMs: file.last_full_backup === undefined ? undefined : beginMs - durationMs(file.last_full_backup),
    backupUntilMs: file.backup_running === undefined ? undefined : beginMs + durationMs(file.backup_running),
    backupOf: "active",
    logRate: file.log_rate ?? 2,
    catchUpRate: from,
    catchUp: to > from ? { from, to } : undefined,
    replayLagMs: durationMs(file.replay_lag ?? "0s"),
    logs: { atMs: beginMs, generated: FIRST_LOGS, copied, replayed: copied - (file.replay_queue ?? 0), grewMs: beginMs - (writes ? 0 : QUIET_MS) },
    copy: {
      trouble: troubled ? { status, message, untilMs } : undefined,
      suspended: status === "Suspended" ? { comment: message } : undefined,
      served: false,
      awaits: status === "Initializing" && untilMs === undefined ? "log" : "time",
      readyMs: status === "Initializing" ? (untilMs ?? beginMs + INITIALIZING_MS) : beginMs,
    },
  };
}
