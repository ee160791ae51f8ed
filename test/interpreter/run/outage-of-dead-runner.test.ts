import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import type { Outage } from "../../../src/core/outage.ts";
import { PASSING_EVENTS, recordedOf } from "../../../src/interpreter/run/recorded.ts";
import { timeMs, timeText } from "../../../src/core/time.ts";
import { reportOf } from "../../../src/views/report-of.ts";
import { dieInFile, takeUp, tryFile, type Left, type TrialOptions } from "../../kit/try-file.ts";

const BODY = `probes:
  service: { uses: store.value, with: { key: service }, every: 10s, up: outputs.value != "down" }
steps:
  - { id: one, uses: store.disrupt, with: { key: x, value: new } }
  - { id: two, uses: store.set, with: { key: y, value: new } }
  - { id: three, uses: store.set, with: { key: z, value: new } }`;
const OPTIONS: TrialOptions = {
  times: { getMs: 100, setMs: 30_000 },
  prepare: (store, clock) => void clock.at(12_000, "down", () => void store.values.set("NODEA/service", "down")),
};

/** The service goes down during `one`, and the runner dies directly after the intent of `two`. */
async function dies(): Promise<Left> {
  const { events } = await tryFile(BODY, OPTIONS);
  const intent = events.find((event) => event.type === "action-started" && event.effect !== "reads" && event.step === "two");
  const left = await dieInFile(BODY, intent?.seq ?? 0, OPTIONS);
  if (left === undefined) throw new Error("the runner did not die");
  return left;
}

const shown = (events: readonly Event[]): readonly Outage[] => reportOf(events, "interrupted", { records: events.length, chain: "" }).outages;

describe("an outage in which the runner dies", () => {
  test("is charged to its step already while it is not over", async () => {
    const { events } = await dies();
    expect(shown(events)).toMatchObject([{ probe: "service", step: "one", open: true }]);
  });

  test("is kept with what was measured of it, and what is measured after a resume is another one, charged to the same step", async () => {
    const left = await dies();
    const [before] = shown(left.events);
    left.clock.at(left.clock.now() + 45_000, "up", () => void left.store.values.set("NODEA/service", "up"));
    const { end, events } = await takeUp(BODY, left);
    expect(end.result).toBe("succeeded");
    expect(end.outages).toMatchObject([{ probe: "service", step: "one", ms: before?.ms, since: before?.since, open: true, cut: true }, { probe: "service", step: "one", open: false }]);
    expect(shown([...left.events, ...events])).toEqual(end.outages);
  });

  test("is measured to the last record of all, whatever is read of the journal", async () => {
    const left = await dies();
    const last = left.events.at(-1);
    if (last?.type !== "action-started") throw new Error("the runner died elsewhere");
    const printed: Event = { v: 1, seq: last.seq + 1, at: timeText(timeMs(last.at) + 20_000), run: last.run, type: "action-output", step: last.step, number: last.number, stream: "stdout", text: "half done", droppedBytes: 0 };
    const before = [...left.events, printed];
    const all = [...before, ...(await takeUp(BODY, { ...left, events: before })).events].filter(({ type }) => type !== "run-finished");
    const needed = all.filter(({ type }, index) => index === all.length - 1 || !PASSING_EVENTS.has(type));
    expect(recordedOf(needed).outages).toEqual(recordedOf(all).outages);
    expect(recordedOf(all).outages[0]).toMatchObject({ cut: true, ms: shown(before)[0]?.ms });
  });

  test("is kept where it was over when the run was taken up again", async () => {
    const left = await dies();
    left.store.values.set("NODEA/service", "up");
    const { end } = await takeUp(BODY, left);
    expect(end.outages).toMatchObject([{ probe: "service", step: "one", open: true, cut: true }]);
  });
});
