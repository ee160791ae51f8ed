import { expect, test } from "vitest";
import { buildInPatchName, lineOf, parseAdminDisplayVersion, parseBuild } from "../../src/formats/exchange-version.ts";

test.each([
  ["Version 8.1 (Build 240.6)", "8.1.240.6"],
  ["Version 08.03 (Build 083.006)", "8.3.83.6"],
  ["8.1.240.6", "8.1.240.6"],
  ["Version 8.1", undefined],
  ["バージョン 8.1 (ビルド 240.6)", undefined],
  ["", undefined],
])("the displayed version `%s` is %s", (text, version) => {
  expect(parseAdminDisplayVersion(text)).toBe(version);
});

test.each([["08.03.0245.002", "8.3.245.2"], ["8.1.263.1 (vbl)", "8.1.263.1"], ["8.1.263", undefined], ["8.1.263.1.5", undefined], ["v8.1.263.1", undefined]])("the build `%s` is %s", (text, build) => {
  expect(parseBuild(text)).toBe(build);
});

test.each([
  ["Update Rollup 1 for Exchange Server 2007 Service Pack 1 (KB945684) 8.1.263.1", "8.1.263.1"],
  ["Update Rollup 8-v2 for Exchange Server 2007 SP3 (KB2734323) (8.3.279.5)", "8.3.279.5"],
  ["Update Rollup 6 for Exchange Server 2007 SP3 08.03.0245.002 ", "8.3.245.2"],
  ["Update Rollup 1 for Exchange Server 2007 Service Pack 1 (KB945684)", undefined],
  ["1.8.1.263.1", undefined],
])("the name `%s` ends in the build %s", (name, build) => {
  expect(buildInPatchName(name)).toBe(build);
});

test("the line of a build is its first two numbers", () => {
  expect([lineOf("8.1.263.1"), lineOf("08.01.0240.006")]).toEqual(["8.1", "8.1"]);
});
