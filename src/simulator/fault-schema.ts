import type { ObjectSchema, TypeOf } from "../core/schema.ts";

const NODE = { type: "string", format: "netbios_name", description: "Name of a node" } as const;
const FOR = { type: "duration", description: "For how long" } as const;
const optional = { required: false } as const;

/** What an entry of the Application log says. */
export const LOG_ENTRY_PROPERTIES = {
  source: { type: "string", description: "Who wrote it: `MSExchangeIS`" },
  id: { type: "integer", minimum: 0, description: "Its event id" },
  type: { type: "string", enum: ["Error", "Warning", "Information"], ...optional, description: "Default Error" },
  message: { type: "string", ...optional, description: "Its text; default: none" },
} as const;

/** One thing that happens to the system, `{ restart: NODEB }`: exactly one of these keys. */
export const FAULT_SCHEMA = {
  type: "object",
  properties: {
    restart: { ...NODE, ...optional, description: "The node crashes and boots again" },
    power_off: { ...NODE, ...optional, description: "The node loses its power, for good" },
    power_on: { ...NODE, ...optional, description: "A node that is off boots" },
    unreachable: { type: "object", ...optional, properties: { node: NODE, for: FOR }, description: "Nobody reaches the node, although it runs" },
    pause: { ...NODE, ...optional, description: "The node is paused: it takes no groups" },
    resume: { ...NODE, ...optional, description: "The node is no longer paused" },
    move_group: { type: "object", ...optional, properties: { group: { type: "string", description: "Name of a resource group" }, to: NODE }, description: "A group moves, as if another administrator moved it" },
    failback: { type: "object", ...optional, properties: { group: { type: "string", description: "Name of a resource group" }, to: { ...NODE, ...optional, description: "The node that it goes back to whenever that joins; default: it is no longer taken back" } }, description: "An administrator sets the failback policy of a group" },
    fail_over: { ...NODE, ...optional, description: "The mailbox server fails over to this node, unplanned" },
    hand_over: { ...NODE, ...optional, description: "An administrator moves the mailbox server to this node, with Exchange's own tools" },
    witness: { type: "string", ...optional, enum: ["reachable", "unreachable"], description: "The file share witness" },
    copy: {
      type: "object", ...optional, description: "The copies of the storage groups change their state",
      properties: {
        storage_group: { type: "string", ...optional, description: "Only this one; default: all" },
        status: { type: "string", enum: ["Healthy", "Failed", "Suspended", "Seeding", "Resynchronizing", "Stopped", "Initializing"], description: "The summary from then on" },
        message: { type: "string", ...optional, description: "Why; shown as the copy's message" },
        for: { ...FOR, ...optional, description: "For how long; default: until something ends it" },
        queue: { type: "integer", minimum: 0, ...optional, description: "So many logs are not copied yet" },
      },
    },
    service: {
      type: "object", ...optional, description: "A service changes its startup type or its state",
      properties: {
        node: NODE,
        name: { type: "string", description: "Short name of the service" },
        start_mode: { type: "string", enum: ["Auto", "Manual", "Disabled"], ...optional, description: "Its startup type from then on" },
        state: { type: "string", enum: ["Running", "Stopped"], ...optional, description: "Its state from then on" },
      },
    },
    dismount: { type: "string", ...optional, description: "The database of this name is dismounted" },
    mount: { type: "string", ...optional, description: "The database of this name is mounted" },
    backup: { type: "object", ...optional, properties: { for: FOR }, description: "A full backup of every database begins" },
    installer_busy: { type: "object", ...optional, properties: { node: NODE, for: FOR }, description: "Another installation runs on the node" },
    restart_pending: { ...NODE, ...optional, description: "Windows notes that the node must be restarted" },
    load: {
      type: "object", ...optional, description: "The storage groups write more logs, or fewer",
      properties: {
        storage_group: { type: "string", ...optional, description: "Only this one; default: all" },
        log_rate: { type: "number", minimum: 0, description: "Logs a minute from then on" },
        for: { ...FOR, ...optional, description: "For how long; default: for good" },
      },
    },
    setup: { type: "object", ...optional, properties: { node: NODE, kb: { type: "string", description: "Article number of a package" } }, description: "Another administrator starts the setup of a package on the node" },
    log_event: { type: "object", ...optional, properties: { node: NODE, ...LOG_ENTRY_PROPERTIES }, description: "An entry is written into the Application log of a node" },
    mail_flow: { type: "string", enum: ["working", "failing"], ...optional, description: "Whether mail that the mailbox server sends arrives" },
    remove_file: { type: "object", ...optional, properties: { node: NODE, path: { type: "string", format: "path", description: "Its path" } }, description: "A file is deleted" },
  },
} as const satisfies ObjectSchema;

/** A fault as the world file has it. */
export type FaultFile = TypeOf<typeof FAULT_SCHEMA>;
