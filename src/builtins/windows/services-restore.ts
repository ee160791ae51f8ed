import { assertNever } from "../../core/assert-never.ts";
import { defineBuiltin, type ActionCall, type Decision, type Past } from "../../core/builtin.ts";
import type { ProgramResult } from "../../core/action.ts";
import { giveUp } from "../../core/facts.ts";
import { allRead, withoutReading } from "../../core/reading.ts";
import { askToTryAgain, grantedTries, saidStop, stopAnswer } from "../../core/try-again.ts";
import { INSTALLERS_LOOK, installersIn, READ_INSTALLERS } from "./shared/installer-jobs.ts";
import { isClusterService, READ_DELAYED, READ_SERVICES, SERVICES, servicesOfSnapshot, SNAPSHOT } from "./shared/services.ts";
import { differences, differenceText, type Difference, type StartMode } from "./shared/snapshot-difference.ts";

/** How `sc.exe config NAME start= …` names a start mode. */
const SC_START: Readonly<Record<StartMode, string>> = { Auto: "auto", Delayed: "delayed-auto", Manual: "demand", Disabled: "disabled", Boot: "boot", System: "system" };

/** Longer than the 30 seconds after which the service control manager gives a start up (domain page, 2.8). */
const START_SETTLES_MS = 60_000;

/** How often a service may be started in one attempt, with what people grant. */
const MOST_STARTS = 12;
/** A managed service that does not start is started once more, then a person is asked (domain page, F23: "once or twice"). */
const TRIES = 2;

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

/** How often the start of a service was tried in this attempt. */
function triesOf(past: Past, name: string): number {
  return past.acts.filter((act) => act.attempt === past.attempt && act.action === "start" && act.fill["service"] === name).length;
}

/** What is asked when services do not start although they were started. The cure is that of managed services without access to revocation lists (domain page, 2.8, K11). */
function askAboutStart(names: readonly string[], because: string, address: string): Decision<never> {
  return askToTryAgain(`${names.join(", ")} on ${address} did not start. Start it again?`, [
    because,
    `See why: \`Get-EventLog System -Newest 50\` on ${address}, source Service Control Manager, 7000 and 7009; and 4999 in the Application log.`,
    "7009 is a timeout of 30 seconds: the service waits for a revocation list that it cannot fetch. Give the node access to crl.microsoft.com, or a proxy (`netsh winhttp show proxy`); or say `<generatePublisherEvidence enabled=\"false\"/>` under `<runtime>` in the service's .exe.config; or raise ServicesPipeTimeout and restart the node.",
  ], because);
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
    "`MSExchangeIS` and `MSExchangeSA` belong to the cluster: they are never started here, and never set to `Disabled`, whatever the snapshot says. The Cluster service gets its start mode back and is started with `cluster.start_node`, which sees whether the node comes back.",
    "",
    "While anything is being installed, by a run or by hand, nothing is restored: the installer itself stops services, and starts them at its end.",
    "",
    "A service that does not run a minute after its second start is not started a third time: a person is asked, and told of the usual cause.",
    "",
    "Source: domain page, 2.8, 3.5; R24, F14, F23, F24.",
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
  codes: {
    service_missing: "a service of the snapshot does not exist any more",
    service_not_started: "a service does not start, and a person said stop",
  },
  place: "required",
  timeoutMs: 900_000,
  undo: { kind: "nothing", because: "it brings back what the snapshot remembered" },
  actions: {
    services: READ_SERVICES,
    delayed: READ_DELAYED,
    ...READ_INSTALLERS,
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
      atMost: MOST_STARTS,
      settlesWithinMs: START_SETTLES_MS,
    },
  },
  look: () => ({ ...INSTALLERS_LOOK, delayed: { action: "delayed" }, services: { action: "services" } }),
  decide(inputs, facts, past, place) {
    const before = inputs.snapshot.services;
    const seen = allRead({ installers: installersIn(facts), services: servicesOfSnapshot(facts, before) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { installers, services } = seen.value;
    if (installers.length > 0) return { kind: "wait", because: `an installation is still running, and stops and starts services itself (${installers.join(", ")}). Nothing is restored under it`, everyMs: 30_000 };
    const all = differences(before, services);
    // Whether the Cluster service runs is told by the cluster, and cluster.start_node asks it.
    const found = all.filter(({ kind, name }) => kind !== "stopped" || !isClusterService(name));
    const gone = found.filter(({ kind }) => kind === "gone");
    if (gone.length > 0) return giveUp(past, "service_missing", gone.map(differenceText).join("; "));
    if (found.length === 0) return { kind: "done", outputs: { restored: restoredIn(past), services }, because: all.length === 0 ? "the services stand as they were remembered" : `the services stand as they were remembered, but for ${all.map(differenceText).join("; ")}: cluster.start_node starts it` };
    const because = found.map(differenceText).join("; ");
    const refused = hopeless(past);
    if (refused !== undefined) return { kind: "fail", ...refused };
    // All start modes first: a service cannot be started while it, or one that it needs, is disabled.
    const modes = found.filter(({ kind }) => kind === "start-mode");
    const due = (modes.length > 0 ? modes : found).filter(({ kind, name }) => kind !== "stopped" || triesOf(past, name) < TRIES + grantedTries(past));
    const actions = due.flatMap((difference) => cureOf(difference) ?? []);
    if (actions.length > 0) return { kind: "act", actions, because };
    if (!found.every((difference) => difference.kind === "stopped" && difference.is === "Stopped")) return { kind: "wait", because, everyMs: 5_000 };
    const stop = stopAnswer(past);
    if (stop !== undefined) return { kind: "fail", code: "service_not_started", because: `${because}; started ${TRIES} times; ${saidStop(stop)}` };
    return askAboutStart(found.map(({ name }) => name), because, place.address);
  },
});
