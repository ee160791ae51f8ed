import { expect, test } from "vitest";
import { windowsFreeSpace } from "../../../src/builtins/windows/free-space.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { LOST, pastOf, PLACE, records, refused } from "../turns.ts";

const SYSTEM = records({ Caption: "Windows Server 2003 R2", Version: "5.2.3790", CSName: "NODEB", LastBootUpTime: "2008-03-01T00:00:00Z", SystemDrive: "C:" });
const DRIVES = records({ DeviceID: "A:" }, { DeviceID: "c:", FreeSpace: 21_474_836_480 }, { DeviceID: "D:", FreeSpace: 3_000_000_001 });

test("it reads the drives and the machine, whatever the path", () => {
  expect(Object.keys(windowsFreeSpace.look({}, {}, pastOf()))).toEqual(["system", "drives"]);
});

test.each<[string, string | undefined, Readonly<Record<string, Fact>>, object]>([
  ["without a path it is the drive of Windows", undefined, {}, { kind: "done", outputs: { drive: "C:", free: "21474MB" } }],
  ["a path has the drive that it begins with, in any case of letters", "d:\\Rollup", {}, { kind: "done", outputs: { drive: "D:", free: "3GB" }, because: "D: of NODEB has 3GB left" }],
  ["a drive without a medium is none", "A:\\x", {}, { kind: "refuse", code: "no_drive", because: "NODEB has no drive A: with a medium; there are C:, D:" }],
  ["a share is on no drive", "\\\\HUB1\\share", {}, { kind: "refuse", code: "no_drive", because: expect.stringContaining("begins with no drive letter") }],
  ["a drive that is not there is refused", "E:\\x", {}, { kind: "refuse", code: "no_drive" }],
  ["a drive of Windows that is not told is refused", undefined, { system: records({ Caption: "W", Version: "5.2", CSName: "NODEB", LastBootUpTime: "2008-03-01T00:00:00Z" }) }, { kind: "refuse", code: "no_drive", because: "NODEB does not tell the drive of Windows" }],
  ["a drive without a name is unreadable", undefined, { drives: records({ FreeSpace: 1 }) }, { kind: "refuse", code: "unreadable" }],
  ["WMI that does not answer is said", undefined, { drives: refused("cmdlet_error", "The RPC server is unavailable.") }, { kind: "refuse", code: "cmdlet_error" }],
  ["a node that does not answer is unreachable", undefined, { system: LOST }, { kind: "refuse", code: "unreachable" }],
])("%s", (_title, path, changes, decision) => {
  expect(windowsFreeSpace.decide(path === undefined ? {} : { path }, { system: SYSTEM, drives: DRIVES, ...changes }, pastOf(), PLACE)).toMatchObject(decision);
});
