import { describe, expect, test } from "vitest";
import { nodeRestart } from "../../../src/builtins/node/restart.ts";
import type { Facts, Past } from "../../../src/core/builtin.ts";
import { job } from "../apt/machine.ts";
import { HEALTHY, turn } from "../pacemaker-pair.ts";
import { acted, ended, LOST, printed, read, refused } from "../turns.ts";

const BEFORE = "a3dd3c11-236e-468b-95e2-f181c37638d6";
const AFTER = "0b11f0ee-7a3c-4c39-a0a8-2b2f3f6b8a10";
const QUIET: Facts = { boot: printed(`${BEFORE}\nnode2\n`), cluster: HEALTHY.cluster, jobs: read({ jobs: [] }), locks: printed('{"locks":[]}') };
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

test("an order whose answer was lost counts as given", () => {
  expect(decide({}, { acts: [acted("restart", { fill: { boot_id: BEFORE }, outcome: "lost" })] }).decision.kind).toBe("wait");
});

test("a machine that was restarted in an earlier attempt is not restarted again", () => {
  expect(decide({ boot: printed(`${AFTER}\nnode2\n`) }, { acts: [TOLD], attempt: 2 }).decision.kind).toBe("done");
});

describe("refuses", () => {
  test.each([
    ["the machine that leads the cluster", { boot: printed(`${BEFORE}\nnode1\n`) }, "is_promoted"],
    ["while a job runs", { jobs: read({ jobs: [job()] }) }, "busy"],
    ["while something is installed by hand", { locks: printed('{"locks":[{"command":"dpkg","pid":9,"path":"/var/lib/dpkg/lock"}]}') }, "busy"],
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
