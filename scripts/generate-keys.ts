import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { builtins } from "../src/builtins/index.ts";
import { assertNever } from "../src/core/assert-never.ts";
import type { Registry } from "../src/core/builtin.ts";
import { composeGrammars } from "../src/interpreter/language/compose-schema.ts";
import { FORMS } from "../src/interpreter/language/schema-forms.ts";
import type { KeyPlace, Place, RecordPlace } from "../src/interpreter/language/schema-place.ts";

/** The page of all keys. */
export const KEYS_PAGE = fileURLToPath(new URL("../docs/keys.md", import.meta.url));

/** Where the files of a kind are described in words. Worlds have a page of their own, with their keys. */
const KINDS: Readonly<Record<string, string>> = {
  runbook: "A runbook (`runbook: 1`)",
  inventory: "An inventory (`inventory: 1`)",
  texts: "Texts in another language (`texts: 1`)",
  config: "A project (`config: 1`)",
};

/** What may stand at a place, in a few words. */
function wanted(place: Place): string {
  switch (place.kind) {
    case "scalar":
      return `${FORMS[place.form].wanted}${place.templates === "allowed" && place.form !== "text" && !place.form.endsWith("-template") ? ", or a template that gives one" : ""}`;
    case "word":
      return place.words.length === 1 ? `\`${place.words[0] ?? ""}\`` : `one of ${place.words.map((word) => `\`${word}\``).join(", ")}${place.templates === "allowed" ? ", or a template" : ""}`;
    case "list":
      return `list${place.atLeast === undefined ? "" : ", not empty"}: ${wanted(place.items)}`;
    case "map":
      return place.values.kind === "any" ? "mapping" : `mapping: name → ${wanted(place.values)}`;
    case "record":
      return place.name.startsWith("with.") ? "mapping" : `mapping ([${place.name}](#${anchor(place.name)}))`;
    case "either":
      return [place.scalar, place.list, place.map].flatMap((part) => (part === undefined ? [] : [wanted(part)])).join(", or ");
    case "any":
      return "value";
    default:
      return assertNever(place);
  }
}

function anchor(name: string): string {
  return name.replaceAll(".", "");
}

function absence({ required, default: fallback }: KeyPlace): string {
  if (required === true) return "required";
  return fallback === undefined ? "" : `default \`${String(fallback)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function rules({ exactlyOne, needs, excludes }: RecordPlace): readonly string[] {
  const names = (keys: readonly string[]): string => keys.map((key) => `\`${key}\``).join(", ");
  return [
    ...(exactlyOne === undefined ? [] : [`Exactly one of ${names(exactlyOne)}.`]),
    ...Object.entries(needs ?? {}).map(([key, needed]) => `\`${key}\` needs \`${needed}\` beside it.`),
    ...Object.entries(excludes ?? {}).map(([key, refused]) => `Beside \`${key}\` there is no ${names(refused)}.`),
  ];
}

function recordSection(record: RecordPlace): readonly string[] {
  const rows = Object.entries(record.keys).map(([key, place]) => `| \`${key}\` | ${cell(absence(place))} | ${cell(wanted(place.place))} | ${cell(place.description)} |`);
  const own = rules(record);
  return ["", `### ${record.name}`, "", "| Key | | Value | |", "|---|---|---|---|", ...rows, ...(own.length === 0 ? [] : ["", own.join(" ")])];
}

/** The page of all keys, made from the descriptions that the validators are made from. */
export function keysPage(registry: Registry): string {
  const sections = composeGrammars(registry, { type: "object", properties: {} }).flatMap(({ root, records }) => {
    const title = KINDS[root];
    const own = records.filter(({ name }) => !name.includes("."));
    return title === undefined ? [] : ["", `## ${title}`, ...own.flatMap(recordSection)];
  });
  const head = ["# Keys", "", "Every key of every file, in the order of the schemas. What they mean together is in [language.md](language.md); world files are in", "[worlds.md](worlds.md). This page is made by `npm run generate`."];
  return `${[...head, ...sections].join("\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(KEYS_PAGE, keysPage(builtins));
