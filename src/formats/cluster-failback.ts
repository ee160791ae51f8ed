import type { ProgramAction, ProgramResult } from "../core/action.ts";
import { error, ok } from "../core/result.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { clusterFailure } from "./cluster-errors.ts";
import { READ_CODES, type ClusterNode } from "./cluster-exe.ts";
import { excerpt } from "./excerpt.ts";

/** The property that says whether a group goes back: 0 it stays, 1 it goes back (clusapi: `ClusterGroupPreventFailback`, `ClusterGroupAllowFailback`). Names of properties are not translated. */
const FAILBACK = /(?:^|\s)AutoFailbackType\s+(\d{1,10})(?:\s|$)/im;

/** What {@link parseFailbackType} reads: the properties of a group. */
export function groupProperties(group: string): ProgramAction {
  return { kind: "program", program: "cluster.exe", args: ["group", group, "/prop"] };
}

/** What {@link parsePreferredOwners} reads: the nodes that a group prefers. */
export function groupOwners(group: string): ProgramAction {
  return { kind: "program", program: "cluster.exe", args: ["group", group, "/listowners"] };
}

/** A call as a person would type it. */
function typed(action: ProgramAction): string {
  return [action.program, ...action.args.map((arg) => (arg.includes(" ") ? `"${arg}"` : arg))].join(" ");
}

function refused(action: ProgramAction, result: ProgramResult): ReturnType<typeof unreadable> | undefined {
  const failure = clusterFailure(typed(action), result);
  if (failure !== undefined) return error({ code: READ_CODES.has(failure.code) ? failure.code : "unreadable", because: failure.because });
  return result.droppedBytes > 0 ? unreadable(`\`${typed(action)}\``, `the answer is too long, ${result.droppedBytes} bytes were dropped`) : undefined;
}

/** True where the cluster may take the group back (`AutoFailbackType` is not 0); where the property is not there the answer is unreadable. */
export function parseFailbackType(group: string, result: ProgramResult): Reading<boolean> {
  const action = groupProperties(group);
  const failure = refused(action, result);
  if (failure !== undefined) return failure;
  const value = FAILBACK.exec(result.stdout)?.[1];
  return value === undefined ? unreadable(`\`${typed(action)}\``, `it shows no AutoFailbackType: \`${excerpt(result.stdout)}\``) : ok(Number(value) !== 0);
}

/** The nodes that the group prefers, the first first; empty where it prefers none. The layout, one node a line below a line of dashes, is from memory. */
export function parsePreferredOwners(group: string, result: ProgramResult, nodes: readonly ClusterNode[]): Reading<readonly string[]> {
  const action = groupOwners(group);
  const failure = refused(action, result);
  if (failure !== undefined) return failure;
  const lines = result.stdout.split(/\r?\n/).map((line) => line.trim());
  const dashes = lines.findIndex((line) => /^-{3,60}$/.test(line));
  if (dashes === -1) return unreadable(`\`${typed(action)}\``, `expected the nodes below a line of dashes, found \`${excerpt(result.stdout)}\``);
  const owners = lines.slice(dashes + 1).filter((line) => line !== "").map((line) => line.toUpperCase());
  const unknown = owners.find((owner) => !nodes.some(({ name }) => name === owner));
  return unknown === undefined ? ok(owners) : unreadable(`\`${typed(action)}\``, `the row \`${excerpt(unknown)}\` is none of the nodes ${nodes.map(({ name }) => name).join(", ")}`);
}
