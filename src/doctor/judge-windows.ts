import { failing, warned, well, type Finding } from "../core/finding.ts";
import { excerpt } from "../formats/excerpt.ts";
import type { WindowsMachine } from "../formats/windows-machine.ts";
import { JOBS_NEED_BYTES, LITTLE_BYTES, sizeText } from "./free-space.ts";

/** Policies under which a script runs that lies on the disk. */
const RUNNING_POLICIES = /^(?:RemoteSigned|Unrestricted|Bypass|Undefined|)$/;

function judgeVersions({ os, powershell, isNarrow }: WindowsMachine): readonly Finding[] {
  const narrow = isNarrow ? [warned("versions", "a 32-bit PowerShell on a 64-bit Windows: snap-ins such as that of Exchange are not there", "Let the 64-bit one answer: an endpoint of the 64-bit PowerShell (`configuration`), or a 64-bit runbook")] : [];
  const old = powershell === "" || powershell.startsWith("1.") ? [warned("versions", "PowerShell 1.0 takes no remoting: only programs can be run there", "Install PowerShell 2.0 (from Exchange 2007 SP2 on), or reach its programs over ssh")] : [];
  const found = [...narrow, ...old];
  return found.length > 0 ? found : [well("versions", `${os}, PowerShell ${powershell}`)];
}

function judgeRights({ account, isAdministrator, domain, hop }: WindowsMachine): readonly Finding[] {
  const found = [
    ...(isAdministrator ? [] : [warned("rights", `${account}, who is no administrator there, or whose session lacks the right`, "If steps change the system: put the account into the local administrators, and begin with an elevated session")]),
    ...(hop === "" ? [] : [warned("rights", `the directory of ${domain} does not answer this session (${excerpt(hop)}): cmdlets that ask it, or the other node, are refused (second hop)`, "Name an endpoint that runs under an account of its own (`configuration` in the inventory), or allow Kerberos delegation for the machine")]),
  ];
  return found.length > 0 ? found : [well("rights", `${account}, administrator${domain === "" ? "" : `; the directory of ${domain} answers`}`)];
}

function judgeSpace({ jobsPlace, freeBytes }: WindowsMachine): Finding {
  if (Number.isNaN(freeBytes)) return warned("space", `what is free at ${jobsPlace} is not told`, "Look by hand: Get-PSDrive");
  const says = `${sizeText(freeBytes)} free at ${jobsPlace}`;
  if (freeBytes < JOBS_NEED_BYTES) return failing("space", `${says}: jobs keep their record and output there`, "Make room there");
  return freeBytes < LITTLE_BYTES ? warned("space", `${says}: jobs keep their record and output there`, "Make room there") : well("space", says);
}

function judgeShell({ language, policy, culture }: WindowsMachine): readonly Finding[] {
  const found = [
    ...(language === "FullLanguage" ? [] : [failing("shell", `the session takes ${language === "" ? "no language that it tells" : language}: programs, files and jobs need FullLanguage`, "Name another endpoint (`configuration` in the inventory), or take the rule off the machine (AppLocker, Device Guard)")]),
    ...(RUNNING_POLICIES.test(policy) ? [] : [warned("shell", `the execution policy is ${policy}: scripts that lie on the disk do not run, and ours do not lie there`, "Where an installer or a step calls one: Set-ExecutionPolicy RemoteSigned there")]),
  ];
  return found.length > 0 ? found : [well("shell", `${language}, ${culture === "" ? "no culture" : culture}`)];
}

/** What is told of a machine through PowerShell, but for its identity and clock. */
export function judgeWindows(machine: WindowsMachine): { readonly before: readonly Finding[]; readonly after: readonly Finding[] } {
  return { before: [...judgeVersions(machine), ...judgeRights(machine)], after: [judgeSpace(machine), ...judgeShell(machine)] };
}
