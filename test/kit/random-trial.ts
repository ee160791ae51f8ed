import type { RunResult } from "../../src/core/event.ts";
import { pathOf, runOnWorld, watchOf, worldOf, type CcrTrial } from "./ccr-kit.ts";
import { changesOf } from "./changes.ts";
import { falseClaims } from "./claims.ts";
import { randomWorld, type RandomWorld } from "./random-world.ts";

/** What a run on a world of chance came to. */
export interface RandomTrial {
  readonly world: RandomWorld;
  /** How the first run ended; undefined where it threw or did not end. */
  readonly result: RunResult | undefined;
  readonly changes: number;
  /** What may not be: one sentence each. Empty: all is as promised. */
  readonly problems: readonly string[];
}

/** The results with which a run may end by itself. */
const ALLOWED: ReadonlySet<RunResult> = new Set(["succeeded", "nothing to do", "stopped", "waiting", "failed"]);
/** On the world's clock. The longest waits of the procedure are backups (4 h), setup (2 h) and people (15 h here). */
const LONGEST_MS = 72 * 3_600_000;
/** Of real time: a run takes a fraction of a second. */
const PATIENCE_MS = 30_000;

/** Runs the procedure on the world of a seed, and again if the first run came to a good end: then there must be nothing left to do. */
export async function tryRandomWorld(seed: number): Promise<RandomTrial> {
  const random = randomWorld(seed);
  const world = await worldOf(pathOf("test/worlds/random.world.yml"), random.text);
  const watch = watchOf(world);
  const problems: string[] = [];
  const run = async (): Promise<CcrTrial | undefined> => {
    const beganMs = world.state.nowMs;
    const trial = await inTime(() => runOnWorld(world, {
      inputs: random.inputs,
      onEvent: (event, execution) => {
        if (event.type !== "run-finished" && Date.parse(event.at) - beganMs > LONGEST_MS) execution().cancel("it takes too long");
      },
    }));
    if (typeof trial === "string") {
      problems.push(trial);
      return undefined;
    }
    const happened = watch.happened();
    if (!ALLOWED.has(trial.end.result)) problems.push(`it ended ${trial.end.result}: ${trial.end.because}`);
    problems.push(...falseClaims(trial, random.inputs, world.state, happened));
    return trial;
  };
  const first = await run();
  if (first !== undefined && first.end.exitCode === 0) {
    const before = watch.happened().length;
    const second = await run();
    const undisturbed = watch.happened().length === before && first.end.openItems.every(({ step }) => step !== "on_node_a");
    if (second !== undefined && undisturbed && second.end.result !== "nothing to do") problems.push(`the run after a good one ended ${second.end.result}: ${second.end.because}`);
    if (second !== undefined && undisturbed && changesOf(second.events).length > 0) problems.push(`I12: the run after a good one changed ${changesOf(second.events).join(", ")}`);
  }
  return { world: random, result: first?.end.result, changes: first === undefined ? 0 : changesOf(first.events).length, problems };
}

/** What a run gives; a sentence where it throws or does not end. */
async function inTime(run: () => Promise<CcrTrial>): Promise<CcrTrial | string> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<string>((resolve) => { timer = setTimeout(() => resolve(`it did not end within ${PATIENCE_MS / 1000} s of real time`), PATIENCE_MS); });
  try {
    return await Promise.race([run(), tooLong]);
  } catch (fault) {
    return `it threw ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}`;
  } finally {
    clearTimeout(timer);
  }
}
