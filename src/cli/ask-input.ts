import type { InputDeclaration } from "../core/runbook.ts";
import { convertText } from "../interpreter/language/convert.ts";
import { schemaText } from "../views/schema-text.ts";
import { askChoice, askText, type Prompted } from "../world/terminal-prompts.ts";

/** Asks for the value of an input until it is one. */
export async function askInput({ name, schema }: InputDeclaration): Promise<Prompted<string>> {
  const what = schema.description === undefined ? name : `${name} (${schema.description})`;
  if (schema.type === "string" && schema.enum !== undefined) return await askChoice(what, schema.enum);
  return await askText(`${what}, ${schemaText(schema)}:`, (text) => {
    const converted = convertText(text, schema);
    return converted.kind === "ok" ? true : converted.error;
  });
}
