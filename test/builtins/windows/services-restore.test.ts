import { expect, test } from "vitest";
import { windowsServicesRestore } from "../../../src/builtins/windows/services-restore.ts";
import type { JobResult } from "../../../src/core/action.ts";
import type { Fact, PastAct } from "../../../src/core/builtin.ts";
import { acted, ended, LOST, pastOf, PLACE, read } from "../turns.ts";
import { changed, PASSIVE_NODE, services, SNAPSHOT } from "./a-node.ts";

const JOB: JobResult = { name: "j1", state: "running", program: "msiexec.exe", args: [], startedAt: "2008-03-15T09:00:00Z", logBytes: 0, logTail: "" };
const NO_JOBS = read({ jobs: [] });
const start = (exitCode: number): PastAct => acted("start", { fill: { service: "MSExchangeRepl" }, result: ended(exitCode) });

test.each<[string, Fact, Fact, readonly PastAct[], object]>([
  ["services that stand as they did are left alone", changed(), NO_JOBS, [], { kind: "done", outputs: { restored: [] } }],
  ["a start mode is brought back before anything is started", changed(["MSExchangeRepl", "Disabled", "Stopped"], ["MSExchangeADTopology", "Auto", "Stopped"]), NO_JOBS, [], { kind: "act", actions: [{ action: "set_start_mode", fill: { service: "MSExchangeRepl", start: "auto" } }] }],
  ["what ran is started", changed(["MSExchangeRepl", "Auto", "Stopped"]), NO_JOBS, [], { kind: "act", actions: [{ action: "start", fill: { service: "MSExchangeRepl" } }] }],
  ["the information store gets its start mode back and is not started", changed(["MSExchangeIS", "Disabled", "Stopped"]), NO_JOBS, [], { kind: "act", actions: [{ action: "set_start_mode", fill: { service: "MSExchangeIS", start: "demand" } }] }],
  ["what did not run is not stopped", changed(["MSExchangeMonitoring", "Manual", "Running"]), NO_JOBS, [], { kind: "done" }],
  ["what is starting is waited for", changed(["MSExchangeRepl", "Auto", "Start Pending"]), NO_JOBS, [start(0)], { kind: "wait" }],
  ["nothing is restored while an installation runs", changed(["MSExchangeRepl", "Disabled", "Stopped"]), read({ jobs: [JOB] }), [], { kind: "wait", because: expect.stringContaining("j1") }],
  ["an installation that ended is no reason to wait", changed(), read({ jobs: [{ ...JOB, state: "ended", exitCode: 1603 }] }), [], { kind: "done" }],
  ["another job is no installation", changed(), read({ jobs: [{ ...JOB, program: "C:\\tools\\mymsiexec.exe" }] }), [], { kind: "done" }],
  ["an installation is known by its whole path, too", changed(), read({ jobs: [{ ...JOB, program: "C:\\WINDOWS\\system32\\MSIEXEC.EXE" }] }), [], { kind: "wait" }],
  ["what was changed is told", changed(), NO_JOBS, [acted("set_start_mode", { fill: { service: "MSExchangeRepl", start: "auto" }, result: ended(0) }), start(0)], { kind: "done", outputs: { restored: ["MSExchangeRepl"] } }],
  ["a start that failed is asked for again", changed(["MSExchangeRepl", "Auto", "Stopped"]), NO_JOBS, [start(1053)], { kind: "act" }],
  ["a missing right is no reason to try again", changed(["MSExchangeRepl", "Auto", "Stopped"]), NO_JOBS, [start(5)], { kind: "fail", code: "denied" }],
  ["a start that failed although the service runs is done", changed(), NO_JOBS, [start(1056)], { kind: "done" }],
  ["a service that is gone is refused", services(...PASSIVE_NODE.slice(1)), NO_JOBS, [], { kind: "refuse", code: "service_missing", because: expect.stringContaining("MSExchangeADTopology") }],
  ["a node that does not answer is refused at first", LOST, NO_JOBS, [], { kind: "refuse", code: "unreachable" }],
  ["a node that does not answer afterwards is waited for", LOST, NO_JOBS, [start(0)], { kind: "wait" }],
])("%s", (_title, seen, jobs, acts, decision) => {
  expect(windowsServicesRestore.decide({ snapshot: SNAPSHOT }, { services: seen, jobs }, pastOf({ acts }), PLACE)).toMatchObject(decision);
});

test("a store that was remembered disabled is never disabled again", () => {
  const snapshot = { services: [{ name: "MSExchangeIS", start_mode: "Disabled", state: "Stopped" }] } as const;
  const decision = windowsServicesRestore.decide({ snapshot }, { services: services(["MSExchangeIS", "Manual", "Running"]), jobs: NO_JOBS }, pastOf(), PLACE);
  expect(decision.kind).toBe("done");
});

test("sc.exe gets the start mode as an argument of its own", () => {
  expect(windowsServicesRestore.actions["set_start_mode"]?.make({ snapshot: SNAPSHOT }, { service: "W3SVC", start: "demand" })).toEqual({ kind: "program", program: "sc.exe", args: ["config", "W3SVC", "start=", "demand"] });
});
