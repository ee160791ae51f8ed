import { expect, test } from "vitest";
import { systemdService } from "../../../src/builtins/systemd/service.ts";
import { turn } from "../pacemaker-pair.ts";
import { acted, ended, printed } from "../turns.ts";
import { units } from "./units.ts";

const STOPPED = { ActiveState: "inactive" };

test.each([
  ["runs", { state: "running" }, {}, "done"],
  ["does not run", { state: "running" }, STOPPED, "start"],
  ["has failed", { state: "running" }, { ActiveState: "failed", Result: "exit-code" }, "start"],
  ["runs and should not", { state: "stopped" }, {}, "stop"],
  ["has failed and should not run", { state: "stopped" }, { ActiveState: "failed" }, "done"],
  ["does not start with the system and should", { enabled: true }, { UnitFileState: "disabled" }, "enable"],
  ["starts with the system and should not", { enabled: false }, {}, "disable"],
  ["should be restarted", { state: "restarted" }, {}, "restart"],
  ["is disabled and stopped, and should be neither: first one", { state: "running", enabled: true }, { ...STOPPED, UnitFileState: "disabled" }, "enable"],
])("a service that %s", (_case, inputs, seen, expected) => {
  const { decision, actions } = turn(systemdService, { name: "web", ...inputs }, { units: units(seen) });
  expect(decision.kind).toBe(expected === "done" ? "done" : "act");
  if (expected !== "done") expect(actions).toMatchObject([{ kind: "program", program: "systemctl", args: expect.arrayContaining([expected, "--", "web"]) as unknown }]);
});

test("a restart is seen by the number of the run, and made once", () => {
  const acts = [acted("restart", { fill: { invocation: "7c0" }, result: ended(0) })];
  expect(turn(systemdService, { name: "web", state: "restarted" }, { units: units({ InvocationID: "8d1" }) }, { acts }).decision.kind).toBe("done");
  expect(turn(systemdService, { name: "web", state: "restarted" }, { units: units({ InvocationID: "8d1" }) }, { acts, attempt: 2 }).decision.kind).toBe("done");
  expect(turn(systemdService, { name: "web", state: "restarted" }, { units: units({}) }, { acts }).decision).toMatchObject({ kind: "fail", code: "service_failed" });
});

test("a systemd that gives runs no number (before 232) tells them apart by when they began", () => {
  const old = (entered: string) => printed(`Id=web.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\nActiveEnterTimestampMonotonic=${entered}\nResult=success\n`);
  const first = turn(systemdService, { name: "web", state: "restarted" }, { units: old("71") });
  expect(first.decision).toMatchObject({ kind: "act", actions: [{ action: "restart", fill: { invocation: "71" } }] });
  const acts = [acted("restart", { fill: { invocation: "71" }, result: ended(0) })];
  expect(turn(systemdService, { name: "web", state: "restarted" }, { units: old("93") }, { acts }).decision.kind).toBe("done");
  expect(turn(systemdService, { name: "web", state: "restarted" }, { units: old("71") }, { acts }).decision).toMatchObject({ kind: "fail", code: "service_failed" });
});

test("a service on its way is waited for", () => {
  expect(turn(systemdService, { name: "web", state: "running" }, { units: units({ ActiveState: "activating" }) }, { acts: [acted("start", { result: ended(0) })] }).decision.kind).toBe("wait");
});

test("one that dies after its start fails, with where to look", () => {
  const acts = [acted("start", { result: ended(0) })];
  expect(turn(systemdService, { name: "web", state: "running" }, { units: units({ ActiveState: "failed", Result: "signal" }) }, { acts }).decision).toEqual({
    kind: "fail", code: "service_failed", because: "web.service is failed and enabled after `systemctl start` (result signal). See `journalctl --unit web.service --lines 50` there",
  });
});

test.each([
  ["nothing asked for", {}, {}, "nothing_asked"],
  ["an unknown unit", { state: "running" }, { LoadState: "not-found", ActiveState: "inactive", UnitFileState: "" }, "not_found"],
  ["a masked unit", { state: "running" }, { ...STOPPED, UnitFileState: "masked" }, "masked"],
])("%s is refused", (_case, inputs, seen, code) => {
  expect(turn(systemdService, { name: "web", ...inputs }, { units: units(seen) }).decision).toMatchObject({ kind: "refuse", code });
});

test.each([["Access denied", "denied"], ["Job for web.service failed", "service_refused"]])("`%s` fails as %s", (said, code) => {
  expect(turn(systemdService, { name: "web", state: "running" }, { units: units(STOPPED) }, { acts: [acted("start", { result: ended(1, "", said) })] }).decision).toMatchObject({ kind: "fail", code });
});

test.each([
  ["two units for one", "Id=a.service\n\nId=b.service\n"],
  ["nothing", ""],
  ["an error text that ended well", "Failed to connect to bus: Host is down\n"],
  ["a part of the answer", "Id=web.service\nLoadState=loaded\nActiveSt"],
  ["an answer that is cut in its last word", "Id=web.service\nLoadState=loaded\nActiveState=inact"],
])("an answer of another shape is unreadable, and nothing is done by it: %s", (_case, stdout) => {
  for (const inputs of [{ state: "running" }, { state: "stopped" }, { enabled: true }]) expect(turn(systemdService, { name: "web", ...inputs }, { units: printed(stdout) }).decision).toMatchObject({ kind: "refuse", code: "unreadable" });
});
