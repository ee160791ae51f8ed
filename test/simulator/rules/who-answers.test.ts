import { expect, test } from "vitest";
import { Driver, exampleWorld, INSTALL, options, PACKAGE_CONTENT } from "../a-world.ts";

const MINUTE = 60_000;

test("logs that are lost because the active node died while the other was patched are not laid at the door of the setup that brings that one back", async () => {
  const driver = new Driver(exampleWorld());
  for (const node of driver.world.state.nodes) node.files.push({ path: "D:\\ur\\rollup.msp", ...PACKAGE_CONTENT });
  await driver.run("NODEB", "cluster.exe", "group", "Available Storage", "/moveto:NODEA", "/wait:60");
  await driver.until(driver.transports.to("NODEB").startJob("on NODEB", { kind: "job", program: "msiexec.exe", args: INSTALL, log: "D:\\ur\\rollup.log" }, options()));
  await driver.pass(8 * MINUTE);
  driver.world.suffer([{ kind: "power-off", node: "NODEA" }], "event");
  await driver.pass(60 * MINUTE);
  const lost = driver.world.state.breaches.filter(({ invariant }) => invariant === "I6").map(({ by, what }) => [by, what]);
  expect(lost).toEqual([["event", "power-off"], ["event", "power-off"]]);
});
