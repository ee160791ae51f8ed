import { POWERSHELL_JSON } from "./powershell-json.ts";
import { POWERSHELL_PROGRAMS } from "./powershell-target-programs.ts";

/** What both sides of a job know: how a process is marked, so that another that was given its number later is not taken for it (`process-mark.ts` reads the same). */
const POWERSHELL_MARKS = String.raw`
function rb_boot { if ([IO.File]::Exists('/proc/sys/kernel/random/boot_id')) { [IO.File]::ReadAllText('/proc/sys/kernel/random/boot_id').Trim() } else { '' } }
function rb_started([int]$id) {
  try {
    if ([IO.File]::Exists("/proc/$id/stat")) {
      $line = [IO.File]::ReadAllText("/proc/$id/stat"); $fields = $line.Substring($line.LastIndexOf(')') + 2).Split(' ')
      if ($fields[0] -eq 'Z') { return $null }
      return $fields[19]
    }
    return [Diagnostics.Process]::GetProcessById($id).StartTime.ToFileTimeUtc().ToString()
  } catch [ArgumentException] { return $null } catch [IO.IOException] { return $null } catch { return '' }
}
function rb_mark([int]$id) { '{"pid":' + $id + ',"started":' + (rb_text (rb_started $id)) + '}' }
function rb_write([string]$path, [string]$json) {
  $part = "$path.$PID.part"
  [IO.File]::WriteAllText($part, $json)
  try { [IO.File]::Move($part, $path); $true } catch [IO.IOException] { if (-not [IO.File]::Exists($path)) { throw }; [IO.File]::Delete($part); $false }
}
`;

/**
 * The supervisor of a job, a process of its own on the target: claims the name, starts the program, writes down how it ends.
 * The file that says that the job was begun is there before the program is, and only one process can have written it: the
 * files and their format are those of `job-files.ts`.
 */
const POWERSHELL_SUPERVISOR = String.raw`param([string]$folder, [string]$word)
${POWERSHELL_JSON}
${POWERSHELL_PROGRAMS}${POWERSHELL_MARKS}
function rb_now { rb_text (rb_time ([datetime]::UtcNow)) }
function rb_tell([string]$json) { [void](rb_write (Join-Path $folder "start-$word.json") $json) }
$order = @([IO.File]::ReadAllLines((Join-Path $folder "order-$word.txt")) | ForEach-Object { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($_)) })
$program = $order[1]; $log = $order[2]; $given = @(if ($order.Count -gt 3) { $order[3..($order.Count - 1)] })
$begun = '{"name":' + (rb_text $order[0]) + ',"program":' + (rb_text $program) + ',"args":' + (rb_json $given 2)
if ($log -ne '') { $begun += ',"log":' + (rb_text $log) }
$begun += ',"startedAt":' + (rb_now) + ',"boot":' + (rb_text (rb_boot)) + ',"supervisor":' + (rb_mark $PID) + '}'
$job = Join-Path $folder 'job.json'
if (-not (rb_write $job $begun)) { rb_tell '{"kind":"found"}'; exit }
try { $run = rb_begin (New-Object Diagnostics.Process) (rb_start_info @{ program = $program; args = $given }) } catch {
  # It never ran, so its name is free again.
  [IO.File]::Delete($job)
  rb_tell ('{"kind":"not-started","fault":' + (rb_fault $_) + '}')
  exit
}
[void](rb_write (Join-Path $folder 'program.json') (rb_mark $run.process.Id))
rb_tell '{"kind":"started"}'
$run.process.StandardInput.Close()
$output = [IO.File]::Open((Join-Path $folder 'output.log'), 'Append', 'Write', 'ReadWrite')
[void](rb_wait $run ([double]::MaxValue) { param($one, $count) $output.Write($one.buffer, 0, $count); $output.Flush() })
$output.Close()
[void](rb_write (Join-Path $folder 'ended.json') ('{"exitCode":' + $run.process.ExitCode + ',"endedAt":' + (rb_now) + '}'))
`;

