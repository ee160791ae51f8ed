import type { Failure } from "../core/failure.ts";

/** An error record as the text on a target tells it: what a caller decides by. */
export interface PowershellFault {
  readonly message: string;
  /** The fully qualified id (`ItemNotFound,Get-Thing`); ids that begin with `rb_` are ours. */
  readonly id: string;
  /** The category by its name: `ObjectNotFound`, `PermissionDenied`, … */
  readonly category: string;
  /** The class of the exception, of the target's own where it came from there. */
  readonly class: string;
  /** The system's number of the error (a Win32 error, an HRESULT or an errno); 0 where it has none. */
  readonly number: number;
}

/** How a target is reached: in a PowerShell of this machine, by computer name, or over SSH. */
export type Via = "here" | "computer" | "ssh";

/** A target as messages speak of it. */
export interface Target {
  readonly name: string;
  readonly via: Via;
}

/** What a session may not do on a further machine, as the directory, the cluster and Kerberos say it (domain page, sections 5 and 11.5; Microsoft, "Making the second hop in PowerShell Remoting"). */
const SECOND_HOP = /successful bind must be completed|operations error occurred|0x80072020|0x8009030e|specified logon session does not exist|Logon failure: unknown user name or bad password|anonymous logon/i;

const HOP_CURE = "the session's identity ends at this machine (second hop): let the inventory name an endpoint that runs under an account of its own (`configuration`), allow Kerberos delegation for the machine, or run the call as a job";

/** Win32 errors, HRESULTs of them and errno values by what they mean. */
const NUMBERS: readonly (readonly [string, ReadonlySet<number>])[] = [
  ["no_space", new Set([112, 39, 0x80070070 | 0, 0x80070027 | 0, 28])],
  ["denied", new Set([5, 0x80070005 | 0])],
];

/** Failure codes by the class of the exception. */
const CLASSES: Readonly<Record<string, string>> = {
  "System.UnauthorizedAccessException": "denied",
  "System.Security.SecurityException": "denied",
  "System.IO.FileNotFoundException": "not_found",
  "System.IO.DirectoryNotFoundException": "not_found",
  "System.IO.PathTooLongException": "bad_input",
  "System.NotSupportedException": "bad_input",
  "System.Management.Automation.ParameterBindingException": "bad_input",
};

/** What the cmdlets of Exchange throw where they find no object of a name, in every namespace; their category says nothing (from memory). */
const NO_OBJECT = /(^|\.)ManagementObjectNotFoundException$/;

/** Failure codes by the ids of our own faults. */
const OWN: Readonly<Record<string, string>> = { rb_no_folder: "not_found", rb_folder: "bad_input", rb_hash: "unreadable" };

/** The code of an error record; all that is not known better is `cmdlet_error`. */
function codeOf({ id, category, class: name, number }: PowershellFault): string {
  const own = Object.hasOwn(OWN, id) ? OWN[id] : undefined;
  if (own !== undefined) return own;
  const system = name.startsWith("System.IO.") ? NUMBERS.find(([, numbers]) => numbers.has(number))?.[0] : undefined;
  if (system !== undefined) return system;
  if (id.startsWith("CommandNotFoundException") || category === "ObjectNotFound" || NO_OBJECT.test(name)) return "not_found";
  if (category === "PermissionDenied" || category === "SecurityError") return "denied";
  if (category === "ConnectionError" || /PSSessionOpenFailed|JobFailure/.test(id)) return "unreachable";
  const ofClass = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (ofClass !== undefined) return ofClass;
  return name.startsWith("System.IO.") ? "unreadable" : "cmdlet_error";
}

/** Why a program was not begun, from the system's number: Win32 on Windows, errno elsewhere. */
function programFailure(fault: PowershellFault, program: string, target: string): Failure {
  switch (fault.number) {
    case 2:
    case 3:
      return { code: "not_found", because: `${target} has no program ${program}` };
    case 5:
    case 13:
    case 740:
      return { code: "denied", because: `the account may not run ${program} on ${target}` };
    case 7:
    case 87:
    case 206:
      return { code: "bad_input", because: `the arguments of ${program} are longer than ${target} takes` };
    default:
      return { code: "bad_input", because: `${program} cannot be started on ${target} (${fault.number})` };
  }
}

