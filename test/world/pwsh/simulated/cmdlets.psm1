# The cmdlets of a simulated node have this in common: the question to the world, and what comes back as objects of the classes
# that the real cmdlets give (enums, dates of the local zone, dates as WMI writes them, versions, lists, identities that only
# print their name), and errors by their class and category. Each object has properties that nobody asked for, too, one of which
# cannot be read. `node-module.ts` adds the cmdlets themselves.
enum ClusteredMailboxServerState { Unknown; Online; Offline; Failed }
enum SummaryCopyStatus { NotSupported; NotConfigured; Disabled; Failed; Seeding; Suspended; Healthy; Resynchronizing; Initializing; ServiceDown }
enum ClusteredStorageType { Disabled; Shared; NonShared }
enum ServerEditionType { Unknown; Standard; Enterprise; Coexistence }
enum EventLogEntryType { Error = 1; Warning = 2; Information = 4; SuccessAudit = 8; FailureAudit = 16 }
class Named {
  hidden [string]$Text
  Named([string]$text) { $this.Text = $text }
  [string] ToString() { return $this.Text }
}
class ManagementObjectNotFoundException : Exception {
  ManagementObjectNotFoundException([string]$message) : base($message) { }
}

$Enums = @{ 'Get-ClusteredMailboxServerStatus State' = [ClusteredMailboxServerState]; 'Get-StorageGroupCopyStatus SummaryCopyStatus' = [SummaryCopyStatus]; 'Get-MailboxServer ClusteredStorageType' = [ClusteredStorageType]; 'Get-ExchangeServer Edition' = [ServerEditionType]; 'Get-EventLog EntryType' = [EventLogEntryType] }
$Kinds = @{
  LastFullBackup = 'local'; LatestFullBackupTime = 'local'; LastInspectedLogTime = 'local'; TimeGenerated = 'local'; TimeWritten = 'local'; LastWriteTimeUtc = 'utc'
  LastBootUpTime = 'wmi'; LocalDateTime = 'wmi'; FreeSpace = 'uint64'; ProcessId = 'uint32'; Length = 'int64'; CopyQueueLength = 'int64'; ReplayQueueLength = 'int64'; LineNumber = 'int32'
  Identity = 'named'; AdminDisplayVersion = 'named'; Result = 'named'; RedundantMachines = 'list'; MessageLatencyTime = 'span'; PSVersion = 'version'
}
$Exact = [Globalization.CultureInfo]::InvariantCulture

