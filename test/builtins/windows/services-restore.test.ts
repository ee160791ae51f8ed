import { describe, expect, test } from "vitest";
import { windowsServicesRestore } from "../../../src/builtins/windows/services-restore.ts";
import type { JobResult } from "../../../src/core/action.ts";
import type { Fact, PastAct } from "../../../src/core/builtin.ts";
import { acted, answered, ended, LOST, pastOf, PLACE, printed, read, records, refused } from "../turns.ts";
import { changed, PASSIVE_NODE, services, SNAPSHOT } from "./a-node.ts";

const JOB: JobResult = { name: "j1", state: "running", program: "msiexec.exe", args: [], startedAt: "2008-03-15T09:00:00Z", logBytes: 0, logTail: "" };
const NO_JOBS = read({ jobs: [] });
const NO_PROCESSES = records();
const NONE_DELAYED = printed("\r\nEnd of search: 0 match(es) found.\r\n", 1);
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
  expect(windowsServicesRestore.decide({ snapshot: SNAPSHOT }, { services: seen, jobs, processes: NO_PROCESSES, delayed: NONE_DELAYED }, pastOf({ acts }), PLACE)).toMatchObject(decision);
});

test("a store that was remembered disabled is never disabled again", () => {
  const snapshot = { services: [{ name: "MSExchangeIS", start_mode: "Disabled", state: "Stopped" }] } as const;
  const decision = windowsServicesRestore.decide({ snapshot }, { services: services(["MSExchangeIS", "Manual", "Running"]), jobs: NO_JOBS, processes: NO_PROCESSES }, pastOf(), PLACE);
  expect(decision.kind).toBe("done");
});

test("sc.exe gets the start mode as an argument of its own", () => {
  expect(windowsServicesRestore.actions["set_start_mode"]?.make({ snapshot: SNAPSHOT }, { service: "W3SVC", start: "demand" })).toEqual({ kind: "program", program: "sc.exe", args: ["config", "W3SVC", "start=", "demand"] });
});

const restored = (facts: Readonly<Record<string, Fact>>, past: Parameters<typeof pastOf>[0] = {}, snapshot: Parameters<typeof windowsServicesRestore.decide>[0]["snapshot"] = SNAPSHOT) =>
  windowsServicesRestore.decide({ snapshot }, { services: changed(), jobs: NO_JOBS, processes: NO_PROCESSES, delayed: NONE_DELAYED, ...facts }, pastOf(past), PLACE);
const STOPPED = { services: changed(["MSExchangeRepl", "Auto", "Stopped"]) };

