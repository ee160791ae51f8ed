/** What is examined at a target, in the order in which it is shown. */
export const CHECKS = ["reachable", "identity", "versions", "rights", "clock", "space", "shell"] as const;

/** One of {@link CHECKS}. */
export type Check = (typeof CHECKS)[number];

/** How a check came out. `warning`: a run can go on, and something of it may surprise. `failed`: a run on that target would fail, or act on a machine that is not the one that is meant. */
export type Verdict = "ok" | "warning" | "failed";

/** One thing that was found at a target. */
export interface Finding {
  readonly check: Check;
  readonly verdict: Verdict;
  /** What was seen: a sentence, or words, without a full stop. May hold what the target said. */
  readonly says: string;
  /** What to do. Absent where all is well. */
  readonly cure?: string;
}

/** A target with all that was found there. */
export interface Diagnosis {
  readonly address: string;
  /** How it is reached. */
  readonly kind: "local" | "ssh" | "powershell" | "simulated";
  /** How it was reached, for people: `deploy@10.77.0.11 port 22`; "" where there is no way to it. */
  readonly reachedAs: string;
  /** The worst of the findings. */
  readonly verdict: Verdict;
  /** How long it took, in ms. */
  readonly ms: number;
  /** In the order of the checks. */
  readonly findings: readonly Finding[];
}

/** Something is as it should be. */
export function well(check: Check, says: string): Finding {
  return { check, verdict: "ok", says };
}

/** A run can go on, and something of it may surprise. */
export function warned(check: Check, says: string, cure: string): Finding {
  return { check, verdict: "warning", says, cure };
}

/** A run would fail there. */
export function failing(check: Check, says: string, cure: string): Finding {
  return { check, verdict: "failed", says, cure };
}

/** The worst of some verdicts; `ok` of none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdicts.includes("failed") ? "failed" : verdicts.includes("warning") ? "warning" : "ok";
}
