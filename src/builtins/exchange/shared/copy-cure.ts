import type { StorageGroupCopy } from "./copies.ts";

/** What brings a copy right that is not fit for a move, for an administrator (domain page, 3.3 "Repair verbs", 7.2, F26 and F27). A seed is never ours to begin. */
export function cureOf(copy: StorageGroupCopy, server: string): string {
  const identity = `"${server}\\${copy.name}"`;
  if (copy.suspended || copy.status === "Suspended") return `resume it with \`Resume-StorageGroupCopy ${identity}\` when the reason for the suspension is gone`;
  switch (copy.status) {
    case "Healthy":
      return "wait until it has caught up; where its queue does not go down, look at the network between the nodes and at the disk of the passive one";
    case "Resynchronizing":
    case "Seeding":
      return "wait until it has caught up";
    case "Initializing":
      return "wait a few minutes; on a quiet server send a mail, so that a log is closed";
    case "ServiceDown":
      return "start the service MSExchangeRepl on the passive node";
    case "Failed":
      return `resume it with \`Resume-StorageGroupCopy ${identity}\`; where it fails again, somebody has to decide whether to seed it anew`;
    default:
      return "find out why the copy does not work";
  }
}
