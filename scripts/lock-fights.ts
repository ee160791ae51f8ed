import { fight } from "../test/durable/lock-fight.ts";

/**
 * Two processes fight for locks, and are killed: `node scripts/lock-fights.ts [SCHEDULES] [SEED]`, by default 10,000. Prints counts; ends with the
 * schedule, made as short as can be, where both held a lock or neither got one that was free.
 */
const [schedules = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const counts = await fight(schedules, seed);
process.stdout.write(`${Object.entries(counts).map(([what, count]) => `${count} ${what}`).join(", ")}; never two holders, never none\n`);
