import type { ActionResults } from "../../src/core/action.ts";
import { defineBuiltin, type AnyBuiltin } from "../../src/core/builtin.ts";
import { answerOf, giveUp, withoutReadings } from "../../src/core/facts.ts";
import type { Clock, Outcome, Transport, Transports } from "../../src/core/port.ts";

/** How the store treats a `set` of a key: what it answers, whether the value is stored, and after what time it shows. */
export interface SetBehaviour {
  readonly answer: "ok" | "failed" | "lost";
  readonly stores: "at-once" | "never" | number;
}

/** A tiny world for tests of the interpreter: named values on each address, which programs `get` and `set` read and write, taking time. */
export class StoreWorld implements Transports {
  readonly simulated = true;
  readonly values = new Map<string, string>();
  /** Every `set`, as `NODEA set x=1 @12000`. */
  readonly done: string[] = [];
  /** Behaviours of the next sets of a key, first to last; afterwards it obeys. */
  readonly behaviours = new Map<string, SetBehaviour[]>();
  /** Addresses that do not answer before a time. */
  readonly downUntilMs = new Map<string, number>();
  readonly #clock: Clock;
  readonly #getMs: number;
  readonly #setMs: number;

  constructor(clock: Clock, times: { readonly getMs: number; readonly setMs: number } = { getMs: 1_000, setMs: 10_000 }) {
    this.#clock = clock;
    this.#getMs = times.getMs;
    this.#setMs = times.setMs;
  }

  to(address: string): Transport {
    const nowhere = async (): Promise<Outcome<never>> => ({ kind: "failed", failure: { code: "not_found", because: "the store knows programs only" } });
    return {
      run: async (call, options) => {
        if (this.#clock.now() < (this.downUntilMs.get(address) ?? 0)) return { kind: "failed", failure: { code: "unreachable", because: `${address} does not answer` } };
        const ms = call.program === "get" ? this.#getMs : this.#setMs;
        await this.#pass(Math.min(ms, options.limitMs), `${address}:${call.program}`);
        if (ms > options.limitMs) return { kind: "timeout", because: `${call.program} took longer than its limit` };
        return call.program === "get" ? this.#get(`${address}/${call.args[0] ?? ""}`) : this.#set(address, call.args[0] ?? "", call.args[1] ?? "");
      },
      cmdlet: nowhere, script: nowhere, put: nowhere, get: nowhere, stat: nowhere, startJob: nowhere, jobs: nowhere, forgetJobs: nowhere, ending: () => undefined,
    };
  }

  source(): Promise<Outcome<ActionResults["source"]>> {
    return Promise.resolve({ kind: "ok", value: { exists: false, bytes: 0, sha256: "", folder: false } });
  }

  #pass(ms: number, key: string): Promise<void> {
    return new Promise((resolve) => this.#clock.at(this.#clock.now() + ms, key, resolve));
  }

  #get(key: string): Outcome<ActionResults["program"]> {
    return { kind: "ok", value: { exitCode: 0, stdout: this.values.get(key) ?? "", stderr: "", droppedBytes: 0 } };
  }

  #set(address: string, key: string, value: string): Outcome<ActionResults["program"]> {
    this.done.push(`${address} set ${key}=${value} @${this.#clock.now()}`);
    const behaviour = this.behaviours.get(key)?.shift() ?? { answer: "ok", stores: "at-once" };
    const store = (): void => void this.values.set(`${address}/${key}`, value);
    if (behaviour.stores === "at-once") store();
    else if (behaviour.stores !== "never") this.#clock.at(this.#clock.now() + behaviour.stores, `${address}:later`, store);
    if (behaviour.answer === "lost") return { kind: "lost", because: "the channel broke" };
    if (behaviour.answer === "failed") return { kind: "failed", failure: { code: "denied", because: "the store refused" } };
    return { kind: "ok", value: { exitCode: 0, stdout: "", stderr: "", droppedBytes: 0 } };
  }
}

const value = defineBuiltin({
  name: "store.value", title: "Read a value", docs: "", examples: [], place: "required", timeoutMs: 60_000,
  inputs: { key: { type: "string" } },
  outputs: { value: { type: "string" } },
  codes: {},
  actions: { read: { effect: "reads", title: "Read a value", make: (inputs) => ({ kind: "program", program: "get", args: [inputs.key] }) } },
  look: () => ({ value: { action: "read" } }),
  decide: (_inputs, facts, past) => {
    const read = answerOf(facts, "value", "program");
    if (read === undefined) return withoutReadings(facts, past, ["value"]) ?? giveUp(past, "unreadable", "nothing was read");
    return { kind: "done", outputs: { value: read.stdout }, because: `it is "${read.stdout}"` };
  },
});

/** `store.set`, with the effect that a test wants. */
function setter(name: string, effect: "changes" | "disrupts") {
  return defineBuiltin({
    name, title: "Set a value", docs: "", examples: [], place: "required", timeoutMs: 300_000, undo: { kind: "steps", how: "Set it back." },
    inputs: { key: { type: "string" }, value: { type: "string" }, refuse_on: { type: "string", required: false } },
    outputs: { before: { type: "string" } },
    codes: { guarded: "the guard refuses" },
    touches: (inputs, place) => [`${place.address}/${inputs.key}`],
    actions: {
      read: { effect: "reads", title: "Read the value", make: (inputs) => ({ kind: "program", program: "get", args: [inputs.key] }) },
      write: { effect, title: "Set the value", settlesWithinMs: 20_000, make: (inputs) => ({ kind: "program", program: "set", args: [inputs.key, inputs.value] }) },
    },
    look: () => ({ value: { action: "read" } }),
    decide: (inputs, facts, past) => {
      const read = answerOf(facts, "value", "program");
      if (read === undefined) return withoutReadings(facts, past, ["value"]) ?? giveUp(past, "unreadable", "nothing was read");
      if (read.stdout === inputs.value) return { kind: "done", outputs: { before: read.stdout }, because: "it has the value" };
      if (inputs.refuse_on !== undefined && read.stdout === inputs.refuse_on) return giveUp(past, "guarded", `it is "${read.stdout}"`);
      return { kind: "act", actions: [{ action: "write" }], because: `it is "${read.stdout}"` };
    },
  });
}

const blind = defineBuiltin({
  name: "store.blind", title: "Set a value without looking", docs: "", examples: [], place: "required", timeoutMs: 300_000, undo: { kind: "steps", how: "Set it back." }, cannotLook: true,
  inputs: { key: { type: "string" }, repeatable: { type: "boolean", default: false } },
  outputs: {},
  codes: {},
  actions: { write: { effect: "changes", title: "Set the value", atMost: 3, make: (inputs) => ({ kind: "program", program: "set", args: [inputs.key, "blind"] }) } },
  look: () => ({}),
  decide: (inputs, _facts, past) => {
    const last = past.acts.at(-1);
    if (last === undefined || last.attempt !== past.attempt) return { kind: "act", actions: [{ action: "write" }], because: "it was not done yet" };
    if (last.outcome === "ok") return { kind: "done", outputs: {}, because: "it was done" };
    if (last.outcome === "failed") return { kind: "fail", code: last.failure?.code ?? "failed", because: last.failure?.because ?? "" };
    return inputs.repeatable ? { kind: "act", actions: [{ action: "write" }], because: "its outcome was lost" } : { kind: "fail", code: "lost", because: "its outcome was lost" };
  },
});

/** The builtins that read and write a {@link StoreWorld}. */
export const storeBuiltins: readonly AnyBuiltin[] = [value, setter("store.set", "changes"), setter("store.disrupt", "disrupts"), blind];
