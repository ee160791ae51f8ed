import { expect, test } from "vitest";
import { recordedOf } from "../../src/interpreter/run/recorded.ts";
import type { World } from "../../src/simulator/world.ts";
import { freshWorld, runOnWorld, type CcrOptions } from "../kit/ccr-kit.ts";
import { changesIn, dieOn, stateOf } from "../kit/death.ts";

const MOVE: CcrOptions = { file: "runbooks/ccr-move.yml", inputs: { to: "NODEB" } };

/** The world once the copies have come to rest: how far they are depends on the hour alone. */
function restingState(world: World): unknown {
  world.passTo(world.state.nowMs + 3_600_000);
  return stateOf(world);
}

test("a move of the mailbox server that is undone: wherever the runner of the rollback dies, taken up it comes to the same end, and moves nothing twice", async () => {
  const undisturbed = await freshWorld("two-node");
  const whole = await runOnWorld(undisturbed, { ...MOVE, undoes: (await runOnWorld(undisturbed, MOVE)).events });
  const expected = restingState(undisturbed);
  let deaths = 0;
  for (let record = 1; record < whole.events.length; record += 1) {
    const world = await freshWorld("two-node");
    const undoing: CcrOptions = { ...MOVE, undoes: (await runOnWorld(world, MOVE)).events };
    const before = await dieOn(world, record, undoing);
    if (before === undefined) throw new Error(`the runner did not die at record ${record}`);
    world.passTo(Math.max(world.state.nowMs, Date.parse(before.at(-1)?.at ?? "")));
    const after = await runOnWorld(world, { ...undoing, recorded: recordedOf(before) });
    const at = `record ${record}, ${before.at(-1)?.type ?? ""}`;
    expect(after.end.result, at).toBe("succeeded");
    expect(restingState(world), at).toEqual(expected);
    expect(changesIn(after.events).known.filter((change) => changesIn(before).known.includes(change)), at).toEqual([]);
    expect(world.state.breaches, at).toEqual([]);
    deaths += 1;
  }
  process.stdout.write(`deaths: ${deaths} of ${whole.events.length} records of a rollback, each taken up\n`);
  expect(deaths).toBe(whole.events.length - 1);
}, 300_000);
