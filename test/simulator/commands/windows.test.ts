import { describe, expect, test } from "vitest";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import type { NodeFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleWorld } from "../a-world.ts";

const PRODUCT = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Products\\461C2B4266EDEF444B864AD6D9E5B613";
const withNodeB = (node: NodeFile): Driver => new Driver(exampleWorld("two-node", { nodes: { NODEA: {}, NODEB: node } }));

test("`hostname.exe` prints the node's name, and the runner's machine has a name of its own", async () => {
  const driver = new Driver(exampleWorld());
  expect((await driver.run("nodeb.contoso.example", "hostname")).out).toBe("NODEB\r\n");
  expect((await driver.run("local", "hostname.exe")).out).toBe("OPERATOR-PC\r\n");
});

test("a virtual name is the node that owns it", async () => {
  const driver = new Driver(exampleWorld("moved"));
  expect((await driver.run("EXCLUS1", "hostname.exe")).out).toBe("NODEB\r\n");
  expect((await driver.run("exchclus", "hostname.exe")).out).toBe("NODEA\r\n");
});

describe("`whoami.exe`", () => {
  const groups = async (node: NodeFile): Promise<string> => (await withNodeB(node).run("NODEB", "whoami.exe", "/groups", "/fo", "csv", "/nh")).out;

  test("names the local administrators for an administrator", async () => {
    expect(await groups({})).toContain('"BUILTIN\\Administrators","Alias","S-1-5-32-544","Mandatory group, Enabled by default, Enabled group, Group owner"\r\n');
  });
  test("has them for denying only in a session that is not elevated", async () => {
    expect(await groups({ elevated: false })).toContain('"S-1-5-32-544","Group used for deny only"');
  });
  test("does not name them for anybody else", async () => {
    expect(await groups({ administrator: false })).not.toContain("S-1-5-32-544");
  });
});

describe("`reg.exe`", () => {
  test("lists the registered patches, each under its code", async () => {
    const { exitCode, out } = await new Driver(exampleWorld("node-b-updated")).run("NODEB", "reg.exe", "query", `${PRODUCT}\\Patches`, "/s");
    expect(exitCode).toBe(0);
    expect(out).toMatch(/\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\[^\r]*\\Patches\\[0-9A-F]{32}\r\n {4}DisplayName {4}REG_SZ {4}Update Rollup 1 for Exchange Server 2007 Service Pack 1 \(KB945684\) 8\.1\.263\.1\r\n {4}Installed {4}REG_SZ {4}20080314\r\n {4}State {4}REG_DWORD {4}0x1\r\n/);
  });

  test("prints one value, whatever the case of its name", async () => {
    const driver = new Driver(exampleWorld());
    expect((await driver.run("NODEB", "reg.exe", "query", `${PRODUCT}\\InstallProperties`, "/v", "displayversion")).out).toMatch(/ {4}DisplayVersion {4}REG_SZ {4}8\.1\.240\.6\r\n/);
    expect((await driver.run("NODEB", "reg.exe", "query", "HKLM\\SOFTWARE\\Microsoft\\Exchange\\Setup", "/v", "MsiInstallPath")).out).toContain("C:\\Program Files\\Microsoft\\Exchange Server\\\r\n");
  });

  test.each([
    ["a key that is not there", [`${PRODUCT}\\Nothing`]],
    ["a value that is not there", [`${PRODUCT}\\InstallProperties`, "/v", "Nothing"]],
    ["an option that it does not know", [PRODUCT, "/x"]],
  ] as const)("ends with 1 for %s", async (_, args) => {
    const { exitCode, out } = await new Driver(exampleWorld()).run("NODEB", "reg.exe", "query", ...args);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^ERROR: /);
  });

  test.each([
    ["component_servicing", "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending", []],
    ["windows_update", "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired", []],
    ["file_rename", "SYSTEM\\CurrentControlSet\\Control\\Session Manager", ["/v", "PendingFileRenameOperations"]],
  ] as const)("shows the evidence %s only where a restart is due", async (evidence, key, option) => {
    const ask = async (node: NodeFile): Promise<number> => (await withNodeB(node).run("NODEB", "reg.exe", "query", `HKLM\\${key}`, ...option)).exitCode;
    expect([await ask({ restart_pending: [evidence] }), await ask({})]).toEqual([0, 1]);
  });

  test("has a heading and tabs on Server 2003", async () => {
    const { out } = await withNodeB({ os: "2003" }).run("NODEB", "reg.exe", "query", `${PRODUCT}\\InstallProperties`, "/v", "DisplayVersion");
    expect(out).toMatch(/^\r\n! REG\.EXE VERSION 3\.0\r\n[^]* {4}DisplayVersion\tREG_SZ\t8\.1\.240\.6\r\n/);
  });

  test("shows superseded patches beside the one that is applied", async () => {
    const driver = new Driver(exampleWorld("node-b-updated"));
    nodeOf(driver.world.state, "NODEB").exchange.patches.push({ code: "0".repeat(32), kb: "111111", displayName: "older", build: "8.1.250.0", installedMs: 0, interim: false, removable: true });
    const { out } = await driver.run("NODEB", "reg.exe", "query", `${PRODUCT}\\Patches`, "/s");
    expect(out.match(/State {4}REG_DWORD {4}0x\d/g)).toEqual(["State    REG_DWORD    0x1", "State    REG_DWORD    0x2"]);
  });
});

