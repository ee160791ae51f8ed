import { POWERSHELL_FILES } from "./powershell-target-files.ts";
import { POWERSHELL_JOBS } from "./powershell-target-jobs.ts";
import { POWERSHELL_JSON } from "./powershell-json.ts";
import { POWERSHELL_PROGRAMS } from "./powershell-target-programs.ts";

/** Calls a cmdlet or function with named parameters. Errors are taken where they occur, with their class. */
const POWERSHELL_CMDLET = String.raw`
function rb_find([string]$rb_name) { Get-Command $rb_name -CommandType Cmdlet, Function, Alias -ErrorAction SilentlyContinue | Select-Object -First 1 }
function rb_cmdlet($rb_q) {
  $rb_records = New-Object Collections.ArrayList; $rb_faults = New-Object Collections.ArrayList
  try {
    $rb_command = rb_find $rb_q.name
    if ($null -eq $rb_command) {
      try { Add-PSSnapin Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop } catch { $null = $_ }
      $rb_command = rb_find $rb_q.name
    }
    if ($null -eq $rb_command) { return rb_own 'CommandNotFoundException' "there is no cmdlet $($rb_q.name)" }
    $rb_a = [hashtable]$rb_q.parameters
    & $rb_command @rb_a 2>&1 | ForEach-Object {
      if ($_ -is [Management.Automation.ErrorRecord]) { [void]$rb_faults.Add((rb_fault $_)) } else { [void]$rb_records.Add((rb_record $_ $rb_q.properties)) }
    }
  } catch { [void]$rb_faults.Add((rb_fault $_)) }
  '{"faults":[' + ($rb_faults -join ',') + '],"value":{"records":[' + ($rb_records -join ',') + ']}}'
}
`;

/** Answers one call with one text of JSON: `{faults, value}`. Anything else that a call prints is not taken for it. */
const POWERSHELL_ANSWER = String.raw`
function rb_answer($rb_q) {
  try {
    switch ($rb_q.verb) {
      'cmdlet' { $rb_said = @(rb_cmdlet $rb_q) }
      'run' { $rb_said = @(rb_run $rb_q) }
      'script' { $rb_q.program = rb_self; $rb_said = @(rb_run $rb_q) }
      'stat' { $rb_said = @(rb_stat $rb_q) }
      'put-chunk' { $rb_said = @(rb_put_chunk $rb_q) }
      'put-end' { $rb_said = @(rb_put_end $rb_q) }
      'put-drop' { $rb_said = @(rb_put_drop $rb_q) }
      'get-size' { $rb_said = @(rb_get_size $rb_q) }
      'get-chunk' { $rb_said = @(rb_get_chunk $rb_q) }
      'job-start' { $rb_said = @(rb_job_start $rb_q) }
      'jobs' { $rb_said = @(rb_jobs $rb_q) }
      'jobs-forget' { $rb_said = @(rb_jobs_forget $rb_q) }
    }
    $rb_said[-1]
  } catch { '{"faults":[' + (rb_fault $_) + '],"value":null}' }
}
"$($PSVersionTable.PSVersion) $PID"
`;

/**
 * The PowerShell text that is loaded once into the session on a target and does what is asked there. Written in the language
 * of PowerShell 2.0, which is what Exchange 2007 allows (domain page, section 5). Its last line says which PowerShell it is, and its process.
 */
export const POWERSHELL_TARGET = POWERSHELL_JSON + POWERSHELL_CMDLET + POWERSHELL_FILES + POWERSHELL_PROGRAMS + POWERSHELL_JOBS + POWERSHELL_ANSWER;
