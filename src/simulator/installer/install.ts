import { assertNever } from "../../core/assert-never.ts";
import { jobsKnownTo, type InstallPhase, type InstallState, type JobState } from "../job-state.ts";
import { logEvent } from "../event-log.ts";
import { restartNeeded, updateFailed, updateInstalled } from "../logged-events.ts";
import { checksRevocation } from "../machine-state.ts";
import type { NodeState } from "../node-state.ts";
import { breach } from "../rules/breaches.ts";
import { startRestart } from "../rules/power.ts";
import { schedule } from "../schedule.ts";
import { takes, type TimingName } from "../timings.ts";
import { nodeOf, sameName, type WorldState } from "../world-state.ts";
import { disableServices, restoreServices, servicesRunAgain, stopServices } from "./install-services.ts";
import { packageOf, refuseAtOnce, refusePackage, removedPatch } from "./refusals.ts";
import { failureLines, phaseOfFailure } from "./failure-lines.ts";
import { registerPatch, removePatch } from "./register-patch.ts";

/** How much longer native images take where certificate revocation lists cannot be fetched, unless the account does not check them (domain page, 2.8: 40 to 60 minutes for the whole). */
const WITHOUT_CRL = 3;

/** What the log says when a phase begins. */
const LINES: Readonly<Record<InstallPhase, string>> = {
  check: "Command line read",
  prepare: "Computing space requirements",
  stop: "Doing action: StopServices",
  patch: "Doing action: InstallFiles",
  images: "Doing action: CA_CreateNativeImages",
  restore: "Doing action: StartServices",
  register: "Doing action: RegisterProduct",
  roll_back: "Doing action: Rollback",
};

const TIMING: Readonly<Record<InstallPhase, TimingName>> = {
  check: "install_check", prepare: "install_prepare", stop: "install_stop", patch: "install_patch", images: "install_images",
  restore: "install_restore", register: "install_register", roll_back: "install_roll_back",
};

/** Begins the installation of a job. From here its phases follow each other by themselves (domain page, 7.3). */
export function startInstall(state: WorldState, node: NodeState, job: JobState, install: InstallState): void {
  const owned = state.cluster.groups.filter((group) => sameName(group.owner, node.name)).map((group) => group.name);
  if (owned.length > 0) breach(state, "I1", `setup started on ${node.name}, which owned ${owned.join(", ")}`);
  enter(state, node, job, install, "check");
}

/** A phase of an installation is over: the next begins, or it ends. A job that is lost or has ended goes no further. */
export function installPhaseOver(state: WorldState, nodeName: string, jobName: string): void {
  const node = nodeOf(state, nodeName);
  const job = jobsKnownTo(node).find((known) => known.name === jobName);
  const install = job?.install;
  if (job === undefined || install === undefined || job.state !== "running") return;
  const { exitCode = 0, failsIn = phaseOfFailure(exitCode) } = install.outcome;
  const fails = !isSuccess(exitCode) && failsIn === install.phase;
  if (install.outcome.hangsIn === install.phase) return hang(state, job);
  switch (install.phase) {
    case "check": {
      const refusal = refuseAtOnce(state, node, job);
      if (refusal !== undefined) return end(state, job, refusal.exitCode, refusal.because);
      if (fails) return end(state, job, exitCode, `The installation ends with ${exitCode}`);
      if (install.asks) return hang(state, job);
      return enter(state, node, job, install, "prepare");
    }
    case "prepare": {
      const refusal = refusePackage(state, node, job);
      const ends = fails ? exitCode : refusal?.exitCode;
      if (ends !== undefined) logEvent(state, node, updateFailed(packageOf(state, node, job)?.kb ?? "", ends));
      if (ends !== undefined) return end(state, job, ends, refusal?.because ?? `The installation ends with ${ends}`);
      install.kb = packageOf(state, node, job)?.kb ?? removedPatch(node, job)?.kb ?? "";
      install.removes = removedPatch(node, job) !== undefined;
      disableServices(node, install);
      return enter(state, node, job, install, "stop");
    }
    case "stop":
      stopServices(node);
      return enter(state, node, job, install, "patch");
    case "patch":
    case "images":
    case "restore":
      if (fails) {
        install.failure = exitCode;
        for (const text of failureLines(install.phase)) job.history.push({ atMs: state.nowMs, text });
        return enter(state, node, job, install, "roll_back");
      }
      if (install.phase === "patch") return enter(state, node, job, install, "images");
      if (install.phase === "restore") {
        servicesRunAgain(state, node, install);
        return enter(state, node, job, install, "register");
      }
      restoreServices(node, install);
      return enter(state, node, job, install, "restore");
    case "register": {
      if (install.removes) removePatch(node, install);
      else registerPatch(state, node, install);
      if (exitCode === 3010 || exitCode === 1641) node.restartEvidence = ["file_rename"];
      logEvent(state, node, updateInstalled(install.kb, install.removes ? "removed" : "installed"));
      if (exitCode !== 0) logEvent(state, node, restartNeeded(install.kb));
      const restarts = exitCode === 1641 || (exitCode === 3010 && install.mayRestart);
      if (restarts) startRestart(state, node, "Windows Installer");
      return end(state, job, restarts ? 1641 : exitCode, `Product: Microsoft Exchange Server - Update ${install.removes ? "removed" : "installed"} successfully`);
    }
    case "roll_back":
      if (install.outcome.services !== "disabled") restoreServices(node, install);
      servicesRunAgain(state, node, install);
      logEvent(state, node, updateFailed(install.kb, install.failure));
      return end(state, job, install.failure, "Product: Microsoft Exchange Server - Update could not be installed");
    default: return assertNever(install.phase);
  }
}

/** Exit codes of an installation that applied the patch (domain page, 4.7). */
export function isSuccess(exitCode: number): boolean {
  return exitCode === 0 || exitCode === 3010 || exitCode === 1641;
}

function enter(state: WorldState, node: NodeState, job: JobState, install: InstallState, phase: InstallPhase): void {
  install.phase = phase;
  install.phaseSinceMs = state.nowMs;
  job.history.push({ atMs: state.nowMs, text: LINES[phase] });
  const drawnMs = takes(state, TIMING[phase], job.program, node.name);
  const imagesMs = install.outcome.imagesMs ?? drawnMs * (node.crlReachable || !checksRevocation(node.machine) ? 1 : WITHOUT_CRL);
  schedule(state, phase === "images" ? imagesMs : drawnMs, { kind: "install-phase-over", node: node.name, job: job.name });
}

/** A job is over, with its exit code or the one that is shown instead. One that is lost stays so. */
export function jobOver(state: WorldState, nodeName: string, jobName: string, exitCode: number): void {
  const job = jobsKnownTo(nodeOf(state, nodeName)).find((known) => known.name === jobName);
  if (job?.state === "running") end(state, job, exitCode, "The program has ended");
}

/** It waits for somebody at the console, for good. */
function hang(state: WorldState, job: JobState): void {
  job.history.push({ atMs: state.nowMs, text: "Showing dialog", silent: true });
}

function end(state: WorldState, job: JobState, exitCode: number, because: string): void {
  job.state = "ended";
  job.endedMs = state.nowMs;
  job.exitCode = job.shownExitCode ?? exitCode;
  job.history.push({ atMs: state.nowMs, text: because });
}
