import { compareVersions } from "../core/version.ts";
import { durationMs } from "../core/quantity.ts";
import { sha256 } from "../core/digest.ts";
import type { LoggedEvent } from "./event-log.ts";
import { startInstaller } from "./installer/installer-conditions.ts";
import { patchOf } from "./installer/register-patch.ts";
import { startMachine } from "./machine-state.ts";
import type { FileState, NodeState, PatchState, ServiceState } from "./node-state.ts";
import { USUAL_SERVICES } from "./service-table.ts";
import { sameName, type PackageState } from "./world-state.ts";
import type { NodeFile } from "./world-schema.ts";

/** From memory: how long a node ran before the world began. */
const UPTIME_MS = 14 * 86_400_000;
/** When the updates were installed that are there at the beginning. */
const INSTALLED_BEFORE_MS = 86_400_000;

const SYSTEMS = {
  2003: { caption: "Microsoft(R) Windows(R) Server 2003 Enterprise x64 Edition", version: "5.2.3790" },
  2008: { caption: "Microsoft\u00ae Windows Server\u00ae 2008 Enterprise", version: "6.0.6001" },
} as const;

/** What a node takes from the rest of the world file. */
export interface NodeSurroundings {
  readonly id: number;
  readonly active: boolean;
  readonly base: string;
  readonly packages: readonly PackageState[];
  readonly epochMs: number;
}

/** A node as it is at the beginning. */
export function startNode(name: string, file: NodeFile, around: NodeSurroundings): NodeState {
  const { base, epochMs } = around;
  const on = file.power !== "off";
  const patches = patchesOf(file, around);
  const highest = patches.filter((patch) => !patch.interim).map((patch) => patch.build).reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b), base);
  return {
    name: name.toUpperCase(),
    id: around.id,
    power: on ? "on" : "off",
    membership: on && file.services?.["ClusSvc"]?.state !== "Stopped" ? "Up" : "Down",
    paused: file.paused ?? false,
    ticket: 0,
    unreachableUntilMs: 0,
    breaks: 0,
    os: { ...SYSTEMS[file.os ?? "2008"], architecture: file.architecture ?? "x64" },
    powershell: file.powershell ?? (compareVersions(base, "8.2") < 0 ? "1.0" : "2.0"),
    administrator: file.administrator ?? true,
    elevated: file.elevated ?? true,
    crlReachable: file.crl_reachable ?? true,
    machine: startMachine(file),
    installer: startInstaller(file),
    lastBootMs: epochMs - UPTIME_MS,
    restartEvidence: [...(file.restart_pending ?? [])],
    installerBusyUntilMs: 0,
    exchange: { base, fileBuild: file.file_build ?? highest, patches },
    services: servicesOf(file, on, around),
    files: Object.entries(file.files ?? {}).map(([path, { kb, text }]) => fileOf(path, kb, text, around)),
    jobs: [],
    eventLog: logOf(file, epochMs),
  };
}

function patchesOf(file: NodeFile, { packages, epochMs }: NodeSurroundings): PatchState[] {
  const installedMs = epochMs - INSTALLED_BEFORE_MS;
  const rollups = [...(file.earlier_updates ?? []), ...(file.updates ?? [])].flatMap((kb) => packages.filter((known) => known.kb === kb)).map((known) => patchOf(known, installedMs));
  const interim = (file.interim_updates ?? []).map((kb) => ({
    code: sha256(`interim update ${kb}`).slice(0, 32).toUpperCase(), kb, displayName: `Interim Update for Exchange Server 2007 (KB${kb})`, build: "", installedMs, interim: true, removable: true,
  }));
  return [...rollups, ...interim];
}

function logOf(file: NodeFile, epochMs: number): LoggedEvent[] {
  const entries = (file.event_log ?? []).map(({ source, id, type, message, before }) => ({ atMs: epochMs - durationMs(before), log: "Application" as const, source, id, type: type ?? "Error", message: message ?? "" }));
  return entries.toSorted((a, b) => a.atMs - b.atMs);
}

function servicesOf(file: NodeFile, on: boolean, { active, base }: NodeSurroundings): ServiceState[] {
  const usual = USUAL_SERVICES.filter(({ from }) => from === undefined || compareVersions(base, from) >= 0).map((service): ServiceState => {
    const runs = service.runs === "everywhere" || (service.runs === "active" && active);
    return { name: service.name, displayName: service.displayName, startMode: service.startMode, state: runs && on ? "Running" : "Stopped", exchange: service.exchange, dependsOn: service.dependsOn, ...(service.managed === true ? { managed: true } : {}) };
  });
  const given = Object.entries(file.services ?? {});
  const changed = usual.map((service) => {
    const own = given.find(([name]) => sameName(name, service.name))?.[1];
    return own === undefined ? service : { ...service, startMode: own.start_mode ?? service.startMode, state: own.state ?? service.state, dependsOn: own.depends_on ?? service.dependsOn, ...(own.delayed === true ? { delayed: true } : {}) };
  });
  const added = given.filter(([name]) => !usual.some((service) => sameName(service.name, name))).map(([name, own]): ServiceState => ({
    name, displayName: own.display_name ?? name, startMode: own.start_mode ?? "Auto", state: on ? (own.state ?? "Running") : "Stopped", exchange: false, dependsOn: own.depends_on ?? [],
    ...(own.delayed === true ? { delayed: true } : {}),
  }));
  return [...changed, ...added];
}

function fileOf(path: string, kb: string | undefined, text: string | undefined, { packages }: NodeSurroundings): FileState {
  const content = packages.find((known) => known.kb === kb);
  if (content !== undefined) return { path, bytes: content.fileBytes, sha256: content.sha256 };
  return { path, bytes: new TextEncoder().encode(text ?? "").length, sha256: sha256(text ?? ""), text: text ?? "" };
}
