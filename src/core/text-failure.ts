import type { Action } from "./action.ts";
import { assertNever } from "./assert-never.ts";
import type { Failure } from "./failure.ts";

/**
 * Why no system can be given this: a text of it holds a NUL character, with which arguments and paths end, or half of a letter (a lone surrogate,
 * `"\ud800"` of a JSON text), which no bytes stand for. Undefined where none does. Input of a program may hold NUL, and parameters of PowerShell may hold both.
 */
export function textFailure(action: Action): Failure | undefined {
  switch (action.kind) {
    case "program": {
      const texts = [action.program, ...action.args, action.folder ?? "", ...Object.entries(action.env ?? {}).flat()];
      return failureIn(texts, `an argument of ${action.program}`, "no program") ?? (isWhole(action.stdin ?? "") ? undefined : broken(`the input of ${action.program}`, HALF, "no program"));
    }
    case "job":
      return failureIn([action.program, ...action.args, action.log ?? ""], `an argument of ${action.program}`, "no program");
    case "put":
      return failureIn([action.from, action.to], "a path", "no system");
    case "get":
      return failureIn([action.from], "a path", "no system");
    case "stat":
    case "source":
      return failureIn([action.path], "a path", "no system");
    case "cmdlet":
    case "script":
    case "jobs":
      return undefined;
    default:
      return assertNever(action);
  }
}

const NUL = "a NUL character";
const HALF = "half of a letter (a lone surrogate)";

function failureIn(texts: readonly string[], where: string, whom: string): Failure | undefined {
  if (texts.some((text) => text.includes("\0"))) return broken(where, NUL, whom);
  return texts.every(isWhole) ? undefined : broken(where, HALF, whom);
}

function broken(where: string, what: string, whom: string): Failure {
  return { code: "bad_input", because: `${where} holds ${what}, which ${whom} can be given` };
}

function isWhole(text: string): boolean {
  return text.isWellFormed();
}
