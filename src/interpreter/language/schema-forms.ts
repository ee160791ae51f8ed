/** How a scalar may look. */
export interface Form {
  /** The whole of what is legal as text, without templates; undefined: every text. */
  readonly pattern: string | undefined;
  /** What is wanted, as a message says it: "a duration such as `10m`". */
  readonly wanted: string;
  /** The types that YAML's core schema gives to legal texts, besides string: what an editor's validator sees. */
  readonly yamlTypes: readonly ("integer" | "number" | "boolean")[];
}

/** A name of a form. */
export type FormName =
  | "text" | "literal" | "name" | "target-name" | "expression" | "duration" | "size" | "integer" | "number" | "boolean" | "date" | "language"
  | "account" | "port" | "count" | "list-template" | "map-template";

const RESERVED = "in|true|false|null|undefined|this";

/** A text that holds the opening braces of a template. */
export const HOLDS_TEMPLATE = "\\{\\{";

/** Every form. The patterns are those of `core/names`, `core/quantity` and `convert`, as JSON Schema takes them. */
export const FORMS: Readonly<Record<FormName, Form>> = {
  text: { pattern: undefined, wanted: "a text", yamlTypes: ["number", "boolean"] },
  literal: { pattern: "^(?![\\s\\S]*\\{\\{)", wanted: "a text without templates", yamlTypes: ["number", "boolean"] },
  name: { pattern: `^(?!(?:${RESERVED})$)[a-z][a-z0-9_]*$`, wanted: "a name of lower-case letters, digits and `_` that begins with a letter", yamlTypes: [] },
  "target-name": {
    pattern: `^(?!(?:local|${RESERVED})$)[a-z][a-z0-9_]*$`,
    wanted: "a name of lower-case letters, digits and `_` that begins with a letter, and not `local`",
    yamlTypes: [],
  },
  expression: { pattern: undefined, wanted: "a CEL expression", yamlTypes: ["number", "boolean"] },
  duration: {
    pattern: "^(?=[0-9])(?:[0-9]{1,9}d)?(?:[0-9]{1,9}h)?(?:[0-9]{1,9}m)?(?:[0-9]{1,9}s)?(?:[0-9]{1,12}ms)?$",
    wanted: "a duration such as `90s`, `10m` or `1h30m`",
    yamlTypes: [],
  },
  size: { pattern: "^[0-9]{1,15}(?:\\.[0-9]{1,9})?(?:B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$", wanted: "a size such as `200MB` or `2GiB`", yamlTypes: [] },
  integer: { pattern: "^-?(?:0|[1-9][0-9]*)$", wanted: "a whole number", yamlTypes: ["integer"] },
  number: { pattern: "^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$", wanted: "a number", yamlTypes: ["number"] },
  boolean: { pattern: "^(?:true|false)$", wanted: "`true` or `false`", yamlTypes: ["boolean"] },
  date: { pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", wanted: "a date such as `2026-11-30`", yamlTypes: [] },
  language: { pattern: "^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$", wanted: "a language such as `ja`", yamlTypes: [] },
  account: { pattern: "^(?!(?:true|false|yes|no)$)[A-Za-z_][A-Za-z0-9_.-]*[$]?$", wanted: "the name of an account, such as `root`", yamlTypes: [] },
  port: { pattern: "^(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$", wanted: "a port from 1 to 65535", yamlTypes: ["integer"] },
  count: { pattern: "^[1-9][0-9]{0,5}$", wanted: "a whole number from 1", yamlTypes: ["integer"] },
  "list-template": { pattern: "^\\{\\{[\\s\\S]*\\}\\}$", wanted: "a list, or one `{{…}}` that gives a list", yamlTypes: [] },
  "map-template": { pattern: "^\\{\\{[\\s\\S]*\\}\\}$", wanted: "a mapping, or one `{{…}}` that gives one", yamlTypes: [] },
};

/** The form that a name of a schema (`duration`, `duration.t`) speaks of; undefined where it is none. */
export function formNamed(schema: string): FormName | undefined {
  const name = schema.replace(/\.t$/, "");
  return Object.hasOwn(FORMS, name) ? (name as FormName) : undefined;
}
