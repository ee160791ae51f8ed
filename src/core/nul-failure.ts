import type { Action } from "./action.ts";
import { assertNever } from "./assert-never.ts";
import type { Failure } from "./failure.ts";

/** Why no system can be given this: a text of it holds a NUL character, with which arguments and paths end. Undefined where none does. Input of a program and parameters of PowerShell may hold any. */
export function nulFailure(action: Action): Failure | undefined {
  switch (action.kind) {
    case "program":
      return failureIn([action.program, ...action.args, action.folder ?? "", ...Object.entries(action.env ?? {}).flat()], `an argument of ${action.program} holds a NUL character, which no program can be given`);
    case "job":
      return failureIn([action.program, ...action.args, action.log ?? ""], `an argument of ${action.program} holds a NUL character, which no program can be given`);
    case "put":
      return failureIn([action.from, action.to], "a path holds a NUL character");
    case "get":
      return failureIn([action.from], "a path holds a NUL character");
    case "stat":
    case "source":
      return failureIn([action.path], "a path holds a NUL character");
    case "cmdlet":
    case "script":
    case "jobs":
      return undefined;
    default:
      return assertNever(action);
  }
}

function failureIn(texts: readonly string[], because: string): Failure | undefined {
  return texts.some((text) => text.includes("\0")) ? { code: "bad_input", because } : undefined;
}