/** What Windows starts the supervisor by: a task without a trigger and without an end, because what a session starts ends with the session. */
const TASK_XML = String.raw`<?xml version="1.0" encoding="UTF-16"?><Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Principals><Principal id="Author"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel></Principal></Principals><Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy><DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries><StopIfGoingOnBatteries>false</StopIfGoingOnBatteries><AllowHardTerminate>false</AllowHardTerminate><ExecutionTimeLimit>PT0S</ExecutionTimeLimit><Enabled>true</Enabled></Settings><Actions Context="Author"><Exec><Command>{0}</Command><Arguments>{1}</Arguments></Exec></Actions></Task>`;

/** PowerShell text that starts jobs on a target and tells what became of them. Stands behind POWERSHELL_PROGRAMS. */
export const POWERSHELL_JOBS = String.raw`${POWERSHELL_MARKS}
$rb_supervisor = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${Buffer.from(POWERSHELL_SUPERVISOR, "utf8").toString("base64")}'))
$rb_task = '${TASK_XML}'
function rb_is_windows { [Environment]::OSVersion.Platform -eq 'Win32NT' }
function rb_jobs_folder {
  if (rb_is_windows) { $base = [Environment]::GetFolderPath('CommonApplicationData') } else { $base = [Environment]::GetFolderPath('LocalApplicationData', 'Create') }
  [IO.Path]::Combine([IO.Path]::Combine($base, 'runbook'), 'jobs')
}
# A folder that nobody but its owner, the system and the administrators may touch, from its first moment.
function rb_private([string]$folder) {
  if (-not (rb_is_windows)) { [void][IO.Directory]::CreateDirectory($folder, [IO.UnixFileMode]'UserRead, UserWrite, UserExecute'); return }
  $trusted = 'S-1-5-18', 'S-1-5-32-544', [Security.Principal.WindowsIdentity]::GetCurrent().User.Value
  if (-not [IO.Directory]::Exists($folder)) {
    $acl = New-Object Security.AccessControl.DirectorySecurity
    $acl.SetAccessRuleProtection($true, $false)
    foreach ($sid in $trusted) { $acl.AddAccessRule((New-Object Security.AccessControl.FileSystemAccessRule (New-Object Security.Principal.SecurityIdentifier $sid), 'FullControl', 'ContainerInherit, ObjectInherit', 'None', 'Allow')) }
    if ($PSVersionTable.PSVersion.Major -ge 6) { [void][IO.FileSystemAclExtensions]::CreateDirectory($acl, $folder) } else { [void][IO.Directory]::CreateDirectory($folder, $acl) }
  }
  $owner = (Get-Acl $folder).GetOwner([Security.Principal.SecurityIdentifier]).Value
  if ($trusted -notcontains $owner) { throw (New-Object UnauthorizedAccessException "$folder belongs to $($owner): somebody else made it, so no job is kept there") }
}
function rb_schtasks([string[]]$given) {
  $said = & "$env:SystemRoot\System32\schtasks.exe" $given 2>&1
  if ($LASTEXITCODE -ne 0) { throw (New-Object UnauthorizedAccessException "schtasks $($given[0]): $said") }
}
function rb_launch([string]$folder, [string]$word) {
  $script = Join-Path $folder "supervise-$word.ps1"
  [IO.File]::WriteAllText($script, $rb_supervisor)
  $given = '-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', $script, $folder, $word
  if (rb_is_windows) {
    $line = @(foreach ($one in $given) { rb_quoted $one }) -join ' '
    $xml = Join-Path $folder "task-$word.xml"
    [IO.File]::WriteAllText($xml, ($rb_task -f [Security.SecurityElement]::Escape((rb_self)), [Security.SecurityElement]::Escape($line)), [Text.Encoding]::Unicode)
    rb_schtasks @('/Create', '/TN', "runbook-$word", '/XML', $xml, '/F')
    try { rb_schtasks @('/Run', '/TN', "runbook-$word") } finally { [IO.File]::Delete($xml) }
    return
  }
  $run = rb_begin (New-Object Diagnostics.Process) (rb_start_info @{ program = '/bin/sh'; args = @('-c', 'setsid "$0" "$@" </dev/null >/dev/null 2>&1 &', (rb_self)) + $given })
  $run.process.StandardInput.Close()
  [void](rb_wait $run 10000 { })
}
function rb_job_start($q) {
  $root = rb_jobs_folder; rb_private ([IO.Path]::GetDirectoryName($root)); rb_private $root
  $folder = Join-Path $root $q.name; rb_private $folder
  if ([IO.File]::Exists((Join-Path $folder 'job.json'))) { return rb_good (rb_job $folder) }
  $word = [guid]::NewGuid().ToString('N')
  $order = @(foreach ($text in @($q.name, $q.program, "$($q.log)") + @($q.args)) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes([string]$text)) })
  [IO.File]::WriteAllLines((Join-Path $folder "order-$word.txt"), [string[]]$order)
  [IO.File]::WriteAllText((Join-Path $folder 'log.path'), "$($q.log)")
  $start = Join-Path $folder "start-$word.json"
  try {
    rb_launch $folder $word
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not [IO.File]::Exists($start)) {
      if ($watch.ElapsedMilliseconds -gt [double]$q.limitMs) { return rb_own 'rb_limit' '' }
      [Threading.Thread]::Sleep(50)
    }
    $said = [IO.File]::ReadAllText($start)
  } finally {
    if (rb_is_windows) { try { rb_schtasks @('/Delete', '/TN', "runbook-$word", '/F') } catch { $null = $_ } }
    foreach ($name in "order-$word.txt", "start-$word.json", "supervise-$word.ps1") { [IO.File]::Delete((Join-Path $folder $name)) }
  }
  if ($said -match '^\{"kind":"not-started","fault":(.*)\}\z') { return '{"faults":[' + $matches[1] + '],"value":null}' }
  rb_good (rb_job $folder)
}
function rb_raw([string]$path) { if ([IO.File]::Exists($path)) { rb_text ([IO.File]::ReadAllText($path)) } else { 'null' } }
function rb_is_marked([string]$json) {
  if ($json -notmatch '"pid":(\d+),"started":"([^"]*)"\}+\z') { return $false }
  $started = rb_started ([int]$matches[1])
  $null -ne $started -and ($matches[2] -eq '' -or $matches[2] -eq $started)
}
function rb_job([string]$folder) {
  $job = Join-Path $folder 'job.json'; $program = Join-Path $folder 'program.json'
  # Life before the end: a job that ends between the two reads must not seem lost.
  $lives = (rb_is_marked ([IO.File]::ReadAllText($job))) -or ([IO.File]::Exists($program) -and (rb_is_marked ([IO.File]::ReadAllText($program))))
  $log = Join-Path $folder 'output.log'; $named = Join-Path $folder 'log.path'
  if ([IO.File]::Exists($named)) { $path = [IO.File]::ReadAllText($named); if ($path -ne '') { $log = $path } }
  $size = 0; $tail = ''
  try {
    $file = [IO.File]::Open($log, 'Open', 'Read', 'ReadWrite')
    try {
      $size = $file.Length; $count = [int][math]::Min($size, 4096)
      [void]$file.Seek($size - $count, 'Begin'); $bytes = New-Object byte[] $count
      $tail = [Convert]::ToBase64String($bytes, 0, $file.Read($bytes, 0, $count))
    } finally { $file.Close() }
  } catch [IO.IOException] { $null = $_ } catch [UnauthorizedAccessException] { $null = $_ }
  '{"begun":' + (rb_raw $job) + ',"ended":' + (rb_raw (Join-Path $folder 'ended.json')) + ',"lives":' + (rb_json $lives 0) + ',"boot":' + (rb_text (rb_boot)) + ',"logBytes":' + $size + ',"tail":"' + $tail + '"}'
}
function rb_jobs($q) {
  $root = rb_jobs_folder
  $jobs = @(if ([IO.Directory]::Exists($root)) { foreach ($folder in [IO.Directory]::GetDirectories($root)) {
    $job = Join-Path $folder 'job.json'
    if (-not [IO.File]::Exists($job)) { continue }
    # One that was forgotten while it was read must not seem lost.
    try { $said = rb_job $folder } catch { if ([IO.File]::Exists($job)) { throw }; continue }
    if ([IO.File]::Exists($job)) { $said }
  } })
  rb_good ('{"jobs":[' + ($jobs -join ',') + ']}')
}
function rb_jobs_forget($q) {
  foreach ($name in @($q.names)) {
    $folder = Join-Path (rb_jobs_folder) $name
    if (-not [IO.Directory]::Exists($folder)) { continue }
    # Without it there is no job, whatever of the rest is still there.
    [IO.File]::Delete((Join-Path $folder 'job.json'))
    [IO.Directory]::Delete($folder, $true)
  }
  rb_good 'null'
}
`;
