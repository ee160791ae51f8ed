import { afterAll, describe, expect, test } from "vitest";
import { FAULT_SCHEMA } from "../../src/simulator/fault-schema.ts";
import { tryRandomWorld } from "../kit/random-trial.ts";
import { FAULTS } from "../kit/random-faults.ts";

/** How many worlds are tried here; `npm run worlds` tries a thousand. */
const WORLDS = 400;
/** So many in one test: a seed that fails is named by it with its world. */
const AT_ONCE = 25;

const results = new Map<string, number>();
let changed = 0;

async function expectSound(seed: number): Promise<void> {
  const { world, result = "no end", changes, problems } = await tryRandomWorld(seed);
  results.set(result, (results.get(result) ?? 0) + 1);
  if (changes > 0) changed += 1;
  expect(problems, `seed ${seed}, inputs ${JSON.stringify(world.inputs)}, world:\n${world.text}`).toEqual([]);
}

describe("on a world of chance the procedure comes to an allowed end, breaks no rule of the model, and says what is", () => {
  const blocks = Array.from({ length: WORLDS / AT_ONCE }, (_, index) => index * AT_ONCE + 1);
  test.each(blocks)(`seeds %i and the ${AT_ONCE - 1} after it`, async (from) => {
    for (let seed = from; seed < from + AT_ONCE; seed += 1) await expectSound(seed);
  });

  test("everything that a world file can make happen happens in them", () => {
    expect(Object.keys(FAULTS).toSorted()).toEqual(Object.keys(FAULT_SCHEMA.properties).toSorted());
  });

  // Tests come in any order, so what holds of all of them is asked when they are over.
  afterAll(() => {
    process.stdout.write(`random worlds: ${WORLDS} seeds, ${changed} runs with changes; ${[...results].map(([result, count]) => `${count} ${result}`).join(", ")}\n`);
    expect([...results.keys()].toSorted()).toEqual(["failed", "nothing to do", "stopped", "succeeded", "waiting"]);
    expect(changed).toBeGreaterThan(WORLDS / 2);
  });
});