/** An error record as a failure. `what`: the cmdlet or program that was called. A refusal of the second hop, which only a session on another machine can meet, is told with its cure. */
export function faultFailure(fault: PowershellFault, what: string, { name, via }: Target): Failure {
  if (via === "computer" && SECOND_HOP.test(fault.message)) return { code: "denied", because: `${fault.message} On ${name} ${HOP_CURE}` };
  if (fault.class === "System.ComponentModel.Win32Exception") return programFailure(fault, what, name);
  return { code: codeOf(fault), because: fault.message };
}

/** What is known of a session that was not opened: a pattern of what was said, the code, and the sentence with its cure. */
interface Refusal {
  readonly said: RegExp;
  readonly code: string;
  readonly because: (target: string) => string;
}

/** The words of the SSH client (OpenSSH 9) and of WinRM (Microsoft, "about_Remote_Troubleshooting"), the narrowest first. */
const REFUSALS: Readonly<Record<Via, readonly Refusal[]>> = {
  here: [],
  ssh: [
    { said: /Host key verification failed|host key is known/i, code: "denied", because: (target) => `the host key of ${target} is not known, or is another than before: compare it, and connect once by hand with ssh` },
    { said: /Permission denied \(/, code: "denied", because: (target) => `${target} refuses the account: its key must be accepted without a question (try \`ssh ${target}\`)` },
    { said: /subsystem request failed/i, code: "unreachable", because: (target) => `the SSH server of ${target} has no PowerShell: add \`Subsystem powershell\` to its sshd_config` },
    { said: /Could not resolve hostname/i, code: "unreachable", because: (target) => `the name ${target} is not known to this machine` },
    { said: /Connection refused/i, code: "unreachable", because: (target) => `no SSH server answers on ${target}` },
    { said: /timed? ?out|No route to host|Network is unreachable/i, code: "unreachable", because: (target) => `${target} does not answer` },
    { said: /has no New-PSSession -/, code: "not_found", because: () => "reaching a machine over SSH needs PowerShell 7.3 or newer on this machine" },
  ],
  computer: [
    { said: /resource URI .*was not found in the WS-Management catalog|does not support the PowerShell/is, code: "unreachable", because: (target) => `${target} has WS-Management and no PowerShell behind it: PowerShell 1.0 takes no remoting. Install PowerShell 2.0 (from Exchange 2007 SP2 on), or reach its programs over ssh` },
    { said: /no supported WSMan client library/i, code: "unreachable", because: (target) => `this machine cannot reach ${target} by computer name: that needs Windows. Use \`via: ssh\`, or run from a Windows machine` },
    { said: /session configuration .*(cannot be found|not found)|shell cannot process the request.*configuration/is, code: "not_found", because: (target) => `${target} has no endpoint of that name, or the account may not use it` },
    { said: /Access is denied|0x80070005/i, code: "denied", because: (target) => `${target} refuses the account: it must belong to the administrators or the remote management users there` },
    { said: /Kerberos|TrustedHosts|0x80090311|0x80090322/i, code: "denied", because: (target) => `${target} cannot be identified: use the name that its domain knows it by` },
    { said: /cannot complete the operation|client cannot connect|could not connect|destination .*not reachable|cannot find the computer|0x80338012|0x80338126/is, code: "unreachable", because: (target) => `${target} does not answer to PowerShell remoting: it is down, WinRM is not enabled there, or it has PowerShell 1.0, which takes no remoting` },
  ],
};

/** Why a session was not opened. `noise`: what was printed meanwhile, where the SSH client says its reason. */
export function openFailure(fault: PowershellFault | undefined, noise: string, { name, via }: Target): Failure {
  const message = fault?.message ?? "";
  const said = [noise.trim(), message].filter((text) => text !== "").join("; ");
  const known = REFUSALS[via].find((refusal) => refusal.said.test(said));
  if (known === undefined) return { code: "unreachable", because: `${name} opened no session: ${said}` };
  // The engine says of each of them that the transport has ended; the client says why.
  const why = noise.trim() === "" ? message : noise.trim();
  return { code: known.code, because: `${known.because(name)} (${why.replaceAll(/\s+/g, " ")})` };
}
