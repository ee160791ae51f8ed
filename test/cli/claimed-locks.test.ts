import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimBeforeChanges, claimedLocks, type ClaimedLocks } from "../../src/cli/claimed-locks.ts";
import type { Event } from "../../src/core/event.ts";
import { error, ok, type Result } from "../../src/core/result.ts";
import { claimFiles } from "../../src/world/claims.ts";
import { createJournal, type JournalFile } from "../../src/world/journal-file.ts";
import { readJournal } from "../../src/world/journal-reading.ts";
import { lockFiles } from "../../src/world/lock-file.ts";

const RUN = "r000000001";
let folder: string;
let journal: JournalFile;
let locks: ClaimedLocks;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runbook-claims-"));
  const made = createJournal(join(folder, "run"), { run: RUN, tool: "runbook test" });
  if (made.kind === "error") throw new Error(made.error);
  journal = made.value;
  locks = claimedLocks(lockFiles(folder), claimFiles(folder), () => "2026-01-01T00:00:00.000Z", () => ({ over: undefined }));
  expect(locks.lock.acquire(["local"], RUN).kind).toBe("held");
});
afterEach(async () => {
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

function event(seq: number, body: object): Event {
  return { v: 1, seq, at: "2026-01-01T00:00:00.000Z", run: RUN, ...body } as unknown as Event;
}
const intent = (seq: number, effect: "reads" | "changes"): Event => event(seq, { type: "action-started", step: "one", number: seq, effect });

/** Types of what the journal on the disk tells. */
function onDisk(): readonly string[] {
  const read = readJournal(join(folder, "run"));
  return read.kind === "error" ? [read.error.kind] : read.value.events.map(({ type, seq }) => `${seq} ${type}`);
}

test("a run claims when what it told before its first intent is kept, and its intent is kept when the claim stands", async () => {
  const atClaim: unknown[] = [];
  const claim = (run: string): Result<undefined, string> => {
    atClaim.push(onDisk(), claimFiles(folder).claimedBy(RUN));
    return locks.claim(run);
  };
  const claiming = claimBeforeChanges(journal, { ...locks, claim }, RUN, () => ok(undefined));
  claiming.append(event(1, { type: "warning", code: "a", message: "b" }));
  claiming.append(intent(2, "reads"));
  claiming.append(intent(3, "changes"));
  claiming.append(event(4, { type: "warning", code: "a", message: "b" }));
  expect(await Promise.all([claiming.sync(), claiming.sync()])).toEqual([ok(undefined), ok(undefined)]);
  expect(atClaim.slice(0, 2)).toEqual([["1 warning", "2 action-started"], []]);
  expect(claimFiles(folder).claimedBy(RUN)).toEqual(["local"]);
  expect(onDisk()).toEqual(["1 warning", "2 action-started", "3 action-started", "4 warning"]);
  claiming.append(intent(5, "changes"));
  await claiming.sync();
  expect(onDisk()).toHaveLength(5);
});

test.each<[what: string, refuse: "claim" | "kept"]>([["the claim cannot be written", "claim"], ["what was changed before is not kept", "kept"]])("where %s no intent may be acted upon, and what comes after it is numbered on", async (because, refuse) => {
  const refused = { ...locks, ...(refuse === "claim" ? { claim: () => error(because) } : {}) };
  const claiming = claimBeforeChanges(journal, refused, RUN, () => (refuse === "kept" ? error(because) : ok(undefined)));
  claiming.append(event(1, { type: "warning", code: "a", message: "b" }));
  claiming.append(intent(2, "changes"));
  expect(await claiming.sync()).toEqual(error(because));
  claiming.append(event(3, { type: "warning", code: "a", message: "b" }));
  expect(await claiming.sync()).toEqual(error(because));
  expect(await journal.sync()).toEqual(ok(undefined));
  expect(onDisk()).toEqual(["1 warning", "2 action-started", "3 warning"]);
});
