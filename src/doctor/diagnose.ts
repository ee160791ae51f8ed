import { failing, warned, well, worstVerdict, type Check, type Diagnosis, type Finding } from "../core/finding.ts";
import type { Reading } from "../core/reading.ts";
import type { SshFault, SshLog, Way } from "../core/way.ts";
import type { Examination } from "./examination.ts";
import { judgeIdentity } from "./judge-identity.ts";
import { judgeClock, judgeRights, judgeShell, judgeSpaces, judgeVersions } from "./judge-machine.ts";

/** A way for people. */
function reachedAs(way: Way | undefined): string {
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

function findingsOf(examination: Examination, all: readonly Examination[]): readonly Finding[] {
  const { way, failure, machine, clock } = examination;
  if (failure !== undefined) return way?.kind === "ssh" && way.fault !== undefined ? unreached(way.fault, way.log) : [failing("reachable", failure.because, "Is it switched on, and is the network the right one?")];
  return [
    well("reachable", way?.kind === "local" ? "this machine" : examination.way === undefined ? "the model answers" : `answers in ${examination.firstMs} ms`),
    ...judgeIdentity(examination, all),
    ...fromReading("versions", machine, (value) => [judgeVersions(value, way), judgeRights(value, way)]),
    ...(way?.kind === "local" ? [well("clock", "this machine's own")] : fromReading("clock", clock, (value) => [judgeClock(value)])),
    ...fromReading("space", machine?.kind === "ok" ? machine : undefined, judgeSpaces),
    ...fromReading("shell", machine?.kind === "ok" ? machine : undefined, (value) => judgeShell(value, way)),
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
