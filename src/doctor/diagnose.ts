import { assertNever } from "../core/assert-never.ts";
import { failing, warned, well, worstVerdict, type Check, type Diagnosis, type Finding } from "../core/finding.ts";
import type { Reading } from "../core/reading.ts";
import type { SshFault, SshLog, Way } from "../core/way.ts";
import type { Examination, SeenMachine } from "./examination.ts";
import { judgeIdentity } from "./judge-identity.ts";
import { judgeClock, judgeRights, judgeShell, judgeSpaces, judgeVersions } from "./judge-machine.ts";
import { judgeWindows } from "./judge-windows.ts";

/** A way for people. */
function reachedAs(way: Way | undefined): string {
  if (way?.kind === "powershell") return `${way.account === undefined ? "" : `${way.account}@`}${way.host}${way.port === undefined ? "" : ` port ${way.port}`}, ${way.via === "ssh" ? "over ssh" : "by computer name"}`;
  if (way?.kind !== "ssh" || way.log.host === undefined) return "";
  return `${way.log.account ?? ""}@${way.log.host} port ${way.log.port ?? 22}`;
}

/** What can still be said of a target that could not be asked. */
function unreached(fault: SshFault, log: SshLog): readonly Finding[] {
  const offered = fault.check === "identity" && log.hostKey !== undefined ? `; it shows ${log.hostKey}, and on that machine ssh-keygen -lf /etc/ssh/ssh_host_${keyName(log.hostKey)}_key.pub must print the same` : "";
  const finding = failing(fault.check, `${fault.cause}${offered}`, fault.cure);
  const answers = log.server === undefined || fault.check === "reachable" ? [] : [well("reachable", `${log.server} answers`)];
  const isKnown = log.knownBy !== undefined && fault.check !== "identity" ? [well("identity", `key ${log.hostKey ?? ""}`)] : [];
  return [...answers, ...isKnown, finding];
}

/** `ed25519` of `ssh-ed25519 SHA256:…`, as the name of sshd's file has it. */
function keyName(hostKey: string): string {
  return hostKey.startsWith("ecdsa") ? "ecdsa" : hostKey.startsWith("ssh-rsa") ? "rsa" : "ed25519";
}

function fromReading<T>(check: Check, reading: Reading<T> | undefined, judge: (value: T) => readonly Finding[]): readonly Finding[] {
  if (reading === undefined) return [];
  if (reading.kind === "ok") return judge(reading.value);
  const { code, because } = reading.error;
  return [code === "timeout" ? warned(check, because, "What hangs there? A folder of a file server that does not answer, perhaps: mount, df") : failing(check, because, "Log in there and try the same by hand")];
}

/** What a machine tells of itself, before and after its clock in the order of the checks. */
function judgeMachine(machine: SeenMachine, way: Way | undefined): { readonly before: readonly Finding[]; readonly after: readonly Finding[] } {
  switch (machine.kind) {
    case "posix":
      return { before: [judgeVersions(machine, way), judgeRights(machine, way)], after: [...judgeSpaces(machine), ...judgeShell(machine, way)] };
    case "windows":
      return judgeWindows(machine);
    case "role":
      return { before: [], after: [warned("shell", "an endpoint of a role answers, which takes cmdlets alone: programs, scripts, files and jobs need another one", "If steps need more: name another endpoint (`configuration` in the inventory)")] };
    default:
      return assertNever(machine);
  }
}

/** What to try where the failure says no more than that nothing was opened. */
function cureOf(way: Way | undefined, code: string): string {
  if (way?.kind === "powershell" && code === "not_found") return "Then this must work on this machine: pwsh --version";
  if (way?.kind !== "powershell") return "Is it switched on, and is the network the right one?";
  return way.via === "ssh" ? `This must work by hand, and print nothing before its prompt: ssh ${way.host}; and a \`Subsystem powershell\` must stand in sshd_config there` : `This must work on this machine, in the PowerShell that runbook starts: Test-WSMan ${way.host}; New-PSSession ${way.host}`;
}

function findingsOf(examination: Examination, all: readonly Examination[]): readonly Finding[] {
  const { way, failure, machine, clock } = examination;
  if (failure !== undefined) return way?.kind === "ssh" && way.fault !== undefined ? unreached(way.fault, way.log) : [failing("reachable", failure.because, cureOf(way, failure.code))];
  return [
    well("reachable", way?.kind === "local" ? "this machine" : examination.way === undefined ? "the model answers" : `answers in ${examination.firstMs} ms`),
    ...judgeIdentity(examination, all),
    ...fromReading("versions", machine, (value) => judgeMachine(value, way).before),
    ...(way?.kind === "local" ? [well("clock", "this machine's own")] : fromReading("clock", clock, (value) => [judgeClock(value)])),
    ...(machine?.kind === "ok" ? judgeMachine(machine.value, way).after : []),
  ];
}

/** What was found at every target of a system. */
export function diagnose(all: readonly Examination[]): readonly Diagnosis[] {
  return all.map((examination) => {
    const findings = findingsOf(examination, all);
    const { address, way, ms } = examination;
    return { address, kind: way?.kind ?? "simulated", reachedAs: reachedAs(way), verdict: worstVerdict(findings.map(({ verdict }) => verdict)), ms, findings };
  });
}
