import { assertNever } from "../core/assert-never.ts";
import { effectOf, type AnyBuiltin, type Registry, type Undo } from "../core/builtin.ts";
import { paint, type Style } from "./style.ts";
import { absenceText, schemaText, secretText } from "./schema-text.ts";
import { table } from "./table.ts";
import { oneLine, safeLines, wrapped } from "./terminal-text.ts";
import { aboutDuration } from "./time-text.ts";
import type { Properties } from "../core/schema.ts";

/** The list of what steps can use, by area: name, effect, what it does. */
export function builtinsLines(registry: Registry, style: Style): readonly string[] {
  const areas = Map.groupBy([...registry.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)), (builtin) => builtin.name.split(".")[0] ?? "");
  return [...areas].flatMap(([area, builtins], index) => [
    ...(index === 0 ? [] : [""]),
    paint(style, "strong", area),
    ...table(builtins.map((builtin) => [builtin.name, shownEffect(builtin), builtin.title]), style.columns),
  ]);
}

/** One page of the reference. */
export function builtinPage(builtin: AnyBuiltin, style: Style): readonly string[] {
  const facts = [
    ["effect", shownEffect(builtin)],
    ["target", nameOfPlace(builtin.place)],
    ["limit", `${aboutDuration(builtin.timeoutMs)}, where the step says no \`timeout\``],
    ...(builtin.undo === undefined ? [] : [["undo", undoText(builtin.undo)]]),
    ...(builtin.oneWay === true ? [["one-way", "its change cannot be taken back: the step needs `irreversible`"]] : []),
    ...(builtin.repeatable === false ? [["retry", "refused: it may not be repeated"]] : []),
  ];
  return [
    paint(style, "strong", builtin.name),
    ...wrapped(`${builtin.title}.`, style.columns),
    "",
    ...table(facts, style.columns),
    "",
    ...safeLines(builtin.docs.trim()).flatMap((line) => wrapped(line, style.columns)),
    ...section("Inputs (`with`)", propertyRows(builtin.inputs, (schema) => `${absenceText(schema)}${secretText(schema)}`), style),
    ...section("Outputs", propertyRows(builtin.outputs, (schema) => (schema.required === false ? " (may be absent)" : "")), style),
    ...section("Actions that it may take", Object.entries(builtin.actions).map(([name, action]) => [name, action.effect, action.title]), style),
    ...section("Codes of its own", Object.entries(builtin.codes).map(([code, means]) => [code, means]), style),
    ...builtin.examples.flatMap((example) => ["", paint(style, "strong", `Example: ${oneLine(example.title)}`), ...safeLines(example.yaml.trimEnd()).map((line) => `  ${line}`)]),
  ];
}

function nameOfPlace(place: AnyBuiltin["place"]): string {
  switch (place) {
    case "required":
      return "needed: the step's `target` or the default target";
    case "optional":
      return "may be absent: then it acts on the machine that runs the runbook";
    case "none":
      return "none: it takes no `target`";
    default:
      return assertNever(place);
  }
}

/** How a builtin's change is undone, or why there is nothing to undo: a sentence. */
export function undoText(undo: Undo): string {
  return undo.kind === "steps" ? undo.how : `There is nothing to undo: ${undo.because}.`;
}

/** The effect of a builtin as the reference names it. */
function shownEffect(builtin: AnyBuiltin): string {
  return builtin.effectFromInput === true ? "as the input `effect` says" : effectOf(builtin);
}

function propertyRows(properties: Properties, absence: typeof absenceText): readonly (readonly string[])[] {
  return Object.entries(properties).map(([name, schema]) => [name, [`${schemaText(schema)}${absence(schema)}`, ...(schema.description === undefined ? [] : [schema.description])].join(": ")]);
}

function section(title: string, rows: readonly (readonly string[])[], style: Style): readonly string[] {
  return rows.length === 0 ? [] : ["", paint(style, "strong", title), ...table(rows, style.columns)];
}
