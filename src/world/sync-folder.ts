import { closeSync, fsyncSync, openSync } from "node:fs";

/** Makes the names in a folder outlast a loss of power: a file that was made or renamed in it. Throws where that cannot be done. On Windows a folder cannot be synced, and need not be. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
