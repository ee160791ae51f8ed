import type { Failure } from "../core/failure.ts";
import type { Outcome } from "../core/port.ts";
import { formatLimit } from "../core/quantity.ts";
import { fileFailure } from "./file-fault.ts";

/** The end of something whose limit passed. */
export function timedOut(what: string, limitMs: number): { readonly kind: "timeout"; readonly because: string } {
  return { kind: "timeout", because: `${what} took longer than ${formatLimit(limitMs)} and was ended` };
}

/** The end of something that was given up because the run is cancelled. */
export function givenUp(what: string): { readonly kind: "lost"; readonly because: string } {
  return { kind: "lost", because: `${what} was ended, because the run is cancelled` };
}

/** The end of something that the cancellation of the run came before: nothing of it was done. */
export function notBegun(what: string): { readonly kind: "failed"; readonly failure: Failure } {
  return { kind: "failed", failure: { code: "cancelled", because: `${what} was not begun, because the run is cancelled` } };
}

/** Works on a file within a limit. What the system refuses is a failure; our own mistakes are thrown. */
export async function withinLimit<T>(path: string, limitMs: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T>> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    return { kind: "ok", value: await work(AbortSignal.any([signal, limit])) };
  } catch (fault) {
    if (signal.aborted) return givenUp(`the work on ${path}`);
    if (limit.aborted) return timedOut(`the work on ${path}`, limitMs);
    return { kind: "failed", failure: fileFailure(path, fault) };
  }
}
