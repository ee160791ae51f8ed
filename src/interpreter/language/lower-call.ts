import { errorAt } from "../../core/diagnostic.ts";
import { emptyObject } from "../../core/json.ts";
import { nameHint } from "../../core/names.ts";
import type { Binding, Call, Runbook } from "../../core/runbook.ts";
import { isRequired, type Properties, type Schema } from "../../core/schema.ts";
import { reportSecret, takersHint } from "./check-secret.ts";
import { reportAbsent } from "./check-template.ts";
import { isMisfit, typeName } from "./check-type.ts";
import { lowerBindings } from "./lower-binding.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { entryAt, valueAt, type MapNode, type ScalarNode } from "./node.ts";
import { optionalPart } from "./type-scope.ts";

/** The inputs that a file declares, by name. */
function inputsOf(runbook: Runbook): Properties {
  const schemas = emptyObject<Schema>();
  for (const { name, schema } of runbook.inputs) schemas[name] = schema;
  return schemas;
}

/** `pass: [cms]` is `with: {cms: "{{inputs.cms}}"}`. */
function bindPassed(item: ScalarNode, schemas: Properties, callee: Runbook, place: Place, context: FileContext): Binding | undefined {
  const name = item.text;
  const wanted = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  const path = ["inputs", name];
  const given = place.scope.lookup(path);
  if (wanted === undefined) {
    context.report(errorAt(item.span, "unknown-input", `\`${callee.name}\` has no input \`${name}\``, nameHint(name, Object.keys(schemas))));
    return undefined;
  }
  if (given === undefined) {
    context.report(errorAt(item.span, "unknown-name", `this file has no input \`${name}\` to pass on`, nameHint(name, place.scope.namesAt(["inputs"]))));
    return undefined;
  }
  if (wanted.remember === true && given.remember !== true) {
    context.report(errorAt(item.span, "not-remembered", `\`${name}\` of \`${callee.name}\` takes only what a step with \`remember: true\` has read`, "declare the input of this file with `remember: true` too"));
    return undefined;
  }
  if (given.secret === true && wanted.secret !== true) {
    reportSecret(path, item.span, `\`${name}\` of \`${callee.name}\``, takersHint(`\`${callee.name}\``, schemas), context);
    return undefined;
  }
  if (wanted.secret === true && given.secret !== true) {
    context.report(errorAt(item.span, "not-a-secret", `\`${name}\` of \`${callee.name}\` takes only a secret, and the input of this file is none`, "declare the input of this file with `secret: true` too"));
    return undefined;
  }
  if (isMisfit(given, wanted)) {
    context.report(errorAt(item.span, "wrong-type", `\`${name}\` of \`${callee.name}\` wants ${typeName(wanted)}, and the input of this file is ${typeName(given)}`));
    return undefined;
  }
  if (isRequired(wanted) && optionalPart(place.scope, path) !== undefined) reportAbsent(path, item.span, context);
  return { kind: "template", template: { span: item.span, text: `{{inputs.${name}}}`, parts: [{ kind: "value", value: { kind: "path", path, span: item.span } }] }, schema: wanted, ...(wanted.secret === true ? { secrets: [] } : {}) };
}

/** A call: the inputs that it gives to the file, by `pass` and by `with`. */
export function lowerCall(node: MapNode, callee: Runbook, place: Place, context: FileContext): Call {
  const schemas = inputsOf(callee);
  const given = valueAt(node, "with");
  const pass = valueAt(node, "pass");
  const passed = pass?.kind === "list" ? pass.items.filter((item) => item.kind === "scalar") : [];
  const bindings: { readonly name: string; readonly binding: Binding }[] = [];
  for (const item of passed) {
    const twice = given?.kind === "map" ? entryAt(given, item.text)?.key : undefined;
    if (twice !== undefined) context.report(errorAt(twice.span, "given-twice", `\`${item.text}\` is given by \`pass\` and by \`with\``, "keep one of them"));
    const binding = bindPassed(item, schemas, callee, place, context);
    if (binding !== undefined) bindings.push({ name: item.text, binding });
  }
  const where = valueAt(node, "call") ?? node;
  const lowered = lowerBindings({ given, schemas, whose: `\`${callee.name}\``, where, depth: "top", passed: passed.map(({ text }) => text) }, { place, context, lowerReading: () => undefined, secretInputs: "take-secrets", takers: () => takersHint(`\`${callee.name}\``, schemas) });
  return { kind: "call", runbook: callee, with: [...bindings, ...lowered] };
}