describe("`sc.exe`", () => {
  test("changes a startup type, and says so afterwards", async () => {
    const driver = new Driver(exampleWorld());
    expect(await driver.run("NODEB", "sc.exe", "config", "MSExchangeSearch", "start=", "disabled")).toEqual({ exitCode: 0, out: "[SC] ChangeServiceConfig SUCCESS\r\n" });
    expect((await driver.run("NODEB", "sc.exe", "qc", "msexchangesearch")).out).toContain("START_TYPE         : 4   DISABLED\r\n");
  });

  test("a start answers at once, and the service runs a little later", async () => {
    const driver = withNodeB({ services: { MSExchangeServiceHost: { state: "Stopped" } } });
    expect((await driver.run("NODEB", "sc.exe", "start", "MSExchangeServiceHost")).out).toContain("STATE              : 2  START_PENDING");
    await driver.pass(60_000);
    expect((await driver.run("NODEB", "sc.exe", "query", "MSExchangeServiceHost")).out).toContain("STATE              : 4  RUNNING");
  });

  test("a start brings up what the service needs, too", async () => {
    const driver = withNodeB({ services: { "msftesql-Exchange": { state: "Stopped" }, MSExchangeSearch: { state: "Stopped" } } });
    expect((await driver.run("NODEB", "sc.exe", "start", "MSExchangeSearch")).exitCode).toBe(0);
    await driver.pass(60_000);
    const running = nodeOf(driver.world.state, "NODEB").services.filter(({ state }) => state === "Running").map(({ name }) => name);
    expect(running).toEqual(expect.arrayContaining(["MSExchangeSearch", "msftesql-Exchange"]));
  });

  test("a stop works likewise, and not while others need the service", async () => {
    const driver = new Driver(exampleWorld());
    expect((await driver.run("NODEB", "sc.exe", "stop", "MSExchangeADTopology")).exitCode).toBe(1051);
    expect((await driver.run("NODEB", "sc.exe", "stop", "MSExchangeServiceHost")).exitCode).toBe(0);
    await driver.pass(60_000);
    expect((await driver.run("NODEB", "sc.exe", "stop", "MSExchangeServiceHost")).exitCode).toBe(1062);
  });

  test.each([
    ["one that runs", {}, ["start", "MSExchangeRepl"], 1056],
    ["one that is disabled", { services: { MSExchangeRepl: { state: "Stopped", start_mode: "Disabled" } } }, ["start", "MSExchangeRepl"], 1058],
    ["one whose needed service is disabled", { services: { "msftesql-Exchange": { state: "Stopped", start_mode: "Disabled" }, MSExchangeSearch: { state: "Stopped" } } }, ["start", "MSExchangeSearch"], 1068],
    ["one that is not there", {}, ["start", "Nothing"], 1060],
    ["the startup type of one that is not there", {}, ["config", "Nothing", "start=", "auto"], 1060],
    ["a startup type that there is not", {}, ["config", "MSExchangeRepl", "start=", "sometimes"], 1639],
    ["anything without the right", { administrator: false }, ["config", "MSExchangeRepl", "start=", "auto"], 5],
  ] as const)("%s is refused", async (_, node, args, error) => {
    expect((await withNodeB(node).run("NODEB", "sc.exe", ...args)).exitCode).toBe(error);
  });
});

