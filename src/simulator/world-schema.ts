import type { ObjectSchema, TypeOf } from "../core/schema.ts";
import { BACKUP_JOB_SCHEMA } from "./backup-job.ts";
import { EVENT_SCHEMA } from "./event-schema.ts";
import { INSTALLER_PROPERTIES } from "./installer/installer-schema.ts";
import { FAULT_SCHEMA, LOG_ENTRY_PROPERTIES } from "./fault-schema.ts";
import { MACHINE_PROPERTIES } from "./machine-schema.ts";

const optional = { required: false } as const;

/** What a node of the world file may say; everything has a default. */
export const NODE_SCHEMA = {
  type: "object",
  properties: {
    power: { type: "string", enum: ["on", "off"], ...optional, description: "Default on" },
    paused: { type: "boolean", ...optional, description: "Default false" },
    os: { type: "string", enum: ["2003", "2008"], ...optional, description: "Windows Server; default 2008" },
    architecture: { type: "string", enum: ["x64", "x86"], ...optional, description: "Default x64" },
    powershell: { type: "string", ...optional, description: "Default 1.0 before service pack 2, else 2.0" },
    administrator: { type: "boolean", ...optional, description: "The account is a local administrator; default true" },
    elevated: { type: "boolean", ...optional, description: "Its sessions are elevated; default true" },
    crl_reachable: { type: "boolean", ...optional, description: "Certificate revocation lists can be fetched; default true" },
    ...MACHINE_PROPERTIES,
    ...INSTALLER_PROPERTIES,
    updates: { type: "list", items: { type: "string" }, ...optional, description: "Article numbers of the packages that are installed" },
    earlier_updates: { type: "list", items: { type: "string" }, ...optional, description: "Article numbers of packages of an earlier service pack that are still listed, as obsolete" },
    interim_updates: { type: "list", items: { type: "string" }, ...optional, description: "Article numbers of interim updates that are installed" },
    file_build: { type: "string", format: "version", ...optional, description: "Build of ExSetup.exe; default: that of the highest update" },
    event_log: {
      type: "list", ...optional, description: "Entries of its Application log from before the world's beginning",
      items: { type: "object", properties: { before: { type: "duration", description: "How long before" }, ...LOG_ENTRY_PROPERTIES } },
    },
    restart_pending: { type: "list", items: { type: "string", enum: ["component_servicing", "windows_update", "file_rename", "update_exe"] }, ...optional, description: "Where Windows notes that a restart is due" },
    services: {
      type: "map", ...optional, description: "Services that differ from a healthy node, or are there besides",
      values: {
        type: "object",
        properties: {
          start_mode: { type: "string", enum: ["Auto", "Manual", "Disabled"], ...optional, description: "Default: as on a healthy node, else Auto" },
          state: { type: "string", enum: ["Running", "Stopped"], ...optional, description: "Default: as on a healthy node, else Running" },
          display_name: { type: "string", ...optional, description: "Default: its name" },
          depends_on: { type: "list", items: { type: "string" }, ...optional, description: "Services that it needs" },
          delayed: { type: "boolean", ...optional, description: "It starts a while after the others when the node boots; default false" },
        },
      },
    },
    files: {
      type: "map", ...optional, description: "Files that lie there, by path",
      values: { type: "object", properties: { kb: { type: "string", ...optional, description: "The package of this article" }, text: { type: "string", ...optional, description: "A text" } } },
    },
  },
} as const satisfies ObjectSchema;

