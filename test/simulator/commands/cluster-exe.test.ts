import { describe, expect, test } from "vitest";
import { mailboxServerStatus } from "../../../src/simulator/rules/mailbox-server.ts";
import type { World } from "../../../src/simulator/world.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import { Driver, exampleWorld, options } from "../a-world.ts";

const lines = (...text: readonly string[]): string => text.map((line) => `${line}\r\n`).join("");

test("the groups are listed in the columns of the real program", async () => {
  const driver = new Driver(exampleWorld());
  expect((await driver.run("NODEB", "cluster.exe", "group", "/status")).out).toBe(lines(
    "Listing status for all available resource groups:",
    "",
    "Group                Node            Status",
    "-------------------- --------------- ------",
    "Available Storage    NODEB           Offline",
    "Cluster Group        NODEA           Online",
    "EXCLUS1              NODEA           Online",
    "",
  ));
});

test("one group, one node and the nodes have their own headings", async () => {
  const driver = new Driver(exampleWorld());
  expect((await driver.run("NODEB", "CLUSTER", "group", "cluster group")).out).toMatch(/^Listing status for resource group 'Cluster Group':\r\n\r\nGroup/);
  expect((await driver.run("NODEB", "cluster.exe", "/cluster:EXCHCLUS", "node", "nodeb", "/stat")).out).toMatch(/^Listing status for node 'NODEB':/);
  expect((await driver.run("NODEB", "cluster.exe", "node")).out).toContain(lines("Node           Node ID Status", "-------------- ------- ---------------------", "NODEA                1 Up", "NODEB                2 Up"));
});

test("a name that is longer than its column pushes the line", async () => {
  const world = exampleWorld("two-node", { groups: { "A group with a very long name": { owner: "NODEB" } } });
  expect((await new Driver(world).run("NODEA", "cluster.exe", "group")).out).toContain("A group with a very long name NODEB           Online\r\n");
});

test("the resources show the mailbox server's instances, its databases and the witness", async () => {
  const driver = new Driver(exampleWorld());
  driver.world.suffer([{ kind: "witness", reachable: false }, { kind: "dismount", database: "Archive Database" }]);
  const { out } = await driver.run("NODEA", "cluster.exe", "res", "/status");
  expect(out).toMatch(/^File Share Witness \(\\\\HUB1\\fsw_exchclus\) Cluster Group +NODEA +Failed\r$/m);
  expect(out).toMatch(/^Exchange Information Store Instance \(EXCLUS1\) EXCLUS1 +NODEA +Online\r$/m);
  expect(out).toMatch(/^First Storage Group\/Mailbox Database \(EXCLUS1\) EXCLUS1 +NODEA +Online\r$/m);
  expect(out).toMatch(/^Second Storage Group\/Archive Database \(EXCLUS1\) EXCLUS1 +NODEA +Offline\r$/m);
});

describe("moving a group", () => {
  test("it is Pending, then owned by the other node, then in its former state", async () => {
    const driver = new Driver(exampleWorld("two-node", { durations: { group_move: "10s" } }));
    const moved = driver.transports.to("NODEB").run({ kind: "program", program: "cluster.exe", args: ["group", "Cluster Group", "/moveto:NODEB", "/wait:60"] }, options());
    const group = (): readonly (string | undefined)[] => driver.world.state.cluster.groups.filter(({ kind }) => kind === "core").flatMap(({ owner, status }) => [owner, status]);
    await driver.pass(1_000);
    expect(group()).toEqual(["NODEA", "Pending"]);
    await driver.pass(4_000);
    expect(group()).toEqual(["NODEB", "Pending"]);
    expect(await driver.until(moved)).toMatchObject({ kind: "ok", value: { exitCode: 0, stdout: lines("Moving resource group 'Cluster Group'...", "", "Group                Node            Status", "-------------------- --------------- ------", "Cluster Group        NODEB           Online", "") } });
  });

  test("an empty group that was Offline is Offline again", async () => {
    const driver = new Driver(exampleWorld());
    expect((await driver.run("NODEB", "cluster.exe", "group", "Available Storage", "/moveto:NODEA", "/wait:60")).out).toMatch(/Available Storage +NODEA +Offline/);
  });

  test("who gives up waiting gets an error, and the group arrives all the same", async () => {
    const driver = new Driver(exampleWorld("two-node", { durations: { group_move: "50s" } }));
    expect((await driver.run("NODEB", "cluster.exe", "group", "Cluster Group", "/move:NODEB")).exitCode).toBe(997);
    expect((await driver.run("NODEB", "cluster.exe", "group", "Available Storage", "/move:NODEA", "/wait:10")).exitCode).toBe(258);
    await driver.pass(60_000);
    expect(driver.world.state.cluster.groups.map(({ owner }) => owner)).toEqual(["NODEA", "NODEB", "NODEA"]);
  });

  test.each([
    ["a group that is not there", ["group", "Nothing", "/moveto:NODEB"], 5013],
    ["a node that is not there", ["group", "Cluster Group", "/moveto:NODEC"], 5042],
    ["a verb that it does not know", ["group", "Cluster Group", "/evict"], 87],
    ["an object that it does not know", ["network"], 87],
    ["a move of no group", ["group", "/moveto:NODEB"], 87],
  ] as const)("%s is refused", async (_, args, error) => {
    expect((await new Driver(exampleWorld()).run("NODEB", "cluster.exe", ...args)).exitCode).toBe(error);
  });

  test.each([
    ["to a paused node", (world: World) => world.suffer([{ kind: "pause", node: "NODEB" }]), 5070],
    ["to a node that is down", (world: World) => world.suffer([{ kind: "power-off", node: "NODEB" }]), 5050],
    ["without the right", (world: World) => Object.assign(nodeOf(world.state, "NODEA"), { administrator: false }), 5],
    ["where the Cluster service does not run", (world: World) => world.suffer([{ kind: "service", node: "NODEA", name: "ClusSvc", state: "Stopped" }]), 1753],
    ["without a quorum", (world: World) => world.suffer([{ kind: "witness", reachable: false }, { kind: "power-off", node: "NODEB" }]), 5925],
  ] as const)("%s it is refused, with the system's message", async (_, prepare, error) => {
    const world = exampleWorld();
    prepare(world);
    const answer = await new Driver(world).run("NODEA", "cluster.exe", "group", "Cluster Group", "/moveto:NODEB");
    expect(answer.exitCode).toBe(error);
    expect(answer.out).toMatch(new RegExp(`^System error ${error} has occurred \\(0x[0-9A-F]{8}\\)\\.\\r\\n.+\\r\\n$`));
  });

  test("the mailbox server's group moves without a look at the copies, and logs that were not copied are lost", async () => {
    const driver = new Driver(exampleWorld("unhealthy-copy"));
    await driver.run("NODEB", "cluster.exe", "group", "EXCLUS1", "/moveto:NODEB", "/wait:600");
    expect(mailboxServerStatus(driver.world.state)).toBe("Partially Online");
    expect(driver.world.state.breaches.map(({ invariant }) => invariant)).toEqual(["I3", "I6", "I5"]);
  });
});

