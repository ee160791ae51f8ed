import { errorAt, warningAt } from "../../core/diagnostic.ts";
import type { Setting, Template } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import type { Span } from "../../core/source.ts";
import { hushed, refuseSecrets } from "./check-secret.ts";
import { checkReads, checkText, typeOfTemplate, type Missing } from "./check-template.ts";
import { isMisfit, typeName } from "./check-type.ts";
import { convertText } from "./convert.ts";
import { limitedTo, type FileContext, type Place } from "./lower-context.ts";
import { spanInside, type Node, type ScalarNode } from "./node.ts";
import { parseTemplate, singleValueOf } from "./template.ts";
import { isAbsent } from "./validate-plain.ts";

/** Parses a scalar as a template and reports its faults; undefined where there are any, or where it is no scalar (the validator has said so). */
export function parsedTemplate(node: Node | undefined, context: FileContext): Template | undefined {
  if (node?.kind !== "scalar") return undefined;
  const parsed = parseTemplate(node);
  const dollar = node.text.indexOf("${{");
  if (dollar !== -1) context.report(warningAt(spanInside(node, dollar, dollar + 3), "dollar-braces", "the `$` before `{{` stays in the text", "a value is put in with `{{…}}` alone; leave the `$` out unless it is meant"));
  if (parsed.kind === "ok") return parsed.value;
  parsed.error.forEach(context.report);
  return undefined;
}

/** Inputs of builtins that are texts for people, beside `because`. */
export const INPUT_TEXTS = ["question", "instructions", "show"] as const;

/** A text for people. A secret in it prints as `***`. */
export function lowerText(node: Node | undefined, place: Place, context: FileContext, missing: Missing = "is-an-error"): Template | undefined {
  const template = parsedTemplate(node, context);
  if (template === undefined) return undefined;
  checkReads(template, missing, place, context);
  checkText(template, place, context);
  return hushed(template, place);
}

/** A text for a place that takes any text. `where` names it: a secret in it is refused. */
export function lowerPlainText(node: Node | undefined, where: string, place: Place, context: FileContext): Template | undefined {
  const template = parsedTemplate(node, context);
  if (template === undefined) return undefined;
  checkReads(template, "is-an-error", place, context);
  checkText(template, place, context);
  refuseSecrets(template, where, place, context);
  return template;
}

/** A `because`: an absent value prints as `–` there. */
export function lowerBecause(node: Node | undefined, place: Place, context: FileContext): Template | undefined {
  return lowerText(node, place, context, "prints-as-dash");
}

/** A template without braces that says this text. */
export function plainTemplate(text: string, span: Span): Template {
  return { span, text, parts: text === "" ? [] : [{ kind: "text", text }] };
}

/** True if a scalar holds braces. */
export function hasBraces(node: ScalarNode): boolean {
  return node.text.includes("{{");
}

/** A text as it is written, where no template may stand; undefined where it is absent. */
export function plainText(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" && node.text !== "" ? node.text : undefined;
}

const KNOWN_BEFORE = "it is known before the run begins: only `inputs` and `vars` can be read here";

/** The place of a limit or a number: only inputs and vars are in reach. */
export function settingPlace(place: Place): Place {
  return limitedTo(place, ["inputs", "vars"], KNOWN_BEFORE);
}

/** Where a setting is given by an input of another type: what the input would have to say. */
function declaredHint(template: Template, type: Schema, wanted: Schema): string | undefined {
  const value = singleValueOf(template);
  if (type.type === wanted.type) return undefined;
  if (value?.kind === "path" && value.path[0] === "inputs") return `declare \`${value.path[1] ?? ""}\` with \`type: ${wanted.type}\``;
  return value === undefined ? "text that is put together is never read as anything else: hand on one input" : undefined;
}

/** A limit, a delay, a number: a literal of this type, or a template over inputs and vars that gives one. */
export function lowerSetting(node: Node | undefined, schema: Schema, name: string, place: Place, context: FileContext): Setting | undefined {
  const template = parsedTemplate(node, context);
  if (template === undefined || node?.kind !== "scalar" || isAbsent(node)) return undefined;
  if (!hasBraces(node)) {
    const converted = convertText(template.text, schema);
    if (converted.kind === "error") context.report(errorAt(node.span, "wrong-value", `\`${name}\` ${converted.error}`));
    return { template, schema };
  }
  const inner = settingPlace(place);
  checkReads(template, "is-an-error", inner, context);
  refuseSecrets(template, `\`${name}\``, inner, context);
  const type = typeOfTemplate(template, inner);
  if (isMisfit(type, schema)) context.report(errorAt(node.span, "wrong-type", `\`${name}\` wants ${typeName(schema)}, and this is ${typeName(type)}`, declaredHint(template, type, schema)));
  return { template, schema };
}
