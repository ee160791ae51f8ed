import type { Action } from "../core/action.ts";
import { assertNever } from "../core/assert-never.ts";
import type { Json } from "../core/json.ts";
import { isJsonObject } from "../core/json.ts";
import { showHoles } from "../core/plan.ts";
import { formatSize } from "../core/quantity.ts";
import { oneLine, safeLines } from "./terminal-text.ts";

/** An action as a line for people: quoted so that it can be read, not so that a shell could run it. Holes stand as `⟨name⟩`. */
export function commandLine(action: Action): string {
  switch (action.kind) {
    case "program":
      return words([action.program, ...action.args]);
    case "job":
      return `${words([action.program, ...action.args])} (as a job)`;
    case "cmdlet":
      return [oneLine(action.name), ...parameters(action.parameters)].join(" ");
    case "script":
      return [`powershell { ${scriptText(action.script)} }`, ...parameters(action.parameters)].join(" ");
    case "put":
      return `copy ${word(action.from)} to ${word(action.to)}`;
    case "get":
      return `fetch ${word(action.from)} (at most ${formatSize(action.limitBytes)})`;
    case "stat":
      return `look at the file ${word(action.path)}`;
    case "jobs":
      return "list the jobs of earlier runs";
    case "source":
      return action.as === undefined ? `look at the file ${word(action.path)} on this machine` : `look into the ${action.as} ${word(action.path)} on this machine`;
    default:
      return assertNever(action);
  }
}

function words(parts: readonly string[]): string {
  return parts.map(word).join(" ");
}

/** A word as it is, in double quotes where it holds a blank or is empty; in single quotes where a shell would make something of it. */
function word(text: string): string {
  const shown = oneLine(showHoles(text));
  if (/[$`!;&|<>]/u.test(shown)) return `'${shown.replaceAll("'", "'\\''")}'`;
  return shown === "" || /[\s"]/u.test(shown) ? `"${shown.replaceAll('"', '\\"')}"` : shown;
}

function parameters(values: Readonly<Record<string, Json>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => (value === true ? `-${oneLine(name)}` : typeof value === "boolean" ? `-${oneLine(name)}:${psValue(value)}` : `-${oneLine(name)} ${psValue(value)}`));
}

function psValue(value: Json): string {
  if (value === null) return "$null";
  if (typeof value === "boolean") return `$${value}`;
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    const shown = oneLine(showHoles(value));
    return /^[\w.\-⟨⟩\\:]+$/u.test(shown) ? shown : `'${shown.replaceAll("'", "''")}'`;
  }
  if (isJsonObject(value)) return `@{${Object.entries(value).map(([name, item]) => `${oneLine(name)} = ${psValue(item)}`).join("; ")}}`;
  return value.map(psValue).join(",");
}

function scriptText(script: string): string {
  const lines = safeLines(showHoles(script)).map((line) => line.trim()).filter((line) => line !== "");
  return lines.join("; ");
}
