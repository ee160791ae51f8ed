import { describe, expect, test } from "vitest";
import type { ProbeChanged } from "../../../src/core/event.ts";
import { tryRun, type Tried } from "../../kit/run-kit.ts";
import { SteppingClock } from "../../kit/stepping-clock.ts";
import { StoreWorld } from "../../kit/store-world.ts";

const HEAD = `runbook: 1
name: trial
title: A trial
targets:
  a: { address: NODEA }
  b: { address: NODEB }
target: a
`;
const probe = (rest: string): string => `probes:
  service:
    uses: store.value
    target: [a, b]
    with: { key: service }
    every: 10s
    up: outputs.value != "down"
${rest}`;

async function tryFile(body: string, prepare: (store: StoreWorld, clock: SteppingClock) => void = () => undefined): Promise<Tried & { store: StoreWorld }> {
  const clock = new SteppingClock();
  const store = new StoreWorld(clock, { getMs: 100, setMs: 30_000 });
  prepare(store, clock);
  const tried = await tryRun({ clock, transports: store, files: { "main.yml": `${HEAD}${body}\n` } });
  return { ...tried, store };
}

/** The service goes down at a time, and comes up again at another. */
function outage(fromMs: number, toMs: number) {
  return (store: StoreWorld, clock: SteppingClock): void => {
    clock.at(fromMs, "outage", () => void store.values.set("NODEA/service", "down"));
    clock.at(toMs, "outage", () => void store.values.set("NODEA/service", "up"));
  };
}

const STEPS = `steps:
  - { id: one, uses: store.disrupt, with: { key: x, value: new } }
  - { id: two, uses: store.disrupt, with: { key: y, value: new } }`;

const states = (tried: Tried): string[] => tried.events.filter((event): event is typeof event & ProbeChanged => event.type === "probe-changed").map((event) => event.state);

describe("a probe", () => {
  test("is sampled beside the steps, and its down time is measured and charged to the step whose change was under way", async () => {
    const tried = await tryFile(`${probe("")}${STEPS}`, outage(12_000, 27_000));
    expect(states(tried)).toEqual(["up", "down", "up"]);
    expect(tried.end.result).toBe("succeeded");
    const [measured] = tried.end.outages;
    expect(tried.end.outages).toHaveLength(1);
    expect(measured).toMatchObject({ probe: "service", step: "one", open: false });
    expect(measured?.ms).toBeGreaterThanOrEqual(10_000);
    expect(measured?.ms).toBeLessThanOrEqual(15_000 + 10_000);
    expect(measured?.upperMs).toBeGreaterThanOrEqual(15_000);
  });

  test("that goes down after the program returned, while its step waits for the effect, is charged to that step", async () => {
    const slow = (store: StoreWorld, clock: SteppingClock): void => {
      store.behaviours.set("x", [{ answer: "ok", stores: 18_000 }]);
      outage(36_000, 42_000)(store, clock);
    };
    const tried = await tryFile(`${probe("").replace("every: 10s", "every: 1s")}${STEPS}`, slow);
    expect(tried.end.result).toBe("succeeded");
    expect(tried.end.outages).toMatchObject([{ probe: "service", step: "one", open: false }]);
  });

  test("that goes down after its step has ended, and before another begins, is charged to none", async () => {
    const tried = await tryFile(`${probe("").replace("every: 10s", "every: 1s")}steps:
  - { id: one, uses: store.disrupt, with: { key: x, value: new } }
  - { id: long, uses: store.value, with: { key: z }, wait-until: 'outputs.value == "there"', every: 1s }`, (store, clock) => {
      outage(36_000, 42_000)(store, clock);
      clock.at(50_000, "there", () => void store.values.set("NODEA/z", "there"));
    });
    expect(tried.end.outages).toHaveLength(1);
    expect(tried.end.outages[0]?.step).toBeUndefined();
  });

  test("that may be down only during other steps ends the run failed before the next change", async () => {
    const tried = await tryFile(`${probe("    down-only-during: [two]\n")}${STEPS}`, outage(12_000, 900_000));
    expect(tried.end).toMatchObject({ result: "failed", exitCode: 1 });
    expect(tried.end.because).toContain("service");
    expect(tried.store.done).toHaveLength(1);
    expect(tried.end.outages[0]).toMatchObject({ open: true });
  });

  test("whose sample began during its steps, and ended after them, breaks nothing", async () => {
    const clock = new SteppingClock();
    const store = new StoreWorld(clock, { getMs: 4_000, setMs: 1_000 });
    outage(17_500, 18_500)(store, clock);
    const tried = await tryRun({ clock, transports: store, files: { "main.yml": `${HEAD}${probe("    down-only-during: [one]\n").replace("every: 10s", "every: 1s")}steps:
  - { id: one, uses: store.disrupt, with: { key: x, value: new } }
  - { id: two, uses: store.value, with: { key: z }, wait-until: 'outputs.value == "there"', every: 1s }\n` } });
    expect(tried.end.because).not.toContain("It may be down only during");
  });

  test("that is down at the first gate stops the run unchanged", async () => {
    const tried = await tryFile(`${probe("    down-only-during: []\n")}${STEPS}`, (store) => void store.values.set("NODEA/service", "down"));
    expect(tried.end).toMatchObject({ result: "stopped", exitCode: 1 });
    expect(tried.store.done).toEqual([]);
  });

  test("that is down during its own steps breaks nothing until its budget is spent", async () => {
    const within = await tryFile(`${probe("    down-only-during: [one, two]\n    outage-budget: 1m\n")}${STEPS}`, outage(12_000, 40_000));
    expect(within.end.result).toBe("succeeded");
    const over = await tryFile(`${probe("    down-only-during: [one, two]\n    outage-budget: 10s\n")}${STEPS}`, outage(12_000, 900_000));
    expect(over.end.result).toBe("failed");
    expect(over.end.because).toContain("outage budget");
  });

  test("asks its targets in their order, and takes the first good answer", async () => {
    const tried = await tryFile(`${probe("    down-only-during: []\n")}steps:\n  - { id: one, uses: store.disrupt, target: b, with: { key: x, value: new } }`, (store) => void store.downUntilMs.set("NODEA", 1e9));
    expect(tried.end.result).toBe("succeeded");
    expect(states(tried)).toEqual(["up"]);
  });

  test("that cannot be read lets nothing be changed, and says so after a minute", async () => {
    const tried = await tryFile(`${probe("    down-only-during: []\n")}${STEPS}`, (store) => { store.downUntilMs.set("NODEA", 1e9); store.downUntilMs.set("NODEB", 1e9); });
    expect(tried.end.result).toBe("stopped");
    expect(tried.store.done).toEqual([]);
  });
});

describe("an invariant", () => {
  const INVARIANT = 'invariants:\n  - { id: enough, that: probes.service.outputs.value != "low", because: "It is low." }\n';
  test("that breaks between changes ends the run failed, and says why", async () => {
    const tried = await tryFile(`${probe("")}${INVARIANT}${STEPS}`, (store, clock) => void clock.at(12_000, "low", () => void store.values.set("NODEA/service", "low")));
    expect(tried.end.result).toBe("failed");
    expect(tried.end.because).toContain("It is low.");
    expect(tried.store.done).toHaveLength(1);
    expect(tried.events.some((event) => event.type === "invariant-broken" && event.invariant === "enough")).toBe(true);
  });
});
