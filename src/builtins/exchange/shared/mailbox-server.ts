import type { CmdletResult } from "../../../core/action.ts";
import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { compareVersions } from "../../../core/version.ts";
import { oneRecord, textField, textsField } from "../../../formats/cmdlet-record.ts";
import { parseAdminDisplayVersion } from "../../../formats/exchange-version.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import { parseExchangeReading } from "./exchange-cmdlet.ts";

/** Storage types: CCR, single copy cluster, stand-alone (domain page, 3.5). */
export const STORAGE_TYPES = ["NonShared", "Shared", "Disabled"] as const;

/** The first version that has `-Confirm` on the move, the newer copy states and `CCRTargetNode`: service pack 1 (domain page, 11.2 and 11.3). */
const SERVICE_PACK_1 = "8.1";

/** A clustered mailbox server as the directory describes it. */
export interface MailboxServer {
  readonly name: string;
  readonly storageType: (typeof STORAGE_TYPES)[number];
  /** The nodes it may run on, upper case. */
  readonly redundantMachines: readonly string[];
}

/** Reads the mailbox server from the directory: reading `server`. */
export const readServer: ActionDeclaration<{ readonly identity: string }> = {
  effect: "reads",
  title: "Read the mailbox server from the directory",
  make: ({ identity }) => ({ kind: "cmdlet", name: "Get-MailboxServer", parameters: { Identity: identity }, properties: ["Name", "ClusteredStorageType", "RedundantMachines"] }),
};

/** Reads the version of the mailbox server: reading `version`. */
export const readVersion: ActionDeclaration<{ readonly identity: string }> = {
  effect: "reads",
  title: "Read the version of the mailbox server",
  make: ({ identity }) => ({ kind: "cmdlet", name: "Get-ExchangeServer", parameters: { Identity: identity }, properties: ["Name", "AdminDisplayVersion", "Edition"] }),
};

function parseServer(answer: CmdletResult): Reading<MailboxServer> {
  const record = oneRecord("`Get-MailboxServer`", answer);
  if (record.kind === "error") return record;
  const name = textField(record.value, "Name");
  const storage = textField(record.value, "ClusteredStorageType");
  const storageType = STORAGE_TYPES.find((known) => known.toLowerCase() === storage?.toLowerCase());
  const machines = textsField(record.value, "RedundantMachines");
  if (name === undefined) return unreadable("`Get-MailboxServer`", "`Name` is empty");
  if (storageType === undefined) return unreadable("`Get-MailboxServer`", `\`ClusteredStorageType\` is \`${excerpt(storage ?? "")}\`, expected ${STORAGE_TYPES.join(", ")}`);
  if (machines === undefined) return unreadable("`Get-MailboxServer`", "`RedundantMachines` is no list of names");
  return ok({ name: name.toUpperCase(), storageType, redundantMachines: machines.map((machine) => machine.trim().toUpperCase()) });
}

/** The reading `server`. */
export function serverIn(facts: Facts): Reading<MailboxServer> {
  return parseExchangeReading(facts, "server", "Get-MailboxServer", parseServer);
}

/** The reading `version`: the service pack's base build, `8.1.240.6`. */
export function versionIn(facts: Facts): Reading<string> {
  return parseExchangeReading(facts, "version", "Get-ExchangeServer", (answer) => {
    const record = oneRecord("`Get-ExchangeServer`", answer);
    if (record.kind === "error") return record;
    const text = textField(record.value, "AdminDisplayVersion") ?? "";
    const version = parseAdminDisplayVersion(text);
    return version === undefined ? unreadable("`Get-ExchangeServer`", `\`AdminDisplayVersion\` is \`${excerpt(text)}\`, expected \`Version 8.1 (Build 240.6)\``) : ok(version);
  });
}

/** True for Exchange 2007 without a service pack (RTM, 8.0). */
export function isBeforeServicePack1(version: string): boolean {
  return compareVersions(version, SERVICE_PACK_1) < 0;
}
