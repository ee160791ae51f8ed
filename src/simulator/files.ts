import { sha256 } from "../core/digest.ts";
import type { StatResult } from "../core/action.ts";
import { installerLog, lastLineMs } from "./installer/installer-log.ts";
import type { FileState, NodeState } from "./node-state.ts";
import type { WorldState } from "./world-state.ts";

/** Folders that every node has. */
const FOLDERS: readonly string[] = ["c:", "c:\\windows", "c:\\windows\\temp", "c:\\temp", "d:"];

/** A Windows path as it is compared: lower case, backslashes, none at the end. */
export function pathKey(path: string): string {
  return path.replaceAll("/", "\\").replace(/\\+$/, "").toLowerCase();
}

/** The file at a path: one that was put there, or a log that a job writes. Undefined if there is none. */
export function findFile(state: WorldState, node: NodeState, path: string): FileState | undefined {
  const key = pathKey(path);
  const job = node.jobs.findLast((other) => other.log !== undefined && pathKey(other.log) === key);
  if (job !== undefined) {
    const text = installerLog(state, job);
    return { path, bytes: new TextEncoder().encode(text).length, sha256: sha256(text), text, writtenMs: lastLineMs(state, job) };
  }
  return node.files.find((file) => pathKey(file.path) === key);
}

/** True if the folder is one that every node has, or something lies in it. */
export function folderExists(node: NodeState, path: string): boolean {
  const key = pathKey(path);
  return FOLDERS.includes(key) || node.machine.drives.some(({ name }) => name.toLowerCase() === key) || node.files.some((file) => pathKey(file.path).startsWith(`${key}\\`));
}

/** The folder that a path lies in; "" where it names none. */
export function folderOf(path: string): string {
  const key = path.replaceAll("/", "\\");
  return key.slice(0, Math.max(0, key.lastIndexOf("\\")));
}

/** Size and hash of what is at a path. */
export function statOf(state: WorldState, node: NodeState, path: string): StatResult {
  const file = findFile(state, node, path);
  if (file !== undefined) return { exists: true, bytes: file.bytes, sha256: file.sha256, folder: false };
  const folder = folderExists(node, path);
  return { exists: folder, bytes: 0, sha256: "", folder };
}

/** Lays a file down, over one of the same path. */
export function placeFile(node: NodeState, file: FileState): void {
  const at = node.files.findIndex((other) => pathKey(other.path) === pathKey(file.path));
  if (at === -1) node.files.push(file);
  else node.files[at] = file;
}
