/**
 * PowerShell text for the kept process on this machine: Windows PowerShell 5.1 and later. `rb_open` opens the session in which
 * everything runs: in a PowerShell beside this one, so that what a cmdlet starts reads no command of ours and an `exit` ends
 * no channel, or on another machine. `rb_ask` hands a call to that session. Each prints one line of JSON behind the mark that
 * it was given. Values come as one base64 line of CLIXML, so that none is ever part of a text. Stands behind POWERSHELL_JSON.
 *
 * The engine's own interface is used, not Invoke-Command: warnings of another machine would escape to standard output, and a
 * broken connection would be an error among others.
 */
export const POWERSHELL_AGENT = String.raw`
try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { $null = $_ }
function rb_input([string]$line) {
  [Management.Automation.PSSerializer]::Deserialize([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)))
}
function rb_say([string]$mark, [string]$json) {
  [Console]::Out.WriteLine()
  [Console]::Out.WriteLine($mark + $json)
  [Console]::Out.Flush()
}
function rb_session($q) {
  if ($q.via -eq 'here') {
    $runspace = [Management.Automation.Runspaces.RunspaceFactory]::CreateOutOfProcessRunspace($null)
    $runspace.Open()
    return $runspace
  }
  $with = [hashtable]$q.with
  $known = (Get-Command New-PSSession).Parameters
  foreach ($name in @($with.PSBase.Keys)) { if (-not $known.ContainsKey($name)) { throw "PowerShell $($PSVersionTable.PSVersion) on this machine has no New-PSSession -$name" } }
  # A table that was read is a bag of objects; ssh's options are wanted as plain texts.
  if ($with.Contains('Options')) { $plain = @{}; foreach ($key in @($with.Options.PSBase.Keys)) { $plain["$key"] = "$($with.Options[$key])" }; $with.Options = $plain }
  $session = New-PSSession @with -ErrorAction Stop
  $session.Runspace
}
function rb_open([string]$line) {
  $q = rb_input $line
  try {
    $global:rb_runspace = rb_session $q
    $global:rb_takes = 'everything'; $global:rb_via = $q.via; $version = ''
    $p = [powershell]::Create(); $p.Runspace = $rb_runspace
    try {
      [void]$p.AddScript($q.text, $false)
      foreach ($said in $p.Invoke()) { $version, $id = "$said".Split(' ') }
      if ($version -eq '') { throw 'the session does not say which PowerShell it is' }
      if ($q.via -eq 'here') { $global:rb_beside = [Diagnostics.Process]::GetProcessById([int]$id) }
    } catch {
      # An endpoint of a role takes cmdlets alone.
      if ($rb_runspace.RunspaceStateInfo.State -ne 'Opened' -or $q.via -eq 'here') { throw }
      $global:rb_takes = 'cmdlets'
    } finally { $p.Dispose() }
    rb_say $q.mark ('{"kind":"open","takes":' + (rb_text $rb_takes) + ',"version":' + (rb_text $version) + '}')
  } catch { rb_say $q.mark ('{"kind":"not-open","faults":[' + (rb_fault $_) + ']}') }
}
# The engine notices only after a minute that the PowerShell beside this one is gone.
function rb_is_gone { $null -ne $rb_beside -and $rb_beside.HasExited }
function rb_ask([string]$line) {
  $q = rb_input $line
  if ((rb_is_gone) -or $rb_runspace.RunspaceStateInfo.State -ne 'Opened') { rb_say $q.mark '{"kind":"closed"}'; return }
  $p = [powershell]::Create(); $p.Runspace = $rb_runspace
  $out = $null; $faults = @(); $lost = $false
  try {
    if ($rb_takes -eq 'everything') { [void]$p.AddCommand('rb_answer').AddParameter('rb_q', $q.call) }
    elseif ($q.call.verb -ne 'cmdlet') { rb_say $q.mark '{"kind":"cmdlets-only"}'; return }
    else {
      [void]$p.AddCommand($q.call.name)
      foreach ($key in @($q.call.parameters.PSBase.Keys)) { [void]$p.AddParameter("$key", $q.call.parameters[$key]) }
    }
    $wait = $p.BeginInvoke()
    while (-not $wait.AsyncWaitHandle.WaitOne(200)) { if (rb_is_gone) { rb_say $q.mark '{"kind":"lost","faults":[],"log":[],"answer":null}'; return } }
    $out = $p.EndInvoke($wait)
  } catch {
    $faults += rb_fault $_
    # What runs there catches its own errors: only the way to it can throw. A cmdlet of an endpoint of a role can throw, too.
    $lost = $rb_takes -eq 'everything'
    for ($x = $_.Exception; $null -ne $x; $x = $x.InnerException) { if ($x -is [Management.Automation.Remoting.PSRemotingTransportException]) { $lost = $true } }
  }
  # -and and -or bind alike.
  if ($rb_runspace.RunspaceStateInfo.State -ne 'Opened') { $lost = $true }
  if ($faults.Count -eq 0 -and "$($p.InvocationStateInfo.State)" -ne 'Completed') { $lost = $true }
  # What a session on another machine says beside its answer is printed by the engine; here it is not.
  $log = New-Object Collections.ArrayList
  if ($rb_via -eq 'here') { foreach ($stream in 'Warning', 'Verbose', 'Debug', 'Information') {
    foreach ($record in $p.Streams.$stream) { if ($log.Count -lt 200) { [void]$log.Add($stream.ToLowerInvariant() + ': ' + $record) } }
  } }
  if ($rb_takes -eq 'everything') {
    $answer = 'null'
    if ($null -ne $out) { foreach ($said in $out) { $answer = "$said" } }
    foreach ($e in $p.Streams.Error) { if ($log.Count -lt 200) { [void]$log.Add("error: $e") } }
  } else {
    foreach ($e in $p.Streams.Error) { $faults += rb_fault $e }
    $records = @(if ($null -ne $out) { foreach ($o in $out) { rb_record $o $q.call.properties } })
    $answer = '{"faults":[],"value":{"records":[' + ($records -join ',') + ']}}'
  }
  $p.Dispose()
  $kind = 'answer'; if ($lost) { $kind = 'lost' }
  rb_say $q.mark ('{"kind":"' + $kind + '","faults":[' + ($faults -join ',') + '],"log":' + (rb_json $log 2) + ',"answer":' + $answer + '}')
}
`;
