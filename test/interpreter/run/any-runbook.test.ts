import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/core/event.ts";
import { emptyState, fold } from "../../../src/interpreter/run/fold.ts";
import type { SetBehaviour, StoreWorld } from "../../kit/store-world.ts";
import { dieInFile, takeUp, tryFile, type TriedFile } from "../../kit/try-file.ts";

/** A step without its id: ids are given in the order in which the steps stand. */
type Shape =
  | { readonly kind: "set" | "disrupt"; readonly target: string; readonly rest: string }
  | { readonly kind: "read"; readonly rest: string }
  | { readonly kind: "block"; readonly steps: readonly Shape[]; readonly rescue: readonly Shape[]; readonly always: readonly Shape[] }
  | { readonly kind: "loop"; readonly head: string; readonly steps: readonly Shape[] }
  | { readonly kind: "call"; readonly rest: string };

const policy = fc.constantFrom("", "", "", "on-failure: continue", "on-failure: ask", "timeout: 30s", "retry: { attempts: 2, delay: 5s }");
const leaf: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("set" as const, "disrupt" as const), target: fc.constantFrom("a", "b"), rest: policy }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("read" as const), rest: fc.constantFrom("", "on-failure: note", "wait-until: outputs.value == 'new', timeout: 40s, on-failure: note") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("call" as const), rest: fc.constantFrom("", "on-failure: continue") }) },
);
const { step } = fc.letrec<{ step: Shape; steps: readonly Shape[] }>((tie) => ({
  steps: fc.array(tie("step"), { minLength: 1, maxLength: 3 }),
  step: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant("block" as const), steps: tie("steps"), rescue: fc.array(leaf, { maxLength: 1 }), always: fc.array(leaf, { maxLength: 2 }) }),
    fc.record({ kind: fc.constant("loop" as const), head: fc.constantFrom("for-each: targets.all.addresses", "for-each: targets.all.addresses, max-parallel: 2", "for-each: targets.all.addresses, max-parallel: 3, max-failures: 1", "for-each: '[]'"), steps: tie("steps") }),
  ),
}));

/** The steps as YAML in flow style, one step a line. */
class Writer {
  #count = 0;

  list(shapes: readonly Shape[], inLoop: "in a loop" | "outside"): string {
    return `[${shapes.map((shape) => this.#step(shape, inLoop)).join(", ")}]`;
  }

  #step(shape: Shape, inLoop: "in a loop" | "outside"): string {
    this.#count += 1;
    const id = `s${this.#count}`;
    switch (shape.kind) {
      case "set":
      case "disrupt":
        return `{ id: ${id}, uses: store.${shape.kind}, target: ${inLoop === "outside" ? shape.target : '"{{item}}"'}, with: { key: ${id}, value: new }${tail(shape.rest)} }`;
      case "read":
        return `{ id: ${id}, uses: store.value, with: { key: s1 }${tail(shape.rest)} }`;
      case "call":
        return `{ id: ${id}, call: ./part.yml${tail(shape.rest)} }`;
      case "block": {
        const rescue = shape.rescue.length === 0 ? "" : `, rescue: ${this.list(shape.rescue, inLoop)}, after-rescue: continue`;
        const always = shape.always.length === 0 ? "" : `, always: ${this.list(shape.always, inLoop)}`;
        return `{ id: ${id}, block: ${this.list(shape.steps, inLoop)}${rescue}${always} }`;
      }
      case "loop": {
        const nested = inLoop === "in a loop";
        return nested ? `{ id: ${id}, block: ${this.list(shape.steps, inLoop)} }` : `{ id: ${id}, ${shape.head}, block: ${this.list(shape.steps, "in a loop")} }`;
      }
    }
  }
}

function tail(rest: string): string {
  return rest === "" ? "" : `, ${rest}`;
}

