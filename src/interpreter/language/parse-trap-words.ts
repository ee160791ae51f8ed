import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import type { Source } from "../../core/source.ts";
import type { Trap } from "./parse-traps.ts";

/** Longer values are not repeated in a hint. */
const SHOWN = 100;

/** What YAML makes of the value, and how it is quoted. */
export function diagnosticOfTrap(trap: Trap, source: Source): Diagnostic {
  const value = source.text.slice(trap.start, trap.end);
  const tight = /(?<=[{,]\s*)([\w-]+):(?=["'\w])/.exec(value);
  if (value.startsWith("{") && !value.startsWith("{{") && tight !== null) {
    const start = trap.start + tight.index + tight[0].length;
    return errorAt({ source, start, end: start }, "missing-blank", `a blank is missing behind \`${tight[0]}\``, `\`${tight[0]} …\``);
  }
  const quoted = value.length > SHOWN ? "put the whole value into quotes" : `quote it: ${trap.key === "" ? "" : `${trap.key}: `}${inQuotes(value)}`;
  return errorAt({ source, start: trap.start, end: trap.end }, "needs-quotes", messageOf(trap, value), quoted);
}

function messageOf(trap: Trap, value: string): string {
  if (value.startsWith("{{")) return "a value that begins with `{{` is a mapping to YAML";
  const first = value[0] ?? "";
  switch (first) {
    case "!":
      return "a value that begins with `!` is a tag to YAML";
    case "&":
      return "a value that begins with `&` is an anchor to YAML";
    case "*":
      return "a value that begins with `*` is a reference to an anchor to YAML";
    case '"':
    case "'":
      return `a value that begins with ${first} ends at the next ${first}, and something follows`;
    case "[":
      return "a value that begins with `[` is a list to YAML and ends at `]`, and something follows";
    case "{":
      return "a value that begins with `{` is a mapping to YAML and ends at `}`, and something follows";
  }
  if (/^[-?](?:\s|$)/.test(value)) return `\`${first}\` before a blank is a mark of YAML and no text`;
  if (trap.fault.code === "comma-ended-value") return "the comma ended the value";
  if (trap.fault.code === "bad-start") return "no value may begin with this character unless it is quoted";
  if (value.includes("{{") && /[{}[\],]/.test(value)) return "an unquoted `{{` inside brackets is a mapping to YAML";
  if (/:\s/.test(value)) return "`: ` inside a value begins a mapping to YAML";
  return "brackets or commas inside a value end it before its end";
}

/** The value in the quotes that need the fewest changes. */
function inQuotes(value: string): string {
  if (!value.includes("'")) return `'${value}'`;
  if (!/["\\]/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", "''")}'`;
}
