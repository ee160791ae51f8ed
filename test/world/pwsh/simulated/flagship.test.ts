import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Event } from "../../../../src/core/event.ts";
import { freshWorld, runOnWorld } from "../../../kit/ccr-kit.ts";
import { HAS_REMOTING } from "../lab.ts";
import { behindPowershell } from "./behind.ts";

/** A whole run over real remoting. */
const RUN_MS = 1_800_000;

/** An event without what honestly differs: Linux has other line ends. */
function comparable(event: Event): unknown {
  return JSON.parse(JSON.stringify(event).replaceAll("\\r\\n", "\\n"));
}

describe.runIf(HAS_REMOTING)("the flagship on a simulated cluster behind real PowerShell remoting", { timeout: RUN_MS }, () => {
  test.each(["two-node"])("decides on %s as it does without, event by event", async (name) => {
    const world = await freshWorld(name);
    const behind = await behindPowershell(world);
    try {
      const there: Event[] = [];
      const run = runOnWorld(world, { way: behind, rules: "broken-on-purpose", onEvent: (event) => { there.push(event); if (process.env["DUMP"]) writeFileSync(process.env["DUMP"], JSON.stringify(event) + "\n", { flag: "a" }); } });
      await run;
      const direct = await runOnWorld(await freshWorld(name));
      expect(there.map(comparable)).toEqual(direct.events.map(comparable));
      console.log(`${name}: ${there.length} events compared, ${behind.asked()} questions of real nodes to the world`);
    } finally {
      behind.stop();
    }
  });
});
