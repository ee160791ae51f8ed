import { hostname, userInfo } from "node:os";

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
