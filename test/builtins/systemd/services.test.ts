import { expect, test } from "vitest";
import { systemdServicesRestore } from "../../../src/builtins/systemd/services-restore.ts";
import { systemdServices } from "../../../src/builtins/systemd/services.ts";
import { turn } from "../pacemaker-pair.ts";
import { acted, ended } from "../turns.ts";
import { units } from "./units.ts";

const BEFORE = { services: [{ name: "web.service", state: "active", start_mode: "enabled" }, { name: "batch.service", state: "inactive", start_mode: "disabled" }] };
const BATCH = { Id: "batch.service", ActiveState: "inactive", UnitFileState: "disabled" };

test("services are read in their order", () => {
  expect(turn(systemdServices, { names: ["web", "batch"] }, { units: units({}, BATCH) }).decision).toEqual({
    kind: "done", outputs: { services: BEFORE.services, all_running: false }, because: "web.service is active and enabled, batch.service is inactive and disabled",
  });
});

test("a name that is none is refused", () => {
  expect(turn(systemdServices, { names: ["nosuch"] }, { units: units({ Id: "nosuch.service", LoadState: "not-found" }) }).decision).toMatchObject({ kind: "refuse", code: "not_found" });
});

test("what stands as it did is left alone", () => {
  expect(turn(systemdServicesRestore, { snapshot: BEFORE }, { units: units({}, BATCH) }).decision).toMatchObject({ kind: "done", outputs: { restored: [] } });
});

test("a service that ran on and was left disabled is enabled: it would be gone after the next restart", () => {
  const { decision, actions } = turn(systemdServicesRestore, { snapshot: BEFORE }, { units: units({ UnitFileState: "disabled" }, BATCH) });
  expect(decision).toMatchObject({ kind: "act", because: "web.service is disabled and not enabled" });
  expect(actions).toMatchObject([{ args: ["enable", "--quiet", "--", "web.service"] }]);
});

test("one that does not run is started, one that did not run and runs now is left alone", () => {
  const { actions } = turn(systemdServicesRestore, { snapshot: BEFORE }, { units: units({ ActiveState: "inactive" }, { ...BATCH, ActiveState: "active" }) });
  expect(actions).toMatchObject([{ args: ["start", "--", "web.service"] }]);
});

test("what was restored is told", () => {
  const acts = [acted("enable", { fill: { unit: "web.service" }, result: ended(0) })];
  expect(turn(systemdServicesRestore, { snapshot: BEFORE }, { units: units({}, BATCH) }, { acts }).decision).toMatchObject({ kind: "done", outputs: { restored: ["web.service"] } });
});

test("a start that changes nothing fails, with where to look", () => {
  const acts = [acted("start", { fill: { unit: "web.service" }, result: ended(0) })];
  expect(turn(systemdServicesRestore, { snapshot: BEFORE }, { units: units({ ActiveState: "failed" }, BATCH) }, { acts }).decision).toMatchObject({ kind: "fail", code: "service_failed", because: expect.stringContaining("journalctl --unit web.service") as string });
});

test("a service that is gone is refused", () => {
  expect(turn(systemdServicesRestore, { snapshot: BEFORE }, { units: units({ LoadState: "not-found" }, BATCH) }).decision).toMatchObject({ kind: "refuse", code: "service_missing" });
});
