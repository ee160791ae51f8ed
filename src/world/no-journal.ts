import type { Journal } from "../core/port.ts";
import { ok } from "../core/result.ts";

/** A journal of which nothing is kept: for a run that cannot be taken up again. It holds no events, so a long run does not grow by it. */
export function noJournal(): Journal {
  return { append: () => undefined, sync: () => Promise.resolve(ok(undefined)) };
}
