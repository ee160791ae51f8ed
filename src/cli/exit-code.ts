/** The exit codes of every command (language.md section 11). */
export const EXIT = {
  ok: 0,
  /** A run that stopped or failed. */
  stopped: 1,
  /** The runbook, the inputs or the usage are wrong. */
  wrong: 2,
  /** A fault in the interpreter. */
  fault: 3,
  /** A question is open that nobody here can answer. */
  waiting: 5,
  cancelled: 130,
} as const;
