import type { ObjectSchema, TypeOf } from "../core/schema.ts";
import { FAULT_SCHEMA } from "./fault-schema.ts";

const optional = { required: false } as const;

/** What happens by itself: at a time, or on a changing call of a command. */
export const EVENT_SCHEMA = {
  type: "object",
  properties: {
    at: { type: "duration", ...optional, description: "That long after the world began" },
    on: {
      type: "object", ...optional, description: "On a changing call of a command",
      properties: {
        command: { type: "string", description: "Program or cmdlet (`put` for the copy of a file), then words that each begin one of its arguments", examples: ["cluster.exe group /moveto", "msiexec.exe /update", "Move-ClusteredMailboxServer"] },
        node: { type: "string", format: "netbios_name", ...optional, description: "Only on this node" },
        nth: { type: "integer", minimum: 1, ...optional, description: "On the n-th such call; default 1" },
        times: { type: "integer", minimum: 1, ...optional, description: "How many calls from then on; default 1" },
      },
    },
    after: { type: "duration", ...optional, description: "That long after the call began come the faults; default: directly before it" },
    reply: {
      type: "object", ...optional, description: "Another reply to the call",
      properties: {
        effect: { type: "string", enum: ["done", "none"], ...optional, description: "Whether the command does what it does; default: `none` where it fails or answers another exit code than 0, else `done`" },
        exit_code: { type: "integer", ...optional, description: "Exit code of a program" },
        stdout: { type: "string", ...optional, description: "What a program prints" },
        stderr: { type: "string", ...optional, description: "What a program prints as errors" },
        fail: {
          type: "object", ...optional, description: "A failure in place of an answer",
          properties: {
            code: { type: "string", enum: ["denied", "not_found", "unreachable", "cmdlet_error"], description: "Its code" },
            because: { type: "string", description: "Its text" },
          },
        },
        lost: { type: "boolean", ...optional, description: "The reply never comes" },
        slow: { type: "duration", ...optional, description: "The reply comes that much later" },
      },
    },
    install: {
      type: "object", ...optional, description: "How an installation goes that the call begins",
      properties: {
        exit_code: { type: "integer", ...optional, description: "What it ends with; 3010 and 1641 are success and need a restart" },
        fails_in: { type: "string", enum: ["check", "prepare", "patch", "images", "restore"], ...optional, description: "The phase in which it fails; default `check` where the exit code says that nothing was changed, else `patch`" },
        services: { type: "string", enum: ["restored", "disabled"], ...optional, description: "What a failed one leaves; default `restored`" },
        cluster_service: { type: "string", enum: ["started", "stopped"], ...optional, description: "Whether the Cluster service is started again; default `started`" },
        files: { type: "string", enum: ["new", "old"], ...optional, description: "`old`: it is registered, but no file is replaced" },
        hangs_in: { type: "string", enum: ["prepare", "patch"], ...optional, description: "It stops there at a dialog that nobody sees" },
        start_modes: { type: "map", values: { type: "string", enum: ["Auto", "Manual", "Disabled"] }, ...optional, description: "Startup types that it leaves, by service, in place of the former ones" },
        not_started: { type: "list", items: { type: "string" }, ...optional, description: "Services that do not start afterwards" },
        images: { type: "duration", ...optional, description: "How long the native images take" },
      },
    },
    move: {
      type: "object", ...optional, description: "How a move of the mailbox server goes that the call begins",
      properties: {
        dismounted: { type: "list", items: { type: "string" }, ...optional, description: "Databases that do not mount on the target" },
        copies: { type: "string", enum: ["Failed", "Seeding", "Resynchronizing", "Stopped"], ...optional, description: "What becomes of the copies in their new direction" },
        online_pending: { type: "duration", ...optional, description: "How long it stays Online Pending" },
      },
    },
    group: {
      type: "object", ...optional, description: "How a move of a group goes that the call begins",
      properties: {
        takes: { type: "duration", ...optional, description: "How long it takes" },
        state: { type: "string", enum: ["Partially Online", "Failed"], ...optional, description: "The state in which it ends, in place of the former" },
      },
    },
    file: { type: "string", enum: ["damaged"], ...optional, description: "Other bytes arrive than were sent" },
    does: { type: "list", items: FAULT_SCHEMA, ...optional, description: "What happens then" },
  },
} as const satisfies ObjectSchema;

/** An event as the world file has it. */
export type EventFile = TypeOf<typeof EVENT_SCHEMA>;
