import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/simulator/fault.ts";
import { changesOf } from "../kit/changes.ts";
import { changedWorld, freshWorld, runOnWorld } from "../kit/ccr-kit.ts";

const GROUP_B = ["NODEB moves Available Storage"];
const COPIED_B = [...GROUP_B, "NODEB put"];
const UPDATE_B = [...COPIED_B, "NODEB msiexec.exe"];
const MOVE = ["NODEB Move-ClusteredMailboxServer"];
const UPDATE_A = ["NODEA moves Available Storage", "NODEA moves Cluster Group", "NODEA put", "NODEA msiexec.exe"];
const ALL = [...UPDATE_B, ...MOVE, ...UPDATE_A];
const SERVICES_OF_B = ["NODEB sc.exe"];

/** Services that are given back one after another count as one change. */
function inShort(changes: readonly string[]): readonly string[] {
  return changes.filter((line, index) => !line.endsWith("sc.exe") || line !== changes[index - 1]);
}

/** How a run ends, and what it changed until then. */
interface Ending {
  readonly result: string;
  readonly changes: readonly string[];
  /** Of the reason: where it stopped, the cause, and the cure. */
  readonly because?: readonly RegExp[];
  readonly owed?: readonly string[];
}

interface Case {
  /** The rows of the failure catalogue (domain page, 6) that it stands for. */
  readonly world: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly first: Ending;
  /** What people do to the system before the second run. */
  readonly cure?: readonly Fault[];
  readonly second: Ending;
  /** The model's rules that the fault itself broke; an action of ours breaks none. */
  readonly brokenByTheFault?: readonly string[];
}

