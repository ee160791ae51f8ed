import { assertNever } from "../core/assert-never.ts";
import type { Failure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import type { Target } from "../formats/powershell-faults.ts";

/** The PowerShells of this machine, the first that is there. Exchange lives in Windows PowerShell only. */
export const POWERSHELLS: readonly string[] = process.platform === "win32" ? ["powershell.exe", "pwsh.exe"] : ["pwsh"];

/** The PowerShells that can reach a machine over SSH: Windows PowerShell cannot. */
export const SSH_POWERSHELLS: readonly string[] = process.platform === "win32" ? ["pwsh.exe"] : ["pwsh"];

/** Packets that vanish break a session after three of these, in seconds; without them nothing ever would. */
const KEEP_ALIVE_S = 5;
/** A port that does not answer is given up after this long. */
const CONNECTING_MS = 15_000;

/** How a target is reached through a PowerShell of this machine. */
export interface PowershellReach extends Target {
  /** Computer or SSH host; a host may be an alias of the user's own SSH configuration. "" for `here`. */
  readonly host: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
  /** An endpoint by name, such as one that was made for a role (JEA); over SSH it is a subsystem of the server. */
  readonly configuration: string | undefined;
  /** The program to start on this machine: the first of these that is there. */
  readonly executables: readonly string[];
}

/** This machine. */
export const HERE: PowershellReach = { name: "this machine", via: "here", host: "", user: undefined, port: undefined, configuration: undefined, executables: POWERSHELLS };

/** Why nothing comes of what needs a PowerShell of this machine: none of these programs is there. */
export function noPowershell(programs: readonly string[]): Failure {
  return { code: "not_found", because: `this machine, which runs runbook, has no PowerShell (${programs.join(", ")}): install PowerShell 7 on it, or name the program in the inventory (\`executable\`)` };
}

/** What `rb_open` opens: the parameters of New-PSSession. The user's own SSH configuration counts; a question is never asked, and a key that is not known is never accepted. */
export function sessionRequest(reach: PowershellReach): JsonObject {
  const { via, host, user, port, configuration } = reach;
  switch (via) {
    case "here":
      return { via };
    case "computer":
      return { via, with: { ComputerName: host, ...(port === undefined ? {} : { Port: port }), ...(configuration === undefined ? {} : { ConfigurationName: configuration }) } };
    case "ssh": {
      const options = { BatchMode: "yes", StrictHostKeyChecking: "yes", ServerAliveInterval: `${KEEP_ALIVE_S}`, ServerAliveCountMax: "3" };
      return {
        via,
        with: {
          HostName: host, Options: options, ConnectingTimeout: CONNECTING_MS,
          ...(user === undefined ? {} : { UserName: user }), ...(port === undefined ? {} : { Port: port }), ...(configuration === undefined ? {} : { Subsystem: configuration }),
        },
      };
    }
    default:
      return assertNever(via);
  }
}
