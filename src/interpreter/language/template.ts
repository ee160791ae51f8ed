import { assertNever } from "../../core/assert-never.ts";
import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import { isJsonObject, type Json } from "../../core/json.ts";
import { hole, HOLE_END, HOLE_START, SECRET_HOLE } from "../../core/plan.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { Path, Scope, Template, TemplateHelperValue, TemplatePart, TemplateValue } from "../../core/runbook.ts";
import { MASK } from "../../core/secret.ts";
import type { Span } from "../../core/source.ts";
import { spanInside, type ScalarNode } from "./node.ts";
import { TEMPLATE_HELPERS, textOf, type Rendered } from "./template-helper.ts";
import { readMustache, type MustacheValue } from "./template-mustache.ts";
import { maskedAt, pathText, valueAtPath } from "./template-path.ts";
import { scanTemplate } from "./template-scan.ts";

/** A name that a template reads. `guarded`: it stands in the first argument of `default`, so it may be absent. */
export interface TemplateRead {
  readonly path: Path;
  readonly span: Span;
  readonly guarded: boolean;
}

/** Parses a text with `{{ }}` in it. Names are not resolved here. On the unhappy path: every fault, each with its place. */
export function parseTemplate(scalar: ScalarNode): Result<Template, readonly Diagnostic[]> {
  const { text, span } = scalar;
  if (!text.includes("{{")) return ok({ span, text, parts: text === "" ? [] : [{ kind: "text", text }] });
  const { pieces, faults } = scanTemplate(text);
  const found = [...faults];
  const parts: TemplatePart[] = [];
  for (const piece of pieces) {
    if (piece.kind === "text") {
      parts.push(piece);
      continue;
    }
    const read = readMustache(piece.mustache);
    if ("fault" in read) found.push(read.fault);
    else parts.push({ kind: "value", value: withSpans(read.value, scalar) });
  }
  if (found.length === 0) return ok({ span, text, parts: parts.slice() });
  return error(found.toSorted((a, b) => a.start - b.start).map((fault) => errorAt(spanInside(scalar, fault.start, fault.end), fault.code, fault.message, fault.hint)));
}

function withSpans(value: MustacheValue, scalar: ScalarNode): TemplateValue {
  const span = spanInside(scalar, value.start, value.end);
  switch (value.kind) {
    case "literal":
      return { kind: "literal", value: value.value, span };
    case "path":
      return { kind: "path", path: value.path, span };
    case "helper":
      return { kind: "helper", name: value.name, args: value.args.map((arg) => withSpans(arg, scalar)), span };
    default:
      return assertNever(value);
  }
}

/** Every name that the template reads, in the order in which they are written. */
export function pathsOf(template: Template): readonly TemplateRead[] {
  return template.parts.flatMap((part) => (part.kind === "value" ? readsOf(part.value, "must-be-there") : []));
}

function readsOf(value: TemplateValue, need: "must-be-there" | "may-be-absent"): readonly TemplateRead[] {
  switch (value.kind) {
    case "literal":
      return [];
    case "path":
      return [{ path: value.path, span: value.span, guarded: need === "may-be-absent" }];
    case "helper":
      return value.args.flatMap((arg, index) => readsOf(arg, value.name === "default" && index === 0 ? "may-be-absent" : need));
    default:
      return assertNever(value);
  }
}

/** What stands between the braces where they are the whole scalar: its value is passed on as it is. Undefined where there is text beside it, or no braces. */
export function singleValueOf(template: Template): TemplateValue | undefined {
  const only = template.parts.length === 1 ? template.parts[0] : undefined;
  return only?.kind === "value" ? only.value : undefined;
}

/** The template as text. Values are put in once and never read as templates; nothing is escaped. */
export function renderText(template: Template, scope: Scope): Rendered<string> {
  let text = "";
  for (const part of template.parts) {
    const rendered = part.kind === "text" ? { kind: "ok", value: part.text } as const : renderAsText(part.value, scope);
    if (rendered.kind !== "ok") return rendered;
    text += rendered.value;
  }
  return { kind: "ok", value: text };
}

/** The value of a template that is one `{{ }}`, as it is; else the text. */
export function renderValue(template: Template, scope: Scope): Rendered<Json> {
  const single = singleValueOf(template);
  return single === undefined ? renderText(template, scope) : evaluate(single, scope);
}

