import { assertNever } from "../../core/assert-never.ts";
import { defineBuiltin, type ActionCall, type Past } from "../../core/builtin.ts";
import type { ProgramResult } from "../../core/action.ts";
import { giveUp } from "../../core/facts.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { installersIn, READ_JOBS } from "./shared/installer-jobs.ts";
import { READ_SERVICES, SERVICES, servicesOfSnapshot, SNAPSHOT, type Service } from "./shared/services.ts";
import { differences, differenceText, type Difference } from "./shared/snapshot-difference.ts";

/** How `sc.exe config NAME start= …` names a start mode. */
const SC_START: Readonly<Record<Service["start_mode"], string>> = { Auto: "auto", Manual: "demand", Disabled: "disabled", Boot: "boot", System: "system" };

/** Longer than the 30 seconds after which the service control manager gives a start up (domain page, 2.8). */
const START_SETTLES_MS = 60_000;

/** Windows errors of `sc.exe` that no second try cures: access denied; no such service. */
const SC_DENIED = 5;
const SC_NO_SERVICE = 1060;

/** What to do about a difference; undefined where there is nothing to be done yet. */
function cureOf(difference: Difference): ActionCall | undefined {
  switch (difference.kind) {
    case "start-mode":
      return { action: "set_start_mode", fill: { service: difference.name, start: SC_START[difference.was] } };
    case "stopped":
      return difference.is === "Stopped" ? { action: "start", fill: { service: difference.name } } : undefined;
    case "gone":
      return undefined;
    default:
      return assertNever(difference);
  }
}

/** The last refusal of `sc.exe` in this attempt that another try does not cure. */
function hopeless(past: Past): { readonly code: string; readonly because: string } | undefined {
  for (const act of past.acts.toReversed()) {
    if (act.attempt !== past.attempt || act.outcome !== "ok") continue;
    const { exitCode } = act.result as ProgramResult;
    const service = act.fill["service"] ?? "";
    if (exitCode === SC_DENIED) return { code: "denied", because: `sc.exe may not change ${service}: access is denied; the account must be an administrator of the target` };
    if (exitCode === SC_NO_SERVICE) return { code: "service_missing", because: `sc.exe knows no service ${service}` };
  }
  return undefined;
}

/** The services that this step changed in this run, each once. */
function restoredIn(past: Past): readonly string[] {
  return [...new Set(past.acts.map((act) => act.fill["service"] ?? ""))].filter((name) => name !== "").toSorted();
}

/** `windows.services_restore`: brings start modes back, and starts what ran. */
export const windowsServicesRestore = defineBuiltin({
  name: "windows.services_restore",
  title: "Bring the services back to a snapshot",
  docs: [
    "Gives the services of a remembered snapshot their start modes back, then starts those that ran and do not run now. Where everything stands as it did it changes nothing.",
    "",
    "`MSExchangeIS` and `MSExchangeSA` belong to the cluster: they are never started here, and never set to `Disabled`, whatever the snapshot says. While an installation that a run started is going on, nothing is restored: the installer itself stops services, and starts them at its end.",
  ].join("\n"),
  examples: [
    {
      title: "After an update that failed",
      yaml: [
        "- id: services_back",
        "  uses: windows.services_restore",
        "  target: node_b",
        "  with:",
        '    snapshot: "{{steps.services_before.outputs}}"',
      ].join("\n"),
    },
  ],
  inputs: { snapshot: SNAPSHOT },
  outputs: {
    restored: { type: "list", items: { type: "string" }, description: "Short names of the services that were changed; empty where nothing had to be" },
    services: SERVICES,
  },
  codes: { service_missing: "a service of the snapshot does not exist any more" },
  place: "required",
  timeoutMs: 900_000,
  undo: "There is nothing to undo: it brings back what the snapshot remembered.",
  actions: {
    services: READ_SERVICES,
    jobs: READ_JOBS,
    set_start_mode: {
      effect: "changes",
      title: "Set how a service is started",
      fills: { service: "the service", start: "the start mode" },
      // `sc.exe` wants the blank after `start=`: the value is an argument of its own.
      make: (_inputs, fill) => ({ kind: "program", program: "sc.exe", args: ["config", fill["service"] ?? "", "start=", fill["start"] ?? ""] }),
      atMost: 2,
    },
    start: {
      effect: "changes",
      title: "Start a service",
      fills: { service: "the service" },
      make: (_inputs, fill) => ({ kind: "program", program: "sc.exe", args: ["start", fill["service"] ?? ""] }),
      atMost: 2,
      settlesWithinMs: START_SETTLES_MS,
    },
  },
  look: () => ({ jobs: { action: "jobs" }, services: { action: "services" } }),
  decide(inputs, facts, past) {
    const before = inputs.snapshot.services;
    const seen = allRead({ installers: installersIn(facts), services: servicesOfSnapshot(facts, before) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { installers, services } = seen.value;
    if (installers.length > 0) return { kind: "wait", because: `an installation is still running, and stops and starts services itself (job ${installers.join(", ")})`, everyMs: 30_000 };
    const found = differences(before, services);
    const gone = found.filter(({ kind }) => kind === "gone");
    if (gone.length > 0) return giveUp(past, "service_missing", gone.map(differenceText).join("; "));
    if (found.length === 0) return { kind: "done", outputs: { restored: restoredIn(past), services }, because: "the services stand as they were remembered" };
    const because = found.map(differenceText).join("; ");
    const refused = hopeless(past);
    if (refused !== undefined) return { kind: "fail", ...refused };
    // All start modes first: a service cannot be started while it, or one that it needs, is disabled.
    const modes = found.filter(({ kind }) => kind === "start-mode");
    const actions = (modes.length > 0 ? modes : found).flatMap((difference) => cureOf(difference) ?? []);
    return actions.length > 0 ? { kind: "act", actions, because } : { kind: "wait", because, everyMs: 5_000 };
  },
});
