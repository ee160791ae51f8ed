import { stringify } from "yaml";
import type { FaultFile } from "../../src/simulator/fault-schema.ts";
import type { NodeFile, StorageGroupFile, WorldFile } from "../../src/simulator/world-schema.ts";
import { Dice } from "./dice.ts";
import { DATABASES, drawEvent, NODES, STORAGE_GROUPS } from "./random-faults.ts";

/** A world of chance with the inputs of the run on it. */
export interface RandomWorld {
  readonly seed: number;
  /** The world file, to be replayed as it is. */
  readonly text: string;
  readonly file: WorldFile;
  readonly inputs: Readonly<Record<string, string>>;
}

const PACKAGE = { from: "../../examples/packages/Exchange2007-KB945684-x64-EN.msp", kb: "945684", target: "8.1.240.6", build: "8.1.263.1", size: "58MB" };

/** What may be otherwise at the start, and how often. Each takes the world and gives another. */
export const ODDITIES: readonly (readonly [weight: number, change: (file: WorldFile, dice: Dice) => WorldFile])[] = [
  [3, (file, dice) => atNode(file, dice.one(NODES), { paused: true })],
  [2, (file) => atNode(file, passiveOf(file), { power: "off" })],
  [3, (file) => ({ ...file, cluster: { ...file.cluster, witness_reachable: false } })],
  [3, (file, dice) => atNode(file, dice.one(NODES), { restart_pending: [dice.one(["component_servicing", "windows_update", "file_rename", "update_exe"] as const)] })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { administrator: false })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { elevated: false })],
  [1, (file) => ({ ...file, account: { exchange_role: false } })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { powershell: dice.one(["2.0", "3.0"]) })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { architecture: "x86" })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { os: "2003" })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { interim_updates: ["940000"] })],
  [2, (file, dice) => atNode(file, dice.one(NODES), { file_build: dice.one(["8.1.263.1", "8.1.240.6", "8.1.278.2"]) })],
  [2, (file, dice) => atNode(file, dice.one(NODES), { crl_reachable: false })],
  [4, (file, dice) => atNode(file, dice.one(NODES), { services: { [dice.one(["MSExchangeSearch", "MSExchangeServiceHost", "MSExchangeRepl", "MSExchangeMonitoring", "RemoteRegistry"])]: dice.one([{ start_mode: "Disabled", state: "Stopped" }, { state: "Stopped" }, { start_mode: "Manual" }] as const) } })],
  [2, (file, dice) => atNode(file, dice.one(NODES), { files: { "C:\\Rollup\\Exchange2007-KB945684-x64-EN.msp": dice.one([{ kb: "945684" }, { text: "something else" }]) } })],
  [5, (file, dice) => atStorageGroup(file, dice, { copy: dice.one(["Failed", "Suspended", "Seeding", "Stopped"] as const), copy_message: "it does not run", copy_for: undefined })],
  [5, (file, dice) => atStorageGroup(file, dice, { copy: dice.one(["Initializing", "Resynchronizing", "Seeding"] as const), copy_for: dice.minutes(1, 60), copy_message: undefined })],
  [3, (file, dice) => atStorageGroup(file, dice, { copy_queue: dice.whole(1, 2000) })],
  [2, (file, dice) => atStorageGroup(file, dice, { log_rate: dice.whole(0, 60) })],
  [3, (file, dice) => atStorageGroup(file, dice, { backup_running: dice.minutes(1, 300) })],
  [4, (file, dice) => atStorageGroup(file, dice, { last_full_backup: dice.minutes(60, 6000) })],
  [1, (file, dice) => atStorageGroup(file, dice, { mounted: false })],
  [2, (file, dice) => atStorageGroup(file, dice, { replay_queue: dice.whole(1, 400), replay_lag: dice.minutes(0, 20) })],
  [1, (file, dice) => atStorageGroup(file, dice, { catch_up: dice.one(["2", "20..60", "5..90"]) })],
  [1, (file, dice) => ({ ...file, mailbox_server: { ...file.mailbox_server, failback: dice.one(NODES) } })],
  [1, (file, dice) => ({ ...file, mailbox_server: { ...file.mailbox_server, address_book: dice.one(NODES) } })],
  [1, (file) => ({ ...file, mailbox_server: { ...file.mailbox_server, mail_flow: "failing" } })],
  [3, (file, dice) => ({ ...file, backup_jobs: [{ at: dice.minutes(0, 120), takes: dice.minutes(2, 90), of: dice.one(["active", "passive"] as const) }] })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { free_disk: { C: dice.one(["100MB", "30GB"]) } })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { execution_policy: { machine: dice.one(["Restricted", "AllSigned", "Unrestricted"] as const) } })],
  [1, (file, dice) => atNode(file, dice.one(NODES), { revocation_check: "off" })],
  [2, (file, dice) => atNode(file, dice.one(NODES), { installer: dice.one([{ version: "2.0" }, { policy: "no_patches" }, { remote: "prohibited" }, { cache: "missing" }, { safe_mode: true }] as const) })],
  [1, (file) => ({ ...file, mailbox_server: { ...file.mailbox_server, storage: "scc" } })],
  [1, (file) => ({ ...file, mailbox_server: { ...file.mailbox_server, state: "Offline" } })],
  [1, (file) => ({ ...file, packages: [{ ...PACKAGE, target: "8.0.685.25" }] })],
  [4, (file, dice) => ({ ...file, groups: { ...file.groups, "Print Group": { owner: dice.one(NODES), state: dice.one(["Online", "Failed", "Partially Online"] as const), resources: ["Spooler"], ...(dice.percent(40) ? { preferred_owners: [dice.one(NODES)], failback: dice.percent(70) } : {}) } } })],
  [3, (file, dice) => ({ ...file, durations: dice.one([{ copy_initializing: "10s..20m" }, { mailbox_move: "1m..15m" }, { group_move: "1s..4m" }, { install_images: "5m..80m" }, { node_boot: "1m..25m" }, { program: "50ms..9s", cmdlet: "1s..40s" }]) })],
];