describe("`shutdown.exe`", () => {
  const ARGS = ["/r", "/t", "0", "/d", "p:4:17", "/c", "rollup"];

  test("the node answers, goes down, boots and joins; its automatic services run, and no restart is due any more", async () => {
    const driver = withNodeB({ restart_pending: ["file_rename"] });
    const node = nodeOf(driver.world.state, "NODEB");
    expect(await driver.run("NODEB", "shutdown.exe", ...ARGS)).toEqual({ exitCode: 0, out: "" });
    expect(node.power).toBe("on");
    await driver.pass(60_000);
    expect([node.power, node.membership]).toEqual(["restarting", "Down"]);
    await driver.pass(10 * 60_000);
    expect([node.power, node.membership, node.restartEvidence]).toEqual(["on", "Up", []]);
    expect(node.lastBootMs).toBeGreaterThan(driver.world.state.epochMs);
    expect(node.services.filter(({ startMode, state }) => startMode === "Auto" && state !== "Running")).toEqual([]);
    expect(driver.world.state.breaches).toEqual([]);
  });

  test("an active node goes down too, and the outage is there to be seen", async () => {
    const driver = new Driver(exampleWorld());
    await driver.run("NODEA", "shutdown.exe", ...ARGS);
    await driver.pass(10 * 60_000);
    expect(driver.world.state.cluster.groups.map(({ owner }) => owner)).toEqual(["NODEB", "NODEB", "NODEB"]);
    expect(driver.world.state.breaches.map(({ invariant }) => invariant)).toEqual(["I5"]);
    expect(driver.world.state.outages.map(({ cause }) => cause)).toEqual(["fault"]);
  });

  test("a second one is refused while the first is under way, and so is one without the right", async () => {
    const driver = new Driver(exampleWorld());
    await driver.run("NODEB", "shutdown.exe", ...ARGS);
    expect((await driver.run("NODEB", "shutdown.exe", ...ARGS)).exitCode).toBe(1115);
    expect((await withNodeB({ administrator: false }).run("NODEB", "shutdown.exe", ...ARGS)).exitCode).toBe(5);
  });
});

test("a program that the world does not know is not found, and the installer is no program to wait for", async () => {
  const driver = new Driver(exampleWorld());
  for (const program of ["powerpoint", "msiexec.exe"]) await expect(driver.run("NODEB", program)).rejects.toThrow('"code":"not_found"');
});

test("the world answers programs and scripts of the author's own as its file says", async () => {
  const driver = new Driver(exampleWorld("two-node", {
    programs: [
      { command: "backup.exe /start", exit_code: 3, stdout: "begun\n", changes: true, does: [{ backup: { for: "1h" } }] },
      { command: "Get-Weather", stdout: "rain", node: "NODEB" },
    ],
  }));
  expect(await driver.run("NODEA", "C:\\tools\\backup", "/start", "/full")).toEqual({ exitCode: 3, out: "begun\r\n" });
  expect(driver.world.state.mailboxServer.storageGroups.every(({ backupUntilMs }) => backupUntilMs !== undefined)).toBe(true);
  const script = { kind: "script", script: "$w = Get-Weather; $w", parameters: {} } as const;
  const options = { limitMs: 60_000, onOutput: () => undefined, signal: new AbortController().signal };
  expect(await driver.until(driver.transports.to("NODEB").script(script, options))).toMatchObject({ kind: "ok", value: { exitCode: 0, stdout: "rain" } });
  expect(await driver.until(driver.transports.to("NODEA").script(script, options))).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
});
