/** Why a word of the language is refused here, and what to do meanwhile. */
export interface LaterWord {
  /** What it is, as a message begins: "`rollback`". */
  readonly what: string;
  readonly instead: string;
}

function word(name: string, instead: string): LaterWord {
  return { what: `\`${name}\``, instead };
}


/** Keys that belong to the language and not to this version of it, by the kind of mapping in which they stand: nothing is accepted that is not honoured. */
const LATER_KEYS: Readonly<Record<string, Readonly<Record<string, LaterWord>>>> = {
  config: { profile: word("profile", "every file is checked in full; leave it out"), checker: word("checker", "every file is checked in full; leave it out") },
};

/** What to say of a key that this version does not know yet; undefined for any other key. */
export function laterKey(schema: string, written: string): LaterWord | undefined {
  const words = Object.hasOwn(LATER_KEYS, schema) ? LATER_KEYS[schema] : undefined;
  return words !== undefined && Object.hasOwn(words, written) ? words[written] : undefined;
}

/** What to say of a file whose first key belongs to the language and not to this version of it; undefined for any other key. */
export function laterFile(firstKey: string): LaterWord | undefined {
  return firstKey === "rehearsal" ? { what: "a file that begins with `rehearsal`", instead: "a runbook is tried with `runbook run` on a simulated system" } : undefined;
}

/** The sentence that says so. */
export function laterMessage({ what }: LaterWord): string {
  return `${what} is not in this version`;
}
