import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import type { CmdletResult } from "../../core/action.ts";
import { parseReading, unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { countField, recordsOf, textField } from "../../formats/cmdlet-record.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { parseTimestamp } from "../../formats/timestamp.ts";

/** Most errors that `summary` names. */
const MOST_NAMED = 5;

/** An entry of the Application log. */
interface LogEntry {
  /** RFC 3339, and in ms since 1970. */
  readonly time: string;
  readonly atMs: number;
  readonly type: string;
  readonly source: string;
  readonly id: number;
  readonly message: string;
}

function parseEntries(answer: CmdletResult): Reading<readonly LogEntry[]> {
  const what = "the Application log";
  const records = recordsOf(what, answer);
  if (records.kind === "error") return records;
  const entries: LogEntry[] = [];
  for (const record of records.value) {
    const time = textField(record, "TimeGenerated") ?? "";
    const atMs = parseTimestamp(time);
    const id = countField(record, "EventID");
    const source = textField(record, "Source") ?? "";
    if (atMs === undefined) return unreadable(what, `\`TimeGenerated\` of an entry is \`${excerpt(time)}\`, expected a time`);
    if (id === undefined) return unreadable(what, `\`EventID\` of an entry of ${excerpt(source)} is no number`);
    entries.push({ time, atMs, type: textField(record, "EntryType") ?? "", source, id, message: textField(record, "Message") ?? "" });
  }
  return ok(entries);
}

function entriesIn(facts: Facts): Reading<readonly LogEntry[]> {
  return parseReading(facts, "entries", "cmdlet", parseEntries);
}

/** True if a source is one of the wanted: a name, or the beginning of one with `*`. Windows knows no case. */
function isWanted(source: string, wanted: readonly string[]): boolean {
  const name = source.toLowerCase();
  return wanted.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1).toLowerCase()) : name === pattern.toLowerCase()));
}

function named({ source, id, message }: LogEntry): string {
  return `${excerpt(source)} ${id}${message === "" ? "" : ` (${excerpt(message)})`}`;
}

/** The time of the newest entry; `since` where there is none after it. */
function newestOf(entries: readonly LogEntry[], since: string, sinceMs: number): string {
  return entries.reduce((newest, entry) => (entry.atMs > newest.atMs ? entry : newest), { time: since, atMs: sinceMs }).time;
}

/** `exchange.event_log`: errors of Exchange in the Application log. */
export const exchangeEventLog = defineBuiltin({
  name: "exchange.event_log",
  title: "Read the errors of Exchange from the Application log",
  docs: `Reads the newest \`newest\` entries of the Application log of the node with \`Get-EventLog\`, and gives the errors that were written since \`since\` by Exchange or by
Windows Installer. PowerShell 1.0, which Exchange 2007 begins with, cannot filter there; so the entries are fetched, bounded, and picked here.

\`complete\` is false where even the oldest entry that was read is younger than \`since\`: earlier ones were not seen. Read more with \`newest\`.

Times are those of the node's own clock. Errors that are known and harmless are named in \`ignore\`, as source and number: \`MSExchange ADAccess 2102\`.

Source: domain page, 4.5, 5 and F41.`,
  examples: [{
    title: "No errors since the run began",
    yaml: `- id: errors
  uses: exchange.event_log
  target: node_b
  with: { since: "{{run.started}}" }
  expect:
    - that: outputs.clean && outputs.complete
      because: "{{outputs.summary}}"`,
  }],
  inputs: {
    since: { type: "string", format: "time", description: "Entries up to it do not count" },
    newest: { type: "integer", default: 1000, minimum: 1, maximum: 10_000, description: "So many entries are read, the newest first" },
    sources: { type: "list", items: { type: "string" }, default: ["MSExchange*", "MsiInstaller"], description: "Whose errors count: a source, or the beginning of its name with `*`" },
    ignore: { type: "list", items: { type: "string", pattern: "^\\S.* [0-9]+$" }, default: [], description: "Errors that do not count, as `SOURCE NUMBER`" },
  },
  outputs: {
    clean: { type: "boolean", description: "No error counts" },
    complete: { type: "boolean", description: "Everything since `since` was read" },
    until: { type: "string", format: "time", description: "Time of the newest entry that was read, or `since`: from there a later step can go on" },
    count: { type: "integer", description: "So many errors count" },
    errors: {
      type: "list", description: "The errors that count, oldest first",
      items: {
        type: "object",
        properties: {
          time: { type: "string", format: "time", description: "When it was written" },
          source: { type: "string", description: "Who wrote it" },
          event_id: { type: "integer", description: "Its number" },
          message: { type: "string", description: "The beginning of its text" },
        },
      },
    },
    summary: { type: "string", description: "The last errors in one line" },
  },
  codes: {},
  place: "required",
  timeoutMs: 300_000,
  actions: {
    read: {
      effect: "reads",
      title: "Read the Application log",
      make: ({ newest }) => ({
        kind: "cmdlet",
        name: "Get-EventLog",
        parameters: { LogName: "Application", Newest: newest },
        properties: ["TimeGenerated", "EntryType", "Source", "EventID", "Message"],
      }),
    },
  },
  look: () => ({ entries: { action: "read" } }),
  decide({ since, newest, sources, ignore }, facts, past) {
    const entries = entriesIn(facts);
    if (entries.kind === "error") return withoutReading(past, entries.error);
    const sinceMs = parseTimestamp(since) ?? Number.NaN;
    if (Number.isNaN(sinceMs)) return { kind: "refuse", code: "bad_input", because: `\`since\` is \`${excerpt(since)}\`, expected a time` };
    const ignored = new Set(ignore.map((text) => text.toLowerCase()));
    const errors = entries.value
      .filter((entry) => entry.type.toLowerCase() === "error" && entry.atMs > sinceMs && isWanted(entry.source, sources) && !ignored.has(`${entry.source} ${entry.id}`.toLowerCase()))
      .toSorted((a, b) => a.atMs - b.atMs);
    // Fewer entries than were asked for are the whole log.
    const complete = entries.value.length < newest || entries.value.some((entry) => entry.atMs <= sinceMs);
    const last = errors.slice(-MOST_NAMED);
    const reach = complete ? "" : `; only the newest ${newest} entries were read, and they do not reach back to ${since}`;
    const found = errors.length === 0 ? `no error since ${since}` : `${errors.length} ${errors.length === 1 ? "error" : "errors"} since ${since}: ${last.map(named).join("; ")}${errors.length > last.length ? `; and ${errors.length - last.length} before` : ""}`;
    const summary = `${found}${reach}${errors.length === 0 ? "" : `; \`Get-EventLog Application -Newest ${newest}\` shows them`}`;
    return {
      kind: "done",
      outputs: {
        clean: errors.length === 0,
        complete,
        until: newestOf(entries.value, since, sinceMs),
        count: errors.length,
        errors: errors.map(({ time, source, id, message }) => ({ time, source, event_id: id, message: excerpt(message) })),
        summary,
      },
      because: summary,
    };
  },
});