/** What a storage group of the world file may say. */
export const STORAGE_GROUP_SCHEMA = {
  type: "object",
  properties: {
    database: { type: "string", description: "Name of its database" },
    mounted: { type: "boolean", ...optional, description: "Default true" },
    last_full_backup: { type: "duration", ...optional, description: "How long before the world's beginning it ended; default: there is none" },
    backup_running: { type: "duration", ...optional, description: "How long a running full backup still takes; default: none runs" },
    log_rate: { type: "number", minimum: 0, ...optional, description: "Logs a minute; default 2" },
    copy: { type: "string", enum: ["Healthy", "Failed", "Suspended", "Seeding", "Resynchronizing", "Stopped", "Initializing"], ...optional, description: "Default Healthy" },
    copy_for: { type: "duration", ...optional, description: "How long the copy stays so; default: until something ends it" },
    copy_message: { type: "string", ...optional, description: "Why" },
    copy_queue: { type: "integer", minimum: 0, ...optional, description: "Logs that are not copied yet; default 0" },
    replay_queue: { type: "integer", minimum: 0, ...optional, description: "Logs that are copied and not replayed yet; default 0" },
    replay_lag: { type: "duration", ...optional, description: "How far replay stays behind; default 0s" },
    catch_up: { type: "string", pattern: "^[1-9][0-9]*(\\.\\.[1-9][0-9]*)?$", ...optional, description: "Logs a minute that are copied and replayed while it catches up; `20..60` is drawn anew whenever the copy comes back; default 40" },
  },
} as const satisfies ObjectSchema;

