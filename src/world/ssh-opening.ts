import { readFileSync } from "node:fs";
import type { SshOptions } from "../core/transport.ts";
import type { SshFault } from "../core/way.ts";
import { complaintsIn } from "../formats/ssh-log.ts";
import { systemCode } from "./file-fault.ts";
import { runProcess } from "./local-process.ts";
import { agentFault, connectFault, flagsOf, hostOf, isClosedWithoutWord, noClientFault, openFault, silentFault, silentProxyFault } from "./ssh-fault.ts";
import type { SessionOpened, SshSession } from "./ssh-session.ts";
import { UNTETHERED } from "./tether.ts";

/** The client says what its configuration comes to within this: it connects to nothing. */
const ASKING_MS = 5_000;

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
  return opened === "late" ? { fault: silentFault(opening.address, opening.options, limitMs), isSilent: true } : { fault: await refusalFault(opened, opening), isSilent: false };
}

async function refusalFault(opened: Exclude<SessionOpened, { kind: "opened" }>, opening: SshOpening): Promise<SshFault> {
  const { address, options, program, log } = opening;
  if (opened.kind === "refused") return agentFault(opened.word);
  if (opened.exitCode === 127 && opened.noise === "") return noClientFault(program);
  const said = readLog(log);
  if (log !== undefined && opened.exitCode === 255 && isClosedWithoutWord(said, opened.noise) && (await goesThroughProxy(opening))) return silentProxyFault(address, options);
  return (opened.exitCode === 255 && opened.noise === "") || complaintsIn(said) !== "" ? connectFault(address, options, said, opened.noise) : openFault(address, options, opened.noise);
}

/** True if the client goes to the address through a jump host or a proxy, by its own configuration. */
async function goesThroughProxy({ address, options, program }: SshOpening): Promise<boolean> {
  const call = { kind: "program", program, args: ["-G", ...flagsOf(options), "--", hostOf(address, options)] } as const;
  const answer = await runProcess(call, { limitMs: ASKING_MS, onOutput: () => undefined, signal: new AbortController().signal }, UNTETHERED);
  return answer.kind === "ok" && answer.value.exitCode === 0 && /^proxy(?:command|jump) (?!none$)/m.test(answer.value.stdout);
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
