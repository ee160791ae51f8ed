import { defineBuiltin } from "../../core/builtin.ts";
import { withoutReading } from "../../core/reading.ts";
import { parseTimestamp } from "../../formats/timestamp.ts";
import { databasesIn, placeOf, readDatabases, type Database } from "./shared/databases.ts";

/** The oldest of the last full backups; undefined where a database has none. */
function oldestBackup(databases: readonly Database[]): string | undefined {
  let oldest: string | undefined;
  for (const { lastFullBackup } of databases) {
    if (lastFullBackup === undefined) return undefined;
    if (oldest === undefined || (parseTimestamp(lastFullBackup) ?? 0) < (parseTimestamp(oldest) ?? 0)) oldest = lastFullBackup;
  }
  return oldest;
}

function sentenceOf(database: Database): string {
  return `${database.name} is ${database.mounted ? "mounted" : "dismounted"}${database.backupRunning ? ", a backup runs" : ""}, last full backup ${database.lastFullBackup ?? "never"}`;
}

/** `exchange.databases`: the databases of a mailbox server and their backups. */
export const exchangeDatabases = defineBuiltin({
  name: "exchange.databases",
  title: "Read the databases of a mailbox server and their backups",
  docs: `Reads for every database whether it is mounted, whether a backup runs, and when the last full backup was.

\`oldest_full_backup\` is absent where one database was never backed up: then no backup covers the server. \`all_mounted\` is false
where the server has no database. A running backup would be ended by a move. \`mounted\`, remembered before a move, is what
\`exchange.mount_databases\` may mount after it.

Source: domain page, 3.5 and 2.2; R3, R4.`,
  examples: [{
    title: "Wait until no backup runs",
    yaml: `- id: no_backup
  uses: exchange.databases
  target: node_a
  with: { identity: "{{inputs.cms}}" }
  wait-until: "!outputs.backup_running"
  every: 1m
  timeout: 2h`,
  }],
  inputs: { identity: { type: "string", description: "Name of the mailbox server" } },
  outputs: {
    databases: {
      type: "list",
      description: "Every database of the server",
      items: {
        type: "object",
        properties: {
          name: { type: "string", description: "Name of the database" },
          storage_group: { type: "string", description: "Its storage group" },
          mounted: { type: "boolean", description: "It is mounted" },
          backup_running: { type: "boolean", description: "A backup of it runs" },
          last_full_backup: { type: "string", format: "time", required: false, description: "Absent where there was none" },
        },
      },
    },
    mounted: { type: "list", items: { type: "string" }, description: "The databases that are mounted, each as `storage group\\database`" },
    dismounted: { type: "list", items: { type: "string" }, description: "Those that are not, named likewise" },
    all_mounted: { type: "boolean", description: "There is a database, and every one is mounted" },
    backup_running: { type: "boolean", description: "A backup of one of them runs" },
    oldest_full_backup: { type: "string", format: "time", required: false, description: "The oldest of the last full backups; absent where a database has none" },
  },
  codes: {},
  place: "required",
  timeoutMs: 120_000,
  actions: { read_databases: readDatabases },
  look: () => ({ databases: { action: "read_databases" } }),
  decide(inputs, facts, past) {
    const seen = databasesIn(facts);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const databases = seen.value;
    const oldest = oldestBackup(databases);
    return {
      kind: "done",
      outputs: {
        databases: databases.map(({ name, storageGroup, mounted, backupRunning, lastFullBackup }) => ({
          name, storage_group: storageGroup, mounted, backup_running: backupRunning, ...(lastFullBackup === undefined ? {} : { last_full_backup: lastFullBackup }),
        })),
        mounted: databases.filter((database) => database.mounted).map(placeOf),
        dismounted: databases.filter((database) => !database.mounted).map(placeOf),
        all_mounted: databases.length > 0 && databases.every((database) => database.mounted),
        backup_running: databases.some((database) => database.backupRunning),
        ...(oldest === undefined ? {} : { oldest_full_backup: oldest }),
      },
      because: databases.length === 0 ? `${inputs.identity} has no database` : databases.map(sentenceOf).join("; "),
    };
  },
});
