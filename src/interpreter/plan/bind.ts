import { emptyObject, type Json } from "../../core/json.ts";
import { hasHole } from "../../core/plan.ts";
import type { Binding, Scope, Template, TemplateBinding } from "../../core/runbook.ts";
import { isRequired, type Properties, type Schema, type Verdict } from "../../core/schema.ts";
import { convertValue } from "../language/convert.ts";
import { judge } from "../language/expression.ts";
import { renderForPeople, renderValue } from "../language/template.ts";
import { withFolder } from "../language/inputs-files.ts";
import { holeFor, withHoles } from "./holes.ts";

/** Bindings by input name: a leaf's or a call's `with`. */
export type Bindings = readonly { readonly name: string; readonly binding: Binding }[];

/** The inputs of a step, or the sentences that say why there are none. */
export type Bound =
  | { readonly kind: "ok"; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: "failed"; readonly code: "not_known" | "bad_input"; readonly because: string };

/** Judges the readings among the inputs (`done-when`), by input name; the caller has made them. */
export type JudgedReadings = ReadonlyMap<string, Verdict>;

type Part = { readonly kind: "ok"; readonly value: unknown } | { readonly kind: "absent"; readonly path: string; readonly because: string } | { readonly kind: "error"; readonly because: string };

function renderTemplate({ template, schema, folder, missing }: TemplateBinding, scope: Scope): Part {
  if (missing === "prints-as-dash") return { kind: "ok", value: renderForPeople(template, scope) };
  const rendered = renderValue(template, scope);
  return rendered.kind === "ok" && folder !== undefined ? { kind: "ok", value: withFolder(rendered.value, schema, folder) } : rendered;
}

function renderBinding(binding: Binding, scope: Scope, scopeFor: (template: Template) => Scope, verdict: Verdict | undefined): Part {
  switch (binding.kind) {
    case "literal":
      return { kind: "ok", value: binding.value };
    case "template":
      return renderTemplate(binding, scopeFor(binding.template));
    case "condition":
      return { kind: "ok", value: judge(binding.condition, scope) };
    case "reading":
      return { kind: "ok", value: verdict ?? { kind: "not-known", because: "it was not read yet" } };
    case "list": {
      const parts = binding.items.map((item) => renderBinding(item, scope, scopeFor, undefined));
      const bad = parts.find((part) => part.kind !== "ok");
      return bad ?? { kind: "ok", value: parts.map((part) => (part.kind === "ok" ? part.value : undefined)) };
    }
    case "object": {
      const object = emptyObject<unknown>();
      for (const { name, binding: inner } of binding.entries) {
        const part = renderBinding(inner, scope, scopeFor, undefined);
        if (part.kind !== "ok") return part;
        object[name] = part.value;
      }
      return { kind: "ok", value: object };
    }
  }
}

/** An optional input of the file that was not given leaves an optional key out. */
function mayBeLeftOut(path: string, schema: Schema): boolean {
  return path.startsWith("inputs.") && !isRequired(schema);
}

/** The inputs of a step about to run: every value is there and fits its schema, or the reason why not. */
export function bindInputs(bindings: Bindings, schemas: Properties, scope: Scope, readings: JudgedReadings): Bound {
  const given = emptyObject<unknown>();
  const verdicts = emptyObject<unknown>();
  const plain = emptyObject<Schema>();
  for (const [name, schema] of Object.entries(schemas)) if (schema.type !== "condition" && schema.type !== "reading") plain[name] = schema;
  for (const { name, binding } of bindings) {
    const schema = schemas[name];
    if (schema === undefined) continue;
    const part = renderBinding(binding, scope, () => scope, readings.get(name));
    if (part.kind === "absent" && mayBeLeftOut(part.path, schema)) continue;
    if (part.kind === "absent") return { kind: "failed", code: "not_known", because: `\`${name}\` cannot be told: ${part.because}` };
    if (part.kind === "error") return { kind: "failed", code: "bad_input", because: `\`${name}\`: ${part.because}` };
    if (Object.hasOwn(plain, name)) given[name] = part.value;
    else verdicts[name] = part.value;
  }
  const converted = convertValue(given, { type: "object", properties: plain });
  if (converted.kind === "error") {
    return { kind: "failed", code: "bad_input", because: converted.error.map(({ path, message }) => (path === "" ? message : `\`${path}\` ${message}`)).join("; ") };
  }
  return { kind: "ok", values: Object.assign(emptyObject<unknown>(), converted.value as Record<string, Json>, verdicts) };
}

/** The inputs of a step that is planned: what is known stands there, what only the run can tell is a hole. */
export function bindPlanned(bindings: Bindings, schemas: Properties, scope: Scope): Readonly<Record<string, unknown>> {
  const values = emptyObject<unknown>();
  const byName = new Map(bindings.map(({ name, binding }) => [name, binding]));
  for (const [name, schema] of Object.entries(schemas)) {
    const binding = byName.get(name);
    if (binding === undefined) {
      const fallback = "default" in schema ? schema.default : undefined;
      if (fallback !== undefined) values[name] = fallback;
      continue;
    }
    if (binding.kind === "condition" || binding.kind === "reading") {
      values[name] = holeFor(name, schema);
      continue;
    }
    const part = renderBinding(binding, scope, (template) => withHoles(template, scope), undefined);
    if (part.kind === "absent" && mayBeLeftOut(part.path, schema)) continue;
    values[name] = part.kind === "ok" ? plannedValue(name, part.value, schema) : holeFor(name, schema);
  }
  return values;
}

function plannedValue(name: string, value: unknown, schema: Schema): unknown {
  if (holdsHole(value)) return typeof value === "string" && schema.type !== "string" && schema.type !== "any" ? holeFor(value.slice(1, -1), schema) : value;
  const converted = convertValue(value, schema);
  return converted.kind === "ok" ? converted.value : holeFor(name, schema);
}

/** True if a hole stands anywhere in a value. */
function holdsHole(value: unknown): boolean {
  if (typeof value === "string") return hasHole(value);
  if (Array.isArray(value)) return value.some(holdsHole);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsHole);
}
