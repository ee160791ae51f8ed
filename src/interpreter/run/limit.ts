/** A limit around steps: its time runs from when it is entered, and stands still while a question below it is open. */
export class Limit {
  /** Its length. */
  readonly ms: number;
  #endMs: number;
  #openQuestions = 0;
  #openSinceMs = 0;

  constructor(nowMs: number, ms: number) {
    this.ms = ms;
    this.#endMs = nowMs + ms;
  }

  /** What is left of it; 0 or less: it has passed. */
  leftMs(nowMs: number): number {
    return this.#endMs - (this.#openQuestions > 0 ? this.#openSinceMs : nowMs);
  }

  /** A question is asked: the limit stands still until the last open one is answered. */
  openQuestion(nowMs: number): void {
    if (this.#openQuestions === 0) this.#openSinceMs = nowMs;
    this.#openQuestions += 1;
  }

  closeQuestion(nowMs: number): void {
    this.#openQuestions -= 1;
    if (this.#openQuestions === 0) this.#endMs += nowMs - this.#openSinceMs;
  }
}

/** What is left of the smallest of several limits: own, block and run. Infinity where there is none. */
export function leftOf(limits: readonly Limit[], nowMs: number): number {
  return Math.min(Number.POSITIVE_INFINITY, ...limits.map((limit) => limit.leftMs(nowMs)));
}

/** The limit that has passed, or passes first; undefined where there is none. */
export function nearestOf(limits: readonly Limit[], nowMs: number): Limit | undefined {
  return limits.toSorted((a, b) => a.leftMs(nowMs) - b.leftMs(nowMs))[0];
}
