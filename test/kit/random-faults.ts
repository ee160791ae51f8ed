import type { FaultFile } from "../../src/simulator/fault-schema.ts";
import type { EventFile } from "../../src/simulator/event-schema.ts";
import type { Dice } from "./dice.ts";

/** The names that every random world has. */
export const NODES = ["NODEA", "NODEB"] as const;
export const DATABASES = ["Mailbox Database", "Archive Database"] as const;
export const STORAGE_GROUPS = ["First Storage Group", "Second Storage Group"] as const;
export const GROUPS = ["Cluster Group", "Available Storage", "Print Group"] as const;

const SERVICES = ["MSExchangeRepl", "MSExchangeIS", "MSExchangeSA", "MSExchangeSearch", "MSExchangeADTopology", "MSExchangeServiceHost", "RemoteRegistry", "ClusSvc"] as const;
const TROUBLES = ["Failed", "Suspended", "Seeding", "Resynchronizing", "Stopped", "Initializing", "Healthy"] as const;

/** Everything that can happen to a system, by the key of a world file. A kind of fault that is missing here is one that no random world has. */
export const FAULTS: { readonly [kind in keyof FaultFile]: readonly [weight: number, draw: (dice: Dice) => FaultFile] } = {
  restart: [3, (dice) => ({ restart: dice.one(NODES) })],
  power_off: [1, (dice) => ({ power_off: dice.one(NODES) })],
  power_on: [1, (dice) => ({ power_on: dice.one(NODES) })],
  unreachable: [4, (dice) => ({ unreachable: { node: dice.one(NODES), for: dice.minutes(1, 50) } })],
  pause: [2, (dice) => ({ pause: dice.one(NODES) })],
  resume: [1, (dice) => ({ resume: dice.one(NODES) })],
  move_group: [4, (dice) => ({ move_group: { group: dice.one([...GROUPS, "EXCLUS1"]), to: dice.one(NODES) } })],
  failback: [1, (dice) => ({ failback: { group: dice.one([...GROUPS, "EXCLUS1"]), ...(dice.percent(80) ? { to: dice.one(NODES) } : {}) } })],
  fail_over: [3, (dice) => ({ fail_over: dice.one(NODES) })],
  hand_over: [2, (dice) => ({ hand_over: dice.one(NODES) })],
  witness: [3, (dice) => ({ witness: dice.one(["reachable", "unreachable", "unreachable"] as const) })],
  copy: [4, (dice) => ({
    copy: {
      ...(dice.percent(50) ? { storage_group: dice.one(STORAGE_GROUPS) } : {}),
      status: dice.one(TROUBLES),
      ...(dice.percent(40) ? { for: dice.minutes(1, 45) } : {}),
      ...(dice.percent(30) ? { queue: dice.whole(0, 60) } : {}),
    },
  })],
  service: [4, (dice) => ({
    service: {
      node: dice.one(NODES), name: dice.one(SERVICES),
      ...dice.one([{ start_mode: "Disabled" }, { state: "Stopped" }, { start_mode: "Disabled", state: "Stopped" }, { start_mode: "Manual" }, { state: "Running" }] as const),
    },
  })],
  dismount: [2, (dice) => ({ dismount: dice.one(DATABASES) })],
  mount: [1, (dice) => ({ mount: dice.one(DATABASES) })],
  backup: [3, (dice) => ({ backup: { for: dice.minutes(5, 200) } })],
  installer_busy: [2, (dice) => ({ installer_busy: { node: dice.one(NODES), for: dice.minutes(1, 40) } })],
  restart_pending: [2, (dice) => ({ restart_pending: dice.one(NODES) })],
  remove_file: [2, (dice) => ({ remove_file: { node: dice.one(NODES), path: "C:\\Rollup\\Exchange2007-KB945684-x64-EN.msp" } })],
  load: [2, (dice) => ({ load: { ...(dice.percent(50) ? { storage_group: dice.one(STORAGE_GROUPS) } : {}), log_rate: dice.whole(0, 80), ...(dice.percent(50) ? { for: dice.minutes(1, 60) } : {}) } })],
  setup: [1, (dice) => ({ setup: { node: dice.one(NODES), kb: "945684" } })],
  log_event: [1, (dice) => ({ log_event: { node: dice.one(NODES), source: dice.one(["MSExchangeIS", "MSExchangeRepl", "Application Error"]), id: dice.whole(1000, 9999), type: dice.one(["Error", "Warning"] as const) } })],
  mail_flow: [1, (dice) => ({ mail_flow: dice.one(["working", "failing"] as const) })],
};

