import { NAME, RESERVED_NAMES } from "../../core/names.ts";
import { formatDuration, parseDuration, parseSize } from "../../core/quantity.ts";
import type { Node } from "./node.ts";
import type { FormName } from "./schema-forms.ts";

/** A value that stands where something of another shape is wanted. */
export interface OddShape {
  /** Name of the record, case or form that was not met. */
  readonly schema: string;
  readonly form: FormName | undefined;
  /** The type that JSON Schema wanted: `array`, `object`, `string`. */
  readonly wanted: string;
  readonly node: Node;
  /** The key whose value it is, or its place in a list. */
  readonly key: string;
}

/** How a record is begun, by its name. */
const BEGINNINGS: Readonly<Record<string, (key: string, text: string) => string>> = {
  input: (key) => `write \`${key}: { description: … }\`; a value of its own stands under \`default\``,
  target: (key, text) => `write \`${key}: { address: ${text === "" ? "…" : text.includes("{{") ? `"${text}"` : text} }\``,
  retry: (_key, text) => `write \`retry: { attempts: ${/^\d+$/.test(text) ? text : "3"} }\``,
  step: (key) => (/^\d+$/.test(key) ? "a step begins with `- id: …`" : "write `with:` and below it one `name: value` a line"),
  probe: (key) => `write \`${key}:\` and below it \`uses\`, \`every\` and \`up\``,
  reference: () => "write `- title: …`",
  transport: (key) => `write \`${key}: { kind: local }\``,
  condition: () => "write `that: …`, and `because: …` for the sentence that says what is wrong",
};

/** How to write a value in the shape that is wanted; undefined where the message says it all. */
export function shapeHint({ schema, form, wanted, node, key }: OddShape): string | undefined {
  const written = node.span.source.text.slice(node.span.start, node.span.end);
  if (form === "expression" && !/[\r\n]/.test(written)) return `quote it: ${/^\d*$/.test(key) ? "" : `${key}: `}'${written.replaceAll("'", "''")}'`;
  if (form === "text" || form === "literal") return "a text of several lines begins with `|` or `>`; one that holds brackets or `: ` is quoted";
  if (wanted === "array" && node.kind === "scalar") return "begin each item on a line of its own with `- `, or write `[…]`";
  if (wanted === "array") return "begin each item with `- `";
  if (schema.startsWith("with.")) return "write `with:` and below it one `name: value` a line";
  return Object.hasOwn(BEGINNINGS, schema) ? BEGINNINGS[schema]?.(key, node.kind === "scalar" ? node.text : "") : undefined;
}

const YES = /^(?:yes|on|y|True|TRUE|1)$/;
const NO = /^(?:no|off|n|False|FALSE|0)$/;

/** What was probably meant by a text that does not have the form of its place; undefined where nobody can tell. */
export function formHint(form: FormName, text: string): string | undefined {
  if (form === "duration") return /^\d+$/.test(text) ? `a unit is missing: \`${text}s\`, \`${text}m\` or \`${text}h\`` : did(durationMeant(text));
  if (form === "size") return /^\d+$/.test(text) ? `a unit is missing: \`${text}kB\`, \`${text}MB\` or \`${text}GB\`` : did(sizeMeant(text));
  if (form === "boolean" && (YES.test(text) || NO.test(text))) return `write \`${YES.test(text)}\``;
  if (form !== "name" && form !== "target-name") return undefined;
  if (text.includes("{{")) return "a name takes no template";
  if (!/^[ -~]+$/.test(text)) return undefined;
  const near = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^[_0-9]+|_+$/g, "");
  return NAME.test(near) && !RESERVED_NAMES.has(near) && near !== text ? `write \`${near}\`` : undefined;
}

function did(meant: string | undefined): string | undefined {
  return meant === undefined ? undefined : `write \`${meant}\``;
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const WORDS: readonly (readonly [RegExp, keyof typeof UNITS])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/i, "ms"], [/^(?:s|secs?|seconds?)$/i, "s"], [/^(?:m|mins?|minutes?)$/i, "m"], [/^(?:h|hrs?|hours?)$/i, "h"], [/^(?:d|days?)$/i, "d"],
];

/** The duration behind `5 min`, `1.5h`, `1h 30m`, `PT5M` and `00:10:00`. */
function durationMeant(text: string): string | undefined {
  const clock = /^(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(text);
  if (clock !== null) return shortest(Number(clock[1]) * 3_600_000 + Number(clock[2]) * 60_000 + Number(clock[3]) * 1000);
  const parts = [...text.replace(/^P(?:T(?=\d)|(?=\d))/, "").matchAll(/(\d{1,9}(?:\.\d{1,3})?)\s*([A-Za-z]+)|\S/g)];
  let ms = 0;
  for (const [, count, unit] of parts) {
    const known = WORDS.find(([pattern]) => unit !== undefined && pattern.test(unit))?.[1];
    if (count === undefined || known === undefined) return undefined;
    ms += Number(count) * (UNITS[known] ?? 0);
  }
  return parts.length === 0 ? undefined : shortest(ms);
}

function shortest(ms: number): string | undefined {
  const text = formatDuration(ms);
  return parseDuration(text) === ms ? text : undefined;
}

/** The size behind `200 MB`, `200mb` and `200M`. */
function sizeMeant(text: string): string | undefined {
  const found = /^(\d{1,12}(?:\.\d{1,9})?)\s*([kmgt])(i?)b?$/i.exec(text);
  if (found === null) return undefined;
  const meant = `${found[1] ?? ""}${(found[2] ?? "").toUpperCase()}${found[3] === "" ? "" : "i"}B`;
  return parseSize(meant) === undefined ? undefined : meant;
}
