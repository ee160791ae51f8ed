import type { Facts, PastAct } from "../../../core/builtin.ts";
import type { ProgramResult } from "../../../core/action.ts";
import { parseReading, type Reading } from "../../../core/reading.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import { parseSystemctlShow, type SystemdUnit } from "../../../formats/systemd-units.ts";

/** What the name of a unit may be (`systemd.unit(5)`). */
export const UNIT_NAME = "^[A-Za-z0-9:_.\\\\][A-Za-z0-9:_.\\\\@-]*$";

/** A service as it stands: one entry of a snapshot. */
export const SERVICE = {
  type: "object",
  properties: {
    name: { type: "string", description: "With its ending: `ssh.service`" },
    state: { type: "string", description: "`active`, `inactive`, `failed`, `activating`, `deactivating`" },
    start_mode: { type: "string", description: "`enabled`, `disabled`, `static`, `masked` …; empty where it has no file" },
  },
} as const;

/** The reading `units`: so many were asked for, and so many come, in their order. */
export function unitsIn(facts: Facts, count: number): Reading<readonly SystemdUnit[]> {
  return parseReading(facts, "units", "program", (answer) => parseSystemctlShow(count, answer));
}

/** A unit as a snapshot keeps it. */
export function serviceOf({ name, state, startMode }: SystemdUnit): { readonly name: string; readonly state: string; readonly start_mode: string } {
  return { name, state, start_mode: startMode };
}

/** Why `systemctl` did not do what it was told; undefined where it did, or where nobody knows. */
export function refusalOf(act: PastAct | undefined): { readonly code: string; readonly because: string } | undefined {
  if (act?.outcome === "failed") return act.failure ?? { code: "service_refused", because: "systemd refused" };
  if (act?.outcome !== "ok") return undefined;
  const { exitCode, stdout, stderr } = act.result as ProgramResult;
  if (exitCode === 0) return undefined;
  const said = excerpt(stderr === "" ? stdout : stderr);
  return /access denied|authentication required|permission denied/i.test(said) ? { code: "denied", because: `systemd may not be told so by this account: ${said}` } : { code: "service_refused", because: `\`systemctl\` ended with ${exitCode}: ${said}` };
}

/** On its way from one state to another. */
export const ON_ITS_WAY: readonly string[] = ["activating", "deactivating", "reloading", "refreshing"];
