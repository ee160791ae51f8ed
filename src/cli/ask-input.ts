import type { Json } from "../core/json.ts";
import type { InputDeclaration } from "../core/runbook.ts";
import { convertText } from "../interpreter/language/convert.ts";
import { schemaText } from "../views/schema-text.ts";
import type { Style } from "../views/style.ts";
import { paint } from "../views/style.ts";
import { oneLine, wrapped } from "../views/terminal-text.ts";
import { valueText } from "../views/value-text.ts";
import { askChoice, askText, type Prompted } from "../world/terminal-prompts.ts";
import type { Output } from "./surroundings.ts";

/** Asks for the value of an input until it is one. What it means, what fits and examples stand above the prompt. */
export async function askInput(input: InputDeclaration, output: Output, style: Style): Promise<Prompted<string>> {
  const { name, schema } = input;
  output.write(`${inputHelp(input, style).join("\n")}\n`);
  if (schema.type === "string" && schema.enum !== undefined) return await askChoice(`${name}:`, schema.enum);
  return await askText(`${name}:`, (text) => {
    const converted = convertText(text, schema);
    return converted.kind === "ok" ? true : oneLine(converted.error);
  });
}

/** What stands above the prompt for an input: its description, what fits, and examples where it has them. */
export function inputHelp({ name, schema }: InputDeclaration, style: Style): readonly string[] {
  const examples = "examples" in schema && schema.examples !== undefined && schema.examples.length > 0 ? `, for example ${schema.examples.map((example) => valueText(example as Json)).join(" or ")}` : "";
  return [
    ...wrapped(schema.description === undefined ? name : `${name}: ${oneLine(schema.description)}`, style.columns, "", "  ").map((line) => paint(style, "strong", line)),
    ...wrapped(`${schemaText(schema)}${examples}`, style.columns, "  "),
  ];
}
