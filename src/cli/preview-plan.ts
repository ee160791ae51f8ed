import type { Event } from "../core/event.ts";
import type { Lock } from "../core/port.ts";
import { execute } from "../interpreter/run/execute.ts";
import { previewEngine } from "../interpreter/run/local-engine.ts";
import type { RunSecrets } from "../interpreter/run/run-secrets.ts";
import { currentAccount } from "../world/account.ts";
import type { Prepared } from "./prepare.ts";
import type { RunPorts } from "./run-ports.ts";
import { VERSION } from "./version.ts";

/** A preview holds nothing, since it changes nothing. */
const NO_LOCK: Lock = { acquire: () => ({ kind: "held", release: () => {} }) };

/** What a preview is made from. */
export interface Previewed {
  readonly prepared: Prepared;
  readonly ports: RunPorts;
  /** Undefined where there are none, or where they are withheld. */
  readonly secrets: RunSecrets | undefined;
  /** Whether programs run that only read by their author's word. */
  readonly queries: "go" | "stop";
}

/** What a run that may look and not act sees, as events. `onCancel` may end it early. */
export async function previewPlan({ prepared, ports, secrets, queries }: Previewed, onCancel: (cancel: () => void) => () => void): Promise<readonly Event[]> {
  const { account, host } = currentAccount();
  const events: Event[] = [];
  const execution = execute({
    runbook: prepared.runbook, plan: prepared.plan, run: "p000000000", digest: prepared.digest, operator: account, account, host, tool: `runbook ${VERSION}`,
    clock: ports.clock, transports: ports.transports, engine: previewEngine((event) => void events.push(event), queries), lock: NO_LOCK, next: () => [],
    ...(secrets === undefined ? {} : { secrets }),
  });
  const deaf = onCancel(() => {
    execution.cancel("the preview was left");
    execution.abort();
  });
  try {
    await execution.finished;
  } finally {
    deaf();
  }
  return events;
}
