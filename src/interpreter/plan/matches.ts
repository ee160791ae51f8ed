import type { Action } from "../../core/action.ts";
import { HOLE_END, HOLE_START } from "../../core/plan.ts";

/** True if an action that was issued is one that the template describes: the same, but for what its holes leave open. */
export function matchesTemplate(template: Action, issued: Action): boolean {
  return matchesValue(template, issued);
}

function matchesValue(template: unknown, value: unknown): boolean {
  if (typeof template === "string") return matchesText(template, value);
  if (Array.isArray(template)) return Array.isArray(value) && matchesList(template, value);
  if (typeof template === "object" && template !== null) return matchesObject(template, value);
  return template === value;
}

function matchesObject(template: object, value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const open = Object.entries(template).find(([key]) => isManyHole(key));
  const keys = new Set([...Object.keys(template), ...Object.keys(value)].filter((key) => key !== open?.[0]));
  return [...keys].every((key) => matchesValue(Object.hasOwn(template, key) ? (template as Record<string, unknown>)[key] : open?.[1], (value as Record<string, unknown>)[key]));
}

function matchesText(template: string, value: unknown): boolean {
  const wholeHole = template.startsWith(HOLE_START) && template.indexOf(HOLE_END) === template.length - 1;
  if (wholeHole) return true;
  if (typeof value !== "string") return false;
  const [first = "", ...rest] = template.split(HOLE_START).map((piece, index) => (index === 0 ? piece : piece.slice(piece.indexOf(HOLE_END) + 1)));
  if (rest.length === 0) return template === value;
  if (!value.startsWith(first)) return false;
  const last = rest.at(-1) ?? "";
  let at = first.length;
  for (const piece of rest.slice(0, -1)) {
    const found = value.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

/** One hole whose name ends in `…` stands for any number of items, and so does one below such a name (a property of each item), or a record of those. */
function isManyHole(item: unknown): boolean {
  if (typeof item === "object" && item !== null && !Array.isArray(item)) {
    const values = Object.values(item);
    return values.length > 0 && values.every((value) => typeof value === "string" && value.startsWith(HOLE_START) && value.includes("…."));
  }
  return typeof item === "string" && item.startsWith(HOLE_START) && item.indexOf(HOLE_END) === item.length - 1 && (item.endsWith(`…${HOLE_END}`) || item.includes("…."));
}

function matchesList(template: readonly unknown[], value: readonly unknown[]): boolean {
  const many = template.findIndex(isManyHole);
  if (many === -1) return template.length === value.length && template.every((item, index) => matchesValue(item, value[index]));
  const after = template.slice(many + 1);
  if (!template.slice(0, many).every((item, index) => index < value.length && matchesValue(item, value[index]))) return false;
  for (let from = many; from <= value.length; from += 1) if (matchesList(after, value.slice(from))) return true;
  return false;
}
