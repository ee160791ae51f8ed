/** An entry of `OperationalMachines` (domain page, 3.2). */
export interface OperationalMachine {
  /** Upper case. */
  readonly name: string;
  /** It owns the clustered mailbox server. */
  readonly active: boolean;
  /** It owns the core cluster group. Says nothing about the mailbox server. */
  readonly quorumOwner: boolean;
}

/** Reads `NODEA <Active, Quorum Owner>`; the name is what stands before the first blank (domain page, 3.2). Undefined where the text is no such entry. */
export function parseOperationalMachine(text: string): OperationalMachine | undefined {
  const found = /^([^\s<>,]{1,63})(?: {1,8}<([^<>]{1,80})>)?$/.exec(text.trim());
  if (found?.[1] === undefined) return undefined;
  const marks = (found[2] ?? "").split(",").map((mark) => mark.trim().toLowerCase());
  return { name: found[1].toUpperCase(), active: marks.includes("active"), quorumOwner: marks.includes("quorum owner") };
}
