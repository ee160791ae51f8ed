import type { StringSchema } from "../../core/schema.ts";
import { nameHint } from "../../core/names.ts";
import type { CelFault } from "./cel-function.ts";
import { askedOf, pathOf, placeOf, lineOf, type CelNode } from "./cel-node.ts";
import type { CelSlot } from "./cel-slot.ts";
import { recordNamed } from "./cel-type.ts";

const ORDERS: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);

/**
 * What a checked part of an expression must not say although CEL lets it: an order of texts, a comparison whose types only
 * the run would know, and a comparison that can never hold.
 */
export function comparisonFault(node: CelNode, slots: ReadonlyMap<CelNode, CelSlot>): CelFault | undefined {
  const asked = askedOf(node);
  if (asked !== undefined) return askedFault(asked);
  if (ORDERS.has(node.op)) return orderFault(node);
  if (node.op === "==" || node.op === "!=") {
    const [left, right] = node.args as [CelNode, CelNode];
    return neverFault(left, right, slots) ?? neverFault(right, left, slots) ?? caseFault(node, stringOf(left, slots), stringOf(right, slots));
  }
  if (node.op !== "in") return undefined;
  const [item, list] = node.args as [CelNode, CelNode];
  if (list.op === "list") return (list.args as CelNode[]).map((literal) => neverFault(item, literal, slots)).find((fault) => fault !== undefined);
  const items = slots.get(list)?.schema;
  return items?.type === "list" && items.items.type === "string" ? literalFault(items.items, list, item) : undefined;
}

function orderFault(node: CelNode): CelFault | undefined {
  const types = (node.args as CelNode[]).map((arg) => (arg.checkedType?.kind === "dyn" ? "dyn" : arg.checkedType?.name));
  if (types.some((type) => type !== "string" && type !== "dyn")) return undefined;
  const fault = { ...placeOf(node), code: "text-has-no-order" };
  if (types.includes("string")) return { ...fault, message: "text has no order", hint: "for versions use `version(…)`, for numbers `int(…)`" };
  return { ...fault, code: "unknown-types", message: `\`${node.op}\` needs to know what it compares, and the types of both sides are not known before the run`, hint: "say what they are: `int(…)`, `double(…)`, `version(string(…))`" };
}

function stringOf(node: CelNode, slots: ReadonlyMap<CelNode, CelSlot>): StringSchema | undefined {
  const schema = slots.get(node)?.schema;
  return schema?.type === "string" ? schema : undefined;
}

/** A literal that the value it is compared with can never be. */
function neverFault(value: CelNode, literal: CelNode, slots: ReadonlyMap<CelNode, CelSlot>): CelFault | undefined {
  const schema = stringOf(value, slots);
  return schema === undefined ? undefined : literalFault(schema, value, literal);
}

function literalFault(schema: StringSchema, value: CelNode, literal: CelNode): CelFault | undefined {
  if (literal.op !== "value" || typeof literal.args !== "string") return undefined;
  const text = literal.args;
  const name = lineOf(value);
  const fault = (message: string, hint?: string): CelFault => ({ ...literal.range, code: "never-true", message, ...(hint === undefined ? {} : { hint }) });
  if (schema.enum !== undefined && !schema.enum.includes(text)) return fault(`\`${name}\` is never ${JSON.stringify(text)}`, nameHint(text, schema.enum));
  if (schema.format === "netbios_name" && text !== text.toUpperCase()) return fault(`\`${name}\` is in upper case, so it is never ${JSON.stringify(text)}`, `write ${JSON.stringify(text.toUpperCase())}`);
  if (schema.format === "hostname" && text !== text.toLowerCase()) return fault(`\`${name}\` is in lower case, so it is never ${JSON.stringify(text)}`, `write ${JSON.stringify(text.toLowerCase())}`);
  return undefined;
}

/** A host name (lower case) beside a NetBIOS name (upper case). */
function caseFault(node: CelNode, left: StringSchema | undefined, right: StringSchema | undefined): CelFault | undefined {
  const formats = [left?.format, right?.format];
  if (!formats.includes("hostname") || !formats.includes("netbios_name")) return undefined;
  return { ...placeOf(node), code: "never-true", message: "one is a host name in lower case, the other a NetBIOS name in upper case", hint: "compare `x.lowerAscii()` with `y.lowerAscii()`" };
}

/** `has(x.name)` of a name that a macro binds, where `x` has no such part. */
function askedFault(asked: CelNode): CelFault | undefined {
  const path = pathOf(asked);
  if (path === undefined) return { ...placeOf(asked), code: "wrong-type", message: "`has` asks for a name with a dot", hint: "`has(outputs.name)`" };
  let root = asked;
  while (root.op === "." || root.op === "[]") root = root.args[0] as CelNode;
  let fields = recordNamed(root.checkedType?.name ?? "")?.fields;
  for (const [index, name] of path.path.entries()) {
    if (index === 0 || fields === undefined) continue;
    if (!Object.hasOwn(fields, name)) {
      const hint = nameHint(name, Object.keys(fields));
      return { ...(path.places[index] ?? placeOf(asked)), code: "unknown-name", message: `there is no \`${name}\` in \`${path.path.slice(0, index).join(".")}\``, ...(hint === undefined ? {} : { hint }) };
    }
    fields = recordNamed(fields[name] ?? "")?.fields;
  }
  return undefined;
}
