// Loaded before the program (`node --import`): ends its process by SIGKILL at one instant of its way to the disk. The program knows nothing
// of it. Instants are numbered from 1: one directly before each call that changes a file of the state folder, and one after each record of
// the journal that is not the last of its write. DIES_AT names the instant; without it the process lives, and DIES_OUT is given what each instant is.
// COPIES_AT names instants (`3,4,7`) at which the state folder is copied, to COPIES_TO/INSTANT, as a death at that instant would leave it: all
// but the files of the locks, which only who locks may open, and which the system frees.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import process from "node:process";

const state = process.env["RUNBOOK_STATE"] ?? "";
const diesAt = Number(process.env["DIES_AT"] ?? 0);
const copiesAt = new Set((process.env["COPIES_AT"] ?? "").split(",").map(Number));
const copiesTo = process.env["COPIES_TO"] ?? "";
const out = process.env["DIES_OUT"];
const kinds: string[] = [];
const paths = new Map<number, string>();
let instant = 0;

function reach(kind: string): void {
  instant += 1;
  if (out !== undefined) kinds.push(kind);
  if (copiesAt.has(instant)) real.cpSync(state, join(copiesTo, String(instant)), { recursive: true, filter: (path) => !path.endsWith(".lock") });
  if (instant === diesAt) process.kill(process.pid, "SIGKILL");
}

const isKept = (path: unknown): path is string => typeof path === "string" && path.startsWith(state);
const placeOf = (path: string): string => path.slice(state.length + 1).split("/").at(0) === "runs" ? (path.split("/").at(-1) ?? "") : (path.slice(state.length + 1).split("/").at(0) ?? "");
const real = { ...fs };

/** Before the call, where its path is one of the state folder. */
function before(name: "writeFileSync" | "renameSync" | "rmSync" | "mkdirSync"): void {
  const call = real[name] as (...args: readonly unknown[]) => unknown;
  Object.assign(fs, { [name]: (...args: readonly unknown[]) => {
    if (isKept(args[0])) reach(`${name} ${placeOf(args[0])}`);
    return call(...args);
  } });
}

for (const name of ["writeFileSync", "renameSync", "rmSync", "mkdirSync"] as const) before(name);

Object.assign(fs, {
  openSync: (...args: Parameters<typeof fs.openSync>) => {
    if (isKept(args[0]) && typeof args[1] === "string" && args[1] !== "r") reach(`openSync ${placeOf(args[0])}`);
    const file = real.openSync(...args);
    if (isKept(args[0])) paths.set(file, placeOf(args[0]));
    return file;
  },
  fdatasync: (file: number, then: (fault: NodeJS.ErrnoException | null) => void) => {
    reach(`fdatasync ${paths.get(file) ?? ""}`);
    real.fdatasync(file, then);
  },
  fdatasyncSync: (file: number) => {
    reach(`fdatasync ${paths.get(file) ?? ""}`);
    real.fdatasyncSync(file);
  },
  ftruncateSync: (file: number, length: number) => {
    reach(`ftruncateSync ${paths.get(file) ?? ""}`);
    real.ftruncateSync(file, length);
  },
  writeSync: (file: number, bytes: Buffer | string, offset = 0) => {
    const path = paths.get(file);
    if (path === undefined) return real.writeSync(file, bytes as Buffer, offset);
    reach(`writeSync ${path}`);
    let from = offset;
    if (path === "journal.jsonl" && typeof bytes !== "string") {
      for (let end = bytes.indexOf(10, from); end !== -1 && end < bytes.length - 1; end = bytes.indexOf(10, from)) {
        from += real.writeSync(file, bytes, from, end + 1 - from);
        reach("record journal.jsonl");
      }
    }
    return typeof bytes === "string" ? real.writeSync(file, bytes) : from - offset + real.writeSync(file, bytes, from);
  },
});
syncBuiltinESMExports();
if (out !== undefined) process.on("exit", () => real.writeFileSync(out, JSON.stringify(kinds)));
