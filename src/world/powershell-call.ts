import type { CmdletResult } from "../core/action.ts";
import type { JsonObject } from "../core/json.ts";
import type { Call, Outcome } from "../core/port.ts";
import { clixmlText } from "./clixml-text.ts";
import type { ChannelOptions, PowershellChannel } from "./powershell-channel.ts";
import { POWERSHELL_JSON } from "./powershell-json.ts";

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** Calls a cmdlet through a channel: a name with named parameters in, records with the wanted properties out. */
export async function callCmdlet(channel: PowershellChannel, { name, parameters, properties }: Call<"cmdlet">, options: ChannelOptions): Promise<Outcome<CmdletResult>> {
  const outcome = await channel.call(name, { verb: "cmdlet", name, parameters, properties }, options);
  return outcome.kind === "ok" ? { kind: "ok", value: outcome.value as unknown as CmdletResult } : outcome;
}

/** Runs an author's script; its output goes where it would go without us, and the process ends with its exit code. Stands behind POWERSHELL_JSON. */
const POWERSHELL_SCRIPT = String.raw`
try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { $null = $_ }
function rb_script([string]$rb_line) {
  $rb_q = [Management.Automation.PSSerializer]::Deserialize([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($rb_line)))
  $rb_a = [hashtable]$rb_q.parameters
  try {
    $rb_sb = [scriptblock]::Create($rb_q.script)
    $rb_known = @($rb_sb.Ast.ParamBlock.Parameters | ForEach-Object { $_.Name.VariablePath.UserPath })
    foreach ($rb_key in @($rb_a.PSBase.Keys)) { if ($rb_known -notcontains $rb_key) { throw "the script has no parameter '$rb_key'" } }
    $global:LASTEXITCODE = $null
    & $rb_sb @rb_a | ForEach-Object { [Console]::Out.WriteLine("$_") }
    $rb_ok = $?
  } catch { [Console]::Error.WriteLine("$_"); exit 1 }
  if ($null -ne $global:LASTEXITCODE) { exit $global:LASTEXITCODE }
  if ($rb_ok) { exit 0 } else { exit 1 }
}
`;

/**
 * The program that an author's script is: a PowerShell of its own that reads two lines, each with nothing in it but base64,
 * and then the end of its input. So the script has an exit code, what it starts reads nothing of ours, and nothing of it is left behind.
 */
export function scriptProgram(powershell: string, call: Call<"script">): Call<"program"> {
  const request: JsonObject = { script: call.script, parameters: call.parameters };
  const begin = `. ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(POWERSHELL_JSON + POWERSHELL_SCRIPT)}'))))`;
  return {
    kind: "program",
    program: powershell,
    args: ["-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-Command", "-"],
    stdin: `${begin}\nrb_script '${base64(clixmlText(request))}'\n`,
  };
}
