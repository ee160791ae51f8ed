import type { CmdletResult } from "../../../core/action.ts";
import type { ActionCall, ActionDeclaration, Facts } from "../../../core/builtin.ts";
import type { JsonObject } from "../../../core/json.ts";
import { unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { countField, flagField, recordsOf, textField } from "../../../formats/cmdlet-record.ts";
import { parseExchangeReading } from "./exchange-cmdlet.ts";

/** The copy of a storage group on the passive node (domain page, 3.3). */
export interface StorageGroupCopy {
  readonly name: string;
  /** `Healthy`, `Initializing`, `Failed`, …: as the cmdlet says it. */
  readonly status: string;
  /** Logs that wait to be copied. */
  readonly copyQueue: number;
  /** Logs that wait to be replayed. */
  readonly replayQueue: number;
  readonly suspended: boolean;
  /** Why it failed; undefined where nothing is said. */
  readonly failedMessage: string | undefined;
  /** RFC 3339; undefined where no log was inspected yet. */
  readonly lastInspectedLogTime: string | undefined;
  /** The node that holds the copy, upper case; undefined before service pack 1. */
  readonly targetNode: string | undefined;
}

/** The readings of the copies, in their order; more than the first are made only before service pack 1. */
export const COPY_READINGS = ["copies", "copies_again", "copies_once_more"] as const;

/** Before service pack 1 a status can flap, so that many readings in a row must be good, this far apart (domain page, 3.3 and 11.3). */
const READINGS_APART_MS = 30_000;

/** Reads the copies of a mailbox server. */
export const readCopies: ActionDeclaration<{ readonly identity: string }> = {
  effect: "reads",
  title: "Read the state of the database copies",
  make: ({ identity }) => ({
    kind: "cmdlet",
    name: "Get-StorageGroupCopyStatus",
    parameters: { Server: identity },
    properties: ["Identity", "StorageGroupName", "SummaryCopyStatus", "CopyQueueLength", "ReplayQueueLength", "Suspend", "FailedMessage", "LastInspectedLogTime", "CCRTargetNode"],
  }),
};

/** The look at the copies: once from service pack 1 on; before it three times, and the clock. */
export function lookAtCopies(reach: "once" | "three times"): Readonly<Record<string, ActionCall>> {
  const [first, second, third] = COPY_READINGS;
  const call: ActionCall = { action: "read_copies" };
  if (reach === "once") return { [first]: call };
  const later: ActionCall = { ...call, afterMs: READINGS_APART_MS };
  return { [first]: call, [second]: later, [third]: later, clock: { action: "read_clock" } };
}

function parseCopy(record: JsonObject): Reading<StorageGroupCopy> {
  const what = "`Get-StorageGroupCopyStatus`";
  const name = textField(record, "StorageGroupName") ?? textField(record, "Identity");
  const status = textField(record, "SummaryCopyStatus");
  const copyQueue = countField(record, "CopyQueueLength");
  const replayQueue = countField(record, "ReplayQueueLength");
  if (name === undefined) return unreadable(what, "a record has neither `StorageGroupName` nor `Identity`");
  if (status === undefined) return unreadable(what, `\`SummaryCopyStatus\` of ${name} is empty`);
  if (copyQueue === undefined || replayQueue === undefined) return unreadable(what, `\`CopyQueueLength\` or \`ReplayQueueLength\` of ${name} is no count`);
  return ok({
    name, status, copyQueue, replayQueue,
    suspended: flagField(record, "Suspend") ?? status === "Suspended",
    failedMessage: textField(record, "FailedMessage"),
    lastInspectedLogTime: textField(record, "LastInspectedLogTime"),
    targetNode: textField(record, "CCRTargetNode")?.toUpperCase(),
  });
}

function parseCopies(answer: CmdletResult): Reading<readonly StorageGroupCopy[]> {
  const records = recordsOf("`Get-StorageGroupCopyStatus`", answer);
  if (records.kind === "error") return records;
  const copies: StorageGroupCopy[] = [];
  for (const record of records.value) {
    const copy = parseCopy(record);
    if (copy.kind === "error") return copy;
    copies.push(copy.value);
  }
  return ok(copies);
}

/** One reading of the copies; empty where the server has no storage group. */
export function copiesIn(facts: Facts, reading: (typeof COPY_READINGS)[number]): Reading<readonly StorageGroupCopy[]> {
  return parseExchangeReading(facts, reading, "Get-StorageGroupCopyStatus", parseCopies);
}
