/**
 * PowerShell text that turns any value into one line of ASCII JSON, and an error record into what a caller decides by. It
 * leaves ConvertTo-Json alone, which differs between 5.1 and 7. Written in the language of PowerShell 2.0. Names begin with
 * `rb_`, because what is called sees the names of its caller.
 */
export const POWERSHELL_JSON = String.raw`
$ProgressPreference = 'SilentlyContinue'
$rb_unsafe = New-Object regex '[^ !#-\[\]-~]'
$rb_escape = { param($m) '\u{0:x4}' -f [int][char]$m.Value }
$rb_plain = [Globalization.CultureInfo]::InvariantCulture
function rb_text($text) {
  $text = [string]$text
  if ($rb_unsafe.IsMatch($text)) { $text = $rb_unsafe.Replace($text, [Text.RegularExpressions.MatchEvaluator]$rb_escape) }
  '"' + $text + '"'
}
function rb_time($time) { $time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", $rb_plain) }
function rb_json($o, [int]$depth) {
  if ($null -eq $o) { return 'null' }
  if ($o -is [bool]) { if ($o) { return 'true' } else { return 'false' } }
  # An enum of another machine is a number that only prints its name.
  if ($o -is [enum] -or ($o -is [ValueType] -and "$($o.PSObject.TypeNames[0])" -like 'Deserialized.*')) { return rb_text $o.ToString() }
  if ($o -is [datetime] -or $o -is [DateTimeOffset]) { return rb_text (rb_time $o) }
  if ($o -is [timespan] -or $o -is [char] -or $o -is [guid] -or $o -is [uri] -or $o -is [version] -or $o -is [type] -or $o -is [scriptblock]) { return rb_text $o }
  if ($o -is [Security.SecureString] -or $o -is [Management.Automation.PSCredential]) { return rb_text '(secret)' }
  if ($o -is [string]) {
    # A date as WMI writes it, with the minutes from UTC. Its own converter is there on Windows only.
    if ($o -match '^(\d{14}\.\d{6})([+-]\d{3})\z') {
      $zone = [int]$matches[2]
      try { return rb_text (rb_time ([datetime]::ParseExact($matches[1], 'yyyyMMddHHmmss.ffffff', $rb_plain, 'AssumeUniversal, AdjustToUniversal').AddMinutes(-$zone))) } catch { $null = $_ }
    }
    return rb_text $o
  }
  if ($o -is [double] -or $o -is [single]) { $t = $o.ToString('R', $rb_plain); if ($t -match '[Na]') { return rb_text $t } else { return $t } }
  if ($o -is [ValueType] -and $o.GetType().IsPrimitive -or $o -is [decimal]) {
    $t = $o.ToString($rb_plain); if ([math]::Abs([decimal]$o) -gt 9007199254740991) { return rb_text $t } else { return $t }
  }
  if ($o -is [byte[]]) { return rb_text ([Convert]::ToBase64String($o)) }
  if ($depth -le 0) { return rb_text "$o" }
  if ($o -is [Collections.IDictionary]) {
    $parts = foreach ($key in @($o.PSBase.Keys)) { (rb_text $key) + ':' + (rb_json $o[$key] ($depth - 1)) }
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
# What a caller decides by; no bound parameters and no line of script, in which secrets can be.
function rb_fault($e) {
  $x = $e.Exception
  while ($null -ne $x.InnerException -and $x -is [Management.Automation.MethodInvocationException]) { $x = $x.InnerException }
  $id = $e.FullyQualifiedErrorId; $category = $e.CategoryInfo.Category
  if ($null -ne $x.ErrorRecord -and $x -ne $e.Exception) { $id = $x.ErrorRecord.FullyQualifiedErrorId; $category = $x.ErrorRecord.CategoryInfo.Category }
  $class = $x.GetType().FullName
  if ($null -ne $x.SerializedRemoteException) { $class = "$(@($x.SerializedRemoteException.PSObject.TypeNames)[0])" -replace '^Deserialized\.' }
  $number = 0
  if ($null -ne $x.NativeErrorCode) { $number = [int]$x.NativeErrorCode } elseif ($null -ne $x.HResult) { $number = [int]$x.HResult }
  $text = "$e"; if ($x -ne $e.Exception) { $text = $x.Message }
  '{"message":' + (rb_text $text) + ',"id":' + (rb_text $id) + ',"category":' + (rb_text $category) + ',"class":' + (rb_text $class) + ',"number":' + $number + '}'
}
function rb_own([string]$id, [string]$message) {
  '{"faults":[{"message":' + (rb_text $message) + ',"id":' + (rb_text $id) + ',"category":"","class":"","number":0}],"value":null}'
}
`;
