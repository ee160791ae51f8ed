import type { Fault } from "../../../src/simulator/fault.ts";
import type { Standing } from "../../kit/standing.ts";

/** A world of a row, with the inputs of the run on it. */
export interface Scenario {
  readonly name: string;
  /** `examples/worlds/NAME.world.yml` for a bare name, else a path below the project. */
  readonly world: string;
  /** Pieces of the world's text, each with what stands there instead. */
  readonly changes?: readonly (readonly [piece: string, other: string])[];
  readonly inputs?: Readonly<Record<string, string>>;
  /** A file of `test/formats/packages` that lies where the rollup should, under its name. */
  readonly package?: string;
}

/** How a run ends, what it changed until then, and how the system stands after it. What is absent is not looked at. */
export interface Ending extends Partial<Standing> {
  readonly result: "succeeded" | "nothing to do" | "stopped" | "waiting" | "failed";
  readonly changes?: readonly string[];
  /** Of the reason: where it stopped, the cause, and the cure. Every one must be in it. */
  readonly because?: readonly RegExp[];
  readonly owed?: readonly string[];
  /** Steps that are left open for a person. Without it, they are not looked at. */
  readonly open?: readonly string[];
  /** What the open items say: each must be said by one of them. */
  readonly left?: readonly RegExp[];
  /** The questions that people are asked, one by one. Without it, they are not looked at. */
  readonly asked?: readonly RegExp[];
}

/** A row of the failure catalogue (domain page, 6) as a world in which it happens, and what the procedure makes of it. */
export interface Failure extends Scenario {
  /** `F14`; a row may stand in several worlds. */
  readonly row: string;
  readonly first: Ending;
  /** What people do to the system before the second run. */
  readonly cure?: readonly Fault[];
  /** The run after it. Absent: it would only say the same again. */
  readonly second?: Ending;
  /** The model's rules (domain page, 7.4) that the fault itself broke; an action of ours breaks none. */
  readonly brokenByTheFault?: readonly string[];
}

/** The exit code that belongs to a result. */
export const EXIT_CODES: Readonly<Record<Ending["result"], number>> = { succeeded: 0, "nothing to do": 0, stopped: 1, failed: 1, waiting: 5 };

/** An event that is put into a world's text. */
export function event(...entries: readonly string[]): readonly [string, string] {
  return ["\npeople:", `\nevents:\n${entries.map((entry) => `  - ${entry}\n`).join("")}\npeople:`];
}

/** What differs from a healthy node, put into the text of `two-node`. */
export function node(name: "NODEA" | "NODEB", what: string): readonly [string, string] {
  return [`${name}: {}`, `${name}: { ${what} }`];
}

/** What is said of the second storage group, put into the text of `two-node`. */
export function secondGroup(what: string): readonly [string, string] {
  return ["last_full_backup: 5h", what];
}

const GROUP_B = ["NODEB moves Available Storage"];
const COPIED_B = [...GROUP_B, "NODEB put"];
const UPDATE_B = [...COPIED_B, "NODEB msiexec.exe"];
const MOVE = ["NODEB Move-ClusteredMailboxServer"];
const UPDATE_A = ["NODEA moves Available Storage", "NODEA moves Cluster Group", "NODEA put", "NODEA msiexec.exe"];

/** The changes of the procedure on `two-node`, part by part. */
export const DONE = {
  nothing: [],
  groupB: GROUP_B,
  copiedB: COPIED_B,
  updateB: UPDATE_B,
  move: MOVE,
  updateA: UPDATE_A,
  all: [...UPDATE_B, ...MOVE, ...UPDATE_A],
  /** What is left after setup on NODEB could not be started or failed. */
  fromSetupB: ["NODEB msiexec.exe", ...MOVE, ...UPDATE_A],
  fromMove: [...MOVE, ...UPDATE_A],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The system as it was before the run, as it is when all is done, and half-way. */
export const STANDS = {
  untouched: { on: "NODEA", updated: [], amiss: [] },
  halfWay: { on: "NODEA", updated: ["NODEB"], amiss: [] },
  moved: { on: "NODEB", updated: ["NODEB"], amiss: [] },
  done: { on: "NODEB", updated: ["NODEA", "NODEB"], amiss: [] },
} as const satisfies Readonly<Record<string, Standing>>;

/** The usual second runs: all that there was to do, or nothing. */
export const THEN = {
  nothing: { result: "nothing to do", changes: [], ...STANDS.done },
  all: { result: "succeeded", changes: DONE.all, ...STANDS.done },
} as const satisfies Readonly<Record<string, Ending>>;

/** Stopped before anything was changed. */
export function untouched(...because: readonly RegExp[]): Ending {
  return { result: "stopped", changes: DONE.nothing, because, on: "NODEA", updated: [] };
}
