import { errorAt } from "../../core/diagnostic.ts";
import { emptyObject, type Json } from "../../core/json.ts";
import { nameHint } from "../../core/names.ts";
import type { Binding, Leaf } from "../../core/runbook.ts";
import { isRequired, type Properties, type Schema } from "../../core/schema.ts";
import { hushed, reportSecret, secretReadIn, secretsMadeIn } from "./check-secret.ts";
import { checkReads, checkText, typeOfTemplate } from "./check-template.ts";
import { isMisfit, typeName } from "./check-type.ts";
import { convertText } from "./convert.ts";
import { holdsFile } from "./inputs-files.ts";
import { isAbsolutePath, resolvePath } from "./load-path.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { lowerExpression } from "./lower-expression.ts";
import { hasBraces, INPUT_TEXTS, parsedTemplate } from "./lower-text.ts";
import { hasKey, type ListNode, type MapNode, type Node, type ScalarNode } from "./node.ts";
import { singleValueOf } from "./template.ts";
import { isAbsent } from "./validate-plain.ts";
import { looseValueOf } from "./value-of.ts";

/** Lowers the reading among a builtin's inputs (`done-when`): given the step's own target, because that is the reading's unless it says another. */
export type LowerReading = (node: Node, place: Place) => { readonly reading: Leaf; readonly that: Extract<Binding, { kind: "reading" }>["that"] } | undefined;

/** What a binding needs to know beside its value. */
export interface BindingPlace {
  readonly place: Place;
  readonly context: FileContext;
  readonly lowerReading: LowerReading;
  /** What an input takes that is declared `secret`: any value, or nothing but a secret. */
  readonly secretInputs: "take-anything" | "take-secrets";
  /** Which of these inputs take secrets, as a sentence. */
  readonly takers: () => string;
}

/** A value with the name of the input that it is for. */
type Named = { readonly name: string; readonly binding: Binding };

/** Whether a template that is one optional input may stand here: at the top its key is left out, inside a list or a record it is a hole. */
type Depth = "top" | "inside";

function bindLiteral(name: string, node: ScalarNode, schema: Schema, { context, secretInputs }: BindingPlace): Binding | undefined {
  if (isAbsent(node)) return undefined;
  if (schema.secret === true && secretInputs === "take-secrets") return reportNotSecret(name, node, context);
  if (schema.type === "any") return { kind: "literal", value: looseValueOf(node), span: node.span };
  if (schema.remember === true) return reportNotRemembered(name, node, context);
  const converted = convertText(node.text, schema);
  if (converted.kind === "error") {
    context.report(errorAt(node.span, "wrong-value", `\`${name}\`: ${converted.error}`));
    return undefined;
  }
  const isFile = schema.type === "string" && schema.format === "file" && typeof converted.value === "string" && !isAbsolutePath(converted.value);
  return { kind: "literal", value: isFile ? resolvePath(context.folder, String(converted.value)) : converted.value, span: node.span };
}

function reportNotRemembered(name: string, node: Node, context: FileContext): undefined {
  context.report(errorAt(node.span, "not-remembered", `\`${name}\` takes only what a step with \`remember: true\` has read`, "a value that is restored must be the one that was there before; read it in a step with `remember: true` and hand on its output"));
}

function reportNotSecret(name: string, node: Node, context: FileContext): undefined {
  context.report(errorAt(node.span, "not-a-secret", `\`${name}\` takes only a secret, and this is none`, "declare an input of this file with `secret: true`, and hand it on"));
}

/** A text for people: what is missing in a `because` prints as a dash, and a secret as `***`. */
function isTextForPeople(name: string, schema: Schema): boolean {
  return schema.type === "string" && (name === "because" || INPUT_TEXTS.some((text) => name === text || name.startsWith(`${text}[`)));
}

/** True if a template hands on an output of a remembering step, or an input that is declared so. */
function isRemembered(node: ScalarNode, template: ReturnType<typeof parsedTemplate>, place: Place, context: FileContext): boolean {
  const value = template === undefined || !hasBraces(node) ? undefined : singleValueOf(template);
  if (value?.kind !== "path") return false;
  const [root, name] = value.path;
  if (root === "steps") return context.stepsById.get(name ?? "")?.remembers === true;
  return root === "inputs" && place.scope.lookup(value.path)?.remember === true;
}

function bindTemplate(name: string, node: ScalarNode, schema: Schema, depth: Depth, { place, context, secretInputs, takers }: BindingPlace): Binding | undefined {
  const template = parsedTemplate(node, context);
  if (template === undefined) return undefined;
  const isBecause = name === "because" && depth === "top" && schema.type === "string";
  checkReads(template, isBecause ? "prints-as-dash" : depth === "top" && !isRequired(schema) ? "leaves-out-whole" : "is-an-error", place, context);
  if (schema.remember === true && !isRemembered(node, template, place, context)) return reportNotRemembered(name, node, context);
  const secret = secretReadIn(template, place);
  if (secret === undefined && schema.secret === true && secretInputs === "take-secrets") return reportNotSecret(name, node, context);
  if (secret !== undefined && schema.secret !== true) {
    if (isTextForPeople(name, schema)) return { kind: "template", template: hushed(template, place), schema, ...(isBecause ? { missing: "prints-as-dash" } : {}) };
    reportSecret(secret.path, secret.span, `\`${name}\``, takers(), context);
    return undefined;
  }
  const secrets = secret === undefined ? undefined : secretsMadeIn(template, place);
  const single = singleValueOf(template);
  if (single === undefined) checkText(template, place, context);
  const type = typeOfTemplate(template, place);
  if (isMisfit(type, schema)) {
    const because = single === undefined ? "text that is put together is never read as anything else" : undefined;
    context.report(errorAt(node.span, "wrong-type", `\`${name}\` wants ${typeName(schema)}, and this is ${typeName(type)}`, because));
    return undefined;
  }
  return { kind: "template", template, schema, ...(holdsFile(schema) ? { folder: context.folder } : {}), ...(isBecause ? { missing: "prints-as-dash" } : {}), ...(secrets === undefined ? {} : { secrets }) };
}

