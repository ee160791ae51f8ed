import { isMounted } from "../rules/logs.ts";
import { mailboxServerStatus, ownerOfMailboxServer } from "../rules/mailbox-server.ts";
import { findService } from "../rules/services.ts";
import { takes } from "../timings.ts";
import type { WorldState } from "../world-state.ts";
import { records, textOf, type CmdletCommand } from "./command.ts";
import { clusterRefusal, exchangeRefusal, nameRefusal } from "./exchange-access.ts";

/** How long the cmdlet waits for the message where `-ExecutionTimeout` does not say (from memory). */
const EXECUTION_TIMEOUT_S = 240;

/** The service that hands new mail to the transport server (domain page, 3.5). */
const SUBMISSION_SERVICE = "MSExchangeMailSubmission";

/** `Test-Mailflow`: the mailbox server sends a message from its system mailbox to itself. Where it does not arrive the cmdlet waits as long as it may, and says `*FAILURE*`. */
export const TEST_MAILFLOW: CmdletCommand = {
  name: "Test-Mailflow",
  changes: false,
  parameters: { Identity: {}, ExecutionTimeout: {}, ErrorLatency: {}, ActiveDirectoryTimeout: {}, MonitoringContext: {}, DomainController: {}, Confirm: { from: "8.1" }, WhatIf: { from: "8.1" } },
  begin: (moment, given) => {
    const { state } = moment;
    const flows = mailFlows(state);
    const latencyMs = takes(state, "cmdlet", "mail flow", state.mailboxServer.name);
    const limitMs = Number(textOf(given, "ExecutionTimeout") || EXECUTION_TIMEOUT_S) * 1000;
    const arrives = flows && latencyMs <= limitMs;
    return {
      takesMs: takes(state, "cmdlet", "Test-Mailflow", moment.node?.name ?? "local") + (arrives ? latencyMs : limitMs),
      end: () => exchangeRefusal(moment) ?? nameRefusal(state, textOf(given, "Identity")) ?? clusterRefusal(state) ?? records({
        TestMailflowResult: arrives ? "Success" : "*FAILURE*",
        MessageLatencyTime: timeSpan(arrives ? latencyMs : 0),
        IsRemoteTest: false,
      }),
    };
  },
};

/** True if a message would arrive: the store runs with a database mounted, its mail is submitted, and nothing was said to stop it. */
function mailFlows(state: WorldState): boolean {
  const submission = findService(ownerOfMailboxServer(state), SUBMISSION_SERVICE);
  return state.mailFlow === "working" && mailboxServerStatus(state) === "Online" && submission?.state === "Running" && state.mailboxServer.storageGroups.some((group) => isMounted(state, group));
}

/** A `System.TimeSpan` as text: `00:00:02.1340000`. */
function timeSpan(ms: number): string {
  const two = (count: number): string => String(count).padStart(2, "0");
  const seconds = Math.floor(ms / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(ms % 1000).padStart(3, "0")}0000`;
}
