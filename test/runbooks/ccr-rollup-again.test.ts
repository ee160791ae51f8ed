import { expect, test } from "vitest";
import type { World } from "../../src/simulator/world.ts";
import { worldWith, type Start } from "./changed-world.ts";
import { clusterOf, clusterOn } from "./exchange-world.ts";

/** Of the moments at which a runner may die, so many are left out between two that are tried; every beginning of a change is tried. */
const LEFT_OUT = 60;

/** The cluster as it stood at moments of a run: what a runner that died there leaves behind. */
async function leftBehind(runbook: string, start: Start): Promise<readonly { readonly moment: string; readonly world: World }[]> {
  const cluster = await clusterOf(worldWith(start));
  const left: { moment: string; world: World }[] = [];
  await cluster.run(runbook, {}, (event) => {
    const isChange = event.type === "action-started" && event.effect !== "reads";
    if (isChange || event.seq % LEFT_OUT === 0) left.push({ moment: `${event.seq} ${event.type} ${"step" in event ? (event.step ?? "") : ""}`, world: cluster.world.clone() });
  });
  return left;
}

test.each<[string, Start]>([
  ["runbooks/ccr-rollup.yml", {}],
  ["runbooks/ccr-rollup-undo.yml", { updated: ["NODEA", "NODEB"], active: "NODEB" }],
])("a run of %s that died anywhere is begun again at once, does what is left, and breaks no rule of the cluster", async (runbook, start) => {
  const ends: Record<string, string> = {};
  for (const { moment, world } of await leftBehind(runbook, start)) {
    const { end } = await clusterOn(world).run(runbook);
    const breaches = world.state.breaches.map(({ because }) => because);
    if ((end.result !== "succeeded" && end.result !== "nothing to do") || breaches.length > 0) ends[moment] = [end.result, end.because, ...breaches].join("; ");
  }
  expect(ends).toEqual({});
});