function bindList(name: string, node: ListNode, schema: Schema, at: BindingPlace): Binding | undefined {
  if (schema.type !== "list" && schema.type !== "any") return reportShape(name, node, schema, at.context);
  const items = node.items.map((item, index) => lowerInner(`${name}[${index}]`, item, schema.type === "list" ? schema.items : schema, "inside", at));
  const known = items.filter((item) => item !== undefined);
  return known.length < items.length ? undefined : { kind: "list", items: known, span: node.span };
}

function reportShape(name: string, node: Node, schema: Schema, context: FileContext): undefined {
  const found = node.kind === "map" ? "a record" : node.kind === "list" ? "a list" : "one value";
  context.report(errorAt(node.span, "wrong-type", `\`${name}\` wants ${typeName(schema)}, and this is ${found}`));
}

function bindMap(name: string, node: MapNode, schema: Schema, at: BindingPlace): Binding | undefined {
  if (schema.type === "object") {
    const entries = lowerBindings({ given: node, schemas: schema.properties, whose: `\`${name}\``, where: node, depth: "inside", passed: [] }, at);
    return { kind: "object", entries, span: node.span };
  }
  if (schema.type !== "map" && schema.type !== "any") return reportShape(name, node, schema, at.context);
  const values = schema.type === "map" ? schema.values : schema;
  const entries = node.entries.map(({ key, value }) => ({ name: key.text, binding: lowerInner(`${name}.${key.text}`, value, values, "inside", at) }));
  const known = entries.flatMap((entry) => (entry.binding === undefined ? [] : [{ name: entry.name, binding: entry.binding }]));
  return known.length < entries.length ? undefined : { kind: "object", entries: known, span: node.span };
}

/** Lists and records without a template in them are literals. */
function folded(binding: Binding | undefined): Binding | undefined {
  if (binding?.kind === "list" && binding.items.every((item) => item.kind === "literal")) {
    return { kind: "literal", value: binding.items.map((item) => (item.kind === "literal" ? item.value : "")), span: binding.span };
  }
  if (binding?.kind !== "object" || !binding.entries.every((entry) => entry.binding.kind === "literal")) return binding;
  const value = emptyObject<Json>();
  for (const { name, binding: inner } of binding.entries) if (inner.kind === "literal") value[name] = inner.value;
  return { kind: "literal", value, span: binding.span };
}

function lowerInner(name: string, node: Node, schema: Schema, depth: Depth, at: BindingPlace): Binding | undefined {
  if (schema.type === "condition") {
    const condition = lowerExpression(node, "boolean", "is-judged", at.place, at.context);
    return condition === undefined ? undefined : { kind: "condition", condition };
  }
  if (schema.type === "reading") {
    const reading = at.lowerReading(node, at.place);
    return reading === undefined ? undefined : { kind: "reading", ...reading };
  }
  if (node.kind === "list") return folded(bindList(name, node, schema, at));
  if (node.kind === "map") return folded(bindMap(name, node, schema, at));
  return hasBraces(node) ? bindTemplate(name, node, schema, depth, at) : bindLiteral(name, node, schema, at);
}

/** A `with` to be lowered. */
export interface Given {
  readonly given: Node | undefined;
  readonly schemas: Properties;
  /** Whose inputs they are, for messages: "`file.copy`". */
  readonly whose: string;
  /** What is pointed at where one is missing. */
  readonly where: Node;
  readonly depth: Depth;
  /** Names that were given in another way (`pass`). */
  readonly passed: readonly string[];
}

/** The inputs that stand under `with`, each by its schema. Unknown names are reported each at its place, the missing ones together. */
export function lowerBindings({ given, schemas, whose, where, depth, passed }: Given, at: BindingPlace): readonly Named[] {
  const entries = given?.kind === "map" ? given.entries : [];
  const bindings: Named[] = [];
  for (const entry of entries) {
    const { name, value } = entry;
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (schema === undefined) {
      at.context.report(errorAt(entry.key.span, "unknown-input", `${whose} has no input \`${name}\``, nameHint(name, Object.keys(schemas))));
      continue;
    }
    const binding = lowerInner(name, value, schema, depth, at);
    if (binding !== undefined) bindings.push({ name, binding });
  }
  const isGiven = (name: string): boolean => (given?.kind === "map" && hasKey(given, name)) || passed.includes(name);
  const missing = Object.keys(schemas).filter((name) => !isGiven(name) && isRequired(schemas[name] ?? { type: "any" }));
  if (missing.length > 0) {
    const hint = missing.map((name) => [name, schemas[name]?.description].filter((part) => part !== undefined).join(": ")).join("; ");
    at.context.report(errorAt(where.span, "missing-input", `${whose} needs ${missing.map((name) => `\`${name}\``).join(", ")}`, hint));
  }
  // A list that was pushed to has room for more: a copy has none.
  return bindings.slice();
}
