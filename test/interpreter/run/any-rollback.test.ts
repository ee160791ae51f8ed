import fc from "fast-check";
import { expect, test } from "vitest";
import type { SetBehaviour } from "../../kit/store-world.ts";
import { dieInFile, tryFile, type TrialOptions } from "../../kit/try-file.ts";
import { atRest, dieInUndo, undoFile, type Ran } from "../../kit/undo-file.ts";

/** A step without its id: ids are given in the order in which the steps stand. Every change has an inverse. */
type Shape =
  | { readonly kind: "set" | "disrupt"; readonly target: string; readonly rest: string }
  | { readonly kind: "read" | "call" }
  | { readonly kind: "block"; readonly steps: readonly Shape[]; readonly rescue: readonly Shape[] }
  | { readonly kind: "loop"; readonly head: string; readonly steps: readonly Shape[] };

const change: fc.Arbitrary<Shape> = fc.record({ kind: fc.constantFrom("set" as const, "disrupt" as const), target: fc.constantFrom("a", "b"), rest: fc.constantFrom("", "", "on-failure: continue", "retry: { attempts: 2, delay: 5s }") });
const { step } = fc.letrec<{ step: Shape; steps: readonly Shape[] }>((tie) => ({
  steps: fc.array(tie("step"), { minLength: 1, maxLength: 3 }),
  step: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 3, arbitrary: change },
    fc.record({ kind: fc.constantFrom("read" as const, "call" as const) }),
    fc.record({ kind: fc.constant("block" as const), steps: tie("steps"), rescue: fc.array(change, { maxLength: 1 }) }),
    fc.record({ kind: fc.constant("loop" as const), head: fc.constantFrom("for-each: targets.all.addresses", "for-each: targets.all.addresses, max-parallel: 3, max-failures: 1"), steps: tie("steps") }),
  ),
}));

/** The steps as YAML in flow style. What was there before anything was done is `old`, and each inverse says so. */
class Writer {
  #count = 0;

  list(shapes: readonly Shape[], place: "in a loop" | "outside"): string {
    return `[${shapes.map((shape) => this.#step(shape, place)).join(", ")}]`;
  }

  #step(shape: Shape, place: "in a loop" | "outside"): string {
    this.#count += 1;
    const id = `s${this.#count}`;
    switch (shape.kind) {
      case "set":
      case "disrupt": {
        const at = place === "outside" ? shape.target : '"{{item}}"';
        const key = `key: ${id}`;
        return `{ id: ${id}, uses: store.${shape.kind}, target: ${at}, with: { ${key}, value: new }${shape.rest === "" ? "" : `, ${shape.rest}`}, rollback: [ { id: ${id}_back, uses: store.${shape.kind}, target: ${at}, with: { ${key}, value: old } } ] }`;
      }
      case "read":
        return `{ id: ${id}, uses: store.value, with: { key: s1 } }`;
      case "call":
        return `{ id: ${id}, call: ./part.yml, with: { key: ${id} } }`;
      case "block":
        return `{ id: ${id}, block: ${this.list(shape.steps, place)}${shape.rescue.length === 0 ? "" : `, rescue: ${this.list(shape.rescue, place)}, after-rescue: continue`} }`;
      case "loop":
        return place === "in a loop" ? `{ id: ${id}, block: ${this.list(shape.steps, place)} }` : `{ id: ${id}, ${shape.head}, block: ${this.list(shape.steps, "in a loop")} }`;
    }
  }
}

const PART = 'runbook: 1\nname: part\ntitle: A part\ninputs: { key: { description: k } }\ntargets: { n: { address: NODEB } }\ntarget: n\nsteps:\n  - { id: inner, uses: store.disrupt, with: { key: "{{inputs.key}}", value: new }, rollback: [ { id: inner_back, uses: store.disrupt, with: { key: "{{inputs.key}}", value: old } } ] }\n';
const KEYS = Array.from({ length: 40 }, (_, index) => `s${index + 1}`);
const behaviour: fc.Arbitrary<SetBehaviour> = fc.record({ answer: fc.constantFrom("ok" as const, "failed" as const, "lost" as const), stores: fc.constantFrom("at-once" as const, "never" as const, 15_000) });
const cases = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  behaviours: fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.array(behaviour, { minLength: 1, maxLength: 3 })), { maxLength: 4 }),
  runDies: fc.option(fc.nat(), { nil: undefined }),
  undoDies: fc.option(fc.nat(), { nil: undefined }),
});

const WHERE = ["NODEA", "NODEB", "NODEC"].flatMap((node) => KEYS.map((key) => `${node}/${key}`));
const files = { "part.yml": PART };

/** Where everything is as it was at the start, nothing is listed. */
function others({ store }: Ran): readonly string[] {
  return WHERE.filter((place) => store.values.get(place) !== "old");
}

test("whatever a run did, wherever it failed or its runner died, and wherever the runner of its rollback died: where every change has an inverse, the world is as it was", async () => {
  const met = { failed: 0, died: 0, undoDied: 0, undone: 0 };
  await fc.assert(fc.asyncProperty(cases, async ({ steps, behaviours, runDies, undoDies }) => {
    const body = `steps: [${new Writer().list(steps, "outside").slice(1, -1)}, { id: last, uses: store.value, with: { key: s1 }, expect: [ { that: 'outputs.value == "never"' } ] }]`;
    const options: TrialOptions = {
      files,
      prepare: (store) => {
        for (const place of WHERE) store.values.set(place, "old");
        for (const [number, list] of behaviours) store.behaviours.set(`s${number}`, [...list]);
      },
    };
    const whole = await tryFile(body, options);
    met.failed += 1;
    const ran = runDies === undefined ? whole : await dieInFile(body, 1 + runDies % (whole.events.length - 1), options);
    if (ran === undefined) throw new Error("it did not die");
    if (runDies !== undefined) met.died += 1;
    ran.store.behaviours.clear();
    const resting = await atRest(body, ran, { files });
    const died = undoDies === undefined ? undefined : await dieInUndo(body, resting, 1 + undoDies % 40, { files });
    if (died !== undefined) met.undoDied += 1;
    const undone = await undoFile(body, resting, died, { files });
    expect(["succeeded", "nothing to do"]).toContain(undone.end.result);
    expect(others(resting)).toEqual([]);
    met.undone += undone.events.filter((event) => event.type === "action-started" && event.effect !== "reads").length;
  }), { numRuns: 150 });
  expect(Math.min(met.died, met.undoDied, met.undone)).toBeGreaterThan(0);
  process.stdout.write(`rollbacks: ${met.failed} runs, ${met.died} of them died, ${met.undoDied} rollbacks died and were taken up, ${met.undone} changes undone\n`);
}, 120_000);
