import { describe, expect, test } from "vitest";
import { nodeRestart } from "../../../src/builtins/node/restart.ts";
import type { Facts, Past } from "../../../src/core/builtin.ts";
import { job } from "../apt/machine.ts";
import { HEALTHY, turn } from "../pacemaker-pair.ts";
import { acted, ended, LOST, pastOf, printed, read, refused } from "../turns.ts";

const BEFORE = "a3dd3c11-236e-468b-95e2-f181c37638d6";
const AFTER = "0b11f0ee-7a3c-4c39-a0a8-2b2f3f6b8a10";
const QUIET: Facts = { boot: printed(`${BEFORE}\nnode2\n`), cluster: HEALTHY.cluster, jobs: read({ jobs: [] }), locks: printed('{"locks":[]}'), system: printed("running\n") };
const TOLD = acted("restart", { fill: { boot_id: BEFORE }, result: ended(0) });

function decide(facts: Facts = {}, past: Partial<Past> = {}) {
  return turn(nodeRestart, {}, { ...QUIET, ...facts }, past);
}

test("a machine that leads nothing is restarted", () => {
  const { decision, actions } = decide();
  expect(decision).toMatchObject({ kind: "act", actions: [{ action: "restart", fill: { boot_id: BEFORE } }] });
  expect(actions).toEqual([{ kind: "program", program: "systemctl", args: ["reboot"] }]);
});

test("it is waited for while it is about to go and while it is away, and done under another boot id", () => {
  expect(decide({}, { acts: [TOLD] }).decision).toMatchObject({ kind: "wait", because: `node2 has not been restarted yet; its boot id is still ${BEFORE}` });
  expect(decide({ boot: LOST }, { acts: [TOLD] }).decision).toMatchObject({ kind: "wait", because: "the machine is away: the channel broke" });
  expect(decide({ boot: printed(`${AFTER}\nnode2\n`) }, { acts: [TOLD] }).decision).toMatchObject({ kind: "done", outputs: { boot_id: AFTER } });
});

describe.each(["lost", "in-doubt"] as const)("an order whose answer is %s", (outcome) => {
  const acts = [acted("restart", { fill: { boot_id: BEFORE }, outcome })];

  test("was taken where systemd is stopping, or does not answer any more", () => {
    expect(decide({ system: printed("stopping\n", 1) }, { acts }).decision).toMatchObject({ kind: "wait", because: "systemd on node2 is stopping" });
    expect(decide({ system: printed("offline\n", 1) }, { acts }).decision.kind).toBe("wait");
    expect(decide({ system: LOST }, { acts }).decision.kind).toBe("wait");
    expect(decide({ boot: LOST, system: LOST }, { acts }).decision.kind).toBe("wait");
    expect(decide({ boot: printed(`${AFTER}\nnode2\n`) }, { acts }).decision.kind).toBe("done");
  });

  test("is given again where systemd goes on, and nothing else stands against it", () => {
    for (const state of ["running", "degraded", "starting"]) expect(decide({ system: printed(`${state}\n`, state === "running" ? 0 : 1) }, { acts }).decision.kind).toBe("act");
    expect(decide({ boot: printed(`${BEFORE}\nnode1\n`) }, { acts }).decision).toMatchObject({ kind: "fail", code: "is_promoted" });
  });

  test("is looked for in all readings", () => {
    expect(Object.keys(nodeRestart.look({}, QUIET, pastOf({ acts })))).toEqual(["boot", "cluster", "jobs", "locks", "system"]);
    expect(Object.keys(nodeRestart.look({}, QUIET, pastOf({ acts: [TOLD] })))).toEqual(["boot"]);
    expect(Object.keys(nodeRestart.look({}, QUIET, pastOf({ acts: [TOLD], attempt: 2 })))).toEqual(["boot", "cluster", "jobs", "locks", "system"]);
  });
});

test("a further attempt gives the order again where the machine runs on, and waits where it is stopping", () => {
  expect(decide({}, { acts: [TOLD], attempt: 2 }).decision.kind).toBe("act");
  expect(decide({ system: printed("stopping\n", 1) }, { acts: [TOLD], attempt: 2 }).decision.kind).toBe("wait");
});

test("a machine that was restarted in an earlier attempt is not restarted again", () => {
  expect(decide({ boot: printed(`${AFTER}\nnode2\n`) }, { acts: [TOLD], attempt: 2 }).decision.kind).toBe("done");
});

describe("refuses", () => {
  test.each([
    ["the machine that leads the cluster", { boot: printed(`${BEFORE}\nnode1\n`) }, "is_promoted"],
    ["while a job runs", { jobs: read({ jobs: [job()] }) }, "busy"],
    ["while something is installed by hand", { locks: printed('{"locks":[{"command":"dpkg","pid":9,"path":"/var/lib/dpkg/lock"}]}') }, "busy"],
    ["a machine that is shutting down already", { system: printed("stopping\n", 1) }, "busy"],
    ["a machine of which systemd tells nothing", { system: printed("", 1, "Failed to connect to bus") }, "unreadable"],
    ["a machine that cannot be read", { boot: refused("unreachable", "no route") }, "unreachable"],
    ["where the cluster's answer cannot be read", { cluster: printed("x") }, "unreadable"],
  ])("%s", (_case, facts, code) => {
    expect(decide(facts).decision).toMatchObject({ kind: "refuse", code });
  });
});

test("a machine that is in no cluster, or whose Pacemaker is stopped, leads nothing", () => {
  expect(decide({ cluster: refused("not_found", "no crm_mon") }).decision.kind).toBe("act");
  expect(decide({ cluster: printed("", 102) }).decision.kind).toBe("act");
});

test("an order that systemd did not take fails", () => {
  expect(decide({}, { acts: [{ ...TOLD, result: ended(1, "", "Access denied") }] }).decision).toMatchObject({ kind: "fail", code: "restart_refused", because: "`systemctl reboot` ended with 1: Access denied" });
});
