import type { ActionDeclaration, Facts } from "../../../core/builtin.ts";
import { parseReading, unreadable, type Reading } from "../../../core/reading.ts";
import { ok } from "../../../core/result.ts";
import { excerpt } from "../../../formats/excerpt.ts";

/** The group of local administrators, the same on every Windows in every language. */
const ADMINISTRATORS = "S-1-5-32-544";
/** The labels of a session that has all its rights: high, and that of LocalSystem. Server 2008 and later; Server 2003 has no labels (domain page, 2.8; the numbers from memory). */
const ELEVATED_LABELS: readonly string[] = ["S-1-16-12288", "S-1-16-16384"];
/** Server 2008: from here on a session can lack rights that its account has. */
const FIRST_WITH_ELEVATION = 6;

/** Reads the groups of the account, and the label of its session: reading `groups`. */
export const READ_GROUPS: ActionDeclaration<unknown> = {
  effect: "reads",
  title: "Read the groups of the account",
  make: () => ({ kind: "program", program: "whoami.exe", args: ["/groups", "/fo", "csv", "/nh"] }),
};

/** What a session may do on its machine. */
export interface SessionRights {
  /** The account belongs to the local administrators, whether that is in force or not. */
  readonly member: boolean;
  /** Nothing of the account's rights was taken from the session. */
  readonly elevated: boolean;
  /** Both. */
  readonly administrator: boolean;
}

/** The reading `groups`, on a Windows of that major version. */
export function sessionRightsIn(facts: Facts, majorVersion: number | undefined): Reading<SessionRights> {
  return parseReading(facts, "groups", "program", (answer) => {
    if (answer.exitCode !== 0) return unreadable("the groups of the account", `whoami.exe ended with ${answer.exitCode}: ${excerpt(answer.stderr)}`);
    const lines = answer.stdout.split(/\r?\n/);
    const administrators = lines.find((line) => line.includes(`"${ADMINISTRATORS}"`));
    const labelled = ELEVATED_LABELS.some((label) => lines.some((line) => line.includes(`"${label}"`)));
    // The label tells it in every language; the words do so on an English Windows alone.
    const denied = administrators !== undefined && /deny only/i.test(administrators);
    const elevated = !denied && (labelled || (majorVersion ?? 0) < FIRST_WITH_ELEVATION);
    const member = administrators !== undefined;
    return ok({ member, elevated, administrator: member && elevated });
  });
}
