import type { Event } from "../../src/core/event.ts";
import type { Fault } from "../../src/simulator/fault.ts";
import type { Breach } from "../../src/simulator/world-state.ts";
import type { Happened } from "./fault-watch.ts";

type FaultKind = Fault["kind"];

const TAKES_DOWN: readonly FaultKind[] = ["restart", "power-off", "service", "witness"];
const MOVES: readonly FaultKind[] = ["move-group", "fail-over", "hand-over"];

/** The faults that can break an invariant (domain page, 7.4) by themselves. None: only an action can break it. */
const CAUSES: Readonly<Record<string, readonly FaultKind[]>> = {
  I1: [...TAKES_DOWN, ...MOVES, "setup"],
  I2: ["setup"],
  I3: ["copy", "load", "service", "restart", "power-off", "unreachable"],
  I4: [...TAKES_DOWN, ...MOVES, "setup"],
  I5: [...TAKES_DOWN, ...MOVES, "setup", "dismount", "mount"],
  I6: [...TAKES_DOWN, ...MOVES, "setup", "copy"],
  I10: ["backup"],
};

/**
 * When the look began on which the last change before a moment rests: what came about later, the run could not know when it
 * acted. Undefined where the run had changed nothing until then.
 */
export function lastKnewMs(events: readonly Event[], atMs: number): number | undefined {
  const act = events.findLastIndex((event) => event.type === "action-started" && event.effect !== "reads" && Date.parse(event.at) <= atMs);
  const acted = events[act];
  if (acted?.type !== "action-started") return undefined;
  const own = events.slice(0, act).filter((event) => "step" in event && event.step === acted.step);
  const looked = own.findLastIndex((event) => event.type === "looked");
  return Date.parse((own[looked - 1] ?? own[looked] ?? acted).at);
}

/** The setup of another administrator shows in nothing that can be read until it disables the services (domain page, 7.3: phases 0 and 1). */
const UNSEEN_SETUP_MS = 8 * 60_000;

/**
 * The breaches that the run answers for: those that a call of it set off, and that no fault can have caused which came after the
 * look that the run's last change rests on, or which breaks a rule by itself in the same instant. What was there to be seen is
 * the run's fault, and so is what no fault can do.
 */
export function ourBreaches(breaches: readonly Breach[], events: readonly Event[], happened: readonly Happened[]): readonly Breach[] {
  const beganMs = Date.parse(events[0]?.at ?? "");
  return breaches.filter(({ invariant, atMs, by }) => {
    if (by !== "call") return false;
    const sinceMs = lastKnewMs(events, atMs);
    if (breaches.some((other) => other.by !== "call" && other.atMs === atMs)) return false;
    if (atMs < beganMs || sinceMs === undefined) return false;
    const causes = CAUSES[invariant] ?? [];
    return !happened.some(({ fault: { kind }, atMs: cameMs }) => causes.includes(kind) && cameMs <= atMs && cameMs >= sinceMs - (kind === "setup" ? UNSEEN_SETUP_MS : 0));
  });
}
