import type { Decision, Past, PastAnswer } from "./builtin.ts";

const AGAIN = "again";
const STOP = "stop";

/**
 * Asks a person whether what failed is to be tried again, after they have removed the cause. The text names what failed and stays
 * the same while it does; what changes with every look belongs into `show`.
 */
export function askToTryAgain(text: string, show: readonly string[], because: string): Decision<never> {
  return { kind: "ask", question: { kind: "choose", text, show, choices: { [AGAIN]: "the cause is gone, try it again", [STOP]: "try nothing more, and stop here" } }, because };
}

/** How often a person said in this attempt that it is to be tried again. */
export function grantedTries(past: Past): number {
  return past.answers.filter(({ answer }) => answer === AGAIN).length;
}

/** The last answer of this attempt, if it was to stop. */
export function stopAnswer(past: Past): PastAnswer | undefined {
  const last = past.answers.at(-1);
  return last?.answer === STOP ? last : undefined;
}

/** Who said stop, and why, as a part of a sentence. */
export function saidStop({ by, reason }: PastAnswer): string {
  return `${by} said stop${reason === undefined ? "" : `: ${reason}`}`;
}
