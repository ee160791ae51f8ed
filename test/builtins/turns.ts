import type { ActionResults } from "../../src/core/action.ts";
import type { Fact, Past, PastAct, PastAnswer } from "../../src/core/builtin.ts";

/** Where the steps of these tests act. */
export const PLACE = { address: "nodeb", isLocal: false } as const;

/** A past with what is given, else the beginning of a step. */
export function pastOf(parts: Partial<Past> = {}): Past {
  return { attempt: 1, elapsedMs: 0, acts: [], answers: [], ...parts };
}

/** Something that was done in the first attempt and ended well, unless it is said otherwise. */
export function acted(action: string, parts: Partial<PastAct> = {}): PastAct {
  return { attempt: 1, action, fill: {}, outcome: "ok", startedMs: 0, ...parts };
}

/** An answer of Ann, or of another account, whose name begins with a capital. */
export function answered(answer: string, reason?: string, by = "Ann"): PastAnswer {
  return { answer, by, account: by.toLowerCase(), host: "desk", at: "2008-03-15T09:00:00.000Z", ...(reason === undefined ? {} : { reason }) };
}

/** A good reading. */
export function read(value: ActionResults[keyof ActionResults]): Fact {
  return { kind: "ok", value };
}

/** What a program printed. */
export function printed(stdout: string, exitCode = 0, stderr = ""): Fact {
  return read({ exitCode, stdout, stderr, droppedBytes: 0 });
}

/** The records of a cmdlet. */
export function records(...found: readonly Record<string, string | number | boolean | readonly string[]>[]): Fact {
  return read({ records: found });
}

/** A reading that the world refused. */
export function refused(code: string, because: string): Fact {
  return { kind: "failed", failure: { code, because } };
}

/** A reading whose channel broke. */
export const LOST: Fact = { kind: "lost", because: "the channel broke" };

/** A result of a program, for something that was done. */
export function ended(exitCode: number, stdout = "", stderr = ""): ActionResults["program"] {
  return { exitCode, stdout, stderr, droppedBytes: 0 };
}
