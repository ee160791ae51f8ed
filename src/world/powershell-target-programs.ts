/**
 * PowerShell text that runs a program on a target and waits for it: arguments as a list, standard input that ends, both
 * streams with their end kept, the tree ended when the limit passes or the channel breaks. Asynchronous reads of the oldest
 * kind, because .NET 3.5 knows no others. Stands behind POWERSHELL_JSON and POWERSHELL_FILES.
 */
export const POWERSHELL_PROGRAMS = String.raw`
# One argument as Windows programs read it back: a quote is escaped, and so are the backslashes before it or before the end.
function rb_quoted([string]$text) {
  if ($text -ne '' -and $text -notmatch '[\s"]') { return $text }
  '"' + ($text -replace '(\\*)"', '$1$1\"' -replace '(\\+)\z', '$1$1') + '"'
}
# The PowerShell that this one is.
function rb_self { foreach ($name in 'powershell.exe', 'pwsh.exe', 'pwsh') { $path = Join-Path $PSHOME $name; if ([IO.File]::Exists($path)) { return $path } } }
function rb_start_info($q) {
  $info = New-Object Diagnostics.ProcessStartInfo
  $info.FileName = $q.program; $info.UseShellExecute = $false; $info.CreateNoWindow = $true
  if ($null -ne $info.PSObject.Properties['ArgumentList'] -and -not $rb_old_arguments) { foreach ($one in $q.args) { $info.ArgumentList.Add([string]$one) } }
  else { $info.Arguments = @(foreach ($one in $q.args) { rb_quoted $one }) -join ' ' }
  if ("$($q.folder)" -ne '') { $info.WorkingDirectory = $q.folder }
  if ($null -ne $q.env) { foreach ($name in @($q.env.PSBase.Keys)) { $info.EnvironmentVariables["$name"] = [string]$q.env[$name] } }
  $info
}
function rb_end_tree($process) {
  try {
    if ($process.HasExited) { return }
    if ($null -ne $process.PSObject.Methods['Kill'] -and "$($process.PSObject.Methods['Kill'].OverloadDefinitions)" -match 'bool') { $process.Kill($true) }
    else { & "$env:SystemRoot\System32\taskkill.exe" /PID $process.Id /T /F 2>&1 | Out-Null }
  } catch [InvalidOperationException] { $null = $_ }
}
# The end of a stream as text: UTF-8, or what the console of this machine speaks.
function rb_decoded([byte[]]$bytes, [bool]$cut) {
  $begin = 0
  if ($cut) { while ($begin -lt 3 -and $begin -lt $bytes.Length -and ($bytes[$begin] -band 0xc0) -eq 0x80) { $begin++ } }
  try { return (New-Object Text.UTF8Encoding $false, $true).GetString($bytes, $begin, $bytes.Length - $begin) } catch { $null = $_ }
  $encoding = New-Object Text.UTF8Encoding $false
  if ([Environment]::OSVersion.Platform -eq 'Win32NT') { $encoding = [Text.Encoding]::GetEncoding([Globalization.CultureInfo]::CurrentCulture.TextInfo.OEMCodePage) }
  $encoding.GetString($bytes, $begin, $bytes.Length - $begin)
}
function rb_cut($kept, [int]$most) {
  $all = $kept.memory.ToArray()
  if ($all.Length -le $most) { return }
  $kept.dropped += $all.Length - $most
  $kept.memory = New-Object IO.MemoryStream
  $kept.memory.Write($all, $all.Length - $most, $most)
}
# Starts a program with its streams in our hands, and reads of both begun.
function rb_begin($process, $info) {
  $info.RedirectStandardInput = $true; $info.RedirectStandardOutput = $true; $info.RedirectStandardError = $true
  $process.StartInfo = $info
  [void]$process.Start()
  $streams = @(foreach ($reader in $process.StandardOutput, $process.StandardError) {
    $one = @{ stream = $reader.BaseStream; buffer = New-Object byte[] 65536; memory = New-Object IO.MemoryStream; dropped = 0; pending = $null }
    $one.pending = $one.stream.BeginRead($one.buffer, 0, 65536, $null, $null)
    $one
  })
  @{ process = $process; streams = $streams; writing = $null; watch = [Diagnostics.Stopwatch]::StartNew() }
}
# Hands on what comes until the program is gone and its streams are at their end: true; false where the limit passed first.
function rb_wait($run, [double]$limitMs, $sink) {
  $silentSince = $null; $in = $run.process.StandardInput.BaseStream
  while ($true) {
    if ($run.watch.ElapsedMilliseconds -gt $limitMs) { return $false }
    # A program that does not read its input does no harm.
    if ($null -ne $run.writing -and $run.writing.IsCompleted) { try { $in.EndWrite($run.writing); $in.Close() } catch { $null = $_ }; $run.writing = $null }
    $open = @($run.streams | Where-Object { $null -ne $_.pending })
    if ($open.Count -eq 0) { if ($run.process.WaitForExit(100)) { return $true }; continue }
    $at = [Threading.WaitHandle]::WaitAny([Threading.WaitHandle[]]@($open | ForEach-Object { $_.pending.AsyncWaitHandle }), 100)
    if ($at -eq [Threading.WaitHandle]::WaitTimeout) {
      # A process that it left behind may hold the pipes for ever.
      if ($run.process.HasExited) { if ($null -eq $silentSince) { $silentSince = $run.watch.ElapsedMilliseconds } elseif ($run.watch.ElapsedMilliseconds - $silentSince -gt 1000) { return $true } }
      continue
    }
    $silentSince = $null
    $one = $open[$at]; $count = $one.stream.EndRead($one.pending); $one.pending = $null
    if ($count -gt 0) {
      & $sink $one $count
      $one.pending = $one.stream.BeginRead($one.buffer, 0, 65536, $null, $null)
    }
  }
}
function rb_run($q) {
  if ("$($q.folder)" -ne '' -and -not [IO.Directory]::Exists($q.folder)) { return rb_own 'rb_no_folder' "the folder $($q.folder) does not exist" }
  # Whatever stops this from here on, a broken channel too, ends the tree.
  $process = New-Object Diagnostics.Process; $most = [int]$q.keep
  try {
    $run = rb_begin $process (rb_start_info $q)
    $in = $run.process.StandardInput.BaseStream
    if ($null -eq $q.stdin) { $in.Close() } else { $bytes = [Text.Encoding]::UTF8.GetBytes([string]$q.stdin); $run.writing = $in.BeginWrite($bytes, 0, $bytes.Length, $null, $null) }
    $isDone = rb_wait $run ([double]$q.limitMs) { param($one, $count) $one.memory.Write($one.buffer, 0, $count); if ($one.memory.Length -gt 4 * $most) { rb_cut $one $most } }
    if (-not $isDone) { return rb_own 'rb_limit' '' }
    foreach ($one in $run.streams) { rb_cut $one $most }
    $texts = @(foreach ($one in $run.streams) { rb_text (rb_decoded $one.memory.ToArray() ($one.dropped -gt 0)) })
    rb_good ('{"exitCode":' + $run.process.ExitCode + ',"stdout":' + $texts[0] + ',"stderr":' + $texts[1] + ',"droppedBytes":' + ($run.streams[0].dropped + $run.streams[1].dropped) + '}')
  } finally { rb_end_tree $process }
}
`;
