import { defineBuiltin, type AnyBuiltin } from "../../src/core/builtin.ts";
import { parseReading, withoutReading } from "../../src/core/reading.ts";
import { ok } from "../../src/core/result.ts";

/** `store.job`: starts a program as a job, on any transport, and waits for its end. It fails where the exit code is not 0. */
export const jobBuiltin: AnyBuiltin = defineBuiltin({
  name: "store.job", title: "Run a program as a job", docs: "", examples: [], place: "required", timeoutMs: 300_000, undo: { kind: "steps", how: "Undo what the program did." },
  inputs: { program: { type: "string" }, args: { type: "list", items: { type: "string" } } },
  outputs: {},
  codes: { job_failed: "the job ended with another exit code than 0" },
  actions: {
    jobs: { effect: "reads", title: "Read the jobs", make: () => ({ kind: "jobs" }) },
    start: { effect: "changes", title: "Start the job", make: ({ program, args }) => ({ kind: "job", program, args }) },
  },
  look: () => ({ jobs: { action: "jobs" } }),
  decide: (_inputs, facts, past) => {
    const start = past.acts.findLast(({ attempt }) => attempt === past.attempt);
    const own = parseReading(facts, "jobs", "jobs", ({ jobs }) => ok(jobs.find(({ name }) => name === start?.job)));
    if (own.kind === "error") return withoutReading(past, own.error);
    if (start === undefined) return { kind: "act", actions: [{ action: "start" }], because: "it was not started yet" };
    if (own.value?.state === "running") return { kind: "wait", because: "it runs", everyMs: 1_000 };
    if (own.value?.exitCode === 0) return { kind: "done", outputs: {}, because: "it has ended well" };
    return { kind: "fail", code: "job_failed", because: `it ended with ${own.value?.exitCode ?? "no code"}` };
  },
});
