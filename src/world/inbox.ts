import { chmodSync, closeSync, constants, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import { accountOfUser } from "./account.ts";
import { systemCode } from "./file-fault.ts";

/** An answer that somebody left for a run: to which question, and when. */
export interface LeftAnswer {
  readonly step: string;
  /** Of the question; absent where it was left before the question was asked, which only a value can be. */
  readonly digest?: string;
  readonly answer: string;
  /** Who answered, as they named themselves. */
  readonly by: string;
  readonly account: string;
  readonly host: string;
  readonly at: string;
  readonly reason?: string;
}

/** An answer as it lies in an inbox. Its account is the one that owns the file, whatever the file says. */
export interface FoundAnswer extends LeftAnswer {
  /** Names it: no two answers have one name. */
  readonly name: string;
  readonly file: string;
}

/** Bytes. An answer has a thousand characters at most, and a reason beside it. */
const LONGEST_FILE = 100_000;

function fileOf(inbox: string, { step, digest, account }: LeftAnswer): string {
  return join(inbox, `${sha256(JSON.stringify([step, digest ?? "in advance", account])).slice(0, 24)}.json`);
}

/**
 * Leaves an answer in a run's inbox, whole or not at all. A second one of the same account to the same question takes the place of
 * the first. Throws the system's error where the account may not write there.
 */
export function leaveAnswer(inbox: string, answer: LeftAnswer): void {
  if (!existsSync(inbox)) mkdirSync(inbox, { recursive: true, mode: 0o700 });
  const file = fileOf(inbox, answer);
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, JSON.stringify(answer), { flush: true });
  // Whoever carries the run out may be another account; who can see the inbox at all is said by its folder.
  chmodSync(part, 0o644);
  renameSync(part, file);
}

/** The answers that wait in an inbox, oldest first; empty where there is none, or where none can be, which `leaveAnswer` says. What is no answer counts for nothing: every account that may answer may write there. */
export async function answersIn(inbox: string): Promise<readonly FoundAnswer[]> {
  let names: readonly string[];
  try {
    names = readdirSync(inbox);
  } catch (fault) {
    if (systemCode(fault) === undefined) throw fault;
    return [];
  }
  const found: FoundAnswer[] = [];
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    const answer = await readAnswer(join(inbox, name));
    if (answer !== undefined) found.push(answer);
  }
  return found.toSorted((a, b) => a.at.localeCompare(b.at));
}

/** Takes an answer out of the inbox, once it is kept elsewhere. */
export function removeAnswer({ file }: FoundAnswer): void {
  rmSync(file, { force: true });
}

async function readAnswer(file: string): Promise<FoundAnswer | undefined> {
  const read = readPlainFile(file);
  if (read === undefined) return undefined;
  const { text, owner } = read;
  const said = parseAnswer(text);
  if (said === undefined) return undefined;
  const account = await accountOfUser(owner) ?? said.account;
  return { ...said, account, name: sha256(text).slice(0, 24), file };
}

/** The text and the owner of a file that holds an answer, perhaps; undefined for a folder, a link, a pipe that would keep the run waiting, and what is too long or not meant to be read. */
function readPlainFile(file: string): { readonly text: string; readonly owner: number } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (fault) {
    // Replaced or taken meanwhile; or whatever else it is, no answer.
    if (systemCode(fault) === undefined) throw fault;
    return undefined;
  }
  try {
    const facts = fstatSync(descriptor);
    return facts.isFile() && facts.size <= LONGEST_FILE ? { text: readFileSync(descriptor, "utf8"), owner: facts.uid } : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function parseAnswer(text: string): LeftAnswer | undefined {
  let said: Json;
  try {
    said = JSON.parse(text) as Json;
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined;
    throw fault;
  }
  if (!isJsonObject(said)) return undefined;
  const { step, digest, answer, by, account, host, at, reason } = said;
  if (typeof step !== "string" || typeof answer !== "string" || typeof by !== "string" || typeof account !== "string" || typeof host !== "string" || typeof at !== "string") return undefined;
  return { step, answer, by, account, host, at, ...(typeof digest === "string" ? { digest } : {}), ...(typeof reason === "string" ? { reason } : {}) };
}