/** One thing that happens. */
export function drawFault(dice: Dice): FaultFile {
  return dice.weighted(Object.values(FAULTS))(dice);
}

const INSTALL_CODES = [1603, 1603, 1603, 3010, 3010, 1641, 1618, 1642, 1619, 1602, 1648, 1632, 1612, 1625, 5] as const;

/** What becomes of a call, by the key of a world file, with the command that it belongs to. */
export const OUTCOMES: readonly (readonly [weight: number, draw: (dice: Dice) => EventFile])[] = [
  [8, (dice) => ({ on: { command: "msiexec.exe", ...place(dice) }, install: drawInstall(dice) })],
  [3, (dice) => ({ on: { command: "Move-ClusteredMailboxServer", ...nth(dice) }, move: dice.one([{ dismounted: ["Archive Database"] }, { online_pending: dice.minutes(1, 40) }, { copies: "Failed" }, { copies: "Resynchronizing" }] as const) })],
  [3, (dice) => ({ on: { command: "cluster.exe group", ...nth(dice) }, group: dice.one([{ takes: dice.minutes(1, 12) }, { state: "Partially Online" }, { state: "Failed" }] as const) })],
  [2, (dice) => ({ on: { command: "put", ...place(dice) }, file: "damaged" })],
  [4, (dice) => ({ on: { command: dice.one(["Move-ClusteredMailboxServer", "put"]), ...nth(dice) }, reply: { ...effect(dice), ...dice.one([{ lost: true }, { slow: dice.minutes(1, 50) }, { fail: { code: "cmdlet_error", because: "it did not work" } }, { fail: { code: "denied", because: "access is denied" } }, { fail: { code: "unreachable", because: "the network name is gone" } }] as const) } })],
  [4, (dice) => ({ on: { command: dice.one(["cluster.exe group", "sc.exe", "msiexec.exe", "shutdown.exe"]), ...place(dice) }, reply: { ...effect(dice), ...dice.one([{ lost: true }, { slow: dice.minutes(1, 10) }, { exit_code: 5 }, { exit_code: 1722 }, { exit_code: 1056 }, { fail: { code: "unreachable", because: "the network name is gone" } }] as const) } })],
];

function place(dice: Dice): { readonly node?: string; readonly nth?: number; readonly times?: number } {
  return { ...(dice.percent(50) ? { node: dice.one(NODES) } : {}), ...nth(dice) };
}

function nth(dice: Dice): { readonly nth?: number; readonly times?: number } {
  return { ...(dice.percent(30) ? { nth: 2 } : {}), ...(dice.percent(20) ? { times: dice.whole(2, 4) } : {}) };
}

function effect(dice: Dice): { readonly effect?: "done" | "none" } {
  return dice.one([{}, { effect: "done" }, { effect: "none" }] as const);
}

function drawInstall(dice: Dice): NonNullable<EventFile["install"]> {
  return dice.weighted<(dice: Dice) => NonNullable<EventFile["install"]>>([
    [4, () => ({ exit_code: dice.one(INSTALL_CODES) })],
    [3, () => ({ exit_code: 1603, fails_in: dice.one(["patch", "images", "restore"] as const), services: dice.one(["disabled", "restored"] as const), cluster_service: dice.one(["started", "stopped"] as const) })],
    [1, () => ({ files: "old" })],
    [1, () => ({ hangs_in: dice.one(["prepare", "patch"] as const) })],
    [2, () => ({ start_modes: { [dice.one(SERVICES)]: dice.one(["Auto", "Manual", "Disabled"] as const) } })],
    [2, () => ({ not_started: [dice.one(SERVICES)] })],
    [2, () => ({ images: dice.minutes(1, 150) })],
    [1, () => ({ cluster_service: "stopped" })],
  ])(dice);
}

const COMMANDS = ["msiexec.exe", "msiexec.exe", "Move-ClusteredMailboxServer", "cluster.exe group", "put", "sc.exe"] as const;

/** Something that happens by itself: at a time, around a call, or as the outcome of a call. */
export function drawEvent(dice: Dice): EventFile {
  return dice.weighted<(dice: Dice) => EventFile>([
    [4, () => ({ at: dice.minutes(0, 90), does: [drawFault(dice)] })],
    [4, () => ({ on: { command: dice.one(COMMANDS), ...place(dice) }, ...(dice.percent(80) ? { after: dice.minutes(0, 35) } : {}), does: [drawFault(dice)] })],
    [4, () => dice.weighted(OUTCOMES)(dice)],
  ])(dice);
}
