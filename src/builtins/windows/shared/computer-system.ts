import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { oneRecord, textField } from "../../../formats/cmdlet-record.ts";
import { parseTimestamp } from "../../../formats/timestamp.ts";

/** Reads the operating system: reading `system`. */
export const READ_SYSTEM: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read the operating system",
  make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_OperatingSystem" }, properties: ["Caption", "Version", "OSArchitecture", "LastBootUpTime", "CSName", "SystemDrive"] }),
};

/** Reads the machine: reading `machine`. */
export const READ_MACHINE: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read the machine",
  make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_ComputerSystem" }, properties: ["Name", "Domain", "SystemType"] }),
};

/** The operating system of the target. */
export interface OperatingSystem {
  /** The machine's own NetBIOS name, in upper case. */
  readonly name: string;
  readonly caption: string;
  /** The number before the first dot of its version: 5 is Server 2003, 6 Server 2008. Undefined where none was given. */
  readonly majorVersion: number | undefined;
  /** The drive of Windows, `C:`; undefined where none was given. */
  readonly drive: string | undefined;
  /** RFC 3339. */
  readonly lastBoot: string;
  readonly lastBootMs: number;
}

/** The reading `system`. */
export function systemIn(facts: Facts): Reading<OperatingSystem> {
  return parseReading(facts, "system", "cmdlet", (answer) => {
    const record = oneRecord("the operating system", answer);
    if (record.kind === "error") return record;
    const name = textField(record.value, "CSName");
    const caption = textField(record.value, "Caption");
    const lastBoot = textField(record.value, "LastBootUpTime");
    const lastBootMs = lastBoot === undefined ? undefined : parseTimestamp(lastBoot);
    if (name === undefined || caption === undefined) return unreadable("the operating system", "the answer has no CSName or no Caption");
    if (lastBoot === undefined || lastBootMs === undefined) return unreadable("the operating system", `LastBootUpTime is no time: \`${lastBoot ?? ""}\``);
    const majorVersion = /^(\d+)\./.exec(textField(record.value, "Version") ?? "")?.[1];
    return ok({ name: name.toUpperCase(), caption, majorVersion: majorVersion === undefined ? undefined : Number(majorVersion), drive: textField(record.value, "SystemDrive"), lastBoot, lastBootMs });
  });
}

/** Architectures by the words with which `Win32_ComputerSystem.SystemType` begins. */
const ARCHITECTURES = [["x64-", "x64"], ["x86-", "x86"]] as const;

/** The reading `machine`: its architecture. */
export function architectureIn(facts: Facts): Reading<"x64" | "x86"> {
  return parseReading(facts, "machine", "cmdlet", (answer) => {
    const record = oneRecord("the machine", answer);
    if (record.kind === "error") return record;
    const type = textField(record.value, "SystemType") ?? "";
    const known = ARCHITECTURES.find(([begin]) => type.toLowerCase().startsWith(begin));
    return known === undefined ? unreadable("the machine", `SystemType is neither x64 nor x86: \`${type}\``) : ok(known[1]);
  });
}
