import { assertNever } from "../core/assert-never.ts";
import type { Json } from "../core/json.ts";

/** A text inside CLIXML: every UTF-16 unit that is not plain ASCII as `_xHHHH_`, so that lone halves and control characters arrive as they were. */
function escapeText(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
    .replace(/[^\x20-\x7e]/g, (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

function numberElement(value: number, name: string): string {
  if (!Number.isInteger(value)) return `<Db${name}>${value}</Db>`;
  return Math.abs(value) < 2 ** 31 ? `<I32${name}>${value}</I32>` : `<I64${name}>${BigInt(value)}</I64>`;
}

/**
 * A JSON value as CLIXML, the one form in which values reach PowerShell: its own reader makes them, and nothing of them ever
 * stands in the text of a script. Lists become ArrayLists, objects Hashtables.
 */
export function clixmlText(value: Json): string {
  let references = 0;
  const element = (item: Json, name: string): string => {
    if (item === null) return `<Nil${name}/>`;
    switch (typeof item) {
      case "string":
        return `<S${name}>${escapeText(item)}</S>`;
      case "boolean":
        return `<B${name}>${item}</B>`;
      case "number":
        return numberElement(item, name);
      case "object": {
        const reference = ` RefId="${references++}"`;
        if (Array.isArray(item)) return `<Obj${name}${reference}><LST>${(item as readonly Json[]).map((inner) => element(inner, "")).join("")}</LST></Obj>`;
        const entries = Object.entries(item).map(([key, inner]) => `<En><S N="Key">${escapeText(key)}</S>${element(inner as Json, ' N="Value"')}</En>`);
        return `<Obj${name}${reference}><DCT>${entries.join("")}</DCT></Obj>`;
      }
      default:
        return assertNever(item);
    }
  };
  return `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${element(value, "")}</Objs>`;
}