/** The grammar of a world file (language.md section 13). */
export const WORLD_SCHEMA = {
  type: "object",
  properties: {
    world: { type: "integer", enum: [1], description: "Version of this grammar" },
    name: { type: "string", pattern: "^[a-z][a-z0-9_-]*$", description: "The world's name" },
    description: { type: "string", ...optional, description: "What is special about it" },
    seed: { type: "integer", ...optional, description: "Of the durations; default 1" },
    starts: { type: "string", format: "time", ...optional, description: "The world's time at its beginning; default: when it is first used" },
    domain: { type: "string", ...optional, description: "Default contoso.example" },
    copy_rate: { type: "size", ...optional, description: "Of a file to a node, each second; default 10MB" },
    account: {
      type: "object", ...optional, description: "The account that the run acts under",
      properties: { name: { type: "string", ...optional, description: "Default CONTOSO\\operator" }, exchange_role: { type: "boolean", ...optional, description: "It has the role Exchange Server Administrator; default true" } },
    },
    cluster: {
      type: "object", description: "The cluster",
      properties: { name: { type: "string", format: "netbios_name", description: "Its name" }, witness: { type: "string", ...optional, description: "Path of the file share witness; default \\\\HUB1\\witness" }, witness_reachable: { type: "boolean", ...optional, description: "Default true" } },
    },
    nodes: { type: "map", values: NODE_SCHEMA, description: "The nodes by name, in the order of their numbers" },
    mailbox_server: {
      type: "object", description: "The clustered mailbox server",
      properties: {
        name: { type: "string", format: "netbios_name", description: "Its name, and that of its group" },
        active: { type: "string", format: "netbios_name", description: "The node that owns it" },
        state: { type: "string", enum: ["Online", "Offline"], ...optional, description: "Offline: an administrator stopped it; default Online" },
        storage: { type: "string", enum: ["ccr", "scc", "stand_alone"], ...optional, description: "Continuous replication, a single copy cluster, or a server that is in no cluster; default ccr" },
        version: { type: "string", format: "version", description: "Base build of the service pack on both nodes" },
        mail_flow: { type: "string", enum: ["working", "failing"], ...optional, description: "Whether mail that it sends arrives; default working" },
        address_book: { type: "string", format: "netbios_name", ...optional, description: "The node that generates the offline address book; default: the active node" },
        failback: { type: "string", format: "netbios_name", ...optional, description: "The cluster takes it back to this node whenever that joins; default: it does not" },
        storage_groups: { type: "map", values: STORAGE_GROUP_SCHEMA, description: "The storage groups by name" },
      },
    },
    groups: {
      type: "map", ...optional, description: "The other resource groups; `Cluster Group` and `Available Storage` are the cluster's own",
      values: {
        type: "object",
        properties: {
          owner: { type: "string", format: "netbios_name", description: "The node that owns it" },
          state: { type: "string", enum: ["Online", "Offline", "Partially Online", "Failed"], ...optional, description: "Default Online" },
          resources: { type: "list", items: { type: "string" }, ...optional, description: "Names of its resources; default: none" },
          preferred_owners: { type: "list", items: { type: "string", format: "netbios_name" }, ...optional, description: "Default: none" },
          failback: { type: "boolean", ...optional, description: "It returns to its first preferred owner when that joins; default false" },
        },
      },
    },
    packages: {
      type: "list", ...optional, description: "Update packages that the installer knows, by the content of their stand-ins",
      items: {
        type: "object",
        properties: {
          from: { type: "string", description: "The stand-in, relative to the world file" },
          kb: { type: "string", pattern: "^[0-9]{6,7}$", description: "Article number" },
          target: { type: "string", format: "version", description: "Base build that it fits" },
          build: { type: "string", format: "version", description: "Build after it" },
          architecture: { type: "string", enum: ["x64", "x86"], ...optional, description: "Default x64" },
          display_name: { type: "string", ...optional, description: "Its name in the registry; default: made from article and build" },
          removable: { type: "boolean", ...optional, description: "It may be removed again; default true" },
          size: { type: "size", ...optional, description: "Of the real package: a copy takes as long; default 50MB" },
        },
      },
    },
    programs: {
      type: "list", ...optional, description: "Answers of programs and scripts of the author's own",
      items: {
        type: "object",
        properties: {
          command: { type: "string", description: "Program, then words that each begin one of its arguments; or a part of a script" },
          node: { type: "string", format: "netbios_name", ...optional, description: "Only on this node" },
          exit_code: { type: "integer", ...optional, description: "Default 0" },
          stdout: { type: "string", ...optional, description: "Default: nothing" },
          stderr: { type: "string", ...optional, description: "Default: nothing" },
          takes: { type: "duration", ...optional, description: "Default 1s" },
          changes: { type: "boolean", ...optional, description: "A call counts as changing; default false" },
          does: { type: "list", items: FAULT_SCHEMA, ...optional, description: "What it does to the system; then `changes: true`" },
        },
      },
    },
    backup_jobs: { type: "list", items: BACKUP_JOB_SCHEMA, ...optional, description: "Backups that a scheduler starts" },
    events: { type: "list", items: EVENT_SCHEMA, ...optional, description: "What happens by itself" },
    people: {
      type: "list", ...optional, description: "Who answers questions",
      items: {
        type: "object",
        properties: {
          name: { type: "string", description: "Who it is" },
          account: { type: "string", ...optional, description: "Default: the name" },
          answers: {
            type: "list", description: "What they answer; a question that fits none is not answered",
            items: {
              type: "object",
              properties: {
                kind: { type: "string", enum: ["approve", "confirm", "ask", "do", "choose"], description: "The kind of question" },
                question: { type: "string", description: "A text that the question contains" },
                answer: { type: "string", description: "`yes`, `no`, the name of a choice, or the value" },
                reason: { type: "string", ...optional, description: "Why" },
                after: { type: "duration", ...optional, description: "How long it takes; default 1m" },
                does: { type: "list", items: FAULT_SCHEMA, ...optional, description: "What the person does to the system: begun at once, the answer comes after it" },
              },
            },
          },
        },
      },
    },
    durations: { type: "map", values: { type: "string" }, ...optional, description: "How long things take: `90s` or `1m..3m`" },
  },
} as const satisfies ObjectSchema;

/** A world file, converted by {@link WORLD_SCHEMA}. */
export type WorldFile = TypeOf<typeof WORLD_SCHEMA>;
/** A node of it. */
export type NodeFile = TypeOf<typeof NODE_SCHEMA>;
/** A storage group of it. */
export type StorageGroupFile = TypeOf<typeof STORAGE_GROUP_SCHEMA>;
