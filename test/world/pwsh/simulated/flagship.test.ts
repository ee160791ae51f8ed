import { describe, expect, test } from "vitest";
import type { Event } from "../../../../src/core/event.ts";
import { freshWorld, runOnWorld } from "../../../kit/ccr-kit.ts";
import { HAS_REMOTING } from "../lab.ts";
import { behindPowershell } from "./behind.ts";

/** Hundreds of calls over real remoting: some minutes, on a machine that does much else many. */
const RUN_MS = 1_800_000;

/** An event as text, without what honestly differs: what PowerShell writes on Linux has other line ends. */
function comparable(event: Event | undefined): string {
  return JSON.stringify(event).replaceAll("\\r\\n", "\\n");
}

describe.runIf(HAS_REMOTING)("the flagship over real PowerShell remoting to simulated nodes", { timeout: RUN_MS }, () => {
  test.each<[world: string, result: string]>([
    ["two-node", "succeeded"],
    ["install-fails", "stopped"],
  ])("has on %s the events that it has without, one by one", async (name, result) => {
    const world = await freshWorld(name);
    const behind = await behindPowershell(world);
    try {
      const [there, direct] = [await Promise.race([runOnWorld(world, { way: behind }), behind.failed]), await runOnWorld(await freshWorld(name))];
      for (const [index, event] of direct.events.entries()) expect(comparable(there.events[index])).toBe(comparable(event));
      expect(there.events).toHaveLength(direct.events.length);
      expect(there.end.result).toBe(result);
      // Whatever the node does is asked of the world by the node: hardly a call of so many looks at files and jobs alone.
      expect(behind.asked()).toBeGreaterThan(direct.events.filter(({ type }) => type === "action-started").length / 2);
      process.stdout.write(`powershell: ${there.events.length} events on ${name} compared with those of the direct run, ${behind.asked()} questions of real nodes to the world\n`);
    } finally {
      behind.stop();
    }
  });
});
