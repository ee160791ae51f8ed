import type { CmdletResult } from "../../../core/action.ts";
import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { oneRecord, textField, textsField } from "../../../formats/cmdlet-record.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import { parseOperationalMachine, type OperationalMachine } from "../../../formats/operational-machines.ts";
import { parseExchangeReading } from "./exchange-cmdlet.ts";

/** States of a clustered mailbox server (domain page, 3.2). */
export const STATES = ["Online", "Partially Online", "Online Pending", "Offline", "Offline Pending", "Failed"] as const;

/** A clustered mailbox server as the cluster sees it. */
export interface MailboxServerStatus {
  readonly state: (typeof STATES)[number];
  /** The node that owns it; undefined where none is marked active. */
  readonly activeNode: string | undefined;
  readonly quorumOwner: string | undefined;
  /** The nodes that work, upper case. One that is down is missing. */
  readonly machines: readonly string[];
  /** Resources that are not online, as the cmdlet names them. */
  readonly failedResources: readonly string[];
}

/** Reads the state of the mailbox server: reading `status`. */
export const readStatus: ActionDeclaration<{ readonly identity: string }> = statusDeclaration((inputs) => inputs.identity);

/** The same reading for a builtin that names the mailbox server by another input. */
export function statusDeclaration<I>(identityOf: (inputs: I) => string): ActionDeclaration<I> {
  return {
    effect: "reads",
    title: "Read where the mailbox server runs and its state",
    make: (inputs) => ({
      kind: "cmdlet",
      name: "Get-ClusteredMailboxServerStatus",
      parameters: { Identity: identityOf(inputs) },
      properties: ["Identity", "ClusteredMailboxServerName", "State", "OperationalMachines", "FailedResources"],
    }),
  };
}

/** An enum name may come with or without its blanks. */
function stateOf(text: string | undefined): MailboxServerStatus["state"] | undefined {
  const plain = text?.replaceAll(" ", "").toLowerCase();
  return STATES.find((state) => state.replaceAll(" ", "").toLowerCase() === plain);
}

function parseStatus(answer: CmdletResult): Reading<MailboxServerStatus> {
  const what = "`Get-ClusteredMailboxServerStatus`";
  const record = oneRecord(what, answer);
  if (record.kind === "error") return record;
  const state = stateOf(textField(record.value, "State"));
  if (state === undefined) return unreadable(what, `\`State\` is \`${excerpt(textField(record.value, "State") ?? "")}\`, expected one of ${STATES.join(", ")}`);
  const failedResources = textsField(record.value, "FailedResources");
  const entries = textsField(record.value, "OperationalMachines");
  if (failedResources === undefined || entries === undefined) return unreadable(what, "`OperationalMachines` or `FailedResources` is no list of texts");
  const machines: OperationalMachine[] = [];
  for (const entry of entries) {
    const machine = parseOperationalMachine(entry);
    if (machine === undefined) return unreadable(what, `\`OperationalMachines\` holds \`${excerpt(entry)}\`, expected \`NODEA <Active, Quorum Owner>\``);
    machines.push(machine);
  }
  const active = machines.filter((machine) => machine.active);
  if (active.length > 1) return unreadable(what, `${active.map((machine) => machine.name).join(" and ")} are both marked active`);
  return ok({ state, activeNode: active[0]?.name, quorumOwner: machines.find((machine) => machine.quorumOwner)?.name, machines: machines.map((machine) => machine.name), failedResources });
}

/** The reading `status`. */
export function statusIn(facts: Facts): Reading<MailboxServerStatus> {
  return parseExchangeReading(facts, "status", "Get-ClusteredMailboxServerStatus", parseStatus);
}
