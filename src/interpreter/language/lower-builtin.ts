import { EFFECTS, type Effect } from "../../core/action.ts";
import { effectOf, type AnyBuiltin, type Registry } from "../../core/builtin.ts";
import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { emptyObject, ownValue } from "../../core/json.ts";
import { nearestName } from "../../core/names.ts";
import type { Properties, Schema } from "../../core/schema.ts";
import { textAt } from "./lower-declare.ts";
import { hasKey, valueAt, type MapNode, type ScalarNode } from "./node.ts";

/** Why `uses` names no builtin: the nearest one, else the areas that there are. */
export function unknownBuiltin(uses: ScalarNode, registry: Registry): Diagnostic {
  const near = nearestName(uses.text, registry.keys());
  const area = uses.text.split(".", 1)[0] ?? "";
  const inArea = [...registry.keys()].filter((name) => name.startsWith(`${area}.`));
  const areas = [...new Set([...registry.keys()].map((name) => name.split(".", 1)[0] ?? ""))];
  const hint = near !== undefined ? `did you mean \`${near}\`?`
    : inArea.length > 0 ? `\`${area}\` has ${inArea.map((name) => `\`${name}\``).join(", ")}`
    : `areas: ${areas.map((name) => `\`${name}\``).join(", ")}; \`runbook builtins\` lists all`;
  return errorAt(uses.span, "unknown-builtin", `there is no builtin \`${uses.text}\``, hint);
}

/** The literal that an input of a builtin is given, or its default; undefined where it is a template or nothing. */
function literalOf(builtin: AnyBuiltin, inputs: MapNode | undefined, name: string): string | undefined {
  const given = inputs === undefined ? undefined : textAt(inputs, name);
  if (given !== undefined) return given.includes("{{") ? undefined : given;
  const schema = ownValue(builtin.inputs, name);
  return schema?.type === "string" ? schema.default : undefined;
}

/** What a step does to the world: the worst of its builtin's declared actions, or, where the builtin leaves it to the author, the literal input `effect`. */
export function effectOfUse(builtin: AnyBuiltin, inputs: MapNode | undefined): Effect {
  if (builtin.effectFromInput !== true) return effectOf(builtin);
  const named = EFFECTS.find((effect) => effect === literalOf(builtin, inputs, "effect"));
  return named ?? effectOf(builtin);
}

/** An effect that is left to the author is a literal: what a step may do stands in the file. */
export function effectFault(builtin: AnyBuiltin, inputs: MapNode | undefined): Diagnostic | undefined {
  const given = inputs === undefined || builtin.effectFromInput !== true ? undefined : valueAt(inputs, "effect");
  if (given?.kind !== "scalar" || !given.text.includes("{{")) return undefined;
  return errorAt(given.span, "effect-not-literal", "`effect` is a literal: a reviewer must see what the step may do", "write `reads`, `changes`, `disrupts` or `destroys`");
}

const ANSWER_TYPES: Readonly<Record<string, Schema>> = { string: { type: "string" }, integer: { type: "integer" }, number: { type: "number" }, boolean: { type: "boolean" } };

function without(properties: Properties, names: readonly string[]): Properties {
  const kept = emptyObject<Schema>();
  for (const [name, schema] of Object.entries(properties)) if (!names.includes(name)) kept[name] = schema;
  return kept;
}

/**
 * The outputs that a use of a builtin has. Two builtins' inputs say what comes out (language.md sections 7 and 9): `type` of
 * `human.ask` is the type of `answer`; `parse` of `run.*` says whether `lines` or `json` is there, and where nothing but a
 * run of the program can end the step (no `done-when`), what it printed is always there.
 */
export function outputsOfUse(builtin: AnyBuiltin, inputs: MapNode | undefined): Schema {
  const { outputs } = builtin;
  if (builtin.name === "human.ask") {
    const answer = ANSWER_TYPES[literalOf(builtin, inputs, "type") ?? ""];
    return { type: "object", properties: answer === undefined ? outputs : { ...outputs, answer } };
  }
  const parse = builtin.name.startsWith("run.") ? literalOf(builtin, inputs, "parse") : undefined;
  if (parse === undefined) return { type: "object", properties: outputs };
  const there = without(outputs, ["lines", "json"].filter((name) => name !== parse));
  if (inputs !== undefined && hasKey(inputs, "done-when")) return { type: "object", properties: there };
  const sure = emptyObject<Schema>();
  for (const [name, schema] of Object.entries(there)) sure[name] = { ...schema, required: true };
  return { type: "object", properties: sure };
}
