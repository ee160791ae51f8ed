import { STRING_FORMATS } from "../../core/schema.ts";
import { type CasesPlace, type KeyPlace, LITERAL, listOf, mapOf, type Place, recordOf, type RecordPlace, scalarOf } from "./schema-place.ts";

const TYPES = ["string", "integer", "number", "boolean", "duration", "size", "list", "object"] as const;

const VALUE: Place = { kind: "any" };
const BOOLEAN: Place = scalarOf("boolean", "none");

const TYPE_KEYS: Readonly<Record<string, KeyPlace>> = {
  type: { place: { kind: "word", words: TYPES, templates: "none" }, default: "string", description: "What the value is." },
  pattern: { place: LITERAL, description: "Regular expression (RE2) that a string must match." },
  enum: { place: listOf(LITERAL, 1), description: "The only values that are allowed." },
  minimum: { place: LITERAL, description: "The least value." },
  maximum: { place: LITERAL, description: "The greatest value." },
  format: { place: { kind: "word", words: STRING_FORMATS, templates: "none" }, description: "What a string is; names of machines are brought to one case." },
  items: { place: { kind: "either", scalar: { kind: "word", words: TYPES, templates: "none" }, map: recordOf("item") }, description: "What the items of a list are: a type, or the same grammar." },
  properties: { place: mapOf(recordOf("property")), description: "The keys of an object, each in the same grammar." },
  default: { place: VALUE, description: "The value where none is given." },
  examples: { place: listOf(VALUE, 1), description: "Values as they look, shown where the input is asked for." },
  remember: { place: BOOLEAN, description: "`true`: takes only remembered outputs." },
  required: { place: BOOLEAN, description: "Must be given. Without it: true where there is no default." },
};

const SECRET_KEYS: Readonly<Record<string, KeyPlace>> = {
  secret: { place: BOOLEAN, description: "`true`: it is never shown, written down or put among a command's arguments; it goes only to inputs that are declared `secret`." },
  from: { place: recordOf("from"), description: "Where a secret is asked for, unless the inventory, `--values` or the environment say another source." },
};

const DESCRIPTION = "What it is, for the person who is asked for it.";

/** Inputs and the parts of their grammar (language.md section 3). */
export const INPUT_RECORDS: readonly RecordPlace[] = [
  { name: "input", title: "an input", keys: { ...TYPE_KEYS, ...SECRET_KEYS, description: { place: LITERAL, required: true, description: DESCRIPTION } }, cases: "types", needs: { from: "secret" } },
  { name: "property", title: "a property", keys: { ...TYPE_KEYS, description: { place: LITERAL, description: DESCRIPTION } }, cases: "types" },
  { name: "item", title: "an item's grammar", keys: { ...TYPE_KEYS, description: { place: LITERAL, description: DESCRIPTION } }, cases: "types" },
  {
    name: "from",
    title: "the source of a secret",
    keys: {
      env: { place: LITERAL, description: "An environment variable of the runner." },
      file: { place: LITERAL, description: "A file on the machine that runs the runbook, relative to the file that says it. One line end that closes it is left out." },
      command: { place: listOf(LITERAL, 1), description: "A program on that machine, with its arguments: what it prints, without the line end that closes it." },
    },
    exactlyOne: ["env", "file", "command"],
  },
];

/** The keys that only some types can honour. */
const TYPED_KEYS = ["pattern", "enum", "minimum", "maximum", "format", "items", "properties"];

function only(...allowed: readonly string[]): { readonly excludes: readonly string[] } {
  return { excludes: TYPED_KEYS.filter((key) => !allowed.includes(key)) };
}

/** Which keys belong to which type. */
export const TYPE_CASES: CasesPlace = {
  name: "types",
  key: "type",
  absent: "string",
  branches: {
    string: only("pattern", "enum", "format"),
    integer: { ...only("enum", "minimum", "maximum"), keys: { minimum: scalarOf("integer", "none"), maximum: scalarOf("integer", "none"), enum: listOf(scalarOf("integer", "none"), 1) } },
    number: { ...only("minimum", "maximum"), keys: { minimum: scalarOf("number", "none"), maximum: scalarOf("number", "none") } },
    boolean: only(),
    duration: { ...only("minimum", "maximum"), keys: { minimum: scalarOf("duration", "none"), maximum: scalarOf("duration", "none") } },
    size: { ...only("minimum", "maximum"), keys: { minimum: scalarOf("size", "none"), maximum: scalarOf("size", "none") } },
    list: { ...only("items"), requires: ["items"] },
    object: { ...only("properties"), requires: ["properties"] },
  },
};
