import type { Branch, Run } from "./context.ts";
import type { LeafState } from "./leaf-state.ts";

/** How often the port is asked; what is cut off on this machine is gone within a moment. */
const EVERY_MS = 100;

/**
 * Waits until what was cut off is gone: a program's tree ends with its runner or its channel, and until then a look would see a world
 * that still changes. Ends at `untilMs`, or at a second signal. A job goes on, and is no matter of this.
 */
export async function awaitEnding(run: Run, branch: Branch, state: LeafState, untilMs: number): Promise<void> {
  const cutOff = state.acts.slice(state.decidedActs).filter(({ outcome, job, isGone }) => job === undefined && isGone !== true && (outcome === "in-doubt" || outcome === "lost"));
  if (cutOff.length === 0) return;
  const sinceMs = Math.max(...cutOff.map(({ endedMs }) => endedMs));
  const transport = run.transports.to(state.place.address);
  let told: string | undefined;
  for (;;) {
    const now = branch.task.now();
    const because = transport.ending(Math.max(0, now - sinceMs));
    if (because === undefined || now >= untilMs || run.abort.aborted) return;
    if (because !== told) run.emit({ type: "decided", step: state.path, turn: state.turn, decision: "wait", because });
    told = because;
    await branch.task.sleep(Math.min(EVERY_MS, untilMs - now));
  }
}
