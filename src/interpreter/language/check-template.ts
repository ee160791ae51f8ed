import { assertNever } from "../../core/assert-never.ts";
import { errorAt } from "../../core/diagnostic.ts";
import { nameHint } from "../../core/names.ts";
import type { Path, Template, TemplateValue } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import type { Span } from "../../core/source.ts";
import { elsewhere } from "./name-elsewhere.ts";
import { isWrittenAsText, typeName } from "./check-type.ts";
import { isKnown, reachFault } from "./check-reach.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { pathsOf, singleValueOf } from "./template.ts";
import { optionalPart } from "./type-scope.ts";

/** What an absent value does to a template: it is an error, or it prints as `–` (`because`). */
export type Missing = "is-an-error" | "prints-as-dash";

const TEXT: Schema = { type: "string" };
const NO_FACTS: ReadonlySet<string> = new Set();

/** Roots that exist somewhere in the language: elsewhere they are out of reach, not unknown. */
const ROOTS: ReadonlySet<string> = new Set(["inputs", "vars", "targets", "steps", "run", "failure", "outputs", "probes"]);

/** Reports a name that is not there, with the nearest one that is. */
export function reportUnknown(path: Path, span: Span, place: Place, context: FileContext): void {
  const length = path.findIndex((_, index) => place.scope.lookup(path.slice(0, index + 1)) === undefined);
  const name = path[length] ?? "";
  const hint = nameHint(name, place.scope.namesAt(path.slice(0, length)));
  if (length > 0) context.report(errorAt(span, "unknown-name", `there is no \`${name}\` in \`${path.slice(0, length).join(".")}\``, hint));
  else if (place.limit !== undefined && ROOTS.has(name)) context.report(errorAt(span, "not-in-reach", `\`${name}\` cannot be read here`, place.limit));
  else context.report(errorAt(span, "unknown-name", `there is no name \`${name}\``, elsewhere(name) ?? hint));
}

/** What an absent value comes to at one read: an error, or something that the author has thought of. */
type Absence = "is-an-error" | "is-caught";

/** Reports what is wrong with one read: an unknown name, a step out of reach, one that may not have run, a value that may be absent. */
function checkRead(path: Path, span: Span, absence: Absence, place: Place, context: FileContext): void {
  if (place.scope.lookup(path) === undefined) {
    reportUnknown(path, span, place, context);
    return;
  }
  const target = path[0] === "steps" ? context.stepsById.get(path[1] ?? "") : undefined;
  const fault = target === undefined ? undefined : reachFault(path, target, place.reader, NO_FACTS, context.found);
  if (fault !== undefined && (absence === "is-an-error" || fault.code !== "step-may-not-have-run")) {
    context.report(errorAt(span, fault.code, fault.message, fault.hint));
    return;
  }
  const optional = absence === "is-an-error" ? optionalPart(place.scope, path) : undefined;
  if (optional === undefined || isKnown(`has(${optional.join(".")})`, place.reader, NO_FACTS, context.found)) return;
  reportAbsent(optional, span, context);
}

/** Reports that a value may be absent where one must stand. */
export function reportAbsent(path: Path, span: Span, context: FileContext): void {
  const name = path.join(".");
  const otherwise = path[0] === "inputs" ? ", or make the input required" : ` or ask \`has(${name})\` in the \`if\` of the step`;
  context.report(errorAt(span, "may-be-absent", `\`${name}\` may be absent`, `say what stands there then, \`{{default ${name} "…"}}\`${otherwise}`));
}

/** Checks every read of a template. With `leaves-out-whole`, a template that is nothing but an optional input is allowed: its key is left out. */
export function checkReads(template: Template, missing: Missing | "leaves-out-whole", place: Place, context: FileContext): void {
  const whole = missing === "leaves-out-whole" ? singleValueOf(template) : undefined;
  for (const { path, span, guarded } of pathsOf(template)) {
    const isWholeInput = whole?.kind === "path" && path[0] === "inputs" && path.length === 2;
    checkRead(path, span, guarded || isWholeInput || missing === "prints-as-dash" ? "is-caught" : "is-an-error", place, context);
  }
}

/** Reports every value that cannot stand in a text: lists and records. */
export function checkText(template: Template, place: Place, context: FileContext): void {
  for (const part of template.parts) {
    if (part.kind !== "value") continue;
    const type = typeOfValue(part.value, place);
    if (isWrittenAsText(type)) continue;
    const hint = type.type === "list" ? "`join` makes text of a list: `{{join NAME \", \"}}`" : "name one of its parts, or use `json`";
    context.report(errorAt(part.value.span, "wrong-type", `this is ${typeName(type)}, and text is wanted`, hint));
  }
}

function literalType(value: unknown): Schema {
  if (typeof value === "number") return Number.isInteger(value) ? { type: "integer" } : { type: "number" };
  return typeof value === "boolean" ? { type: "boolean" } : TEXT;
}

/** The type of what stands between braces; `any` where a name is unknown (reported elsewhere). */
export function typeOfValue(value: TemplateValue, place: Place): Schema {
  switch (value.kind) {
    case "literal":
      return literalType(value.value);
    case "path":
      return place.scope.lookup(value.path) ?? { type: "any" };
    case "helper": {
      if (value.name !== "default") return TEXT;
      const [first, second] = value.args.map((arg) => typeOfValue(arg, place));
      if (first === undefined || second === undefined) return { type: "any" };
      return first.type === second.type ? { ...first, required: second.required ?? true } : { type: "any" };
    }
    default:
      return assertNever(value);
  }
}

/** The type of a template's value: that of the one value in it, else text. */
export function typeOfTemplate(template: Template, place: Place): Schema {
  const whole = singleValueOf(template);
  return whole === undefined ? TEXT : typeOfValue(whole, place);
}
