import type { CmdletAction, CmdletResult } from "../core/action.ts";
import { unreadable, type Reading } from "../core/reading.ts";
import { ok } from "../core/result.ts";
import { oneRecord, textField } from "./cmdlet-record.ts";

/** What a machine says of itself through PowerShell. "" where it does not say it. */
export interface WindowsMachine {
  /** As it calls itself. */
  readonly name: string;
  /** Equal on two addresses that are one machine. */
  readonly mark: string;
  /** `Windows Server 2008 R2 Enterprise`; the version where the edition is not told. */
  readonly os: string;
  readonly powershell: string;
  /** What the session may be told: `FullLanguage`, `ConstrainedLanguage`, … */
  readonly language: string;
  /** Which scripts it runs from files: `Restricted`, `RemoteSigned`, … */
  readonly policy: string;
  /** `DOMAIN\account` */
  readonly account: string;
  /** True if the account's right as an administrator is in force. */
  readonly isAdministrator: boolean;
  /** True for a 32-bit process on a 64-bit Windows, which sees another registry and no snap-in of Exchange. */
  readonly isNarrow: boolean;
  readonly culture: string;
  /** The folder in which jobs are kept, or the drive, and what is free there. */
  readonly jobsPlace: string;
  readonly freeBytes: number;
  /** The domain that the machine belongs to; "" for none. */
  readonly domain: string;
  /** Why the directory does not answer the session (second hop; domain page, sections 5 and 11.5); "" where it does, or where there is none. */
  readonly hop: string;
}

const TEXT_FIELDS = ["name", "mark", "os", "powershell", "language", "policy", "account", "culture", "jobsPlace", "domain", "hop"] as const;
const FIELDS: readonly string[] = [...TEXT_FIELDS, "administrator", "narrow", "free"];

/** In the language of PowerShell 2.0. Everything that may not be there is asked for on its own. */
const LOOK = String.raw`
$rb = @{}; foreach ($key in 'name','mark','os','powershell','language','policy','account','culture','jobsPlace','domain','hop') { $rb[$key] = '' }
$rb.administrator = ''; $rb.narrow = ''; $rb.free = ''
$rb.name = [Environment]::MachineName
$rb.powershell = "$($PSVersionTable.PSVersion)"
$rb.language = "$($ExecutionContext.SessionState.LanguageMode)"
$rb.culture = [Globalization.CultureInfo]::CurrentCulture.Name
$rb.account = [Environment]::UserDomainName + '\' + [Environment]::UserName
$rb.os = [Environment]::OSVersion.VersionString
$place = [Environment]::GetFolderPath('CommonApplicationData'); if ($place -eq '' -or -not [IO.Directory]::Exists($place)) { $place = [IO.Path]::GetPathRoot([Environment]::CurrentDirectory) }
$rb.jobsPlace = $place
try { $rb.free = "$((New-Object IO.DriveInfo ([IO.Path]::GetPathRoot($place))).AvailableFreeSpace)" } catch { $rb.free = '' }
try { $rb.policy = "$(Get-ExecutionPolicy)" } catch { $rb.policy = '' }
if ([Environment]::OSVersion.Platform -eq 'Win32NT') {
  $key = [Microsoft.Win32.Registry]::LocalMachine
  try { $rb.os = "$($key.OpenSubKey('SOFTWARE\Microsoft\Windows NT\CurrentVersion').GetValue('ProductName'))" } catch { $rb.os = [Environment]::OSVersion.VersionString }
  try { $rb.mark = "$($key.OpenSubKey('SOFTWARE\Microsoft\Cryptography').GetValue('MachineGuid')) " + $rb.name } catch { $rb.mark = '' }
  try { $rb.domain = "$($key.OpenSubKey('SYSTEM\CurrentControlSet\Services\Tcpip\Parameters').GetValue('Domain'))" } catch { $rb.domain = '' }
  if ((New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { $rb.administrator = 'yes' }
  if ("$env:PROCESSOR_ARCHITEW6432" -ne '') { $rb.narrow = 'yes' }
  if ($rb.domain -ne '' -and $null -ne $PSSenderInfo) {
    try { [void][Reflection.Assembly]::LoadWithPartialName('System.DirectoryServices'); [void][DirectoryServices.ActiveDirectory.Domain]::GetCurrentDomain().Name } catch { $rb.hop = "$($_.Exception.Message)" }
  }
} else {
  if ([Environment]::UserName -eq 'root') { $rb.administrator = 'yes' }
  try { $rb.mark = [IO.File]::ReadAllText('/proc/sys/kernel/random/boot_id').Trim() + ' ' + $rb.name } catch { $rb.mark = '' }
}
$rb
`;

/** Asks a machine what it is through PowerShell. */
export const WINDOWS_MACHINE: CmdletAction = { kind: "cmdlet", name: "Invoke-Expression", parameters: { Command: LOOK }, properties: FIELDS };

/** Asks for the hour through PowerShell. */
export const WINDOWS_HOUR: CmdletAction = { kind: "cmdlet", name: "Invoke-Expression", parameters: { Command: "@{ hour = [DateTime]::UtcNow.ToString('o') }" }, properties: ["hour"] };

/** Asks for something that also an endpoint of a role has. */
export const ANY_CMDLET: CmdletAction = { kind: "cmdlet", name: "Get-Command", parameters: { Name: "Get-Command" }, properties: ["Name"] };

/** The hour that was answered, in ms since 1970. */
export function parseWindowsHour(answer: CmdletResult): Reading<{ readonly ms: number; readonly withinMs: number }> {
  const record = oneRecord("the hour", answer);
  if (record.kind === "error") return record;
  const hour = textField(record.value, "hour") ?? "";
  const ms = Date.parse(hour);
  return Number.isNaN(ms) ? unreadable("the hour", `\`${hour}\` is none`) : ok({ ms, withinMs: 0 });
}

/** What the machine answered. */
export function parseWindowsMachine(answer: CmdletResult): Reading<WindowsMachine> {
  const record = oneRecord("what the machine is", answer);
  if (record.kind === "error") return record;
  const valueOf = (field: string): string => textField(record.value, field) ?? "";
  if (valueOf("name") === "") return unreadable("what the machine is", "it does not say its name");
  const texts = Object.fromEntries(TEXT_FIELDS.map((field) => [field, valueOf(field)])) as Record<(typeof TEXT_FIELDS)[number], string>;
  return ok({ ...texts, isAdministrator: valueOf("administrator") === "yes", isNarrow: valueOf("narrow") === "yes", freeBytes: Number(valueOf("free") === "" ? Number.NaN : valueOf("free")) });
}