const NOTHING: Ending = { result: "nothing to do", changes: [] };
const cases: readonly Case[] = [
  { world: "no-rights-on-b", first: { result: "stopped", changes: [], because: [/Access is denied.*no local administrator on NODEB/, /preflight\/machines\[NODEB\]/] }, second: { result: "stopped", changes: [] } },
  { world: "no-exchange-role", first: { result: "stopped", changes: [], because: [/does not have the Exchange Server Administrator role/] }, second: { result: "stopped", changes: [] } },
  { world: "failed-over-before", first: { result: "stopped", changes: [], because: [/EXCLUS1 is on NODEB, which lacks the rollup/, /--set node_a=NODEB --set node_b=NODEA/] }, second: { result: "stopped", changes: [] } },
  { world: "paused-node", first: { result: "stopped", changes: [], because: [/Paused: NODEB.*resume it/] }, cure: [{ kind: "resume", node: "NODEB" }], second: { result: "succeeded", changes: ALL } },
  { world: "suspended-copy", first: { result: "stopped", changes: [], because: [/Second Storage Group is Suspended/, /resume the copy, or seed it anew, then start again/] }, cure: [{ kind: "copy", status: "Healthy", message: "" }], second: { result: "succeeded", changes: ALL } },
  { world: "group-during-copy", first: { result: "stopped", changes: COPIED_B, because: [/update_b\/install: NODEB owns Cluster Group.*Find out what keeps them here/] }, second: { result: "succeeded", changes: ["NODEB moves Cluster Group", "NODEB msiexec.exe", ...MOVE, ...UPDATE_A] } },
  { world: "witness-lost", first: { result: "stopped", changes: COPIED_B, because: [/the witness is not online.*Bring the missing vote back/] }, cure: [{ kind: "witness", reachable: true }], second: { result: "succeeded", changes: ["NODEB msiexec.exe", ...MOVE, ...UPDATE_A] } },
  { world: "copy-damaged", first: { result: "succeeded", changes: [...COPIED_B, "NODEB put", "NODEB msiexec.exe", ...MOVE, ...UPDATE_A] }, second: NOTHING },
  { world: "wrong-line", first: { result: "stopped", changes: UPDATE_B, because: [/1642.*another service pack/] }, second: { result: "stopped", changes: ["NODEB msiexec.exe"], because: [/1642/] } },
  { world: "services-left-disabled", first: { result: "stopped", changes: [...UPDATE_B, ...SERVICES_OF_B], because: [/1603.*rolled back.*Log on the node/] }, second: { result: "succeeded", changes: ["NODEB msiexec.exe", ...MOVE, ...UPDATE_A] } },
  { world: "cluster-service-stopped", first: { result: "stopped", changes: [...UPDATE_B, "NODEB sc.exe"], because: [/1603/] }, second: { result: "succeeded", changes: ["NODEB msiexec.exe", ...MOVE, ...UPDATE_A] } },
  { world: "service-not-started", first: { result: "succeeded", changes: [...UPDATE_B, "NODEB sc.exe", ...MOVE, ...UPDATE_A] }, second: NOTHING },
  { world: "files-stay-old", first: { result: "stopped", changes: UPDATE_B, because: [/registry says 8\.1\.263\.1 and ExSetup\.exe says 8\.1\.240\.6/, /elevated/] }, second: { result: "stopped", changes: [], because: [/registry says 8\.1\.263\.1, the files 8\.1\.240\.6/] } },
  { world: "b-restarts-during-install", first: { result: "stopped", changes: [...UPDATE_B, ...SERVICES_OF_B], because: [/the node was restarted while msiexec ran/, /before you try again/] }, second: { result: "succeeded", changes: ["NODEB msiexec.exe", ...MOVE, ...UPDATE_A] } },
  { world: "unreachable-b-during-install", first: { result: "succeeded", changes: ALL }, second: NOTHING },
  { world: "setup-hangs", first: { result: "stopped", changes: UPDATE_B, because: [/not within 2h: msiexec runs since/, /Do not end msiexec/], owed: ["update_b/setup"] }, second: { result: "stopped", changes: [], because: [/Exchange services of NODEB are Disabled. Either setup is running there/] } },
  { world: "a-dies-during-install", first: { result: "failed", changes: UPDATE_B, because: [/^mailbox: EXCLUS1 is .* something else took it down/] }, second: { result: "stopped", changes: [], because: [/NODEA does not answer/] }, brokenByTheFault: ["I4", "I5", "I6"] },
  { world: "failover-during-install", first: { result: "failed", changes: UPDATE_B, because: [/^mailbox: EXCLUS1 is .* on NODEB/, /something else took it down/] }, second: { result: "succeeded", changes: [...MOVE, ...UPDATE_A] }, brokenByTheFault: ["I5"] },
  { world: "backup-at-move", first: { result: "succeeded", changes: ALL }, second: NOTHING },
  { world: "person-says-no", first: { result: "stopped", changes: UPDATE_B, because: [/^handover\/approve: operator said no: not today$/] }, second: { result: "stopped", changes: [], because: [/operator said no/] } },
  { world: "move-answer-lost", first: { result: "succeeded", changes: ALL }, second: NOTHING },
  { world: "move-fails-though-made", first: { result: "succeeded", changes: ALL }, second: NOTHING },
  { world: "late-move-failure", first: { result: "failed", changes: [...UPDATE_B, ...MOVE], because: [/Partially Online on NODEB.*Archive Database/, /Bring it back first, then start the run again/] }, cure: [{ kind: "mount", database: "Archive Database" }], second: { result: "succeeded", changes: UPDATE_A } },
  { world: "online-pending", first: { result: "failed", changes: [...UPDATE_B, ...MOVE], because: [/longer than its outage budget of 10m.*Online Pending on NODEB/] }, second: { result: "succeeded", changes: UPDATE_A } },
  { world: "moves-back-by-itself", first: { result: "failed", changes: ALL, because: [/on NODEA.*something else took it down/] }, second: NOTHING, brokenByTheFault: ["I5"] },
  { world: "a-restarts-after-move", first: { result: "succeeded", changes: ALL }, second: NOTHING },
  { world: "copies-never-healthy", first: { result: "stopped", changes: [...UPDATE_B, ...MOVE], because: [/^update_a\/sound\/copies: First Storage Group is Failed/, /resume the copy, or seed it anew/] }, cure: [{ kind: "copy", status: "Healthy", message: "" }], second: { result: "succeeded", changes: UPDATE_A } },
  { world: "install-a-fails", first: { result: "stopped", changes: [...ALL, ...SERVICES_OF_B.map((line) => line.replace("NODEB", "NODEA"))], because: [/^update_a\/install: msiexec ended with 1603/] }, second: { result: "succeeded", changes: ["NODEA msiexec.exe"] } },
  { world: "rtm", inputs: { build: "8.0.813.0" }, first: { result: "succeeded", changes: ALL }, second: NOTHING },
];