/** The template for a person: it never fails. What is missing prints as `–`, what was masked as `***`, a list with commas, an object as JSON. */
export function renderForPeople(template: Template, scope: Scope): string {
  return template.parts.map((part) => (part.kind === "text" ? part.text : isMasked(part.value, scope) ? MASK : forPeople(evaluate(part.value, scope)))).join("");
}

function isMasked(value: TemplateValue, scope: Scope): boolean {
  const found = value.kind === "path" ? valueAtPath(scope, value.path) : undefined;
  return value.kind === "path" && found !== undefined && maskedAt(value.path, found) !== undefined;
}

function forPeople(rendered: Rendered<Json>): string {
  if (rendered.kind !== "ok") return "–";
  const { value } = rendered;
  if (value === null) return "–";
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  return Array.isArray(value) || isJsonObject(value) ? JSON.stringify(value) : String(value);
}

function renderAsText(value: TemplateValue, scope: Scope): Rendered<string> {
  const rendered = evaluate(value, scope);
  if (rendered.kind !== "ok") return rendered;
  const text = textOf(rendered.value);
  return text.kind === "error" ? { kind: "error", because: `${nameOf(value)}: ${text.because}` } : text;
}

function evaluate(value: TemplateValue, scope: Scope): Rendered<Json> {
  switch (value.kind) {
    case "literal":
      return { kind: "ok", value: value.value };
    case "path": {
      const found = valueAtPath(scope, value.path);
      const masked = found === undefined ? undefined : maskedAt(value.path, found);
      if (masked !== undefined) return { kind: "error", because: masked };
      if (found !== undefined) return { kind: "ok", value: found };
      return { kind: "absent", path: pathText(value.path), because: `\`${pathText(value.path)}\` has no value` };
    }
    case "helper":
      return evaluateHelper(value.name, value.args, scope);
    default:
      return assertNever(value);
  }
}

/** What a helper makes of its arguments, and these, as texts: where one of them is a secret, so is the result. Undefined where it has no value. */
export function madeByHelper(value: TemplateHelperValue, scope: Scope): { readonly of: readonly string[]; readonly made: string } | undefined {
  const made = evaluate(value, scope);
  const args = value.args.map((arg) => evaluate(arg, scope));
  return made.kind === "ok" && typeof made.value === "string" ? { of: args.flatMap((arg) => (arg.kind === "ok" ? [typeof arg.value === "string" ? arg.value : JSON.stringify(arg.value)] : [])), made: made.value } : undefined;
}

function evaluateHelper(name: string, args: readonly TemplateValue[], scope: Scope): Rendered<Json> {
  if (name === "default") return firstOf(args, scope);
  const values: Json[] = [];
  for (const arg of args) {
    const rendered = evaluate(arg, scope);
    if (rendered.kind !== "ok") return rendered;
    values.push(rendered.value);
  }
  if (values.some((value) => typeof value === "string" && value.includes(SECRET_HOLE))) return { kind: "ok", value: SECRET_HOLE };
  // A plan does not know every value yet: what a helper makes of a hole is a hole.
  if (values.some(isHole)) return { kind: "ok", value: hole([name, ...values.map((value) => (isHole(value) ? value.slice(1, -1) : JSON.stringify(value)))].join(" ")) };
  const called = TEMPLATE_HELPERS.get(name)?.call(values) ?? { kind: "error", because: `there is no helper \`${name}\`` };
  if (called.kind !== "error") return called;
  const [first] = args;
  return { kind: "error", because: `${first === undefined ? name : nameOf(first)}: ${called.because}` };
}

function isHole(value: Json): value is string {
  return typeof value === "string" && value.startsWith(HOLE_START) && value.endsWith(HOLE_END);
}

/** The first that is there. A program answers null where it has nothing to say: to an author that is missing, too. */
function firstOf(args: readonly TemplateValue[], scope: Scope): Rendered<Json> {
  let rendered: Rendered<Json> = { kind: "error", because: "`default` has no arguments" };
  for (const arg of args) {
    rendered = evaluate(arg, scope);
    if (rendered.kind === "error" || (rendered.kind === "ok" && rendered.value !== null)) return rendered;
  }
  return rendered;
}

function nameOf(value: TemplateValue): string {
  switch (value.kind) {
    case "literal":
      return JSON.stringify(value.value);
    case "path":
      return `\`${pathText(value.path)}\``;
    case "helper":
      return `\`${value.name}\``;
    default:
      return assertNever(value);
  }
}
