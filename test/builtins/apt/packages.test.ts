import { expect, test } from "vitest";
import { aptPackages } from "../../../src/builtins/apt/packages.ts";
import { turn } from "../pacemaker-pair.ts";
import { printed } from "../turns.ts";
import { AUDIT, machine } from "./machine.ts";

const NAMES = { names: ["labsvc"] };

test("an installed package and a quiet machine are ready", () => {
  expect(turn(aptPackages, NAMES, machine()).decision).toEqual({
    kind: "done", because: "labsvc 1.0 is installed",
    outputs: { packages: [{ name: "labsvc", version: "1.0", status: "installed", held: false }], interrupted: [], locked_by: [], restart_required: false, ready: true },
  });
});

test.each([
  ["held", { row: "labsvc\t1.0\tinstalled\thold\n" }, { packages: [{ held: true }] }],
  ["half-configured", { row: "labsvc\t2.0\thalf-configured\tinstall\n", audit: AUDIT }, { interrupted: ["labsvc"] }],
  ["locked", { locks: [{ command: "apt-get", pid: 7, path: "/var/lib/dpkg/lock" }, { command: "apt-get", pid: 7, path: "/var/lib/dpkg/lock-frontend" }] }, { locked_by: ["apt-get (process 7)"] }],
])("a machine on which it is %s is not ready", (_case, parts, outputs) => {
  expect(turn(aptPackages, NAMES, machine(parts)).decision).toMatchObject({ kind: "done", outputs: { ...outputs, ready: false } });
});

test("a pending restart is told and stands against nothing", () => {
  expect(turn(aptPackages, NAMES, machine({ restart: true })).decision).toMatchObject({ outputs: { restart_required: true, ready: true } });
});

test("what dpkg does not know is not installed", () => {
  expect(turn(aptPackages, { names: ["nosuch", "labsvc"] }, { ...machine(), packages: printed("labsvc\t1.0\tinstalled\tinstall\n", 1, "dpkg-query: no packages found matching nosuch") }).decision).toMatchObject({
    outputs: { packages: [{ name: "nosuch", version: "", status: "not-installed" }, { name: "labsvc", version: "1.0" }] },
  });
});

test.each([
  ["packages", printed("x y z\n")],
  ["packages", printed("labsvc\t1.0\tinstalled\thol")],
  ["packages", printed("")],
  ["packages", printed("", 0, "dpkg-query: warning: files list file is missing")],
  ["locks", printed("{")],
  ["locks", printed('{"error":"no /proc"}')],
  ["audit", printed("", 2, "dpkg: error")],
  ["audit", printed("dpkg: error: cannot scan\n", 2)],
])("%s that cannot be read refuse", (reading, fact) => {
  expect(turn(aptPackages, NAMES, { ...machine(), [reading]: fact }).decision).toMatchObject({ kind: "refuse", code: "unreadable" });
});
