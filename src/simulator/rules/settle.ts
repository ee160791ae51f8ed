import { settleBackups } from "./backups.ts";
import { settleMailboxServer } from "./mailbox-server.ts";
import { settleMembership } from "./membership.ts";
import { settleGroups } from "./groups.ts";
import { settleCopies } from "./copies.ts";
import { recordBreaches, recordOutage } from "./record.ts";
import type { WorldState } from "../world-state.ts";

/** Lets the background rules follow a change (domain page, 7.2), each after those that it depends on. Called after every change. */
export function settle(state: WorldState): void {
  settleMembership(state);
  settleGroups(state);
  settleMailboxServer(state);
  settleCopies(state);
  settleBackups(state);
  recordOutage(state);
  recordBreaches(state);
}
