import type { ProgramAction, ProgramResult } from "../core/action.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { error, ok } from "../core/result.ts";
import { clusterFailure } from "./cluster-errors.ts";
import { excerpt } from "./excerpt.ts";

/** State words of nodes (domain page, 3.1). */
export type NodeState = "Up" | "Down" | "Paused" | "Joining";
/** State words of groups (domain page, 3.1). */
export type GroupState = "Online" | "Offline" | "Partially Online" | "Failed" | "Pending";
/** State words of resources (domain page, 3.1). */
export type ResourceState = "Online" | "Offline" | "Failed" | "Pending";

/** A row of `cluster.exe node /status`. The name is upper case. */
export interface ClusterNode {
  readonly name: string;
  readonly state: NodeState;
}
/** A row of `cluster.exe group /status`. The owner is upper case, the name as it is written. */
export interface ClusterGroup {
  readonly name: string;
  readonly owner: string;
  readonly state: GroupState;
}
/** A row of `cluster.exe res /status`. */
export interface ClusterResource {
  readonly name: string;
  readonly group: string;
  readonly owner: string;
  readonly state: ResourceState;
}

/** The call whose answer {@link parseNodeTable} reads. */
export const CLUSTER_NODES: ProgramAction = { kind: "program", program: "cluster.exe", args: ["node", "/status"] };
/** The call whose answer {@link parseGroupTable} reads. */
export const CLUSTER_GROUPS: ProgramAction = { kind: "program", program: "cluster.exe", args: ["group", "/status"] };
/** The call whose answer {@link parseResourceTable} reads. */
export const CLUSTER_RESOURCES: ProgramAction = { kind: "program", program: "cluster.exe", args: ["res", "/status"] };

const NODE_STATES: readonly NodeState[] = ["Up", "Down", "Paused", "Joining"];
const GROUP_STATES: readonly GroupState[] = ["Online", "Offline", "Partially Online", "Failed", "Pending"];
/** `Online Pending` and `Offline Pending` are read as `Pending`: only that it has not ended matters. */
const PENDING_WORDS = ["Online Pending", "Offline Pending"];
/** Codes that a reading may fail with; the others are about moves. */
export const READ_CODES: ReadonlySet<string> = new Set(["denied", "unreachable", "not_found"]);
const RESOURCE_STATES: readonly ResourceState[] = ["Online", "Offline", "Failed", "Pending"];

/** What stands before the longest of some words at the end of a line, and that word as the list writes it. */
function cutEnd<W extends string>(line: string, words: Iterable<W>): { readonly before: string; readonly word: W } | undefined {
  let found: W | undefined;
  for (const word of words) {
    if (found !== undefined && found.length >= word.length) continue;
    if (line.slice(-word.length).toLowerCase() !== word.toLowerCase()) continue;
    if (/\s/.test(line.charAt(line.length - word.length - 1))) found = word;
  }
  return found === undefined ? undefined : { before: line.slice(0, -found.length).trimEnd(), word: found };
}

/** The rows below the line of dashes. A table that was cut or has no row is unreadable: a missing row could hide an owner. */
function tableRows(action: ProgramAction, result: ProgramResult): Reading<readonly string[]> {
  const asked = `${action.program} ${action.args.join(" ")}`;
  const failure = clusterFailure(asked, result);
  if (failure !== undefined) return error({ code: READ_CODES.has(failure.code) ? failure.code : "unreadable", because: failure.because });
  if (result.droppedBytes > 0) return unreadable(`\`${asked}\``, `the answer is too long, ${result.droppedBytes} bytes were dropped`);
  const lines = result.stdout.split(/\r?\n/).map((line) => line.trimEnd());
  const dashes = lines.findIndex((line) => line.startsWith("-") && /^[- ]+$/.test(line));
  const rows = dashes === -1 ? [] : lines.slice(dashes + 1).filter((line) => line.trim() !== "");
  if (rows.length === 0) return unreadable(`\`${asked}\``, `expected a table below a line of dashes, found \`${excerpt(result.stdout)}\``);
  return ok(rows);
}

/** Each row read by `read`; the first that it cannot read makes the whole table unreadable. */
function parseRows<T>(action: ProgramAction, result: ProgramResult, expected: string, read: (row: string) => T | undefined): Reading<readonly T[]> {
  const rows = tableRows(action, result);
  if (rows.kind === "error") return rows;
  const parsed: T[] = [];
  for (const row of rows.value) {
    const value = read(row);
    if (value === undefined) return unreadable(`\`${action.program} ${action.args.join(" ")}\``, `the row \`${excerpt(row)}\` is not ${expected}. Only English output is understood`);
    parsed.push(value);
  }
  return ok(parsed);
}

/** The nodes, in the order of the table. */
export function parseNodeTable(result: ProgramResult): Reading<readonly ClusterNode[]> {
  return parseRows(CLUSTER_NODES, result, `a node, its number and one of ${NODE_STATES.join(", ")}`, (row) => {
    const state = cutEnd(row, NODE_STATES);
    const name = state === undefined ? undefined : /^(\S{1,63})\s{1,80}\d{1,9}$/.exec(state.before.trimStart())?.[1];
    return state === undefined || name === undefined ? undefined : { name: name.toUpperCase(), state: state.word };
  });
}

/**
 * The groups, in the order of the table. Long names push a line out of its columns, so a row is read from its end: a state
 * word, then one of the known nodes, then the name (domain page, 3.1).
 */
export function parseGroupTable(result: ProgramResult, nodes: readonly ClusterNode[]): Reading<readonly ClusterGroup[]> {
  const names = nodes.map((node) => node.name);
  return parseRows(CLUSTER_GROUPS, result, `a group, one of the nodes ${names.join(", ")} and one of ${GROUP_STATES.join(", ")}`, (row) => {
    const state = cutEnd(row, [...GROUP_STATES, ...PENDING_WORDS]);
    const owner = state === undefined ? undefined : cutEnd(state.before, names);
    if (state === undefined || owner === undefined || owner.before.trim() === "") return undefined;
    return { name: owner.before.trim(), owner: owner.word, state: GROUP_STATES.find((word) => word === state.word) ?? "Pending" };
  });
}

/** The resources, in the order of the table; read from the end of each row like groups, with the known groups' names. */
export function parseResourceTable(result: ProgramResult, nodes: readonly ClusterNode[], groups: readonly ClusterGroup[]): Reading<readonly ClusterResource[]> {
  const names = nodes.map((node) => node.name);
  const groupNames = groups.map((group) => group.name);
  return parseRows(CLUSTER_RESOURCES, result, `a resource, a known group, one of the nodes ${names.join(", ")} and one of ${RESOURCE_STATES.join(", ")}`, (row) => {
    const state = cutEnd(row, [...RESOURCE_STATES, ...PENDING_WORDS]);
    const owner = state === undefined ? undefined : cutEnd(state.before, names);
    const group = owner === undefined ? undefined : cutEnd(owner.before, groupNames);
    if (state === undefined || owner === undefined || group === undefined || group.before.trim() === "") return undefined;
    return { name: group.before.trim(), group: group.word, owner: owner.word, state: RESOURCE_STATES.find((word) => word === state.word) ?? "Pending" };
  });
}
