import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { continueJournal, createJournal } from "../../src/world/journal-file.ts";
import { JOURNAL_FILE, openJournal, OUTPUT_FOLDER, readJournal } from "../../src/world/journal-reading.ts";
import { chained, lineOf } from "../../src/world/journal-record.ts";
import { temporaryFolder, until } from "./real-process.ts";

const RUN = "abcdefghij";
const AT = "2026-03-01T10:00:00.000Z";

function warning(seq: number, message: string): Event {
  return { v: 1, seq, at: AT, run: RUN, type: "warning", code: "test", message };
}

/** Texts of every kind: short, with what JSON and UTF-8 make longer, one that stands beside the journal, and keys that look like such a one. */
const MESSAGES = ["one", "two\nlines and a \"quote\"", "日本語 ü \u{1F600}", "x".repeat(5_000), "{\"$output\":\"no\"}", "last"];

/** A journal of these events in a folder of its own, synced after every second of them and at its end. */
async function written(events: readonly Event[]): Promise<string> {
  const folder = temporaryFolder();
  const journal = createJournal(folder, { run: RUN, tool: "runbook test" });
  if (journal.kind === "error") throw new Error(journal.error);
  for (const event of events) {
    journal.value.append(event);
    if (event.seq % 2 === 0) expect(await journal.value.sync()).toEqual({ kind: "ok", value: undefined });
  }
  expect(await journal.value.close()).toEqual({ kind: "ok", value: undefined });
  return folder;
}

function eventsIn(folder: string): readonly Event[] {
  const read = readJournal(folder);
  if (read.kind === "error") throw new Error(read.error.because);
  return read.value.events;
}

function faultIn(folder: string): string {
  const read = readJournal(folder);
  return read.kind === "error" ? `${read.error.kind}: ${read.error.because}` : "sound";
}

/** The same journal with other bytes, its long texts beside it. */
function withBytes(folder: string, bytes: Buffer): void {
  writeFileSync(join(folder, JOURNAL_FILE), bytes);
}

const EVENTS = MESSAGES.map((message, index) => warning(index + 1, message));

