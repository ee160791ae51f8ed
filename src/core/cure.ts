/** Where a sentence about the cause ends and the cure begins: every reason of a failure names both, in this order. */
const CURE = /\. (?=[\p{Lu}`])/u;

/** A reason without its cure. */
export function causeOf(reason: string): string {
  return reason.split(CURE, 1)[0] ?? reason;
}

/** Reasons of which each tells its cure unless one before it, or one of `told`, told the same: the same cause and cure, but for the name of the machine, with which such a reason begins. */
export function curesOnce(reasons: readonly string[], told: readonly string[] = []): readonly string[] {
  const known = new Set(told.map(withoutName));
  return reasons.map((reason) => {
    const same = withoutName(reason);
    const isKnown = known.has(same);
    known.add(same);
    return isKnown ? causeOf(reason) : reason;
  });
}

function withoutName(reason: string): string {
  const [name = ""] = reason.split(" ", 1);
  return reason.split(" ").map((word) => (word.replaceAll(/^[`(]+|[`).,;:?]+$/g, "") === name ? "" : word)).join(" ");
}
