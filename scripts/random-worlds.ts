import { tryRandomWorld } from "../test/kit/random-trial.ts";

/**
 * Runs the CCR procedure on worlds of chance: `npm run worlds -- [FROM] [TO]`, by default the seeds 1 to 1000. Prints
 * how many ended how, and every seed of which something may not be, with its world as YAML to be replayed. Exit code 1 if there is one.
 */
const [from = 1, to = 1000] = process.argv.slice(2).map(Number);
const results = new Map<string, number>();
let changed = 0;
let bad = 0;
for (let seed = from; seed <= to; seed += 1) {
  const { world, result = "no end", changes, problems } = await tryRandomWorld(seed);
  results.set(result, (results.get(result) ?? 0) + 1);
  if (changes > 0) changed += 1;
  if (problems.length === 0) continue;
  bad += 1;
  const show = process.argv.includes("--short") ? "" : `\n${world.text}`;
  process.stdout.write(`seed ${seed} ${JSON.stringify(world.inputs)}\n${problems.map((problem) => `  ${problem}\n`).join("")}${show}`);
}
process.stdout.write(`${to - from + 1} worlds, ${changed} of them changed; ${[...results].map(([result, count]) => `${count} ${result}`).join(", ")}; ${bad} with something wrong\n`);
process.exitCode = bad === 0 ? 0 : 1;