const behaviour: fc.Arbitrary<SetBehaviour> = fc.record({ answer: fc.constantFrom("ok" as const, "ok" as const, "failed" as const, "lost" as const), stores: fc.constantFrom("at-once" as const, "at-once" as const, "never" as const, 15_000, 100_000) });
const PART = "runbook: 1\nname: part\ntitle: A part\ntargets: { n: { address: NODEB } }\ntarget: n\nsteps:\n  - { id: inner, uses: store.disrupt, with: { key: inner, value: new } }\npostconditions:\n  - { id: there, uses: store.value, with: { key: inner }, expect: [ { that: 'outputs.value == \"new\"' } ] }\n";
const cases = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  behaviours: fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.array(behaviour, { minLength: 1, maxLength: 3 })), { maxLength: 4 }),
  answer: fc.constantFrom<Record<string, string>>({}, { ":": "retry" }, { ":": "skip" }, { ":": "stop" }),
  cancelAt: fc.option(fc.integer({ min: 1, max: 80 }), { nil: undefined, freq: 3 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function run({ steps, behaviours, answer, cancelAt }: Case, before?: StoreWorld): Promise<TriedFile> {
  // A failure is tried again on a person's word twice at most: else the run would go on for ever.
  let retries = 0;
  let looked = false;
  return tryFile(`steps: ${new Writer().list(steps, "outside")}`, {
    files: { "part.yml": PART },
    answers: answer,
    prepare: (store) => {
      if (before === undefined) for (const [number, list] of behaviours) store.behaviours.set(`s${number}`, [...list]);
      else for (const [key, value] of before.values) store.values.set(key, value);
    },
    onEvent: (event, execution) => {
      looked ||= event.type === "action-finished";
      if (looked && cancelAt !== undefined && event.seq >= cancelAt) execution().cancel("SIGINT");
      if (event.type === "question-answered" && event.answer === "retry" && (retries += 1) > 2) execution().cancel("asked too often");
    },
  });
}

/** Which change went to which address, without its time. */
function changesOf(store: StoreWorld): readonly string[] {
  return store.done.map((line) => line.replace(/ @.*$/, ""));
}

function withoutLimits(shapes: readonly Shape[]): Shape[] {
  return shapes.map((shape) => {
    if (shape.kind === "block") return { ...shape, steps: withoutLimits(shape.steps), rescue: withoutLimits(shape.rescue), always: withoutLimits(shape.always) };
    if (shape.kind === "loop") return { ...shape, steps: withoutLimits(shape.steps) };
    return shape.rest === "timeout: 30s" ? { ...shape, rest: "" } : shape;
  });
}

/** Changes whose answer was not recorded. */
function changesInDoubt(events: readonly Event[]): ReadonlySet<string> {
  const answered = new Set(events.flatMap((event) => (event.type === "action-finished" ? [event.number] : [])));
  return new Set(events.flatMap((event) => (event.type === "action-started" && event.effect !== "reads" && !answered.has(event.number) && "args" in event.action.what ? [`${event.action.target} set ${event.action.what.args.join("=")}`] : [])));
}

describe("any runbook whose runner dies", () => {
  test("comes to the same end when it is taken up, wherever that was, and does nothing twice whose outcome was recorded", async () => {
    let deaths = 0;
    await fc.assert(fc.asyncProperty(cases, fc.nat(), async (one, draw) => {
      // An action in doubt has its time to show first: a limit may pass meanwhile.
      const steps = withoutLimits(one.steps);
      const sound = { ...one, steps, behaviours: [], cancelAt: undefined };
      const whole = await run(sound);
      const diesAt = 1 + draw % (whole.events.length - 1);
      const body = `steps: ${new Writer().list(steps, "outside")}`;
      const left = await dieInFile(body, diesAt, { files: { "part.yml": PART }, answers: one.answer });
      if (left === undefined) throw new Error("it did not die");
      deaths += 1;
      const again = await takeUp(body, left, { files: { "part.yml": PART }, answers: one.answer });
      expect(again.end.result).toBe(whole.end.result);
      expect([...again.store.values].toSorted()).toEqual([...whole.store.values].toSorted());
      const inDoubt = changesInDoubt(left.events);
      const twice = changesOf(again.store).filter((line, index, all) => all.indexOf(line) !== index && !inDoubt.has(line));
      expect(twice).toEqual(changesOf(whole.store).filter((line, index, all) => all.indexOf(line) !== index));
      const numbers = [...left.events, ...again.events].map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }), { numRuns: 120 });
    expect(deaths).toBeGreaterThan(0);
  });

  test("on a store that fails and loses answers: ends, and tells all of it", async () => {
    await fc.assert(fc.asyncProperty(cases, fc.nat(), async (one, draw) => {
      const whole = await run(one);
      const left = await dieInFile(`steps: ${new Writer().list(one.steps, "outside")}`, 1 + draw % (whole.events.length - 1), {
        files: { "part.yml": PART }, answers: { ":": "stop" }, prepare: (store) => { for (const [number, list] of one.behaviours) store.behaviours.set(`s${number}`, [...list]); },
      });
      if (left === undefined) return;
      const again = await takeUp(`steps: ${new Writer().list(one.steps, "outside")}`, left, { files: { "part.yml": PART }, answers: { ":": "stop" } });
      const state = [...left.events, ...again.events].reduce(fold, emptyState());
      expect(state.finished).toBe(again.end);
      expect([...state.steps.values()].filter(({ status }) => status === "running" || status === "pending").map(({ path, status }) => `${path} ${status}`)).toEqual([]);
    }), { numRuns: 80 });
  });
});

describe("any runbook on any store", () => {
  test("ends, and its events tell all of it, without gaps", async () => {
    await fc.assert(fc.asyncProperty(cases, async (one) => {
      const { events, end } = await run(one);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.filter(({ type }) => type === "run-finished")).toEqual([end]);
      expect(events.at(-1)).toBe(end);
      const state = events.reduce(fold, emptyState());
      expect(state.finished).toBe(end);
      const open = [...state.steps.values()].filter(({ status }) => status === "running" || status === "waiting" || status === "pending");
      // What waits for a person has not ended, nor has what is around it.
      if (!open.some(({ status }) => status === "waiting")) expect(open.map(({ path, status }) => `${path} ${status}`)).toEqual([]);
      expect(state.intents).toBe(events.filter((event) => event.type === "action-started" && event.effect !== "reads").length);
    }), { numRuns: 60 });
  });

  test("runs the same way twice", async () => {
    await fc.assert(fc.asyncProperty(cases, async (one) => {
      expect((await run(one)).events).toEqual((await run(one)).events);
    }), { numRuns: 30 });
  });

  test("changes nothing when it is run again after it has succeeded", async () => {
    await fc.assert(fc.asyncProperty(cases, async (one) => {
      const first = await run(one);
      fc.pre(first.end.result === "succeeded");
      const again = await run({ ...one, cancelAt: undefined }, first.store);
      // What was rescued failed, and what is rescued is tried again.
      fc.pre(!Object.values(first.statuses).includes("rescued"));
      expect(again.sets).toEqual([]);
    }), { numRuns: 40 });
  });

  test("issues each change only as often as it may: one that failed, or was lost, at most three times an attempt", async () => {
    await fc.assert(fc.asyncProperty(cases, async (one) => {
      const { events } = await run(one);
      const attempts = new Map<string, number>();
      const counts = new Map<string, number>();
      for (const event of events) {
        if (event.type === "step-started") attempts.set(event.step, event.attempt);
        if (event.type === "attempt-failed") attempts.set(event.step, event.attempt + 1);
        if (event.type !== "action-started" || event.effect === "reads") continue;
        const key = JSON.stringify([event.step, attempts.get(event.step), event.action.what]);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(3);
    }), { numRuns: 40 });
  });
});
