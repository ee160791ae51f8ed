import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { formatSize } from "../../core/quantity.ts";
import { allRead, parseReading, unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { countField, recordsOf, textField } from "../../formats/cmdlet-record.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { READ_SYSTEM, systemIn } from "./shared/computer-system.ts";

/** `free` is told in whole megabytes. */
const MEGABYTE = 1_000_000;

/** The reading `drives`: free bytes by drive (`C:`). A drive without a medium tells none and is left out. */
function freeIn(facts: Facts): Reading<ReadonlyMap<string, number>> {
  return parseReading(facts, "drives", "cmdlet", (answer) => {
    const records = recordsOf("the drives", answer);
    if (records.kind === "error") return records;
    const drives = new Map<string, number>();
    for (const record of records.value) {
      const name = textField(record, "DeviceID");
      if (name === undefined) return unreadable("the drives", "a drive has no DeviceID");
      const free = countField(record, "FreeSpace");
      if (free !== undefined) drives.set(name.toUpperCase(), free);
    }
    return ok(drives);
  });
}

/** `windows.free_space`: what is free on a drive of the target. */
export const windowsFreeSpace = defineBuiltin({
  name: "windows.free_space",
  title: "Read how much is free on a drive",
  docs: [
    "What is free on the drive of `path`; without `path` on the drive of Windows itself, where setup has its temporary files and keeps what it installed.",
    "",
    "`free` is rounded down to whole megabytes. A path that begins with no drive letter, or with that of a drive that is not there or has no medium, is refused.",
    "",
    "Source: domain page, 4.7 (1632) and 7.3, phase 2.",
  ].join("\n"),
  examples: [
    {
      title: "Room for a package",
      yaml: [
        "- id: room",
        "  uses: windows.free_space",
        "  target: node_b",
        "  with: { path: 'D:\\Rollup' }",
        "  expect:",
        "    - that: outputs.free > filesize(\"2GB\")",
        '      because: "{{outputs.drive}} has {{outputs.free}} left; 2GB are needed."',
      ].join("\n"),
    },
  ],
  inputs: { path: { type: "string", format: "path", required: false, description: "A file or folder, there or not; default: the drive of Windows" } },
  outputs: {
    drive: { type: "string", description: "The drive, as `C:`" },
    free: { type: "size", description: "What is free there, rounded down to whole megabytes" },
  },
  codes: { no_drive: "the path begins with no drive letter, or the drive is not there" },
  place: "required",
  timeoutMs: 120_000,
  actions: {
    system: READ_SYSTEM,
    drives: {
      effect: "reads",
      title: "Read the drives",
      make: () => ({ kind: "cmdlet", name: "Get-WmiObject", parameters: { Class: "Win32_LogicalDisk" }, properties: ["DeviceID", "FreeSpace"] }),
    },
  },
  look: () => ({ system: { action: "system" }, drives: { action: "drives" } }),
  decide(inputs, facts, past) {
    const seen = allRead({ system: systemIn(facts), drives: freeIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { system, drives } = seen.value;
    const drive = (inputs.path === undefined ? system.drive : /^[A-Za-z]:/.exec(inputs.path)?.[0])?.toUpperCase();
    if (drive === undefined) return { kind: "refuse", code: "no_drive", because: inputs.path === undefined ? `${system.name} does not tell the drive of Windows` : `\`${excerpt(inputs.path)}\` begins with no drive letter` };
    const bytes = drives.get(drive);
    if (bytes === undefined) return { kind: "refuse", code: "no_drive", because: `${system.name} has no drive ${drive} with a medium; there are ${[...drives.keys()].join(", ")}` };
    const free = formatSize(Math.floor(bytes / MEGABYTE) * MEGABYTE);
    return { kind: "done", outputs: { drive, free }, because: `${drive} of ${system.name} has ${free} left` };
  },
});
