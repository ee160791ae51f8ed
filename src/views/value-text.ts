import { isJsonObject, type Json } from "../core/json.ts";
import { showHoles } from "../core/plan.ts";
import { oneLine } from "./terminal-text.ts";

const SHOWN_ITEMS = 12;

/** A value for people, on one line: text as it is, lists with commas, objects as `{name: value}`; what is long ends with how much more there is. An empty text is `""`. */
export function valueText(value: Json): string {
  if (typeof value === "string") return value === "" ? '""' : oneLine(showHoles(value));
  if (Array.isArray(value)) return value.length === 0 ? "(none)" : bounded(value.map((item) => valueText(item)));
  if (isJsonObject(value)) return `{${bounded(Object.entries(value).map(([name, item]) => `${oneLine(name)}: ${valueText(item)}`))}}`;
  return String(value);
}

function bounded(parts: readonly string[]): string {
  const more = parts.length - SHOWN_ITEMS;
  return more > 0 ? `${parts.slice(0, SHOWN_ITEMS).join(", ")} and ${more} more` : parts.join(", ");
}
