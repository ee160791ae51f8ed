import { expect, test } from "vitest";
import { checkWorld } from "../../src/simulator/check-world.ts";
import { Driver, exampleText, exampleWorld, moveTo, worldFile, worldOf } from "./a-world.ts";

const KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeSA\\Parameters\\EXCLUS1";
const QUERY = ["query", KEY, "/v", "EnableOabGenOnThisNode"];
const base = worldFile(exampleText("two-node"));
const withBook = (node: string) => ({ ...base, mailbox_server: { ...base.mailbox_server, address_book: node } });
const named = async (driver: Driver, node: string): Promise<string> => {
  const { exitCode, out } = await driver.run(node, "reg.exe", ...QUERY);
  return /REG_SZ {4}(\S+)/.exec(out)?.[1] ?? `exit code ${exitCode}`;
};

test("both nodes name the node that generates the offline address book: the active one, unless the file says another", async () => {
  const driver = new Driver(exampleWorld());
  expect([await named(driver, "NODEA"), await named(driver, "NODEB")]).toEqual(["NODEA", "NODEA"]);
  expect(await named(new Driver(worldOf(withBook("NODEB"))), "NODEA")).toBe("NODEB");
});

test("it does not follow the mailbox server, and an administrator can change it, node by node", async () => {
  const driver = new Driver(exampleWorld());
  await driver.cmdlet("NODEB", "Move-ClusteredMailboxServer", moveTo("NODEB"));
  expect([await named(driver, "NODEA"), await named(driver, "NODEB")]).toEqual(["NODEA", "NODEA"]);
  expect((await driver.run("NODEB", "reg.exe", "add", KEY, "/v", "EnableOabGenOnThisNode", "/t", "REG_SZ", "/d", "NODEB", "/f")).exitCode).toBe(0);
  expect([await named(driver, "NODEA"), await named(driver, "NODEB")]).toEqual(["NODEA", "NODEB"]);
});

test("a server that is in no cluster has no such value", async () => {
  const { storage_groups: groups } = base.mailbox_server;
  expect(await named(new Driver(worldOf({ ...base, mailbox_server: { ...base.mailbox_server, storage: "stand_alone", storage_groups: groups } })), "NODEA")).toBe("exit code 1");
});

test("a node that is none is a fault of the file", () => {
  expect(checkWorld(withBook("NODEC"))).toEqual([{ path: ["mailbox_server", "address_book"], message: "the world has no node `NODEC`", hint: expect.anything() as unknown }]);
});
