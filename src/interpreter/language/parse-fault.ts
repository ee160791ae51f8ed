/** What can be wrong with a text as YAML: the codes of its diagnostics. */
export type FaultCode =
  | "after-value" | "alias-expansion" | "bad-escape" | "bad-indentation" | "bad-start" | "block-header" | "comma-ended-value" | "complex-key"
  | "directive" | "duplicate-key" | "key-too-long" | "merge-key" | "missing-colon" | "missing-key" | "nested-mapping" | "no-value" | "odd-anchor"
  | "self-reference" | "several-documents" | "stray" | "tab-indentation" | "tag" | "too-deep" | "too-many-values" | "unclosed-bracket"
  | "unclosed-quote" | "unknown-anchor" | "unused-anchor";

/** A fault by offsets in the text. */
export interface Fault {
  readonly code: FaultCode;
  readonly start: number;
  readonly end: number;
  /** The name that the message speaks of: a key, an anchor, a tag; "" where there is none. */
  readonly name: string;
}

/** Faults behind which the tree is still what the author wrote, so that later phases may look at it. */
const LEAVES_TREE: ReadonlySet<FaultCode> = new Set(["duplicate-key", "directive", "bad-escape", "tag"]);

/** True if the tree cannot be trusted behind this fault. */
export function breaksTree(fault: Fault): boolean {
  return !LEAVES_TREE.has(fault.code);
}
