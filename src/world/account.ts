import { hostname, userInfo } from "node:os";
import { runProcess } from "./local-process.ts";
import { UNTETHERED } from "./tether.ts";

/** Who runs this process, as the system sees it. */
export interface Account {
  readonly account: string;
  readonly host: string;
}

/** The account and the machine of this process; a user id in digits where the account has no name. */
export function currentAccount(): Account {
  return { account: accountName(), host: hostname() };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch (fault) {
    // A container may run under a number that no list of accounts knows.
    if ((fault as NodeJS.ErrnoException).code !== "ERR_SYSTEM_ERROR") throw fault;
    return String(process.getuid?.() ?? "unknown");
  }
}

/** A list of accounts may stand in a directory of the network. */
const NAMING_LIMIT_MS = 10_000;

/** The name of the account with this user id; the id in digits where the system knows no name. Undefined on systems without user ids. */
export async function accountOfUser(uid: number): Promise<string | undefined> {
  if (process.getuid === undefined) return undefined;
  if (process.getuid() === uid) return accountName();
  const answer = await runProcess({ kind: "program", program: "id", args: ["-un", String(uid)] }, { limitMs: NAMING_LIMIT_MS, onOutput: () => undefined, signal: new AbortController().signal }, UNTETHERED);
  return answer.kind === "ok" && answer.value.exitCode === 0 ? answer.value.stdout.trim() : String(uid);
}
