import { describe, expect, test } from "vitest";
import { clusterStartNode } from "../../../src/builtins/cluster/start-node.ts";
import type { Fact, Past } from "../../../src/core/builtin.ts";
import { acted, answered, ended, LOST, pastOf, PLACE, printed, records } from "../turns.ts";

const nodes = (state: string): Fact => printed(`Listing status for all available nodes:\r\n\r\nNode           Node ID Status\r\n-------------- ------- ---------------------\r\nNODEA                1 Up\r\nNODEB                2 ${state}\r\n`);
const service = (state: string, mode = "Auto"): Fact => records({ Name: "ClusSvc", StartMode: mode, State: state });
const SILENT = printed("", 1753, "System error 1753 has occurred (0x000006d9).");
const NODE: Readonly<Record<string, Fact>> = { system: records({ CSName: "nodeb" }), service: service("Running"), nodes: nodes("Up") };
const STOPPED = { service: service("Stopped"), nodes: SILENT };
const STARTED = acted("start", { result: ended(0) });
const decide = (facts: Readonly<Record<string, Fact>>, past: Partial<Past> = {}) => clusterStartNode.decide({}, { ...NODE, ...facts }, pastOf(past), PLACE);

describe("cluster.start_node", () => {
  test.each<[string, Readonly<Record<string, Fact>>, Partial<Past>, object]>([
    ["leaves a node alone that is Up", {}, {}, { kind: "done", outputs: { state: "Up", started: false }, because: "NODEB is Up" }],
    ["leaves a paused node alone: it is in the cluster", { nodes: nodes("Paused") }, {}, { kind: "done", outputs: { state: "Paused", started: false } }],
    ["starts a Cluster service that is stopped", STOPPED, {}, { kind: "act", actions: [{ action: "start" }] }],
    ["waits for a node that joins", { nodes: nodes("Joining") }, { acts: [STARTED] }, { kind: "wait", because: expect.stringContaining("Joining") }],
    ["waits for a service that starts", { service: service("Start Pending"), nodes: SILENT }, { acts: [STARTED] }, { kind: "wait" }],
    ["says that it started it", {}, { acts: [STARTED] }, { kind: "done", outputs: { state: "Up", started: true } }],
    ["asks a person where the service does not stay up, and says what sc.exe said", STOPPED, { acts: [acted("start", { result: ended(1069, "[SC] StartService FAILED 1069") })] }, { kind: "ask", question: { text: "The Cluster service of NODEB does not come back. Start it again?" }, because: expect.stringMatching(/sc\.exe ended with 1069: \[SC\] StartService FAILED 1069\. It was started and stopped again/) }],
    ["asks a person where the node does not join within ten minutes", { nodes: nodes("Joining") }, { acts: [STARTED], elapsedMs: 600_000 }, { kind: "ask", because: expect.stringContaining("It has not joined within 10m") }],
    ["starts it once more where a person says so", STOPPED, { acts: [STARTED], answers: [answered("again")] }, { kind: "act" }],
    ["and then asks again", STOPPED, { acts: [STARTED, STARTED], answers: [answered("again")] }, { kind: "ask" }],
    ["ends where a person says stop, and says what not to do meanwhile", STOPPED, { acts: [STARTED], answers: [answered("stop", "broken disk")] }, { kind: "fail", code: "not_joined", because: expect.stringMatching(/Ann said stop: broken disk\. There is no second node: do not move the mailbox server to NODEB/) }],
    ["does not start a service that is Disabled", { ...STOPPED, service: service("Stopped", "Disabled") }, {}, { kind: "refuse", code: "service_disabled", because: expect.stringContaining("windows.services_restore") }],
    ["refuses a machine without a Cluster service", { service: records() }, {}, { kind: "refuse", code: "not_a_node" }],
    ["refuses a node that does not answer", { system: LOST, service: LOST, nodes: LOST }, {}, { kind: "refuse", code: "unreachable" }],
    ["waits for one that does not answer afterwards", { system: LOST, service: LOST, nodes: LOST }, { acts: [STARTED] }, { kind: "wait" }],
  ])("%s", (_case, facts, past, decision) => {
    expect(decide(facts, past)).toMatchObject(decision);
  });
});

test("the service is named, and nothing else of the node is read", () => {
  expect(Object.keys(clusterStartNode.look({}, {}, pastOf()))).toEqual(["system", "service", "nodes"]);
  expect(clusterStartNode.actions["start"]?.make({}, {})).toEqual({ kind: "program", program: "sc.exe", args: ["start", "ClusSvc"] });
});
