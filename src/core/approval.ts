/** On whose word a question counts as answered, as a builtin asks for it. */
export interface ApprovalTerms {
  /** Accounts, or `account@host`; absent: any account. */
  readonly approvers?: readonly string[];
  /** So many different accounts have to say yes. At least 1. */
  readonly count: number;
  /** Accounts that have said yes already. */
  readonly approved: readonly string[];
  /** True if the account that started the run may not answer. */
  readonly notOperator: boolean;
}

/** The terms as they are asked: `operator` is the account that started the run, present where it may not answer. */
export interface AskedTerms extends Omit<ApprovalTerms, "notOperator"> {
  readonly operator?: string;
}

/** An account as the system sees it, and the machine that it was seen on. */
export interface SeenAccount {
  readonly account: string;
  readonly host: string;
}

/** The terms of a run that this account started. */
export function askedTerms({ notOperator, ...terms }: ApprovalTerms, operator: string): AskedTerms {
  return notOperator ? { ...terms, operator } : terms;
}

/** True if one of the entries names the account, alone or with its machine. */
export function isNamed(approvers: readonly string[], { account, host }: SeenAccount): boolean {
  return approvers.includes(account) || approvers.includes(`${account}@${host}`);
}

/**
 * Why an account's answer does not count, as a sentence; undefined where it does, and for a question without terms. Only what was
 * seen is compared, never the name that somebody gives themselves. One who said yes may still say no.
 */
export function whyNotEntitled(terms: AskedTerms | undefined, seen: SeenAccount, answer: "yes" | "no"): string | undefined {
  if (terms === undefined) return undefined;
  if (terms.operator === seen.account) return `the account \`${seen.account}\` started the run, and someone else has to answer`;
  if (terms.approvers !== undefined && !isNamed(terms.approvers, seen)) return `the account \`${seen.account}\` on ${seen.host} is none of those who may answer: ${terms.approvers.join(", ")}`;
  if (answer === "yes" && terms.approved.includes(seen.account)) return `the account \`${seen.account}\` has said yes already, and ${terms.count} different accounts have to`;
  return undefined;
}

/** What a person should know of the terms before they answer, a sentence each without a full stop; none where anyone may say yes once. */
export function termsText(terms: AskedTerms | undefined): readonly string[] {
  if (terms === undefined) return [];
  const { approvers, count, approved, operator } = terms;
  return [
    ...(approvers === undefined ? [] : [`May answer: ${approvers.join(", ")}`]),
    ...(operator === undefined ? [] : [`Not ${operator}, who started the run`]),
    ...(count === 1 ? [] : [`${count} different accounts have to say yes; ${approved.length === 0 ? "none has yet" : `${approved.join(", ")} did`}`]),
  ];
}
