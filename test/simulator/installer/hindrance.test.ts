import { describe, expect, test } from "vitest";
import { nodeOf } from "../../../src/simulator/world-state.ts";
import type { NodeFile } from "../../../src/simulator/world-schema.ts";
import { Driver, exampleWorld } from "../a-world.ts";

const driverOf = (node: NodeFile): Driver => new Driver(exampleWorld("two-node", { nodes: { NODEA: {}, NODEB: node } }));

/** Exit code, build of the files, and whether a service of Exchange is disabled, after an installation on NODEB. */
async function installed(node: NodeFile): Promise<readonly [exitCode: number | undefined, build: string, disabled: boolean]> {
  const driver = driverOf(node);
  await driver.install("NODEB");
  const job = await driver.ended("NODEB");
  const { exchange, services } = nodeOf(driver.world.state, "NODEB");
  return [job.exitCode, exchange.fileBuild, services.some(({ exchange: own, startMode }) => own && startMode === "Disabled")];
}

/** Minutes that an installation on NODEB takes. */
async function minutes(node: NodeFile): Promise<number> {
  const driver = driverOf(node);
  await driver.install("NODEB");
  const { startedAt, endedAt } = await driver.ended("NODEB");
  return Math.round((Date.parse(endedAt ?? "") - Date.parse(startedAt)) / 60_000);
}

describe("an installation on a machine that", () => {
  test.each<[string, NodeFile, readonly [number, string, boolean]]>([
    ["is as it should be ends well", {}, [0, "8.1.263.1", false]],
    ["has too little room on the drive of Windows changes nothing (1632)", { free_disk: { C: "400MB" } }, [1632, "8.1.240.6", false]],
    ["has PowerShell 3.0 fails late (F6)", { powershell: "3.0" }, [1603, "8.1.240.6", true]],
    ["may run signed scripts alone, by policy, fails late and leaves the services down (2.8)", { execution_policy: { machine: "AllSigned" } }, [1603, "8.1.240.6", true]],
    ["has that policy for the account fails too", { execution_policy: { user: "Restricted" } }, [1603, "8.1.240.6", true]],
    ["may run scripts by policy ends well, since that of the machine wins", { execution_policy: { machine: "RemoteSigned", user: "AllSigned" } }, [0, "8.1.263.1", false]],
    ["is reached by a session without elevation says nothing and leaves the files old (F22)", { elevated: false }, [0, "8.1.240.6", false]],
  ])("%s", async (_title, node, expected) => {
    expect(await installed(node)).toEqual(expected);
  });

  test("cannot fetch revocation lists takes long, unless the account does not check (B14, B38)", async () => {
    const usual = await minutes({});
    expect(await minutes({ crl_reachable: false })).toBeGreaterThan(usual + 10);
    expect(await minutes({ crl_reachable: false, revocation_check: "off" })).toBe(usual);
  });
});
