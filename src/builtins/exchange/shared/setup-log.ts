import type { JobResult } from "../../../core/action.ts";
import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { countField, recordsOf, textField, textsField } from "../../../formats/cmdlet-record.ts";
import { FAILED_ACTION, failureInLog, LAST_WORD } from "../../../formats/installer-log.ts";

/** Lines around a sign of failure that are read: before it, after it. */
const CONTEXT = [6, 1] as const;

/** Reads the lines around the signs of failure from a log of msiexec, and nothing else of it: reading `log_errors`. A log has megabytes; its last 4 kB come with the job. */
export function readLogErrors<I>(logOf: (inputs: I) => string): ActionDeclaration<I> {
  return {
    effect: "reads",
    title: "Read what the log of setup says of the failure",
    make: (inputs) => ({
      kind: "cmdlet", name: "Select-String",
      parameters: { Path: logOf(inputs), Pattern: [FAILED_ACTION, LAST_WORD], SimpleMatch: true, Context: CONTEXT },
      properties: ["LineNumber", "Line", "Context.PreContext", "Context.PostContext"],
    }),
  };
}

/** Reads when the log of msiexec was last written: reading `log_file`. */
export function readLogFile<I>(logOf: (inputs: I) => string): ActionDeclaration<I> {
  return { effect: "reads", title: "Read when the log of setup was last written", make: (inputs) => ({ kind: "cmdlet", name: "Get-Item", parameters: { LiteralPath: logOf(inputs) }, properties: ["Length", "LastWriteTimeUtc"] }) };
}

/** The reading `log_errors` as one text: the lines in their order, each once, although the surroundings of two signs overlap. */
function linesIn(facts: Facts): Reading<string> {
  return parseReading(facts, "log_errors", "cmdlet", (answer) => {
    const records = recordsOf("the log", answer);
    if (records.kind === "error") return records;
    const lines = new Map<number, string>();
    for (const record of records.value) {
      const at = countField(record, "LineNumber");
      const before = textsField(record, "Context.PreContext") ?? [];
      const after = textsField(record, "Context.PostContext") ?? [];
      if (at === undefined) return unreadable("the log", "a line has no number");
      [...before, textField(record, "Line") ?? "", ...after].forEach((line, index) => lines.set(at - before.length + index, line));
    }
    return ok([...lines].toSorted(([a], [b]) => a - b).map(([, line]) => line).join("\n"));
  });
}

/** What the log says of a failure, as a sentence; "" where it says nothing. Where the log cannot be read, its last lines count that came with the job. */
export function quoteLog(job: JobResult, facts: Facts): string {
  const read = linesIn(facts);
  const found = read.kind === "ok" ? failureInLog(read.value) : [];
  const quoted = found.length > 0 ? found : failureInLog(job.logTail);
  return quoted.length === 0 ? "" : ` The log says: ${quoted.map((line) => `\`${line}\``).join(", ")}.`;
}
