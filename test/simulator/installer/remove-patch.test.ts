import { expect, test } from "vitest";
import { EXCHANGE_PRODUCT, packCode } from "../../../src/simulator/installer/packed-code.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import { patchStateOf } from "../../../src/simulator/installer/register-patch.ts";
import { Driver, exampleWorld, PACKAGE } from "../a-world.ts";

/** A code as a command line has it, from the way in which the registry packs it. */
function unpacked(packed: string): string {
  const turned = (text: string): string => Array.from(text).toReversed().join("");
  const rest = (packed.slice(16).match(/../g) ?? []).map((pair) => turned(pair)).join("");
  return `{${turned(packed.slice(0, 8))}-${turned(packed.slice(8, 12))}-${turned(packed.slice(12, 16))}-${rest.slice(0, 4)}-${rest.slice(4)}}`;
}

test("the product's code is packed as the registry has it", () => {
  expect(packCode(EXCHANGE_PRODUCT)).toBe("461C2B4266EDEF444B864AD6D9E5B613");
  expect(unpacked("461C2B4266EDEF444B864AD6D9E5B613")).toBe(EXCHANGE_PRODUCT);
});

test("a patch is removed like one that is applied, and the files of the base come back", async () => {
  const driver = new Driver(exampleWorld("node-b-updated"));
  const node = nodeOf(driver.world.state, "NODEB");
  const code = unpacked(node.exchange.patches[0]?.code ?? "");
  await driver.install("NODEB", "job", ["/package", EXCHANGE_PRODUCT, "/uninstall", code, "/quiet", "/norestart"]);
  await driver.pass(10 * 60_000);
  expect(node.membership).toBe("Down");
  expect((await driver.ended("NODEB")).exitCode).toBe(0);
  expect(node.exchange).toMatchObject({ fileBuild: "8.1.240.6", patches: [] });
});

const OLDER = { from: PACKAGE, kb: "900000", target: "8.1.240.6", build: "8.1.250.0" };
const EARLIER = { from: PACKAGE, kb: "953469", target: "8.0.685.25", build: "8.0.813.0" };
const ROLLUP = { from: PACKAGE, kb: "945684", target: "8.1.240.6", build: "8.1.263.1" };

/** The states of the patches of NODEB as the registry has them, by build. */
function statesOf(driver: Driver): Readonly<Record<string, number>> {
  const node = nodeOf(driver.world.state, "NODEB");
  return Object.fromEntries(node.exchange.patches.map((patch) => [patch.build, patchStateOf(node, patch)]));
}

test("what a rollup covers stays listed, is in force again when that is removed, and gives its files back", async () => {
  const driver = new Driver(exampleWorld("two-node", { packages: [EARLIER, OLDER, ROLLUP], nodes: { NODEA: {}, NODEB: { earlier_updates: ["953469"], updates: ["900000", "945684"] } } }));
  const node = nodeOf(driver.world.state, "NODEB");
  expect(statesOf(driver)).toEqual({ "8.0.813.0": 4, "8.1.250.0": 2, "8.1.263.1": 1 });
  expect(node.exchange.fileBuild).toBe("8.1.263.1");
  const code = unpacked(node.exchange.patches.find(({ build }) => build === "8.1.263.1")?.code ?? "");
  await driver.install("NODEB", "job", ["/package", EXCHANGE_PRODUCT, "/uninstall", code, "/quiet", "/norestart"]);
  expect((await driver.ended("NODEB")).exitCode).toBe(0);
  expect(statesOf(driver)).toEqual({ "8.0.813.0": 4, "8.1.250.0": 1 });
  expect(node.exchange.fileBuild).toBe("8.1.250.0");
});

test("a rollup that does not allow it is not removed, and nothing is stopped for it", async () => {
  const driver = new Driver(exampleWorld("two-node", { packages: [{ ...ROLLUP, removable: false }], nodes: { NODEA: {}, NODEB: { updates: ["945684"] } } }));
  const node = nodeOf(driver.world.state, "NODEB");
  const { out } = await driver.run("NODEB", "reg.exe", "query", "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Products\\461C2B4266EDEF444B864AD6D9E5B613\\Patches", "/s");
  expect(out).toContain("Uninstallable    REG_DWORD    0x0");
  await driver.install("NODEB", "job", ["/package", EXCHANGE_PRODUCT, "/uninstall", unpacked(node.exchange.patches[0]?.code ?? ""), "/quiet", "/norestart"]);
  expect((await driver.ended("NODEB")).exitCode).toBe(1646);
  expect(node).toMatchObject({ membership: "Up", exchange: { fileBuild: "8.1.263.1" } });
});

test("a removal that fails leaves the rollup, and disabled services where it is said so (F14)", async () => {
  const driver = new Driver(exampleWorld("node-b-updated", { events: [{ on: { command: "msiexec.exe /package" }, install: { exit_code: 1603, services: "disabled" } }] }));
  const node = nodeOf(driver.world.state, "NODEB");
  await driver.install("NODEB", "job", ["/package", EXCHANGE_PRODUCT, "/uninstall", unpacked(node.exchange.patches[0]?.code ?? ""), "/quiet", "/norestart"]);
  expect((await driver.ended("NODEB")).exitCode).toBe(1603);
  expect(node.exchange).toMatchObject({ fileBuild: "8.1.263.1", patches: [{ kb: "945684" }] });
  expect(node.services.filter(({ exchange }) => exchange).every(({ startMode }) => startMode === "Disabled")).toBe(true);
});

test.each([
  ["another product", (code: string) => ["/package", code, "/uninstall", code], 1605],
  ["a patch that is not applied", () => ["/i", EXCHANGE_PRODUCT, `MSIPATCHREMOVE=${EXCHANGE_PRODUCT}`], 1647],
  ["a product without a patch", () => ["/i", EXCHANGE_PRODUCT], 1639],
] as const)("%s is refused", async (_, args, exitCode) => {
  const driver = new Driver(exampleWorld("node-b-updated"));
  const node = nodeOf(driver.world.state, "NODEB");
  await driver.install("NODEB", "job", [...args(unpacked(node.exchange.patches[0]?.code ?? "")), "/quiet", "/norestart"]);
  expect((await driver.ended("NODEB")).exitCode).toBe(exitCode);
  expect(node.exchange.fileBuild).toBe("8.1.263.1");
});
