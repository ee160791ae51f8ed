/**
 * The PowerShell text that answers a call: Windows PowerShell 5.1 and later. It leaves ConvertTo-Json alone, which differs
 * between 5.1 and 7, and takes every value from one base64 line of CLIXML, so that no value is ever part of its text.
 *
 * `rb_call` calls a cmdlet and prints one line of ASCII JSON behind the mark that it was given; `rb_run` runs an author's
 * script, whose output goes where it would go without us, and ends the process with its exit code. Names begin with `rb_`
 * because a script sees the names of its caller.
 */
export const POWERSHELL_AGENT = String.raw`
$ProgressPreference = 'SilentlyContinue'
try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { $null = $_ }
$rb_unsafe = New-Object regex '[^ !#-\[\]-~]'
$rb_escape = { param($m) '\u{0:x4}' -f [int][char]$m.Value }
$rb_plain = [Globalization.CultureInfo]::InvariantCulture
function rb_text($text) { '"' + $rb_unsafe.Replace([string]$text, [Text.RegularExpressions.MatchEvaluator]$rb_escape) + '"' }
function rb_time($time) { $time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", $rb_plain) }
function rb_json($o, [int]$depth) {
  if ($null -eq $o) { return 'null' }
  if ($o -is [bool]) { if ($o) { return 'true' } else { return 'false' } }
  if ($o -is [enum] -or $o.PSObject.TypeNames[0] -like 'Deserialized.*Enum*') { return rb_text $o.ToString() }
  if ($o -is [datetime] -or $o -is [datetimeoffset]) { return rb_text (rb_time $o) }
  if ($o -is [timespan] -or $o -is [char] -or $o -is [guid] -or $o -is [uri] -or $o -is [version] -or $o -is [type] -or $o -is [scriptblock]) { return rb_text $o }
  if ($o -is [securestring] -or $o -is [pscredential]) { return rb_text '(secret)' }
  if ($o -is [string]) {
    if ($o -match '^\d{14}\.\d{6}[+-]\d{3}$') { try { return rb_text (rb_time ([Management.ManagementDateTimeConverter]::ToDateTime($o))) } catch { $null = $_ } }
    return rb_text $o
  }
  if ($o -is [double] -or $o -is [single]) { $t = $o.ToString('R', $rb_plain); if ($t -match '[Na]') { return rb_text $t } else { return $t } }
  if ($o -is [ValueType] -and $o.GetType().IsPrimitive -or $o -is [decimal]) {
    $t = $o.ToString($rb_plain); if ([math]::Abs([decimal]$o) -gt 9007199254740991) { return rb_text $t } else { return $t }
  }
  if ($o -is [byte[]]) { return rb_text ([Convert]::ToBase64String($o)) }
  if ($depth -le 0) { return rb_text "$o" }
  if ($o -is [Collections.IDictionary]) {
    $parts = foreach ($key in @($o.Keys)) { (rb_text $key) + ':' + (rb_json $o[$key] ($depth - 1)) }
    return '{' + ($parts -join ',') + '}'
  }
  if ($o -is [Collections.IEnumerable]) {
    $parts = foreach ($item in $o) { rb_json $item ($depth - 1) }
    return '[' + ($parts -join ',') + ']'
  }
  return rb_text "$o"
}
function rb_property($o, [string]$path) {
  foreach ($part in $path.Split('.')) {
    if ($null -eq $o) { return }
    if ($o -is [Collections.IDictionary]) { if (-not $o.Contains($part)) { return }; $o = $o[$part] }
    else { $p = $o.PSObject.Properties[$part]; if ($null -eq $p) { return }; $o = $p.Value }
  }
  if ($null -ne $o) { rb_json $o 4 }
}
function rb_record($o, $names) {
  $parts = foreach ($name in $names) { $json = rb_property $o $name; if ($null -ne $json) { (rb_text $name) + ':' + $json } }
  '{' + ($parts -join ',') + '}'
}
function rb_fault($e) {
  '{"message":' + (rb_text "$e") + ',"id":' + (rb_text $e.FullyQualifiedErrorId) + ',"category":' + (rb_text $e.CategoryInfo.Category) + '}'
}
function rb_input([string]$line) {
  [Management.Automation.PSSerializer]::Deserialize([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)))
}
function rb_call([string]$rb_line) {
  $rb_q = rb_input $rb_line
  $rb_records = New-Object Collections.ArrayList; $rb_faults = New-Object Collections.ArrayList
  try {
    if (-not (Get-Command $rb_q.name -ErrorAction SilentlyContinue)) { try { Add-PSSnapin Microsoft.Exchange.Management.PowerShell.Admin -ErrorAction Stop } catch { $null = $_ } }
    $rb_a = [hashtable]$rb_q.parameters; $rb_name = $rb_q.name
    & $rb_name @rb_a 2>&1 3>$null 4>$null 5>$null | ForEach-Object {
      if ($_ -is [Management.Automation.ErrorRecord]) { [void]$rb_faults.Add((rb_fault $_)) } else { [void]$rb_records.Add((rb_record $_ $rb_q.properties)) }
    }
  } catch { [void]$rb_faults.Add((rb_fault $_)) }
  [Console]::Out.WriteLine()
  [Console]::Out.WriteLine($rb_q.mark + '{"faults":[' + ($rb_faults -join ',') + '],"records":[' + ($rb_records -join ',') + ']}')
  exit 0
}
function rb_run([string]$rb_line) {
  $rb_q = rb_input $rb_line
  $rb_a = [hashtable]$rb_q.parameters
  try {
    $rb_sb = [scriptblock]::Create($rb_q.script)
    $rb_known = @($rb_sb.Ast.ParamBlock.Parameters | ForEach-Object { $_.Name.VariablePath.UserPath })
    foreach ($rb_key in @($rb_a.Keys)) { if ($rb_known -notcontains $rb_key) { throw "the script has no parameter '$rb_key'" } }
    $global:LASTEXITCODE = $null
    & $rb_sb @rb_a | ForEach-Object { [Console]::Out.WriteLine("$_") }
    $rb_ok = $?
  } catch { [Console]::Error.WriteLine("$_"); exit 1 }
  if ($null -ne $global:LASTEXITCODE) { exit $global:LASTEXITCODE }
  if ($rb_ok) { exit 0 } else { exit 1 }
}
`;
