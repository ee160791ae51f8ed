import { errorAt } from "../../core/diagnostic.ts";
import type { FailurePolicy, Step } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import { checkReads, typeOfTemplate } from "./check-template.ts";
import { isMisfit, typeName } from "./check-type.ts";
import type { FileContext, Place } from "./lower-context.ts";
import { hasBraces, parsedTemplate, settingPlace } from "./lower-text.ts";
import type { Node } from "./node.ts";

const POLICIES: readonly FailurePolicy[] = ["stop", "continue", "note", "ask"];
const STOP: Step["onFailure"] = { policy: "stop" };
const SCHEMA: Schema = { type: "string", enum: [...POLICIES] };

/** What happens when the step has failed: a word, or one input whose `enum` fits. `stop` where it is absent or wrong. */
export function lowerPolicy(node: Node | undefined, place: Place, context: FileContext): Step["onFailure"] {
  if (node?.kind !== "scalar") return STOP;
  if (!hasBraces(node)) return { policy: POLICIES.find((policy) => policy === node.text) ?? "stop" };
  const template = parsedTemplate(node, context);
  if (template === undefined) return STOP;
  const inner = settingPlace(place);
  checkReads(template, "is-an-error", inner, context);
  const type = typeOfTemplate(template, inner);
  if (type.type === "string" && type.enum !== undefined && !isMisfit(type, SCHEMA)) return { policy: { template, schema: SCHEMA } };
  if (type.type !== "any") {
    context.report(errorAt(node.span, "wrong-type", `\`on-failure\` wants \`stop\`, \`continue\`, \`note\` or \`ask\`, and this is ${typeName(type)}`, "hand on an input whose `enum` lists only these words"));
  }
  return STOP;
}

/** True if the step may be noted: the policy is `note`, or comes from an input that may say so. */
export function mayBeNoted(policy: Step["onFailure"]["policy"], place: Place): boolean {
  if (typeof policy === "string") return policy === "note";
  const type = typeOfTemplate(policy.template, settingPlace(place));
  return type.type === "string" && type.enum?.includes("note") === true;
}
