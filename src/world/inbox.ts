import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import type { Answer, AskedQuestion } from "../core/port.ts";
import { systemCode } from "./file-fault.ts";

/** An answer that somebody left for a run: to which question, and when. */
export interface LeftAnswer extends Omit<Answer, "reason"> {
  readonly step: string;
  /** Of the question. */
  readonly digest: string;
  readonly at: string;
  readonly reason?: string;
}

function fileOf(inbox: string, { step, digest, account }: Pick<LeftAnswer, "step" | "digest" | "account">): string {
  return join(inbox, `${sha256(JSON.stringify([step, digest, account])).slice(0, 24)}.json`);
}

/** Leaves an answer in a run's inbox, whole or not at all. A second one of the same account to the same question takes the place of the first. */
export function leaveAnswer(inbox: string, answer: LeftAnswer): void {
  mkdirSync(inbox, { recursive: true, mode: 0o700 });
  const file = fileOf(inbox, answer);
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, JSON.stringify(answer), { mode: 0o600, flush: true });
  renameSync(part, file);
}

/** The answers that wait in an inbox, oldest first; empty where there is none. */
export function answersIn(inbox: string): readonly LeftAnswer[] {
  let names: readonly string[];
  try {
    names = readdirSync(inbox);
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return [];
    throw fault;
  }
  return names.filter((name) => name.endsWith(".json")).map((name) => JSON.parse(readFileSync(join(inbox, name), "utf8")) as LeftAnswer).toSorted((a, b) => a.at.localeCompare(b.at));
}

/** Takes the oldest answer to a question out of the inbox; undefined where nobody left one. */
export function takeAnswer(inbox: string, { step, digest }: Pick<AskedQuestion, "step" | "digest">): Answer | undefined {
  const left = answersIn(inbox).find((answer) => answer.step === step && answer.digest === digest);
  if (left === undefined) return undefined;
  rmSync(fileOf(inbox, left), { force: true });
  const { answer, by, account, host, reason } = left;
  return { answer, by, account, host, reason };
}
