import { emptyObject, type Json } from "../../core/json.ts";
import { judge } from "../language/expression.ts";
import type { Branch, Run } from "./context.ts";
import { READING_LIMIT_MS } from "./look.ts";
import { readOnce } from "./read-once.ts";
import type { Sample, WatchedProbe } from "./watched-probe.ts";

/** One sample of a probe: its readings are asked in their order, the first good answer counts, an error is no answer. */
export async function sampleProbe(run: Run, branch: Branch, watched: WatchedProbe): Promise<Sample> {
  const reasons: string[] = [];
  for (const reading of watched.probe.readings) {
    const answer = await readOnce(run, { ...branch, roots: watched.roots, scope: watched.roots, prefix: "" }, reading, watched.planPath, "", "quietly", branch.task.now() + READING_LIMIT_MS);
    if (answer.kind === "none") {
      reasons.push(answer.because);
      continue;
    }
    const scope = Object.assign(emptyObject<unknown>(), watched.roots, { outputs: answer.outputs });
    const verdict = judge(watched.probe.up, scope);
    const state = verdict.kind === "true" ? "up" : verdict.kind === "false" ? "down" : "unknown";
    return { atMs: branch.task.now(), state, because: verdict.kind === "true" ? answer.because : `${answer.because} (${verdict.because})`, outputs: answer.outputs as Readonly<Record<string, Json>> };
  }
  return { atMs: branch.task.now(), state: "unknown", because: reasons.join("; "), outputs: undefined };
}

