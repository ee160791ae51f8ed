import { formatDuration } from "../core/quantity.ts";
import { compareVersions } from "../core/version.ts";
import type { Cause } from "./cause.ts";
import { patchStateOf } from "./installer/register-patch.ts";
import type { NodeState } from "./node-state.ts";
import { copySummary } from "./rules/copies.ts";
import { isMounted } from "./rules/logs.ts";
import { mailboxServerStatus } from "./rules/mailbox-server.ts";
import { findService } from "./rules/services.ts";
import type { WorldOutage, WorldState } from "./world-state.ts";

/** An invariant of the procedure that does not hold, by its name on the domain page, 7.4. */
export interface BrokenInvariant {
  readonly invariant: string;
  readonly because: string;
  /** Who set it off, where the world knows it: what nobody but a `call` did is the run's. */
  readonly by?: Cause["by"];
}

/** When the world is looked at: somewhere in the procedure, where it halted, or after it succeeded with a build on both nodes. `outageLimitMs` is what was agreed for one outage; undefined: nothing was. */
export type WhenLooked =
  | { readonly kind: "underway" }
  | { readonly kind: "halted"; readonly outageLimitMs?: number }
  | { readonly kind: "succeeded"; readonly build: string; readonly outageLimitMs?: number };

/**
 * The invariants that a world can tell (domain page, 7.4): I1 to I6 and I10 were noted when they were broken; I13 is looked at where
 * the procedure halted, with the agreed limit of each outage (I5; domain page, 11.11); I7, I8 and I9 after it succeeded. I11, I12, I14 and I15 are about a run, not about a system. Empty: all hold.
 */
export function brokenInvariants(state: WorldState, moment: WhenLooked = { kind: "underway" }): readonly BrokenInvariant[] {
  const noted = state.breaches.map(({ invariant, because, by }) => ({ invariant, because, by }));
  if (moment.kind === "underway") return noted;
  const halted = [...noted, ...isServed(state), ...longOutages(state, moment.outageLimitMs ?? Infinity)];
  return moment.kind === "halted" ? halted : [...halted, ...sameBuild(state, moment.build), ...sameStartModes(state), ...isWhole(state)];
}

/** Where the procedure halts the mailbox server is Online; one that a fault took down is that fault's (I13). */
function isServed(state: WorldState): readonly BrokenInvariant[] {
  const status = mailboxServerStatus(state);
  return status === "Online" ? [] : [{ invariant: "I13", because: `${state.mailboxServer.name} is ${status}`, by: state.outages.at(-1)?.by ?? "event" }];
}

function longOutages(state: WorldState, limitMs: number): readonly BrokenInvariant[] {
  return state.outages.filter((outage) => outageMs(state, outage) > limitMs).map((outage) => ({ invariant: "I5", because: `an outage lasted ${formatDuration(outageMs(state, outage))}`, by: outage.by }));
}

/** How long an outage lasted, or lasts so far. */
export function outageMs(state: WorldState, { fromMs, toMs }: WorldOutage): number {
  return (toMs ?? state.nowMs) - fromMs;
}

function sameBuild(state: WorldState, build: string): readonly BrokenInvariant[] {
  return state.nodes.flatMap((node) => {
    const broken: BrokenInvariant[] = [];
    const registered = registeredBuild(node);
    if (compareVersions(registered, build) !== 0) broken.push({ invariant: "I7", because: `${node.name} has ${registered} registered, not ${build}` });
    if (compareVersions(node.exchange.fileBuild, build) !== 0) broken.push({ invariant: "I7", because: `the files of ${node.name} have ${node.exchange.fileBuild}, not ${build}` });
    return broken;
  });
}

/** The highest build that is applied by the registry; the base where no rollup is. */
function registeredBuild(node: NodeState): string {
  return node.exchange.patches.find((patch) => !patch.interim && patchStateOf(node, patch) === 1)?.build ?? node.exchange.base;
}

function sameStartModes(state: WorldState): readonly BrokenInvariant[] {
  return state.startModes.flatMap(({ node: name, service: serviceName, startMode }) => {
    const node = state.nodes.find((other) => other.name === name);
    const service = node === undefined ? undefined : findService(node, serviceName);
    if (service === undefined || service.startMode === startMode) return [];
    return [{ invariant: "I8", because: `${serviceName} on ${name} is ${service.startMode}, was ${startMode}` }];
  });
}

function isWhole(state: WorldState): readonly BrokenInvariant[] {
  const { storageGroups, storage } = state.mailboxServer;
  const i9 = (because: string): BrokenInvariant => ({ invariant: "I9", because });
  return [
    ...storageGroups.filter((group) => state.mountedAtStart.includes(group.database) && !isMounted(state, group)).map((group) => i9(`${group.database} is dismounted`)),
    ...storageGroups.filter((group) => storage === "NonShared" && copySummary(state, group) !== "Healthy").map((group) => i9(`the copy of ${group.name} is ${copySummary(state, group)}`)),
    ...state.nodes.filter((node) => node.membership !== "Up").map((node) => i9(`${node.name} is ${node.membership}`)),
    ...state.nodes.filter((node) => node.paused).map((node) => i9(`${node.name} is paused`)),
    ...state.nodes.filter((node) => node.restartEvidence.length > 0).map((node) => i9(`a restart of ${node.name} is due`)),
  ];
}
