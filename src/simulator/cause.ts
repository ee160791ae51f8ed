import type { WorldState } from "./world-state.ts";

/** Who set off what is happening, and what follows from it later: a call of a run, an event of the world by itself, or a person. */
export interface Cause {
  readonly by: "call" | "event" | "person";
  /** The call as it was given, with its node (`cluster.exe group … on NODEB`); of the others what they did. */
  readonly what: string;
}

/** The longest text of a call that is kept: a script can be a page. */
const LONGEST_CALL = 200;

/** What nobody set off: the world goes on by itself. */
export const BY_ITSELF: Cause = { by: "event", what: "by itself" };

/** A call of a run as a cause; `node` is undefined on the runner's machine. */
export function callCause(words: readonly string[], node: string | undefined): Cause {
  const text = words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(" ");
  return { by: "call", what: `${text.slice(0, LONGEST_CALL)} on ${node ?? "local"}` };
}

/** Makes a change for which that cause answers, with everything that is scheduled in it. */
export function withCause(state: WorldState, cause: Cause, make: () => void): void {
  const before = state.cause;
  state.cause = cause;
  make();
  state.cause = before;
}

/** Who answers for what follows from an outage that is not a move: whoever took the mailbox server down, not the call in which it came up again elsewhere. Without one, whoever acts now. */
export function whoTookItDown(state: WorldState): Cause {
  const open = state.outages.at(-1);
  return open === undefined || open.toMs !== undefined || open.cause !== "fault" ? state.cause : { by: open.by, what: open.what };
}
