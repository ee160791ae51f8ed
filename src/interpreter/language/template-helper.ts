import type { Json } from "../../core/json.ts";

/** What rendering gives: a value; or the name that has none, with a sentence; or a sentence that says why the value does not fit its place. */
export type Rendered<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "absent"; readonly path: string; readonly because: string }
  | { readonly kind: "error"; readonly because: string };

/** A helper: how many arguments it takes, how it is written, and what it gives. `default` is not called here: it decides before its second argument is rendered. */
export interface TemplateHelper {
  readonly least: number;
  readonly most: number;
  readonly usage: string;
  readonly call: (args: readonly Json[]) => Rendered<Json>;
}

/** A scalar as text, in its shortest exact form. A list, an object and null are none: the answer says so. */
export function textOf(value: Json): Rendered<string> {
  if (typeof value === "string") return { kind: "ok", value };
  if (typeof value === "number" || typeof value === "boolean") return { kind: "ok", value: String(value) };
  if (value === null) return { kind: "error", because: "null is no text" };
  if (Array.isArray(value)) return { kind: "error", because: "a list is no text: use `join` or `json`" };
  return { kind: "error", because: "an object is no text: name one of its parts, or use `json`" };
}

/** The closed list of helpers, by name. */
export const TEMPLATE_HELPERS: ReadonlyMap<string, TemplateHelper> = new Map<string, TemplateHelper>([
  ["lower", { least: 1, most: 1, usage: "lower NAME", call: ofTexts((text) => text.toLowerCase()) }],
  ["upper", { least: 1, most: 1, usage: "upper NAME", call: ofTexts((text) => text.toUpperCase()) }],
  ["basename", { least: 1, most: 1, usage: "basename NAME", call: ofTexts(basename) }],
  ["replace", { least: 3, most: 3, usage: 'replace NAME "old" "new"', call: ofTexts((text, old, by) => (old === "" ? text : text.replaceAll(old, () => by))) }],
  ["join", { least: 1, most: 2, usage: 'join NAME ", "', call: ([list = null, between = ", "]) => join(list, between) }],
  ["json", { least: 1, most: 1, usage: "json NAME", call: ([value = null]) => ({ kind: "ok", value: JSON.stringify(value) }) }],
  ["default", { least: 2, most: 2, usage: 'default NAME "value"', call: ([value = null]) => ({ kind: "ok", value }) }],
]);

function ofTexts(change: (text: string, second: string, third: string) => string): TemplateHelper["call"] {
  return (args) => {
    const texts: string[] = [];
    for (const arg of args) {
      const text = textOf(arg);
      if (text.kind !== "ok") return text;
      texts.push(text.value);
    }
    const [text = "", second = "", third = ""] = texts;
    return { kind: "ok", value: change(text, second, third) };
  };
}

/** The last part of a path of either kind: `/srv/a.msp`, `C:\kb\a.msp` and `C:\kb\a.msp\` all give `a.msp`. */
function basename(path: string): string {
  return path.replace(/[\\/]+$/, "").replace(/^.*[\\/]/s, "");
}

function join(list: Json, between: Json): Rendered<Json> {
  if (!Array.isArray(list)) return { kind: "error", because: "`join` takes a list" };
  const separator = textOf(between);
  if (separator.kind !== "ok") return separator;
  const texts: string[] = [];
  for (const item of list as readonly Json[]) {
    const text = textOf(item);
    if (text.kind !== "ok") return text;
    texts.push(text.value);
  }
  return { kind: "ok", value: texts.join(separator.value) };
}
