import { describe, expect, test } from "vitest";
import { exchangeRollupLevel } from "../../../src/builtins/exchange/rollup-level.ts";
import { ABSENT_KEY, exsetup, failed, GARBLED, LOST, PAIR, patch, PATCHED, PATCHES, printed, PROPERTIES, records, SETUP_PATH, turn, UR1 } from "./ccr-pair.ts";

const FILE = "Get-Item C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe";
const decide = (changes: Parameters<typeof turn>[2] = {}) => turn(exchangeRollupLevel, {}, { ...PAIR, ...changes }).decision;

/** A person who types them sees both witnesses. */
const SHOWN_BY = [PATCHES, "(Get-Item 'C:\\Program Files\\Microsoft\\Exchange Server\\Bin\\ExSetup.exe').VersionInfo.FileVersion"];

test("without a rollup the level is the base of the service pack", () => {
  expect(decide()).toEqual({
    kind: "done",
    outputs: { build: "8.1.240.6", registry_build: "8.1.240.6", file_build: "8.1.240.6", agree: true, shown_by: SHOWN_BY, rollups: [] },
    because: "the node is at 8.1.240.6 (no rollup)",
  });
});

test("a key without patches means that there are none", () => {
  expect(decide({ [PATCHES]: ABSENT_KEY })).toMatchObject({ kind: "done", outputs: { build: "8.1.240.6", rollups: [] } });
});

test("both witnesses agree on the rollup, in their short and long form", () => {
  expect(decide({ [PATCHES]: PATCHED, [FILE]: exsetup("08.01.0263.001") })).toEqual({
    kind: "done",
    outputs: {
      build: "8.1.263.1", registry_build: "8.1.263.1", file_build: "8.1.263.1", agree: true, shown_by: SHOWN_BY, display_name: UR1,
      rollups: [{ display_name: UR1, state: "applied", build: "8.1.263.1", installed: "20080315" }],
    },
    because: `the node is at 8.1.263.1 (${UR1})`,
  });
});

test("where the witnesses disagree, the lower one counts", () => {
  expect(decide({ [PATCHES]: PATCHED })).toMatchObject({ outputs: { build: "8.1.240.6", registry_build: "8.1.263.1", file_build: "8.1.240.6", agree: false } });
  expect(decide({ [FILE]: exsetup("8.1.278.2") })).toMatchObject({ outputs: { build: "8.1.240.6", agree: false } });
});

test.each([
  ["the highest build, not the last one", [patch("Update Rollup 10 for X 8.1.436.0", 1), patch("Update Rollup 9 for X 8.1.393.1", 1)], "8.1.436.0"],
  ["only what is applied", [patch("Update Rollup 10 for X 8.1.436.0", 2), patch("Update Rollup 9 for X 8.1.393.1", 1)], "8.1.393.1"],
  ["no obsolete one", [patch(UR1, 4)], "8.1.240.6"],
  ["no interim update", [patch("Interim Update for X 8.1.300.0", 1)], "8.1.240.6"],
  ["no rollup of an older service pack", [patch("Update Rollup 7 for X 8.0.813.0", 1)], "8.1.240.6"],
])("the registry counts %s", (_case, patches, build) => {
  expect(decide({ [PATCHES]: printed(patches.join("")) })).toMatchObject({ kind: "done", outputs: { registry_build: build } });
});

test("interim updates are listed", () => {
  expect(decide({ [PATCHES]: printed(patch("Interim Update for X", 1)) })).toMatchObject({ outputs: { rollups: [{ display_name: "Interim Update for X", state: "applied" }] } });
});

test.each([
  ["Exchange is not installed", { [SETUP_PATH]: ABSENT_KEY }, "not_found"],
  ["Windows Installer does not know it", { [PROPERTIES]: ABSENT_KEY }, "not_found"],
  ["ExSetup.exe is gone", { [FILE]: failed("not_found", "Cannot find path") }, "not_found"],
  ["an applied rollup names no build", { [PATCHES]: printed(patch("Update Rollup 1", 1)) }, "unreadable"],
  ["the version is none", { [PROPERTIES]: printed("HKEY_LOCAL_MACHINE\\X\r\n    DisplayVersion    REG_SZ    eight\r\n") }, "unreadable"],
  ["the file's version is none", { [FILE]: exsetup("") }, "unreadable"],
  ["the file's version is no text", { [FILE]: records({ "VersionInfo.FileVersion": 8 }) }, "unreadable"],
  ["the channel breaks", { [PATCHES]: LOST }, "unreachable"],
  ["the registry may not be read", { [PATCHES]: printed("", 1, "ERROR: Access is denied.") }, "denied"],
])("it refuses where %s", (_case, changes, code) => {
  expect(decide(changes)).toMatchObject({ kind: "refuse", code });
});

describe.each([[PATCHES], [PROPERTIES], [SETUP_PATH]])("%s", (command) => {
  test.each(Object.entries(GARBLED))("with %s is refused as unreadable", (_case, fact) => {
    expect(decide({ [command]: fact })).toMatchObject({ kind: "refuse", code: "unreadable" });
  });
});