describe("on a hostile cluster the procedure does what the failure catalogue says, and the next run what is left", () => {
  test.each(cases)("$world", async ({ world: name, inputs = {}, first, cure = [], second, brokenByTheFault = [] }) => {
    const world = await freshWorld(`test/worlds/${name}.world.yml`);
    for (const [ending, faults] of [[first, []], [second, cure]] as const) {
      world.suffer(faults);
      const { end, events } = await runOnWorld(world, { inputs });
      expect(end.result, end.because).toBe(ending.result);
      expect(end.exitCode).toBe(ending.result === "succeeded" || ending.result === "nothing to do" ? 0 : 1);
      expect(inShort(changesOf(events))).toEqual(ending.changes);
      for (const part of ending.because ?? []) expect(end.because).toMatch(part);
      expect(end.owed).toEqual(ending.owed ?? []);
    }
    expect([...new Set(world.state.breaches.map(({ invariant }) => invariant))].toSorted()).toEqual(brokenByTheFault);
  });

  test("a rollup of another service pack is seen before anything is changed", async () => {
    const { end, events } = await runOnWorld(await freshWorld("two-node"), { inputs: { build: "8.2.176.2" } });
    expect(end.because).toMatch(/8\.2\.176\.2 belongs to another service pack/);
    expect(changesOf(events)).toEqual([]);
  });

  test("what nobody can wait for is said at once", async () => {
    const world = await freshWorld("test/worlds/suspended-copy.world.yml");
    const beganMs = world.state.nowMs;
    await runOnWorld(world);
    expect(world.state.nowMs - beganMs).toBeLessThan(5 * 60_000);
  });
});

const NODE_A = "NODEA: {}";
const NODE_B = "NODEB: {}";
const ON_CALL = (event: string): readonly [string, string] => ["\npeople:", `\nevents:\n  - ${event}\n\npeople:`];

describe("what is not as it should be at the start stops the run before anything is changed, and is named with its cure", () => {
  test.each<[string, readonly (readonly [string, string])[], Readonly<Record<string, string>>, RegExp]>([
    ["no package for the article", [], { kb: "999999" }, /Exchange2007-KB999999-x64-EN\.msp is not in .* Download the rollup for KB999999/],
    ["a node of another architecture", [[NODE_B, "NODEB: { architecture: x86 }"]], {}, /NODEB is x86; a package for x64 does not fit/],
    ["an interim update", [[NODE_B, 'NODEB: { interim_updates: ["940000"] }']], {}, /An interim update is installed.*remove it first/],
    ["a PowerShell that is too new", [[NODE_A, 'NODEA: { powershell: "3.0" }']], {}, /NODEA has PowerShell 3\.0.*Remove the Windows Management Framework first/],
    ["a restart that is due", [[NODE_B, "NODEB: { restart_pending: [windows_update] }"]], {}, /NODEB waits for a restart.*restart-passive-node\.yml/],
    ["a node that is off", [[NODE_B, "NODEB: { power: off }"]], {}, /NODEB does not answer/],
    ["a dismounted database", [["last_full_backup: 5h", "last_full_backup: 5h, mounted: false"]], {}, /A database of EXCLUS1 is dismounted. Mount it/],
    ["a witness that is away", [["  witness:", "  witness_reachable: false\n  witness:"]], {}, /The file share witness is not online; 2 of 3 votes/],
    ["services left Disabled", [[NODE_B, "NODEB: { services: { MSExchangeRepl: { start_mode: Disabled, state: Stopped } } }"]], {}, /Exchange services of NODEB are Disabled.*start types back by hand/],
    ["a copy that is being seeded", [["last_full_backup: 5h", "last_full_backup: 5h, copy: Seeding"]], {}, /Second Storage Group is Seeding/],
    ["one node named twice", [], { node_b: "NODEA" }, /given are NODEA and NODEA/],
    ["the nodes named the wrong way round", [], { node_a: "NODEB", node_b: "NODEA" }, /Begin with --set node_a=NODEA --set node_b=NODEB/],
    ["an unknown mailbox server", [], { cms: "EXCLUS9" }, /'EXCLUS9' could not be found/],
    ["a server that is no cluster", [["active: NODEA", "active: NODEA\n  storage: stand_alone"]], {}, /The storage type of EXCLUS1 is Disabled/],
    ["a backup that is too old, where the policy says stop", [["last_full_backup: 5h", "last_full_backup: 50h"]], { backup_policy: "stop" }, /last full backup of some database of EXCLUS1.*older than 1d/],
  ])("%s", async (_case, changes, inputs, because) => {
    const { end, events } = await runOnWorld(await changedWorld("two-node", ...changes), { inputs });
    expect(end).toMatchObject({ result: "stopped", exitCode: 1 });
    expect(end.because).toMatch(because);
    expect(changesOf(events)).toEqual([]);
  });
});

