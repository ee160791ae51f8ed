import { assertNever } from "../../../core/assert-never.ts";
import type { Decision, Past } from "../../../core/builtin.ts";
import { giveUp } from "../../../core/facts.ts";
import type { SetupJob } from "./setup-job.ts";

/** What to decide where there is no setup of ours to wait for: the installer is busy, it could not be started, or the node has forgotten the job. */
export function withoutSetup(past: Past, setup: Extract<SetupJob, { readonly kind: "busy" | "not-started" | "unknown" }>, log: string): Decision<never> {
  switch (setup.kind) {
    case "busy":
      return giveUp(past, "installer_busy", `msiexec works on something else since ${setup.job.startedAt}: ${setup.job.args.join(" ")}. Wait until it has ended, then try again`);
    case "not-started":
      return giveUp(past, setup.failure.code, `the installer could not be started: ${setup.failure.because}`);
    case "unknown":
      return giveUp(past, "interrupted", `the node does not know the job ${setup.act.job ?? ""} any more, which was started before. Look at ${log} and at the services before you try again`);
    default:
      return assertNever(setup);
  }
}