describe("a setup that still runs", () => {
  const disabled = { services: changed(["MSExchangeRepl", "Disabled", "Stopped"]) };
  const process = (CommandLine: string): Fact => records({ ProcessId: 4, CommandLine });
  test.each<[string, Readonly<Record<string, Fact>>, object]>([
    ["one that somebody began by hand is waited for", { processes: process('"C:\\Windows\\system32\\msiexec.exe" /update D:\\ur\\package.msp') }, { kind: "wait", because: expect.stringMatching(/msiexec\.exe" \/update.*Nothing is restored under it/) }],
    ["one whose command line is hidden is waited for, too", { processes: records({ ProcessId: 4 }) }, { kind: "wait" }],
    ["the service of the Windows Installer that lingers is none", { processes: process("C:\\Windows\\system32\\msiexec.exe /V") }, { kind: "act" }],
    ["where nobody can tell, nothing is restored", { processes: refused("cmdlet_error", "the RPC server is unavailable") }, { kind: "refuse", code: "cmdlet_error" }],
  ])("%s", (_title, facts, decision) => {
    expect(restored({ ...disabled, ...facts })).toMatchObject(decision);
  });
});

describe("a service that does not start", () => {
  test("is started twice, and then a person is asked, with the usual cause and its cure", () => {
    expect(restored(STOPPED, { acts: [start(0)] }).kind).toBe("act");
    const decision = restored(STOPPED, { acts: [start(0), start(0)] });
    expect(decision).toMatchObject({ kind: "ask", question: { kind: "choose", text: "MSExchangeRepl on nodeb did not start. Start it again?", choices: { again: expect.any(String), stop: expect.any(String) } } });
    expect(decision.kind === "ask" ? decision.question.show.join(" ") : "").toMatch(/7000 and 7009.*revocation list.*generatePublisherEvidence.*ServicesPipeTimeout/);
  });
  test("is waited for while another one is starting", () => {
    expect(restored({ services: changed(["MSExchangeRepl", "Auto", "Stopped"], ["MSExchangeADTopology", "Auto", "Start Pending"]) }, { acts: [start(0), start(0)] }).kind).toBe("wait");
  });
  test("is started again as often as a person says so", () => {
    expect(restored(STOPPED, { acts: [start(0), start(0)], answers: [answered("again")] })).toMatchObject({ kind: "act" });
    expect(restored(STOPPED, { acts: [start(0), start(0), start(0)], answers: [answered("again")] }).kind).toBe("ask");
  });
  test("ends the step where they say stop", () => {
    expect(restored(STOPPED, { acts: [start(0), start(0)], answers: [answered("stop", "I look at it tomorrow")] })).toMatchObject({ kind: "fail", code: "service_not_started", because: expect.stringMatching(/MSExchangeRepl is Stopped.*Ann said stop: I look at it tomorrow/) });
  });
});

test("the Cluster service gets its start mode back and is not started: that is for cluster.start_node", () => {
  const snapshot = { services: [{ name: "ClusSvc", start_mode: "Auto", state: "Running" }] } as const;
  expect(restored({ services: services(["ClusSvc", "Disabled", "Stopped"]) }, {}, snapshot)).toMatchObject({ kind: "act", actions: [{ action: "set_start_mode", fill: { service: "ClusSvc", start: "auto" } }] });
  expect(restored({ services: services(["ClusSvc", "Auto", "Stopped"]) }, {}, snapshot)).toMatchObject({ kind: "done", because: expect.stringContaining("ClusSvc is Stopped and not Running: cluster.start_node starts it") });
});

describe("a service that starts delayed", () => {
  const snapshot = { services: [{ name: "W3SVC", start_mode: "Auto", state: "Running", delayed: true }] } as const;
  const key = (value: number): Fact => printed(`\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W3SVC\r\n    DelayedAutostart    REG_DWORD    0x${value}\r\n\r\nEnd of search: 1 match(es) found.\r\n`);
  test.each<[string, Readonly<Record<string, Fact>>, object]>([
    ["gets the delay back with its start mode", { services: services(["W3SVC", "Disabled", "Stopped"]), delayed: key(1) }, { kind: "act", actions: [{ action: "set_start_mode", fill: { service: "W3SVC", start: "delayed-auto" } }] }],
    ["gets back a delay alone", { services: services(["W3SVC", "Auto", "Running"]), delayed: key(0) }, { kind: "act", actions: [{ action: "set_start_mode", fill: { service: "W3SVC", start: "delayed-auto" } }] }],
    ["is left alone where it has it", { services: services(["W3SVC", "Auto", "Running"]), delayed: key(1) }, { kind: "done" }],
    ["is left alone where nobody can tell", { services: services(["W3SVC", "Auto", "Running"]), delayed: refused("denied", "no") }, { kind: "done" }],
  ])("%s", (_title, facts, decision) => {
    expect(restored(facts, {}, snapshot)).toMatchObject(decision);
  });
  test("loses a delay that it did not have", () => {
    const plain = { services: [{ name: "W3SVC", start_mode: "Auto", state: "Running", delayed: false }] } as const;
    expect(restored({ services: services(["W3SVC", "Auto", "Running"]), delayed: key(1) }, {}, plain)).toMatchObject({ kind: "act", actions: [{ fill: { service: "W3SVC", start: "auto" } }] });
  });
});
