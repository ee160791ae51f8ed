import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** May be read by the group of its folder. */
const GROUP_READS = 0o040;
/** A folder whose group may look into it. */
const GROUP_ENTERS = 0o050;
/** A folder in which the group may leave files, and nobody may take those of others away (the sticky bit) but its owner. */
const GROUP_LEAVES = 0o1030 | GROUP_READS;

/**
 * Lets the group of a state folder see a run, and leave answers for it, where the group may look into the state folder itself: the
 * folder's own rights decide. Else all stays the account's alone. What a run fetched is shared with nobody.
 */
export function shareRun(stateFolder: string, run: string, inbox: string): void {
  if ((statSync(stateFolder).mode & GROUP_ENTERS) !== GROUP_ENTERS) return;
  mkdirSync(inbox, { recursive: true, mode: 0o700 });
  for (const folder of [dirname(run), run, join(run, "files")]) {
    allow(folder, GROUP_ENTERS);
    for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isFile()) allow(join(folder, entry.name), GROUP_READS);
  }
  allow(inbox, GROUP_LEAVES);
}

function allow(path: string, more: number): void {
  chmodSync(path, (statSync(path).mode & 0o7777) | more);
}
