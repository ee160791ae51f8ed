import { fight, type FightCounts } from "../test/durable/lock-fight.ts";

/**
 * Two processes fight for locks, and are killed: `node scripts/lock-fights.ts [SCHEDULES] [SEED]`, by default 10,000. As a refused one waits most of its
 * time, some pairs fight side by side, each for locks of its own. Prints counts as it goes; ends with the schedule, made as short as can be, where both
 * held a lock or neither got one that was free.
 */
const PAIRS = 8;
const SCHEDULES_A_ROUND = 50;

const [schedules = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const counts: FightCounts = { schedules: 0, acquired: 0, refused: 0, fights: 0, kills: 0 };
const line = (): string => Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(", ");

let rounds = 0;
/** Takes rounds until all schedules are given out. */
async function pair(): Promise<void> {
  for (;;) {
    const round = rounds++;
    const mine = Math.min(SCHEDULES_A_ROUND, schedules - round * SCHEDULES_A_ROUND);
    if (mine <= 0) return;
    const own = await fight(mine, seed * 1_000_000 + round);
    for (const what of Object.keys(counts) as (keyof FightCounts)[]) counts[what] += own[what];
    process.stdout.write(`${line()}\n`);
  }
}

await Promise.all(Array.from({ length: PAIRS }, pair));
process.stdout.write(`${line()}; never two holders, never none\n`);
