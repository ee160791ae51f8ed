import type { CmdletResult } from "../../../core/action.ts";
import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { flagField, recordsOf, textField } from "../../../formats/cmdlet-record.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import { parseTimestamp } from "../../../formats/timestamp.ts";
import { parseExchangeReading } from "./exchange-cmdlet.ts";

/** A mailbox database (domain page, 3.5). */
export interface Database {
  readonly name: string;
  readonly storageGroup: string;
  readonly mounted: boolean;
  readonly backupRunning: boolean;
  /** RFC 3339; undefined where there was never a full backup. */
  readonly lastFullBackup: string | undefined;
}

/** Reads the databases with their state: reading `databases`. Without `Status` the state would be empty. */
export const readDatabases: ActionDeclaration<{ readonly identity: string }> = {
  effect: "reads",
  title: "Read the databases of the mailbox server",
  make: ({ identity }) => ({
    kind: "cmdlet",
    name: "Get-MailboxDatabase",
    parameters: { Server: identity, Status: true },
    properties: ["Name", "StorageGroupName", "Mounted", "BackupInProgress", "LastFullBackup"],
  }),
};

function parseDatabases(answer: CmdletResult): Reading<readonly Database[]> {
  const what = "`Get-MailboxDatabase`";
  const records = recordsOf(what, answer);
  if (records.kind === "error") return records;
  const databases: Database[] = [];
  for (const record of records.value) {
    const name = textField(record, "Name");
    const storageGroup = textField(record, "StorageGroupName");
    const mounted = flagField(record, "Mounted");
    const backupRunning = flagField(record, "BackupInProgress");
    const lastFullBackup = textField(record, "LastFullBackup");
    if (name === undefined || storageGroup === undefined) return unreadable(what, "a record has no `Name` or no `StorageGroupName`");
    if (mounted === undefined || backupRunning === undefined) return unreadable(what, `\`Mounted\` or \`BackupInProgress\` of ${name} is empty; the server may be unreachable`);
    if (lastFullBackup !== undefined && parseTimestamp(lastFullBackup) === undefined) return unreadable(what, `\`LastFullBackup\` of ${name} is \`${excerpt(lastFullBackup)}\`, expected a time`);
    databases.push({ name, storageGroup, mounted, backupRunning, lastFullBackup });
  }
  return ok(databases);
}

/** A database within its server, as `FailedResources` names it: `First Storage Group\Mailbox Database`. A name alone may be that of databases of several servers. */
export function placeOf({ storageGroup, name }: Database): string {
  return `${storageGroup}\\${name}`;
}

/** The reading `databases`; empty where the server has none. */
export function databasesIn(facts: Facts): Reading<readonly Database[]> {
  return parseExchangeReading(facts, "databases", "Get-MailboxDatabase", parseDatabases);
}
