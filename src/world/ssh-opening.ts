import { readFileSync } from "node:fs";
import type { SshOptions } from "../core/transport.ts";
import type { SshFault } from "../core/way.ts";
import { complaintsIn } from "../formats/ssh-log.ts";
import { systemCode } from "./file-fault.ts";
import { agentFault, connectFault, noClientFault, openFault, silentFault } from "./ssh-fault.ts";
import type { SessionOpened, SshSession } from "./ssh-session.ts";

/** What is being opened. */
export interface SshOpening {
  readonly address: string;
  readonly options: SshOptions;
  /** Path of the OpenSSH client. */
  readonly program: string;
  /** The file of the client's log; undefined where it writes none. */
  readonly log: string | undefined;
}

/** Why there is no session. `isSilent`: nothing was said within the limit, so nobody refused it. */
export interface NotOpened {
  readonly fault: SshFault;
  readonly isSilent: boolean;
}

/** Waits until a session speaks; why it does not within the limit: it is ended then. Undefined where it does. */
export async function openingFault(session: SshSession, limitMs: number, opening: SshOpening): Promise<NotOpened | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), limitMs);
  });
  const opened = await Promise.race([session.opened, passed]);
  clearTimeout(timer);
  if (opened !== "late" && opened.kind === "opened") return undefined;
  session.close();
  return opened === "late" ? { fault: silentFault(opening.address, opening.options, limitMs), isSilent: true } : { fault: refusalFault(opened, opening), isSilent: false };
}

function refusalFault(opened: Exclude<SessionOpened, { kind: "opened" }>, { address, options, program, log }: SshOpening): SshFault {
  if (opened.kind === "refused") return agentFault(opened.word);
  if (opened.exitCode === 127 && opened.noise === "") return noClientFault(program);
  const said = readLog(log);
  return (opened.exitCode === 255 && opened.noise === "") || complaintsIn(said) !== "" ? connectFault(address, options, said, opened.noise) : openFault(address, options, opened.noise);
}

/** What a client wrote into its log so far; "" for nothing. */
export function readLog(path: string | undefined): string {
  if (path === undefined) return "";
  try {
    return readFileSync(path, "utf8");
  } catch (fault) {
    if (systemCode(fault) === "ENOENT") return "";
    throw fault;
  }
}
