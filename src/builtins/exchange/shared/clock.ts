import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { oneRecord, textField } from "../../../formats/cmdlet-record.ts";
import { excerpt } from "../../../formats/excerpt.ts";
import { parseTimestamp } from "../../../formats/timestamp.ts";

/** Reads the hour on the target and when it was started: reading `clock`. */
export const readClock: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read the node's clock",
  make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_OperatingSystem" }, properties: ["LocalDateTime", "LastBootUpTime"] }),
};

/** The reading `clock`: one of its times, in ms since 1970. */
export function timeIn(facts: Facts, property: "LocalDateTime" | "LastBootUpTime"): Reading<number> {
  return parseReading(facts, "clock", "cmdlet", (answer) => {
    const record = oneRecord("`Win32_OperatingSystem`", answer);
    if (record.kind === "error") return record;
    const text = textField(record.value, property) ?? "";
    const ms = parseTimestamp(text);
    return ms === undefined ? unreadable("`Win32_OperatingSystem`", `\`${property}\` is \`${excerpt(text)}\`, expected a time`) : ok(ms);
  });
}