describe("a journal", () => {
  test("gives back what was recorded", async () => {
    expect(eventsIn(await written(EVENTS))).toEqual(EVENTS);
  });

  test("names with the last line of each writing the digest of all bytes before it, as any tool tells it", async () => {
    const bytes = readFileSync(join(await written(EVENTS), JOURNAL_FILE));
    const seals = bytes.toString().split("\n").slice(0, -1).flatMap((line) => {
      const seal = /^\{"chain":"[0-9a-f]{64}","file":"([0-9a-f]{64})"/.exec(line)?.[1];
      return seal === undefined ? [] : [{ seal, before: bytes.indexOf(line) }];
    });
    expect(seals).toHaveLength(3);
    for (const { seal, before } of seals) expect(createHash("sha256").update(bytes.subarray(0, before)).digest("hex")).toBe(seal);
  });

  test("keeps at once what several ask for in one turn, and all of it is there when the first is told so", async () => {
    const folder = temporaryFolder();
    const journal = createJournal(folder, { run: RUN, tool: "runbook test" });
    if (journal.kind === "error") throw new Error(journal.error);
    const file = journal.value;
    const [first] = EVENTS.map((event) => {
      file.append(event);
      return file.sync();
    });
    expect(await first).toEqual({ kind: "ok", value: undefined });
    expect(eventsIn(folder)).toEqual(EVENTS);
    expect(readFileSync(join(folder, JOURNAL_FILE), "utf8").match(/"file":"/g)).toHaveLength(1);
    await file.close();
  });

  test("holds what was told before it is synced, for whoever reads it meanwhile", async () => {
    const folder = temporaryFolder();
    const journal = createJournal(folder, { run: RUN, tool: "runbook test" });
    if (journal.kind === "error") throw new Error(journal.error);
    journal.value.append(warning(1, "one"));
    journal.value.append(warning(2, "two"));
    expect(await until(() => { const read = readJournal(folder); return read.kind === "ok" ? read.value.events : undefined; })).toEqual([warning(1, "one"), warning(2, "two")]);
    journal.value.append(warning(3, "three"));
    await journal.value.close();
    expect(eventsIn(folder)).toHaveLength(3);
  });

  test("gives the events of some types alone, and none of a value that looks like one", async () => {
    const like = { v: 1, seq: 9, at: AT, run: RUN, type: "run-finished" };
    const text = `","run":"${RUN}","type":"run-finished"`;
    const asked: Event = { v: 1, seq: 2, at: AT, run: RUN, type: "looked", step: "s", turn: 1, facts: { note: { a: "x", run: RUN, type: "run-finished" }, like, text } };
    const folder = await written([warning(1, "one"), asked, warning(3, text), warning(4, "last"), warning(5, "behind")]);
    const open = openJournal(folder);
    if (open.kind === "error") throw new Error(open.error.because);
    expect(open.value.only(new Set(["run-finished"]))).toEqual({ kind: "ok", value: [] });
    expect(open.value.only(new Set(["looked"]))).toEqual({ kind: "ok", value: [asked] });
    expect(open.value.only(new Set(["warning", "looked"]))).toEqual({ kind: "ok", value: eventsIn(folder) });
    expect(open.value.lastAt).toBe(AT);
  });

  test("gives all events but those of some types, and the last one whatever it is", async () => {
    const looked = (seq: number): Event => ({ v: 1, seq, at: AT, run: RUN, type: "looked", step: "s", turn: 1, facts: { text: "日本語" } });
    const events = [looked(1), warning(2, "日本語"), looked(3), warning(4, "x".repeat(5_000)), looked(5), warning(6, "behind"), looked(7)];
    const open = openJournal(await written(events));
    if (open.kind === "error") throw new Error(open.error.because);
    const but = open.value.read(new Set(["looked"]));
    expect(but).toMatchObject({ kind: "ok", value: { events: [warning(2, "日本語"), warning(4, "x".repeat(5_000)), warning(6, "behind"), looked(7)] } });
  });

  test("cut off at any byte reads as the record boundary before it, and goes on from there", async () => {
    const folder = await written(EVENTS);
    const whole = readFileSync(join(folder, JOURNAL_FILE));
    const ends = [...whole.entries()].flatMap(([index, byte]) => (byte === 10 ? [index + 1] : []));
    let never = 0;
    for (let length = 0; length <= whole.length; length += 1) {
      withBytes(folder, whole.subarray(0, length));
      const records = ends.filter((end) => end <= length).length - 1;
      const read = readJournal(folder);
      if (records < 1) {
        expect(faultIn(folder)).toMatch(/^never-began: /);
        never += 1;
        continue;
      }
      if (read.kind === "error") throw new Error(`${length} bytes: ${read.error.because}`);
      expect(read.value.events).toEqual(EVENTS.slice(0, records));
      expect(read.value.cutBytes).toBe(length - (ends[records] ?? 0));
      const going = continueJournal(folder, read.value);
      if (going.kind === "error") throw new Error(going.error);
      going.value.append(warning(records + 1, "resumed"));
      await going.value.close();
      expect(eventsIn(folder)).toEqual([...EVENTS.slice(0, records), warning(records + 1, "resumed")]);
    }
    process.stdout.write(`journal: ${whole.length + 1} prefixes of ${EVENTS.length} records read, ${never} of them before the first record; each of the others went on\n`);
  });

  test("with any one bit changed is told to be damaged, or ends before the record that was last", async () => {
    const folder = await written(EVENTS);
    const whole = readFileSync(join(folder, JOURNAL_FILE));
    const lastStart = whole.lastIndexOf(10, whole.length - 2) + 1;
    const found = { damaged: 0, torn: 0 };
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      withBytes(folder, bytes);
      const read = readJournal(folder);
      if (read.kind === "error") found.damaged += 1;
      else {
        expect(bit >> 3, "a change before the last record").toBeGreaterThanOrEqual(lastStart - 1);
        expect(read.value.events).toEqual(EVENTS.slice(0, -1));
        expect(read.value.cutBytes).toBeGreaterThan(0);
        found.torn += 1;
      }
    }
    expect(found.damaged).toBeGreaterThan(0);
    process.stdout.write(`journal: ${whole.length * 8} single bits changed, ${found.damaged} told as damaged, ${found.torn} read as a torn last record\n`);
  }, 120_000);
});

describe("a journal that was changed", () => {
  test("is not believed where records were left out, put in or exchanged, and the fault names the record and its byte", async () => {
    const folder = await written(EVENTS);
    const lines = readFileSync(join(folder, JOURNAL_FILE), "utf8").split("\n").slice(0, -1);
    const other = async (changed: readonly string[]): Promise<string> => {
      withBytes(folder, Buffer.from(`${changed.join("\n")}\n`));
      return faultIn(folder);
    };
    expect(await other(lines.toSpliced(2, 1))).toMatch(/^damaged: .*record 2, at byte \d+, does not follow from the one before/);
    expect(await other(lines.toSpliced(2, 0, lines[1] ?? ""))).toMatch(/record 2, .*does not follow/);
    expect(await other([lines[0] ?? "", lines[2] ?? "", lines[1] ?? "", ...lines.slice(3)])).toMatch(/record 1, .*does not follow/);
    expect(await other(lines.slice(1))).toMatch(/record 0, /);
    expect(await other([...lines.slice(0, 3), "rubbish", ...lines.slice(3)])).toMatch(/record 3, at byte \d+, is no record/);
  });

  test("is damaged where a text beside it is missing or another one", async () => {
    const folder = await written(EVENTS);
    const digest = /"\$output":"([0-9a-f]{64})"/.exec(readFileSync(join(folder, JOURNAL_FILE), "utf8"))?.[1] ?? "";
    writeFileSync(join(folder, OUTPUT_FOLDER, digest), "another text");
    expect(faultIn(folder)).toMatch(new RegExp(`record 4, at byte \\d+, names the output ${digest}, which is missing or was changed`));
  });

  test("that is of another run is not believed", async () => {
    const [one, two] = [await written(EVENTS), temporaryFolder()];
    const text = readFileSync(join(one, JOURNAL_FILE), "utf8").split("\n");
    const header = JSON.stringify({ journal: 1, run: "anotherrun", tool: "runbook test" });
    const chain = chained("", header);
    writeFileSync(join(two, JOURNAL_FILE), `${lineOf(header, chain)}${text.slice(1).join("\n")}`);
    expect(faultIn(two)).toMatch(/record 1, .*does not follow/);
  });
});

/** A journal whose header says that version. */
function versioned(version: number): string {
  const folder = temporaryFolder();
  const header = JSON.stringify({ journal: version, run: RUN, tool: "runbook 9.9.9" });
  const first = chained("", header);
  const event = JSON.stringify(warning(1, "one"));
  mkdirSync(join(folder, OUTPUT_FOLDER));
  writeFileSync(join(folder, JOURNAL_FILE), `${lineOf(header, first)}${lineOf(event, chained(first, event))}`);
  return folder;
}

describe("the version of a journal", () => {
  test("newer than this program is refused by name, and the journal is left as it is", () => {
    expect(faultIn(versioned(2))).toMatch(/^damaged: .* was written by a newer version of runbook \(runbook 9\.9\.9\); this one reads journals up to version 1/);
  });

  test("that none ever had is no journal of ours", () => {
    for (const version of [0, -1, 1.5]) expect(faultIn(versioned(version)), String(version)).toMatch(/no version of the journal's format/);
  });
});

test("a journal that was torn is cut only when it goes on: reading changes nothing", async () => {
  const folder = await written(EVENTS);
  const path = join(folder, JOURNAL_FILE);
  truncateSync(path, readFileSync(path).length - 3);
  copyFileSync(path, join(folder, "before"));
  readJournal(folder);
  expect(readFileSync(path)).toEqual(readFileSync(join(folder, "before")));
});
