import { expect, test } from "vitest";
import { freshWorld, runOnWorld } from "../kit/ccr-kit.ts";
import { standingOf } from "../kit/stands-still.ts";

test("a procedure that is run again on what it completed sends no changing command (I12)", async () => {
  const world = await freshWorld("two-node");
  expect((await runOnWorld(world)).end.result).toBe("succeeded");
  const before = standingOf(world);
  await runOnWorld(world);
  expect(standingOf(world)).toEqual(before);
});

test("a procedure that only looks leaves the system as it is (I14)", async () => {
  const world = await freshWorld("two-node");
  const before = standingOf(world);
  await runOnWorld(world, { file: "runbooks/ccr-preflight.yml" });
  expect(standingOf(world)).toEqual(before);
});

test("a changing command is seen, even one whose effect is undone again", async () => {
  const world = await freshWorld("two-node");
  const before = standingOf(world);
  await runOnWorld(world);
  expect(standingOf(world)).not.toEqual(before);
});
