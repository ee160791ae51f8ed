import { errorAt } from "../../core/diagnostic.ts";
import type { Path, Template, TemplateHelperValue, TemplatePart, TemplateValue } from "../../core/runbook.ts";
import type { Properties, Schema } from "../../core/schema.ts";
import { MASK } from "../../core/secret.ts";
import type { Span } from "../../core/source.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { pathsOf, type TemplateRead } from "./template.ts";

/** The only roots below which there are secrets: what a step gives is none, and a loop over one is refused. */
const SECRET_ROOTS: ReadonlySet<string> = new Set(["inputs", "vars"]);

/** True if a value of this type is a secret, or holds one. */
function holdsSecret(schema: Schema): boolean {
  return schema.secret === true || (schema.type === "object" && Object.values(schema.properties).some(holdsSecret));
}

/** True if what a path reads is a secret: an input that is declared so, a var that is made of one, or all inputs at once. */
export function readsSecret(path: Path, place: Place): boolean {
  if (!SECRET_ROOTS.has(path[0] ?? "")) return false;
  const schema = place.scope.lookup(path);
  return schema !== undefined && holdsSecret(schema);
}

/** The first read of a secret in a template; undefined where it reads none. */
export function secretReadIn(template: Template, place: Place): TemplateRead | undefined {
  return pathsOf(template).find(({ path }) => readsSecret(path, place));
}

/** Reports a secret that is read where it would be seen. `where` begins what would show it: "a condition", "`args`". */
export function reportSecret(path: Path, span: Span, where: string, hint: string, context: FileContext): void {
  context.report(errorAt(span, "secret-would-show", `\`${path.join(".")}\` ${path.length === 1 ? "holds" : "is"} a secret, and ${where} would show it`, hint));
}

const ONLY_SECRET_INPUTS = "a secret goes only to inputs that are declared `secret`, and to vars";

/** Reports the first secret that a template reads in a place that shows what it holds. */
export function refuseSecrets(template: Template, where: string, place: Place, context: FileContext): void {
  const read = secretReadIn(template, place);
  if (read !== undefined) reportSecret(read.path, read.span, where, ONLY_SECRET_INPUTS, context);
}

/** Which inputs of a builtin or a file take a secret, as a sentence. */
export function takersHint(whose: string, schemas: Properties): string {
  const takers = Object.entries(schemas).flatMap(([name, schema]) => {
    if (schema.secret === true) return [`\`${name}\``];
    return schema.type === "map" && schema.values.secret === true ? [`values of \`${name}\``] : [];
  });
  return takers.length === 0 ? `${whose} takes no secret: an input that does is declared \`secret: true\`` : `${whose} takes secrets in ${takers.join(" and ")}`;
}

/** A text for people as it is shown: what is secret in it is `***`, whoever renders it. */
export function hushed(template: Template, place: Place): Template {
  if (secretReadIn(template, place) === undefined) return template;
  return { ...template, parts: template.parts.map((part): TemplatePart => (part.kind === "value" && isMadeOfSecrets(part.value, place) ? { kind: "text", text: MASK } : part)) };
}

function isMadeOfSecrets(value: TemplateValue, place: Place): boolean {
  if (value.kind === "path") return readsSecret(value.path, place);
  return value.kind === "helper" && value.args.some((arg) => isMadeOfSecrets(arg, place));
}

/** What helpers make of the secrets in a template, the innermost first: secrets too, in another form. Undefined where it reads none. */
export function secretsMadeIn(template: Template, place: Place): readonly TemplateHelperValue[] | undefined {
  if (secretReadIn(template, place) === undefined) return undefined;
  return template.parts.flatMap((part) => (part.kind === "value" ? helpersOver(part.value, place) : []));
}

function helpersOver(value: TemplateValue, place: Place): readonly TemplateHelperValue[] {
  if (value.kind !== "helper" || !isMadeOfSecrets(value, place)) return [];
  return [...value.args.flatMap((arg) => helpersOver(arg, place)), value];
}
