import type { Action, ActionResult } from "../../core/action.ts";
import { assertNever } from "../../core/assert-never.ts";
import type { CallOptions, Outcome, Transports } from "../../core/port.ts";

/** The one switch from an action to a port. `job` is the name that a job is started under. */
export function apply(transports: Transports, address: string, action: Action, job: string | undefined, options: CallOptions): Promise<Outcome<ActionResult>> {
  const transport = transports.to(address);
  switch (action.kind) {
    case "program":
      return transport.run(action, options);
    case "cmdlet":
      return transport.cmdlet(action, options);
    case "script":
      return transport.script(action, options);
    case "put":
      return transport.put(action, options);
    case "get":
      return transport.get(action, options);
    case "stat":
      return transport.stat(action, options);
    case "jobs":
      return transport.jobs(action, options);
    case "job":
      if (job === undefined) throw new Error("a job without a name");
      return transport.startJob(job, action, options);
    case "source":
      return transports.source(action.path, action.as);
    default:
      return assertNever(action);
  }
}
