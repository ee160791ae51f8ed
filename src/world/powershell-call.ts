import { randomBytes } from "node:crypto";
import type { CmdletResult, ProgramResult } from "../core/action.ts";
import type { Failure } from "../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Call } from "../core/port.ts";
import { error, ok, type Result } from "../core/result.ts";
import { clixmlText } from "./clixml-text.ts";
import { POWERSHELL_AGENT } from "./powershell-agent.ts";

/** The PowerShells of this machine, the first that is there. Exchange lives in Windows PowerShell only. */
export const POWERSHELLS: readonly string[] = process.platform === "win32" ? ["powershell.exe", "pwsh.exe"] : ["pwsh"];

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** The call of a PowerShell that reads its commands from standard input: two lines of our own, each with nothing in it but base64. */
function agentCall(powershell: string, verb: "rb_call" | "rb_run", request: JsonObject): Call<"program"> {
  const begin = `. ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${base64(POWERSHELL_AGENT)}'))))`;
  return {
    kind: "program",
    program: powershell,
    args: ["-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-Command", "-"],
    stdin: `${begin}\n${verb} '${base64(clixmlText(request))}'\n`,
  };
}

/** A cmdlet's call, with the mark behind which its answer stands: drawn anew, so that nothing that is printed meanwhile can be taken for it. */
export function cmdletProgram(powershell: string, call: Call<"cmdlet">): { readonly program: Call<"program">; readonly mark: string } {
  const mark = `@${randomBytes(12).toString("hex")}@`;
  return { program: agentCall(powershell, "rb_call", { mark, name: call.name, parameters: call.parameters, properties: call.properties }), mark };
}

/** The call of an author's script. */
export function scriptProgram(powershell: string, call: Call<"script">): Call<"program"> {
  return agentCall(powershell, "rb_run", { script: call.script, parameters: call.parameters });
}

/** Failure codes by what PowerShell calls the fault; all else is `cmdlet_error`. */
function faultCode(id: string, category: string): string {
  if (id.startsWith("CommandNotFoundException") || category === "ObjectNotFound") return "not_found";
  if (category === "PermissionDenied" || category === "SecurityError" || /UnauthorizedAccess/.test(id)) return "denied";
  if (category === "ConnectionError" || /PSSessionOpenFailed|JobFailure/.test(id)) return "unreachable";
  return "cmdlet_error";
}

function failureOf(faults: readonly Json[]): Failure | undefined {
  const [fault] = faults;
  if (!isJsonObject(fault)) return undefined;
  const text = (name: string): string => (typeof fault[name] === "string" ? fault[name] : "");
  return { code: faultCode(text("id"), text("category")), because: text("message") };
}

/** The records of a cmdlet from what PowerShell printed; an error record is a failure. */
export function cmdletAnswer(mark: string, printed: ProgramResult): Result<CmdletResult, Failure> {
  const line = printed.stdout.split(/\r?\n/).findLast((text) => text.startsWith(mark));
  if (line === undefined) return error({ code: "unreadable", because: `PowerShell ended with ${printed.exitCode} and gave no answer${printed.droppedBytes > 0 ? "; the answer is too long" : ""}` });
  const answer = JSON.parse(line.slice(mark.length)) as { readonly faults: readonly Json[]; readonly records: readonly JsonObject[] };
  const failure = failureOf(answer.faults);
  return failure === undefined ? ok({ records: answer.records }) : error(failure);
}
