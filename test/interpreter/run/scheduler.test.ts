import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Signal } from "../../../src/interpreter/run/signal.ts";
import { Scheduler, type Task } from "../../../src/interpreter/run/scheduler.ts";
import { SteppingClock } from "../../kit/stepping-clock.ts";

/** What each task does: sleeps, one after another. Gives the order in which they went on, and when. */
async function orderOf(sleeps: readonly (readonly number[])[]): Promise<readonly string[]> {
  const clock = new SteppingClock();
  const told: string[] = [];
  const body = (name: string, times: readonly number[]) => async (task: Task): Promise<void> => {
    for (const ms of times) {
      await task.sleep(ms);
      told.push(`${name}@${task.now()}`);
    }
  };
  await new Scheduler(clock).run("root", async (task) => {
    for (const one of sleeps.map((times, index) => task.spawn(`t${index}`, body(`t${index}`, times)))) await one.join(task);
  });
  return told;
}

describe("the scheduler", () => {
  test("lets time move only when no task can run, and breaks ties by path", async () => {
    expect(await orderOf([[5, 5], [10], [5]])).toEqual(["t0@5", "t2@5", "t0@10", "t1@10"]);
  });

  test("gives one order of events for the same tasks", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 5 }), { maxLength: 6 }), async (sleeps) => {
      expect(await orderOf(sleeps)).toEqual(await orderOf(sleeps));
    }), { numRuns: 50 });
  });

  test("takes no time for its own calls, and time for the world's", async () => {
    const clock = new SteppingClock();
    const told: string[] = [];
    await new Scheduler(clock).run("root", async (task) => {
      const sleeper = task.spawn("sleeper", async (other) => {
        await other.sleep(1);
        told.push("slept");
      });
      await task.own(async () => {
        for (let i = 0; i < 50; i += 1) await undefined;
        told.push("own");
      });
      await task.ask(() => new Promise<void>((resolve) => clock.at(task.now() + 7, "world", resolve)));
      told.push(`world@${task.now()}`);
      await sleeper.join(task);
    });
    expect(told).toEqual(["own", "slept", "world@7"]);
  });

  test("wakes a sleeper when a halt is raised, and never lets it sleep after", async () => {
    const clock = new SteppingClock();
    const halt = new Signal();
    const woken = await new Scheduler(clock).run("root", async (task) => {
      const sleeper = task.spawn("sleeper", async (other) => [await other.sleep(1_000_000, halt), await other.sleep(1_000_000, halt), other.now()]);
      await task.sleep(3);
      halt.raise();
      return sleeper.join(task);
    });
    expect(woken).toEqual(["stopped", "stopped", 3]);
  });

  test("hands on what a task throws at once: the run is over", async () => {
    const clock = new SteppingClock();
    const told: string[] = [];
    const run = new Scheduler(clock).run("root", async (task) => {
      task.spawn("other", async (other) => {
        await other.sleep(5);
        told.push("other ended");
      });
      const failing = task.spawn("failing", async () => {
        throw new Error("ours");
      });
      await failing.join(task);
    });
    await expect(run).rejects.toThrow("ours");
    expect(told).toEqual([]);
  });

  test("says so when nothing can ever go on", async () => {
    await expect(new Scheduler(new SteppingClock()).run("root", (task) => task.park(() => undefined))).rejects.toThrow("nothing can go on");
  });
});
