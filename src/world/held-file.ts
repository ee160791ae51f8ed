import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** SQLite's word for "somebody else has it" (result code SQLITE_BUSY). */
const SQLITE_BUSY = 5;

/**
 * So long it is tried to hold a file, in ms: two who try at the same instant are in each other's way for a moment, and without a second try neither might
 * get it. Whoever holds a file holds it for longer.
 */
const TRYING_MS = 100;

/** The connections whose transactions hold the files of this process. A connection that nobody refers to would be collected, and its file be free. */
const open = new Set<DatabaseSync>();

/** Holds a file, which is made where it is missing: an exclusive transaction, which the system ends with the process. Gives the way to let it go; undefined where somebody else holds it. */
export function holdFile(path: string): (() => void) | undefined {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${TRYING_MS}; BEGIN EXCLUSIVE`);
  } catch (fault) {
    database.close();
    if (sqliteCode(fault) === SQLITE_BUSY) return undefined;
    throw fault;
  }
  open.add(database);
  return () => {
    open.delete(database);
    database.close();
  };
}

/** True while a process holds the file. Writes nothing, and is in nobody's way for longer than the look takes. */
export function isHeld(path: string): boolean {
  if (!existsSync(path)) return false;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec(`PRAGMA busy_timeout = ${TRYING_MS}; BEGIN; SELECT 1 FROM sqlite_master`);
    return false;
  } catch (fault) {
    if (sqliteCode(fault) === SQLITE_BUSY) return true;
    throw fault;
  } finally {
    database.close();
  }
}

/** SQLite's result code of an error; undefined for any other error. */
export function sqliteCode(fault: unknown): number | undefined {
  const code: unknown = fault instanceof Error && "errcode" in fault ? fault.errcode : undefined;
  return typeof code === "number" ? code : undefined;
}
