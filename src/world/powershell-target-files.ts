/** PowerShell text that looks at, writes and reads files of a target: in chunks, each at its place, so that a chunk that is missing is noticed. Stands behind POWERSHELL_JSON. */
export const POWERSHELL_FILES = String.raw`
function rb_hash([string]$path) {
  $file = [IO.File]::Open($path, 'Open', 'Read', 'ReadWrite')
  try { -join ([Security.Cryptography.SHA256]::Create().ComputeHash($file) | ForEach-Object { $_.ToString('x2') }) } finally { $file.Close() }
}
# A property that throws gives nothing in PowerShell: so a file is opened.
function rb_length([string]$path) {
  $file = [IO.File]::Open($path, 'Open', 'Read', 'ReadWrite')
  try { $file.Length } finally { $file.Close() }
}
function rb_seen([string]$path) {
  '{"exists":true,"bytes":' + (rb_length $path) + ',"sha256":"' + (rb_hash $path) + '","folder":false}'
}
function rb_good([string]$json) { '{"faults":[],"value":' + $json + '}' }
function rb_stat($q) {
  if ([IO.Directory]::Exists($q.path)) { return rb_good '{"exists":true,"bytes":0,"sha256":"","folder":true}' }
  if (-not [IO.File]::Exists($q.path)) {
    # Exists says no to a file that may not be seen, too; its attributes tell why.
    try { [void][IO.File]::GetAttributes($q.path) }
    catch [IO.FileNotFoundException] { return rb_good '{"exists":false,"bytes":0,"sha256":"","folder":false}' }
    catch [IO.DirectoryNotFoundException] { return rb_good '{"exists":false,"bytes":0,"sha256":"","folder":false}' }
  }
  rb_good (rb_seen $q.path)
}
function rb_put_chunk($q) {
  $mode = 'Open'; if ([long]$q.offset -eq 0) { $mode = 'CreateNew' }
  $file = [IO.File]::Open($q.part, $mode, 'Write', 'None')
  try {
    if ($file.Length -ne [long]$q.offset) { throw "$($q.part) has $($file.Length) bytes where $($q.offset) were written" }
    [void]$file.Seek(0, 'End')
    $bytes = [Convert]::FromBase64String($q.base64)
    $file.Write($bytes, 0, $bytes.Length)
    $file.Flush()
  } finally { $file.Close() }
  rb_good 'null'
}
function rb_put_end($q) {
  if ((rb_hash $q.part) -ne $q.sha256) { return rb_own 'rb_hash' "the copy of $($q.to) is not what was sent" }
  if ([IO.Directory]::Exists($q.to)) { return rb_own 'rb_folder' "$($q.to) is a folder" }
  if ([IO.File]::Exists($q.to)) {
    # Before .NET 3 a move replaces nothing; and without a name for the old file Replace is refused by PowerShell's binder.
    $old = $q.part + '.old'
    [IO.File]::Replace($q.part, $q.to, $old)
    [IO.File]::Delete($old)
  } else { [IO.File]::Move($q.part, $q.to) }
  rb_good (rb_seen $q.to)
}
function rb_put_drop($q) {
  [IO.File]::Delete($q.part)
  rb_good 'null'
}
function rb_get_size($q) {
  if ([IO.Directory]::Exists($q.path)) { return rb_own 'rb_folder' "$($q.path) is a folder" }
  rb_good ('{"bytes":' + (rb_length $q.path) + '}')
}
function rb_get_chunk($q) {
  $file = [IO.File]::Open($q.path, 'Open', 'Read', 'ReadWrite')
  try {
    [void]$file.Seek([long]$q.offset, 'Begin')
    $bytes = New-Object byte[] ([int]$q.count); $have = 0
    while ($have -lt $bytes.Length) { $n = $file.Read($bytes, $have, $bytes.Length - $have); if ($n -eq 0) { break }; $have += $n }
  } finally { $file.Close() }
  $hash = -join ([Security.Cryptography.SHA256]::Create().ComputeHash($bytes, 0, $have) | ForEach-Object { $_.ToString('x2') })
  rb_good ('{"base64":"' + [Convert]::ToBase64String($bytes, 0, $have) + '","sha256":"' + $hash + '"}')
}
`;
