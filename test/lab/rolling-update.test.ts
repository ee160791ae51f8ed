import { expect } from "vitest";
import { countedIn, startClient, type Counted } from "./client.ts";
import { ALL_WELL, begin, NODES, packageOn, roles, script, servicesOn } from "./cluster.ts";
import { changedBy, Operator, type Ending } from "./operator.ts";
import { inLab } from "./setting.ts";

/** How much longer an outage of ours may be than the longest of the update by hand, measured directly before. */
const MOST = 1.2;
/**
 * Pairs of measurements: one of them must be within the margin. On a busy machine two updates by hand differ by more than that, and the
 * resource agent may refuse a promotion, by hand as with a runbook.
 */
const PAIRS = 3;

/** The update by hand: there and back, under the script's own client. */
async function byHand(): Promise<Counted> {
  return countedIn(await script("demo", [], 300_000), "demo");
}

interface Measured {
  readonly ending: Ending;
  readonly counted: Counted;
}

/** The same with the runbook: there and back. */
async function byRunbook(operator: Operator): Promise<Measured> {
  const client = startClient();
  const ending = await operator.through();
  return { ending, counted: await client.stop() };
}

async function expectUpdated({ ending, counted }: Measured): Promise<void> {
  expect({ exitCode: ending.exitCode, result: ending.end?.result }, ending.end?.because).toEqual({ exitCode: 0, result: "succeeded" });
  for (const node of NODES) expect([node, await packageOn(node), await servicesOn(node)]).toEqual([node, "2.0 installed", ALL_WELL]);
  expect(counted).toMatchObject({ lost: 0 });
  // Each outage that the runbook tells of is one that it had to answer for.
  expect(ending.end?.outages.filter(({ step }) => step !== "handover/switch" && step !== "move_back/switch")).toEqual([]);
}

inLab("the rolling update under load, there and back, loses nothing, and no outage is longer than by hand; run again there is nothing to do", async () => {
  for (let pair = 1; ; pair += 1) {
    await begin();
    const hand = await byHand();
    const before = await begin();
    const operator = new Operator(before, "2.0_all", { move_back: "true" });
    try {
      const measured = await byRunbook(operator);
      const { ending, counted } = measured;
      process.stdout.write(`outages by hand ${hand.outagesMs.join(" and ")} ms, by the runbook ${counted.outagesMs.join(" and ")} ms: ${ending.end?.because ?? "killed"}\n`);
      expect(hand).toMatchObject({ lost: 0 });
      const refused = ending.end?.because.includes("did not promote") === true;
      const longest = Math.max(...counted.outagesMs);
      if ((refused || longest > MOST * Math.max(...hand.outagesMs)) && pair < PAIRS) continue;
      await expectUpdated(measured);
      expect(await roles()).toEqual(before);
      expect(longest).toBeLessThanOrEqual(MOST * Math.max(...hand.outagesMs));
      const again = await operator.begin();
      expect(again).toMatchObject({ exitCode: 0, end: { result: "nothing to do" } });
      expect(changedBy(again.events)).toEqual([]);
      return;
    } finally {
      operator.leave();
    }
  }
});