function atNode(file: WorldFile, name: string, change: NodeFile): WorldFile {
  return { ...file, nodes: { ...file.nodes, [name]: { ...file.nodes[name], ...change } } };
}

function atStorageGroup(file: WorldFile, dice: Dice, change: Partial<StorageGroupFile>): WorldFile {
  const name = dice.one(STORAGE_GROUPS);
  const groups = file.mailbox_server.storage_groups;
  const group = groups[name];
  if (group === undefined) throw new Error(`there is no ${name}`);
  return { ...file, mailbox_server: { ...file.mailbox_server, storage_groups: { ...groups, [name]: { ...group, ...change } } } };
}

function passiveOf(file: WorldFile): string {
  return file.mailbox_server.active === "NODEA" ? "NODEB" : "NODEA";
}

/** What one oddity makes impossible of another: a node that is off owns nothing, and without its vote the witness is needed; shared storage has no copies, and no node has a package that fits none. */
function madePossible(file: WorldFile): WorldFile {
  const { active, storage, storage_groups: storageGroups, state } = file.mailbox_server;
  const off = Object.values(file.nodes).some(({ power }) => power === "off");
  const groups = Object.entries(file.groups ?? {}).map(([name, group]) => [name, off ? { ...group, owner: active } : group] as const);
  const own = Object.entries(storageGroups).map(([name, { copy, copy_for, copy_message, copy_queue, replay_queue, replay_lag, catch_up, backup_running, ...group }]) => [name, {
    ...group,
    ...(storage === "scc" ? {} : { copy, copy_for, copy_message, copy_queue, replay_queue, replay_lag, catch_up }),
    ...(state === "Offline" || group.mounted === false ? {} : { backup_running }),
  }] as const);
  const fits = file.packages?.every(({ target }) => target === file.mailbox_server.version) !== false;
  const nodes = Object.entries(file.nodes).map(([name, { updates, ...node }]) => [name, fits ? { ...node, updates } : node] as const);
  return {
    ...file,
    nodes: Object.fromEntries(nodes),
    cluster: off ? { name: file.cluster.name } : file.cluster,
    groups: Object.fromEntries(groups),
    mailbox_server: { ...file.mailbox_server, storage_groups: Object.fromEntries(own) },
  };
}

