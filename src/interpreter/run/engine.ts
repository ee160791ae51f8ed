import type { Action, Effect } from "../../core/action.ts";
import type { Event } from "../../core/event.ts";
import type { AskedQuestion, Reply } from "../../core/port.ts";
import type { Result } from "../../core/result.ts";

/** An action that changes something, as it stands directly before it is issued. */
export interface Intent {
  readonly step: string;
  readonly title: string;
  readonly target: string;
  readonly action: string;
  readonly what: Action;
  readonly effect: Effect;
}

/**
 * What `execute` asks of whoever keeps the run: to keep its events, to answer for the people, and to say whether the next
 * change may be made. The local one is built over a Journal and People; one that permits nothing gives a preview.
 */
export interface Engine {
  /** Keeps an event. What is kept is in order and is not lost while the runner lives. */
  record(event: Event): void;
  /** Resolves when all that was recorded would outlast the runner; with the reason why it would not, if it cannot be kept. */
  sync(): Promise<Result<undefined, string>>;
  /** Never waits longer than the question lasts. `nobody`: the run becomes `waiting`. `warn`: told why an answer that lies ready is not taken, before anybody is asked. */
  ask(question: AskedQuestion, warn: (because: string) => void): Promise<Reply>;
  /** `own`: answers come from outside the system and take none of its time. `system`: they take the system's time. */
  readonly answersTake: "own" | "system";
  /** Asked directly before an intent is recorded: `stop` ends the run before this change. */
  permit(intent: Intent): Promise<"go" | "stop">;
  /** Whether programs run that only read by their author's word (`run.query`): `stop` ends the run before the first. */
  readonly queries: "go" | "stop";
}