describe("what goes wrong in passing and can be gone on from does not stop the run", () => {
  test.each<[string, readonly (readonly [string, string])[], readonly string[]]>([
    ["a copy that resynchronizes for a while", [["last_full_backup: 5h", "last_full_backup: 5h, copy: Resynchronizing, copy_for: 10m"]], ALL],
    ["a group that takes its time", [ON_CALL("{ on: { command: cluster.exe group }, group: { takes: 3m } }")], ALL],
    ["a transfer that fails once", [ON_CALL("{ on: { command: put }, reply: { fail: { code: unreachable, because: the network name is gone } } }")], [...COPIED_B, "NODEB put", "NODEB msiexec.exe", ...MOVE, ...UPDATE_A]],
    ["a start of setup whose answer is lost", [ON_CALL("{ on: { command: msiexec.exe }, reply: { lost: true } }")], ALL],
    ["native images that take an hour", [ON_CALL("{ on: { command: msiexec.exe }, install: { images: 70m } }")], ALL],
    ["a restart that setup asks for", [ON_CALL("{ on: { command: msiexec.exe }, install: { exit_code: 3010 } }")], [...UPDATE_B, "NODEB shutdown.exe", ...MOVE, ...UPDATE_A]],
    ["a start type that setup loses", [ON_CALL("{ on: { command: msiexec.exe }, install: { start_modes: { MSExchangeIS: Disabled } } }")], [...UPDATE_B, "NODEB sc.exe", ...MOVE, ...UPDATE_A]],
    ["another group on the node, which has failed", [["groups:\n  Cluster", "groups:\n  Print Group: { owner: NODEB, state: Failed, resources: [Spooler] }\n  Cluster"]], ["NODEB moves Available Storage", "NODEB moves Print Group", "NODEB put", "NODEB msiexec.exe", ...MOVE, "NODEA moves Available Storage", "NODEA moves Cluster Group", "NODEA moves Print Group", "NODEA put", "NODEA msiexec.exe"]],
    ["a move whose answer takes forty minutes", [ON_CALL("{ on: { command: Move-ClusteredMailboxServer }, reply: { slow: 40m } }")], ALL],
  ])("%s", async (_case, changes, expected) => {
    const world = await changedWorld("two-node", ...changes);
    const { end, events } = await runOnWorld(world);
    expect(end.result, end.because).toBe("succeeded");
    expect(inShort(changesOf(events))).toEqual(expected);
    expect(world.state.breaches).toEqual([]);
  });

  test("a node that is paused after setup stops the run at once, and says so", async () => {
    const { end } = await runOnWorld(await changedWorld("two-node", ON_CALL("{ on: { command: msiexec.exe, node: NODEB }, after: 21m, does: [{ pause: NODEB }] }")));
    expect(end.because).toMatch(/^update_b\/rejoined: Paused: NODEB.*resume it/);
  });

  test("a way back that is refused is an open item, and the next run makes it", async () => {
    const world = await changedWorld("two-node", ON_CALL("{ on: { command: Move-ClusteredMailboxServer, nth: 2 }, reply: { fail: { code: cmdlet_error, because: the window is over } } }"));
    const first = await runOnWorld(world, { inputs: { move_back: "true" } });
    expect(first.end.result).toBe("succeeded");
    expect(first.end.openItems.map(({ step }) => step)).toContain("on_node_a");
    const second = await runOnWorld(world, { inputs: { move_back: "true" } });
    expect(changesOf(second.events)).toEqual(["NODEA Move-ClusteredMailboxServer"]);
  });
});
