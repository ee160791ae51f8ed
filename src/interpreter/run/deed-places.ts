import { emptyObject, type Json } from "../../core/json.ts";
import type { StepFinished } from "../../core/step-event.ts";
import { assertNever } from "../../core/assert-never.ts";
import type { Call, Leaf, Runbook, Scope, Step } from "../../core/runbook.ts";
import { bindInputs } from "../plan/bind.ts";
import { inputSchemas } from "../plan/input-schemas.ts";
import { withItem } from "../plan/items.ts";
import { insideOf, instancePath, stepPath } from "../plan/paths.ts";
import { makeRoots, withOwnSteps, type Roots } from "../plan/roots.ts";
import { isDone } from "./context.ts";
import type { Deeds } from "./deeds.ts";
import { eachBefore, itemsOf } from "./loop.ts";
import { givenOutputs } from "./masked-outputs.ts";

/** A leaf that was entered in a run, with the names in reach as they were when it ended. */
export interface DeedPlace {
  readonly step: Step;
  readonly leaf: Leaf;
  readonly runbook: Runbook;
  readonly roots: Roots;
  readonly scope: Scope;
}

/** The leaves that a run entered, by path; and why the steps below a path cannot be told any more. */
export interface DeedPlaces {
  readonly leaves: ReadonlyMap<string, DeedPlace>;
  readonly untold: ReadonlyMap<string, string>;
}

interface At {
  readonly runbook: Runbook;
  readonly prefix: string;
  readonly roots: Roots;
  readonly scope: Scope;
}

/** Goes through a run's file as the run did, with the values that its journal holds: nothing is looked at. */
export function deedPlaces(runbook: Runbook, roots: Roots, deeds: Deeds): DeedPlaces {
  const walker = new Walker(deeds);
  walker.file(runbook, roots, "");
  return walker;
}

class Walker implements DeedPlaces {
  readonly leaves = new Map<string, DeedPlace>();
  readonly untold = new Map<string, string>();
  readonly #deeds: Deeds;

  constructor(deeds: Deeds) {
    this.#deeds = deeds;
  }

  file(runbook: Runbook, roots: Roots, prefix: string): void {
    this.#list([...runbook.preconditions, ...runbook.steps, ...runbook.postconditions], { runbook, prefix, roots, scope: roots });
  }

  #list(steps: readonly Step[], at: At): void {
    for (const step of steps) this.#step(step, at);
  }

  #step(step: Step, at: At): void {
    const path = stepPath(at.prefix, step.id);
    if (!this.#deeds.starts.has(path)) return;
    if (step.loop === undefined) this.#body(step, path, at);
    else this.#loop(step, path, at);
    const end = this.#deeds.ends.get(path);
    const status = end?.status ?? "unknown";
    const gave = step.loop === undefined ? { outputs: asScope(end) } : { each: eachBefore(this.#deeds, at, step.loop, path) ?? [] };
    at.roots.steps[step.id] = Object.assign(emptyObject<unknown>(), { status, done: isDone(status) }, gave) as Roots["steps"][string];
  }

  #loop(step: Step, path: string, at: At): void {
    const { loop } = step;
    if (loop === undefined) return;
    const items = itemsOf(loop, at, undefined);
    if (items.kind === "failed") {
      this.untold.set(path, items.because);
      return;
    }
    for (const { key, item } of items.items) {
      const instance = instancePath(path, key);
      if (!this.#deeds.starts.has(instance)) continue;
      // What the steps of one instance gave is nothing to another one.
      const own = withSteps(at);
      this.#body(step, instance, { ...own, scope: withItem(own.scope, loop.as, item), prefix: step.body.kind === "leaf" ? at.prefix : insideOf(instance) });
    }
  }

  #body(step: Step, path: string, at: At): void {
    const { body } = step;
    switch (body.kind) {
      case "leaf": {
        const own = withSteps(at);
        const end = this.#deeds.ends.get(path);
        const status = end?.status ?? "unknown";
        own.roots.steps[step.id] = { status, done: isDone(status), outputs: asScope(end) };
        this.leaves.set(path, { step, leaf: body, runbook: at.runbook, roots: own.roots, scope: own.scope });
        return;
      }
      case "block": {
        this.#list(body.steps, at);
        const { step: failed = "", code = "", because = "" } = this.#deeds.unwound.get(path) ?? {};
        const scope = withItem(at.scope, "failure", Object.assign(emptyObject<string>(), { step: failed, code, because }));
        this.#list([...body.rescue, ...body.always], { ...at, scope });
        return;
      }
      case "call":
        this.#call(body, path, at);
        return;
      default:
        assertNever(body);
    }
  }

  #call(call: Call, path: string, at: At): void {
    const bound = bindInputs(call.with, inputSchemas(call.runbook), at.scope, new Map());
    if (bound.kind === "failed") {
      this.untold.set(path, bound.because);
      return;
    }
    const roots = makeRoots(call.runbook, bound.values, at.roots.run);
    if (roots.kind === "error") this.untold.set(path, roots.error.map(({ message }) => message).join("; "));
    else this.file(call.runbook, roots.value, insideOf(path));
  }
}

/** The same place with a list of steps of its own. */
function withSteps(at: At): At {
  const roots = withOwnSteps(at.roots);
  return { ...at, roots, scope: Object.assign(emptyObject<unknown>(), at.scope, { steps: roots.steps }) };
}

/** What a step gave, as far as it was kept: an output that held a secret was not. */
function asScope(end: StepFinished | undefined): Readonly<Record<string, Json>> {
  return Object.assign(emptyObject<Json>(), end === undefined ? {} : givenOutputs(end) ?? {});
}
