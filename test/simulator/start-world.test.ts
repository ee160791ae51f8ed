import { expect, test } from "vitest";
import { copySummary } from "../../src/simulator/rules/copies.ts";
import { startState } from "../../src/simulator/start-world.ts";
import { parseRange } from "../../src/simulator/timings.ts";
import { nodeOf } from "../../src/simulator/world-state.ts";
import { exampleText, worldFile, worldOf } from "./a-world.ts";

const base = worldFile(exampleText("two-node"));
const SHORTEST = `world: 1
name: shortest
cluster: { name: C }
nodes: { nodea: {}, nodeb: {} }
mailbox_server: { name: EXCLUS1, active: nodea, version: 8.1.240.6, storage_groups: { One: { database: DB } } }
`;

test("the shortest world is a healthy system", () => {
  const state = startState(worldFile(SHORTEST), new Map(), 1_000);
  expect(state).toMatchObject({
    epochMs: 1_000, nowMs: 1_000, seed: 1, changes: 0, due: [], triggers: [], people: [], breaches: [], outages: [],
    cluster: { quorum: true, witness: { reachable: true }, groups: [{ name: "Cluster Group", owner: "NODEA", status: "Online" }, { name: "EXCLUS1", owner: "NODEA" }] },
    mailboxServer: { storage: "NonShared", phase: "online", redundantMachines: ["NODEA", "NODEB"] },
  });
  expect(state.mailboxServer.storageGroups.map((group) => copySummary(state, group))).toEqual(["Healthy"]);
  for (const name of ["NODEA", "NODEB"]) expect(nodeOf(state, name)).toMatchObject({ power: "on", membership: "Up", paused: false, powershell: "1.0", exchange: { base: "8.1.240.6", fileBuild: "8.1.240.6", patches: [] }, files: [], jobs: [] });
});

test("a healthy node has the services of the domain page; the store runs on the active node alone", () => {
  const state = startState(worldFile(SHORTEST), new Map(), 0);
  const running = (node: string): readonly string[] => nodeOf(state, node).services.filter((service) => service.exchange && service.state === "Running").map(({ name }) => name);
  expect(running("NODEA").filter((name) => !running("NODEB").includes(name))).toEqual(["MSExchangeIS", "MSExchangeSA"]);
  expect(nodeOf(state, "NODEB").services.filter(({ startMode }) => startMode === "Manual").map(({ name }) => name)).toEqual(["MSExchangeIS", "MSExchangeSA", "msftesql-Exchange", "MSExchangeMonitoring", "msiserver", "pla"]);
});

test("from service pack 2 on there is a backup extension, and PowerShell 2.0", () => {
  const state = startState(worldFile(SHORTEST.replace("8.1.240.6", "8.2.176.2")), new Map(), 0);
  expect(nodeOf(state, "NODEB").services.map(({ name }) => name)).toContain("WSBExchange");
  expect(nodeOf(state, "NODEB").powershell).toBe("2.0");
});

test("a node has the updates, the services, the files and the pauses that its file says", () => {
  const { state } = worldOf({ ...base, nodes: { NODEA: {}, NODEB: { updates: ["945684"], interim_updates: ["950235"], paused: true, services: { msexchangesearch: { start_mode: "Disabled" }, FSCController: { display_name: "Forefront", state: "Stopped" } }, files: { "D:\\rollup.msp": { kb: "945684" } } } } });
  expect(nodeOf(state, "NODEB")).toMatchObject({
    paused: true,
    exchange: { fileBuild: "8.1.263.1", patches: [{ kb: "945684", interim: false }, { kb: "950235", interim: true }] },
    files: [{ path: "D:\\rollup.msp", bytes: state.packages[0]?.fileBytes, sha256: state.packages[0]?.sha256 }],
  });
  expect(nodeOf(state, "NODEB").services).toEqual(expect.arrayContaining([
    expect.objectContaining({ name: "MSExchangeSearch", startMode: "Disabled", state: "Running" }),
    expect.objectContaining({ name: "FSCController", displayName: "Forefront", startMode: "Auto", state: "Stopped", exchange: false }),
  ]));
});

test("a node that is off is in no cluster, and nothing runs on it", () => {
  const { state } = worldOf({ ...base, groups: {}, nodes: { NODEA: {}, NODEB: { power: "off" } } });
  expect(nodeOf(state, "NODEB")).toMatchObject({ power: "off", membership: "Down" });
  expect(nodeOf(state, "NODEB").services.every((service) => service.state === "Stopped")).toBe(true);
  expect(state.mailboxServer.storageGroups.map((group) => copySummary(state, group))).toEqual(["ServiceDown", "ServiceDown"]);
});

test("a mailbox server can be offline from the beginning, and no store runs then", () => {
  const { state } = worldOf({ ...base, mailbox_server: { ...base.mailbox_server, state: "Offline" } });
  expect(state.mailboxServer).toMatchObject({ phase: "offline", stopped: { reason: expect.any(String) } });
  expect(nodeOf(state, "NODEA").services.find(({ name }) => name === "MSExchangeIS")?.state).toBe("Stopped");
  expect(state.mountedAtStart).toEqual([]);
});

test("a package without its stand-in is our own mistake", () => {
  expect(() => startState(base, new Map(), 0)).toThrow("is not given");
});

test.each([
  ["90s", { fromMs: 90_000, toMs: 90_000 }],
  ["1m..3m", { fromMs: 60_000, toMs: 180_000 }],
  ["3m..1m", undefined],
  ["1m..2m..3m", undefined],
  ["soon", undefined],
])("the range %s", (text, range) => {
  expect(parseRange(text)).toEqual(range);
});
