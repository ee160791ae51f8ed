import type { Action } from "../../../../src/core/action.ts";
import type { Outcome } from "../../../../src/core/port.ts";
import { apply } from "../../../../src/interpreter/run/apply.ts";
import { simulatedTransports } from "../../../../src/simulator/transport.ts";
import { VirtualClock } from "../../../../src/simulator/virtual-clock.ts";
import type { World } from "../../../../src/simulator/world.ts";
import { options } from "../../real-process.ts";
import type { Behind } from "./behind.ts";

/** Each call is made on the hour, however long the one before it took: what PowerShell refuses takes no time of the world. */
const HOUR_MS = 3_600_000;

/** Makes a call to NODEB, with a limit in the world's time, and gives its answer. */
export type Ask = (action: Action, limitMs?: number) => Promise<Outcome<object>>;

/** A way to a world with a clock that goes on until each call has its answer. */
export function driven(world: World, { settled, around }: Pick<Behind, "settled" | "around">): Ask {
  const clock = new VirtualClock(world.state.nowMs, { settle: settled });
  const files = { stat: () => Promise.reject(new Error("no file of the runner is read")), keep: () => Promise.reject(new Error("no file is fetched")) };
  const transports = around(simulatedTransports(world, clock, files));
  const startMs = clock.now();
  let calls = 0;
  /** Hands the clock on until it is so. */
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await clock.advance(() => !isSo());
  };
  return async (action, limitMs = 60_000) => {
    calls += 1;
    let hasCome = false;
    clock.at(startMs + calls * HOUR_MS, "next", () => { hasCome = true; });
    await until(() => hasCome);
    let answer: Outcome<object> | undefined;
    const asked = apply(transports, "NODEB", action, undefined, options({ limitMs })).then((outcome) => { answer = outcome; });
    await until(() => answer !== undefined);
    await asked;
    return answer ?? { kind: "lost", because: "no answer" };
  };
}

/** The same without anything between. */
export function drivenDirectly(world: World): Ask {
  return driven(world, { settled: () => new Promise((resolve) => { setImmediate(resolve); }), around: (direct) => direct });
}
