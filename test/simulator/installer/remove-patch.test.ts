import { expect, test } from "vitest";
import { EXCHANGE_PRODUCT, packCode } from "../../../src/simulator/installer/packed-code.ts";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import { Driver, exampleWorld } from "../a-world.ts";

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
