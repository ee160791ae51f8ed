import { describe, expect, test } from "vitest";
import type { Action } from "../../../src/core/action.ts";
import { hole } from "../../../src/core/plan.ts";
import { matchesTemplate } from "../../../src/interpreter/plan/matches.ts";

const program = (...args: string[]): Action => ({ kind: "program", program: "cluster.exe", args });

describe("an issued action fits a planned one", () => {
  test.each<[string, Action, Action, boolean]>([
    ["the same action", program("group", "/status"), program("group", "/status"), true],
    ["another argument", program("group", "/status"), program("node", "/status"), false],
    ["one argument more", program("group"), program("group", "/status"), false],
    ["another program", program("group"), { kind: "program", program: "net.exe", args: ["group"] }, false],
    ["a hole for an argument", program("group", hole("group"), "/moveto:NODEA"), program("group", "Cluster Group", "/moveto:NODEA"), true],
    ["a hole inside an argument", program(`/moveto:${hole("to")}`), program("/moveto:NODEB"), true],
    ["a hole inside an argument that begins otherwise", program(`/moveto:${hole("to")}`), program("/online"), false],
    ["text after a hole", program(`${hole("folder")}\\a.log`), program("D:\\ur\\a.log"), true],
    ["other text after a hole", program(`${hole("folder")}\\a.log`), program("D:\\ur\\b.log"), false],
    ["a hole never stands for two arguments", program(hole("group")), program("a", "b"), false],
    ["a hole for a list stands for any number", program("config", hole("names…"), "end"), program("config", "a", "b", "end"), true],
    ["a hole for a list may be empty", program("config", hole("names…"), "end"), program("config", "end"), true],
    ["a property of each item of a list stands for any number", program("show", "--", hole("snapshot.services….name")), program("show", "--", "a", "b"), true],
    ["what follows a hole for a list must fit", program("config", hole("names…"), "end"), program("config", "a", "b"), false],
    ["another key", { kind: "cmdlet", name: "X", parameters: { A: "1" }, properties: [] }, { kind: "cmdlet", name: "X", parameters: { A: "1", B: "2" }, properties: [] }, false],
    ["a hole for a number", { kind: "cmdlet", name: "X", parameters: { A: hole("a") }, properties: [] }, { kind: "cmdlet", name: "X", parameters: { A: 7 }, properties: [] }, true],
  ])("%s", (_, template, issued, fits) => {
    expect(matchesTemplate(template, issued)).toBe(fits);
  });
});
