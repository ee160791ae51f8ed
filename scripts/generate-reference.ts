import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtins } from "../src/builtins/index.ts";
import { effectOf, type AnyBuiltin, type Registry } from "../src/core/builtin.ts";
import { formatDuration } from "../src/core/quantity.ts";
import { isRequired, type Properties, type Schema } from "../src/core/schema.ts";
import { undoText } from "../src/views/builtins-text.ts";
import { schemaText, secretText } from "../src/views/schema-text.ts";

/** The folder of the reference. */
export const REFERENCE_FOLDER = fileURLToPath(new URL("../docs/builtins/", import.meta.url));

const PLACES: Readonly<Record<AnyBuiltin["place"], string>> = {
  required: "needed: the step's `target` or the default target",
  optional: "may be absent: then it acts on the machine that runs the runbook; what changes something there says `target: local`",
  none: "none: it takes no `target`",
};

/** A cell of a table in Markdown. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)];
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : ["", `## ${title}`, "", ...table(head, rows)];
}

function effectText(builtin: AnyBuiltin): string {
  return builtin.effectFromInput === true ? `as the input \`effect\` says; without it ${effectOf(builtin)}` : effectOf(builtin);
}

function absence(schema: Schema): string {
  if ("default" in schema && schema.default !== undefined) return `\`${JSON.stringify(schema.default)}\``;
  return isRequired(schema) ? "must be given" : "may be left out";
}

function inputRows(inputs: Properties): readonly (readonly string[])[] {
  return Object.entries(inputs).map(([name, schema]) => {
    const remembered = schema.remember === true ? "; takes only the outputs of a step with `remember: true`" : "";
    return [`\`${name}\``, schemaText(schema), absence(schema), `${schema.description ?? ""}${remembered}${secretText(schema)}`];
  });
}

function outputRows(outputs: Properties): readonly (readonly string[])[] {
  return Object.entries(outputs).map(([name, schema]) => [`\`${name}\``, schemaText(schema), schema.required === false ? "may be absent" : "", schema.description ?? ""]);
}

function actionRows(builtin: AnyBuiltin): readonly (readonly string[])[] {
  return Object.entries(builtin.actions).map(([name, action]) => {
    const settles = action.settlesWithinMs === undefined ? "" : `; shows within ${formatDuration(action.settlesWithinMs)}`;
    const often = action.effect === "reads" ? "" : `${action.atMost ?? 1} × an attempt${settles}`;
    return [`\`${name}\``, action.effect === "reads" || builtin.effectFromInput !== true ? action.effect : "as `effect` says", often, action.title];
  });
}

/** The page of a builtin, made from its value. */
export function referencePage(builtin: AnyBuiltin): string {
  const facts = [
    ["Effect", effectText(builtin)],
    ["Target", PLACES[builtin.place]],
    ["Limit", `${formatDuration(builtin.timeoutMs)}, where the step says no \`timeout\``],
    ...(builtin.undo === undefined ? [] : [["Undo", undoText(builtin.undo)]]),
    ...(builtin.oneWay === true ? [["One-way", "its change cannot be taken back: the step needs `irreversible`"]] : []),
    ...(builtin.repeatable === false ? [["Retry", "refused: it may not be repeated after a failure"]] : []),
  ];
  const lines = [
    `# ${builtin.name}`,
    "",
    `${builtin.title}.`,
    "",
    ...table(["", ""], facts),
    "",
    builtin.docs.trim(),
    ...builtin.examples.flatMap(({ title, yaml }) => ["", `## Example: ${title}`, "", "```yaml", yaml.trimEnd(), "```"]),
    ...section("Inputs", ["Name", "Type", "Default", ""], inputRows(builtin.inputs)),
    ...section("Outputs", ["Name", "Type", "", ""], outputRows(builtin.outputs)),
    ...section("Actions that it may take", ["Name", "Effect", "At most", ""], actionRows(builtin)),
    ...section("Codes of its own", ["Code", "Meaning"], Object.entries(builtin.codes).map(([code, meaning]) => [`\`${code}\``, meaning])),
  ];
  return `${lines.join("\n")}\n`;
}

function indexPage(registry: Registry): string {
  const areas = Map.groupBy([...registry.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)), ({ name }) => name.split(".")[0] ?? "");
  const lines = [
    "# Builtins",
    "",
    "What a step can use. `runbook builtins NAME` shows the same page on a terminal.",
    ...[...areas].flatMap(([area, members]) => [
      "",
      `## ${area}`,
      "",
      ...table(["Name", "Effect", ""], members.map((builtin) => [`[${builtin.name}](${builtin.name}.md)`, builtin.effectFromInput === true ? "as `effect` says" : effectOf(builtin), builtin.title])),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Every page of the reference, by the name of its file. */
export function referencePages(registry: Registry): ReadonlyMap<string, string> {
  return new Map([["README.md", indexPage(registry)], ...[...registry.values()].map((builtin) => [`${builtin.name}.md`, referencePage(builtin)] as const)]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pages = referencePages(builtins);
  mkdirSync(REFERENCE_FOLDER, { recursive: true });
  for (const file of readdirSync(REFERENCE_FOLDER)) if (!pages.has(file)) rmSync(join(REFERENCE_FOLDER, file));
  for (const [file, text] of pages) writeFileSync(join(REFERENCE_FOLDER, file), text);
}
