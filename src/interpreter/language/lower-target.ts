import { errorAt } from "../../core/diagnostic.ts";
import { nameHint } from "../../core/names.ts";
import type { AnyBuiltin } from "../../core/builtin.ts";
import type { TargetRef } from "../../core/runbook.ts";
import { refuseSecrets } from "./check-secret.ts";
import { checkReads, typeOfTemplate } from "./check-template.ts";
import { isMisfit, typeName } from "./check-type.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { hasBraces, parsedTemplate } from "./lower-text.ts";
import { valueAt, type MapNode, type Node, type ScalarNode } from "./node.ts";
import { isAbsent } from "./validate-plain.ts";

/** Where a leaf acts, as it is written: `local`, the name of a single target, or a template. Undefined where it is wrong, which is reported. */
export function lowerTargetRef(node: ScalarNode, place: Place, context: FileContext): TargetRef | undefined {
  if (hasBraces(node)) {
    const template = parsedTemplate(node, context);
    if (template === undefined) return undefined;
    checkReads(template, "is-an-error", place, context);
    refuseSecrets(template, "a target", place, context);
    const type = typeOfTemplate(template, place);
    if (!isMisfit(type, { type: "string" })) return { kind: "template", template };
    context.report(errorAt(node.span, "wrong-type", `a target is one address, and this is ${typeName(type)}`, "a step acts on one machine: use `for-each`"));
    return undefined;
  }
  if (node.text === "local") return { kind: "local" };
  const kind = context.targets.get(node.text);
  if (kind === "single") return { kind: "named", name: node.text, span: node.span };
  if (kind === "group") {
    context.report(errorAt(node.span, "target-is-a-group", `\`${node.text}\` is a group, and a step acts on one machine`, `use \`for-each: targets.${node.text}.addresses\` and \`target: "{{item}}"\``));
    return undefined;
  }
  if (isAbsent(node) || context.unsure.has("targets")) return undefined;
  const known = nameHint(node.text, [...context.targets.keys(), "local"]);
  context.report(errorAt(node.span, "unknown-target", `there is no target \`${node.text}\``, known));
  return undefined;
}

/** The scalar under `target`, if there is one; an absent value where something else stands there, which the validator has refused. */
export function targetNodeOf(node: MapNode): ScalarNode | undefined {
  const target: Node | undefined = valueAt(node, "target");
  if (target === undefined || target.kind === "scalar") return target;
  return { kind: "scalar", text: "", style: "plain", span: target.span, offsets: undefined, contentStart: target.span.start };
}

/** Where a leaf acts: what it says itself, else what it inherits, as far as its builtin takes a target at all. `uses` is pointed at where one is missing. */
export function targetOfLeaf(
  own: ScalarNode | undefined, inherited: ScalarNode | undefined, builtin: AnyBuiltin, reads: boolean, uses: ScalarNode, place: Place, context: FileContext,
): TargetRef | undefined {
  if (builtin.place === "none") {
    if (own !== undefined) context.report(errorAt(own.span, "target-refused", `\`${builtin.name}\` has no target`, "leave `target` out"));
    return { kind: "none" };
  }
  const node = own ?? inherited;
  if (node !== undefined) return lowerTargetRef(node, place, context);
  if (builtin.place === "optional" && reads) return { kind: "local" };
  const hint = builtin.place === "required" ? `targets: ${[...context.targets.keys()].map((name) => `\`${name}\``).join(", ") || "none is declared yet, under `targets`"}` : "`target: local` if it is to act on the machine that runs the runbook";
  const what = builtin.place === "required" ? `\`${builtin.name}\` needs a \`target\`` : `\`${builtin.name}\` changes something and must say where: it needs a \`target\``;
  context.report(errorAt(uses.span, "target-missing", what, hint));
  return undefined;
}