function ConvertTo-Value([Text.Json.JsonElement]$json) {
  switch ($json.ValueKind) {
    'String' { return $json.GetString() }
    'Number' { $whole = 0L; if ($json.TryGetInt64([ref]$whole)) { if ($whole -ge [int]::MinValue -and $whole -le [int]::MaxValue) { return [int]$whole }; return $whole }; return $json.GetDouble() }
    'True' { return $true }
    'False' { return $false }
    'Array' { $items = @(foreach ($item in $json.EnumerateArray()) { ConvertTo-Value $item }); return , $items }
  }
}
function ConvertTo-Kind([string]$cmdlet, [string]$name, $value) {
  $enum = $Enums["$cmdlet $name"]
  if ($null -ne $enum) { if ([Enum]::IsDefined($enum, "$value")) { return [Enum]::Parse($enum, "$value") }; return [Named]::new($value) }
  switch ($Kinds[$name]) {
    'local' { return [datetime]::Parse($value, $Exact, 'RoundtripKind').ToLocalTime() }
    'utc' { return [datetime]::Parse($value, $Exact, 'RoundtripKind') }
    'wmi' { $at = [datetime]::Parse($value, $Exact, 'RoundtripKind').ToLocalTime(); $zone = [int][TimeZoneInfo]::Local.GetUtcOffset($at).TotalMinutes; return $at.ToString('yyyyMMddHHmmss.ffffff', $Exact) + $zone.ToString('+000;-000', $Exact) }
    'uint64' { return [uint64]$value }
    'uint32' { return [uint32]$value }
    'int64' { return [long]$value }
    'int32' { return [int]$value }
    'named' { return [Named]::new($value) }
    'list' { return , [Collections.ArrayList]@($value) }
    'span' { return [timespan]::Parse($value, $Exact) }
    'version' { return [version]$value }
  }
  if ($value -is [array]) { return , $value }
  $value
}
function ConvertTo-Record([string]$cmdlet, [Text.Json.JsonElement]$json) {
  $record = [pscustomobject]@{ RunspaceId = [guid]::NewGuid(); Guid = [guid]::Empty; ExchangeVersion = [Named]::new('0.1 (8.0.535.0)') }
  $record.PSObject.Properties.Add([psscriptproperty]::new('OriginatingServer', { throw 'The directory cannot be reached.' }))
  foreach ($part in $json.EnumerateObject()) {
    $path = $part.Name.Split('.'); $value = ConvertTo-Kind $cmdlet $path[-1] (ConvertTo-Value $part.Value)
    $owner = $record
    for ($at = 0; $at -lt $path.Count - 1; $at++) {
      $step = $path[$at]
      if ($null -eq $owner.PSObject.Properties[$step]) { $owner.PSObject.Properties.Add([psnoteproperty]::new($step, [pscustomobject]@{})) }
      $owner = $owner.$step
    }
    $owner.PSObject.Properties.Add([psnoteproperty]::new($path[-1], $value))
  }
  $record
}
function ConvertTo-Plain($value) {
  if ($value -is [switch]) { return [bool]$value }
  if ($value -is [Collections.IEnumerable] -and $value -isnot [string]) { return , [object[]]@(foreach ($item in $value) { ConvertTo-Plain $item }) }
  if ($value -is [psobject]) { return $value.PSObject.BaseObject }
  $value
}
function Invoke-World([Management.Automation.PSCmdlet]$caller, $bound) {
  $name = $caller.MyInvocation.MyCommand.Name
  $parameters = [Collections.Generic.Dictionary[string, object]]::new()
  foreach ($key in @($bound.Keys)) { $parameters[$key] = ConvertTo-Plain $bound[$key] }
  $request = [Collections.Generic.Dictionary[string, object]]::new()
  $request['kind'] = 'cmdlet'; $request['node'] = $env:RUNBOOK_NODE; $request['pid'] = $PID; $request['name'] = $name; $request['parameters'] = $parameters
  $socket = [Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
  try {
    $socket.Connect([Net.Sockets.UnixDomainSocketEndPoint]::new($env:RUNBOOK_WORLD))
    $stream = [Net.Sockets.NetworkStream]::new($socket)
    $bytes = [Text.Encoding]::UTF8.GetBytes([Text.Json.JsonSerializer]::Serialize($request, [Collections.Generic.Dictionary[string, object]], [Text.Json.JsonSerializerOptions]$null) + "`n")
    $stream.Write($bytes, 0, $bytes.Length)
    $text = [IO.StreamReader]::new($stream, [Text.Encoding]::UTF8).ReadToEnd()
  } finally { $socket.Dispose() }
  $reply = [Text.Json.JsonDocument]::Parse($text).RootElement
  $code = $null; $records = $null
  foreach ($part in $reply.EnumerateObject()) { if ($part.Name -eq 'code') { $code = $part.Value.GetString() } elseif ($part.Name -eq 'because') { $because = $part.Value.GetString() } else { $records = $part.Value } }
  if ($null -ne $code) {
    $x = [InvalidOperationException]::new($because); $id = $name; $category = 'InvalidOperation'
    if ($code -eq 'denied') { $x = [UnauthorizedAccessException]::new($because); $category = 'PermissionDenied' }
    if ($code -eq 'not_found') { $x = [Management.Automation.ItemNotFoundException]::new($because); $id = 'PathNotFound'; $category = 'ObjectNotFound' }
    # The cmdlets of Exchange say it by the class alone (from memory).
    if ($code -eq 'not_found' -and $name -match 'Mailbox|Exchange|StorageGroup|Mailflow') { $x = [ManagementObjectNotFoundException]::new($because); $id = '7D26A80D'; $category = 'NotSpecified' }
    $caller.WriteError([Management.Automation.ErrorRecord]::new($x, $id, $category, $null))
    return
  }
  foreach ($json in $records.EnumerateArray()) { ConvertTo-Record $name $json }
}