/** A sound world in which the procedure may be anywhere between its beginning and its end. */
function soundWorld(seed: number, dice: Dice): WorldFile {
  const active = dice.percent(85) ? "NODEA" : "NODEB";
  const updated = (percent: number): NodeFile => (dice.percent(percent) ? { updates: ["945684"] } : {});
  const answer = { kind: "approve", question: "Move EXCLUS1", answer: dice.percent(93) ? "yes" : "no", reason: "as agreed", after: dice.percent(85) ? dice.minutes(0, 10) : dice.minutes(60, 900) } as const;
  const byHand = NODES.map((node) => ({ kind: "do", question: `On ${node}, open the Exchange Management Console`, answer: "yes", after: "5m", does: [{ hand_over: node }] }) as const);
  const choose = { kind: "choose", question: "backup", answer: dice.one(["skip", "skip", "stop"]), reason: "another system made one" } as const;
  const agree = { kind: "choose", question: "have the same level", answer: dice.one(["skip", "skip", "skip", "stop"]), reason: "an earlier run stopped half-way" } as const;
  const wait = { kind: "choose", question: "Go on waiting", answer: dice.one(["wait", "stop"]), reason: "it is slow here" } as const;
  return {
    world: 1,
    name: `random-${seed}`,
    seed,
    starts: "2008-03-15T09:00:00Z",
    cluster: { name: "EXCHCLUS" },
    nodes: { NODEA: updated(10), NODEB: updated(active === "NODEB" ? 60 : 15) },
    mailbox_server: {
      name: "EXCLUS1", active, version: "8.1.240.6",
      storage_groups: Object.fromEntries(STORAGE_GROUPS.map((name, index) => [name, { database: DATABASES[index] ?? "", last_full_backup: dice.minutes(60, 1300) }])),
    },
    groups: { "Cluster Group": { owner: dice.one(NODES) }, "Available Storage": { owner: dice.one(NODES), state: "Offline" } },
    packages: [PACKAGE],
    people: dice.percent(94) ? [{ name: "operator", account: "CONTOSO\\operator", answers: [answer, ...byHand, choose, agree, wait] }] : [],
  };
}

function canHappen({ copy, move_group: moved, failback }: FaultFile, file: WorldFile): boolean {
  return (copy === undefined || file.mailbox_server.storage !== "scc") && ((moved ?? failback)?.group !== "Print Group" || Object.hasOwn(file.groups ?? {}, "Print Group"));
}

/** The world of a seed: often sound, sometimes odd at the start, and more often than not with something that happens by itself. */
export function randomWorld(seed: number): RandomWorld {
  const dice = new Dice(seed);
  let file = soundWorld(seed, dice);
  const odd = dice.weighted([[55, 0], [28, 1], [12, 2], [5, 3]]);
  for (let count = 0; count < odd; count += 1) file = dice.weighted(ODDITIES)(file, dice);
  file = madePossible(file);
  const happens = dice.weighted([[25, 0], [35, 1], [25, 2], [15, 3]]);
  const events = Array.from({ length: happens }, () => drawEvent(dice)).filter(({ does = [] }) => does.every((fault) => canHappen(fault, file)));
  if (events.length > 0) file = { ...file, events };
  const swapped = file.mailbox_server.active === "NODEB" && dice.percent(50);
  const inputs = {
    move_back: String(dice.percent(30)),
    backup_policy: dice.one(["ask", "ask", "stop", "note"]),
    move_by: dice.percent(6) ? "wizard" : "shell",
    ...(swapped ? { node_a: "NODEB", node_b: "NODEA" } : {}),
  };
  return { seed, file, text: stringify(file, { aliasDuplicateObjects: false }), inputs };
}
