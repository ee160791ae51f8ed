import type { CallOptions, Clock, Outcome } from "../core/port.ts";
import { formatLimit } from "../core/quantity.ts";
import type { WorldCall } from "./begin-call.ts";
import type { NodeState } from "./node-state.ts";
import { takes } from "./timings.ts";
import type { World } from "./world.ts";

/** The longest wait where a call has no limit: ten years. */
const FOREVER_MS = 10 * 365 * 86_400_000;

/** Waits on the clock, with keys that order the waits of one moment by the calls that they belong to. */
export class Sleeper {
  readonly clock: Clock;
  #calls = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A key for the next call to an address. */
  nextKey(address: string): string {
    this.#calls += 1;
    return `call/${String(this.#calls).padStart(9, "0")}/${address}`;
  }

  /** Resolves at the time, or as soon as the signal is aborted. */
  until(atMs: number, key: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const takeBack = this.clock.at(atMs, key, () => {
        signal.removeEventListener("abort", aborted);
        resolve();
      });
      const aborted = (): void => {
        takeBack();
        resolve();
      };
      signal.addEventListener("abort", aborted, { once: true });
    });
  }
}

/**
 * Makes one call to an address: begins it, waits for its end in the world's time, and gives its answer as it is then. Where
 * the limit passes first, the call is in doubt and what it began goes on; where the node goes away, it is lost.
 */
export async function ask<T>(world: World, sleeper: Sleeper, address: string, make: (node: NodeState | undefined) => WorldCall<T>, options: CallOptions): Promise<Outcome<T>> {
  const { clock } = sleeper;
  const key = sleeper.nextKey(address);
  const deadlineMs = clock.now() + Math.min(options.limitMs, FOREVER_MS);
  const sleep = async (atMs: number): Promise<void> => {
    await sleeper.until(Math.min(atMs, deadlineMs), key, options.signal);
    world.passTo(clock.now());
  };
  world.passTo(clock.now());
  const machine = world.machine(address);
  const node = machine.kind === "node" ? machine.node : undefined;
  if (machine.kind === "none" || (node !== undefined && !isReachable(world, node))) {
    const knownMs = clock.now() + takes(world.state, "connect_timeout", "connect", address);
    await sleep(knownMs);
    if (options.signal.aborted) return givenUp(address);
    return clock.now() < knownMs ? limitPassed(address, options) : { kind: "failed", failure: { code: "unreachable", because: `${address} does not answer` } };
  }
  const call = make(node);
  const breaks = node?.breaks;
  const underway = world.begin(node, call);
  let dueMs = clock.now() + underway.takesMs;
  for (;;) {
    await sleep(Math.min(dueMs, world.nextMs() ?? Infinity));
    if (node?.breaks !== breaks) return { kind: "lost", because: `the connection to ${address} broke` };
    if (options.signal.aborted) return givenUp(address);
    const reply = clock.now() >= dueMs ? underway.end(world.state) : undefined;
    if (reply !== undefined && reply.kind !== "later") {
      if (call.changes) world.changed();
      return underway.lost ? { kind: "lost", because: `the reply from ${address} never came` } : reply;
    }
    if (clock.now() >= deadlineMs) return limitPassed(address, options);
    if (reply !== undefined) dueMs = Math.min(reply.atMs ?? Infinity, world.nextMs() ?? Infinity);
  }
}

function isReachable(world: World, node: NodeState): boolean {
  return node.power === "on" && world.state.nowMs >= node.unreachableUntilMs;
}

function limitPassed<T>(address: string, options: CallOptions): Outcome<T> {
  return { kind: "timeout", because: `${address} did not answer within ${formatLimit(options.limitMs)}` };
}

function givenUp<T>(address: string): Outcome<T> {
  return { kind: "lost", because: `the call to ${address} was given up` };
}