describe("nodes", () => {
  test("a node is paused and resumed, and is Paused only in name", async () => {
    const driver = new Driver(exampleWorld());
    expect((await driver.run("NODEA", "cluster.exe", "node", "NODEB", "/pause")).out).toMatch(/^Pausing node 'NODEB'\.\.\.[^]*NODEB +2 Paused/);
    expect(nodeOf(driver.world.state, "NODEB").membership).toBe("Up");
    expect((await driver.run("NODEA", "cluster.exe", "node", "NODEB", "/resume")).out).toMatch(/NODEB +2 Up/);
  });

  test("stopping the Cluster service takes a node out, with its groups; starting it brings it back", async () => {
    const driver = new Driver(exampleWorld());
    await driver.run("NODEB", "cluster.exe", "node", "NODEB", "/stop");
    await driver.pass(60_000);
    expect(nodeOf(driver.world.state, "NODEB").membership).toBe("Down");
    expect(driver.world.state.cluster.groups.map(({ owner }) => owner)).toEqual(["NODEA", "NODEA", "NODEA"]);
    await driver.run("NODEA", "cluster.exe", "node", "NODEB", "/start");
    await driver.pass(60_000);
    expect(nodeOf(driver.world.state, "NODEB").membership).toBe("Up");
  });

  test("one that is down cannot be paused", async () => {
    const driver = new Driver(exampleWorld());
    driver.world.suffer([{ kind: "power-off", node: "NODEB" }]);
    expect((await driver.run("NODEA", "cluster.exe", "node", "NODEB", "/pause")).exitCode).toBe(5050);
  });
});

test("a group is taken offline, and stays so until it is brought online", async () => {
  const driver = new Driver(exampleWorld());
  expect((await driver.run("NODEA", "cluster.exe", "group", "Cluster Group", "/offline", "/wait:60")).out).toMatch(/Cluster Group +NODEA +Offline/);
  await driver.pass(300_000);
  expect((await driver.run("NODEA", "cluster.exe", "group", "Cluster Group", "/online", "/wait:60")).out).toMatch(/Cluster Group +NODEA +Online/);
});

describe("the failback policy of a group", () => {
  const failback = { mailbox_server: { name: "EXCLUS1", active: "NODEA", version: "8.1.240.6", failback: "nodea", storage_groups: { "First Storage Group": { database: "Mailbox Database" } } } } as const;

  test("is shown as AutoFailbackType, with the nodes that the group prefers", async () => {
    const driver = new Driver(exampleWorld("two-node", failback));
    expect((await driver.run("NODEB", "cluster.exe", "group", "exclus1", "/prop")).out).toMatch(/^Listing properties for 'EXCLUS1':\r\n[^]*^D {2}EXCLUS1 +AutoFailbackType +1 \(0x1\)\r$/m);
    expect((await driver.run("NODEB", "cluster.exe", "group", "EXCLUS1", "/listowners")).out).toBe(lines("Listing preferred owners for resource group 'EXCLUS1':", "", "Preferred Owner Nodes", "---------------------", "NODEA", ""));
    expect((await driver.run("NODEB", "cluster.exe", "group", "Cluster Group", "/prop")).out).toMatch(/AutoFailbackType +0 \(0x0\)/);
    expect(driver.world.state.changes).toBe(0);
  });

  test("is set, and the group then stays where it is", async () => {
    const driver = new Driver(exampleWorld("two-node", failback));
    expect(await driver.run("NODEB", "cluster.exe", "group", "EXCLUS1", "/prop", "AutoFailbackType=0")).toMatchObject({ exitCode: 0 });
    expect((await driver.run("NODEB", "cluster.exe", "group", "EXCLUS1", "/prop")).out).toMatch(/AutoFailbackType +0 \(0x0\)/);
    expect(driver.world.state.changes).toBe(1);
  });

  test.each([[5013, ["EXCLUS2", "/prop"]], [87, ["EXCLUS1", "/prop", "AutoFailbackType=7"]], [87, ["EXCLUS1", "/prop", "Description=x"]], [87, ["EXCLUS1", "/prop", "AutoFailbackType=0", "AutoFailbackType=1"]], [87, ["/listowners"]]])("error %i for %j", async (error, args) => {
    expect((await new Driver(exampleWorld()).run("NODEB", "cluster.exe", "group", ...args)).exitCode).toBe(error);
  });
});
