import process from "node:process";
import type { InputDeclaration } from "../core/runbook.ts";
import { convertText } from "../interpreter/language/convert.ts";
import { schemaText } from "../views/schema-text.ts";
import { oneLine } from "../views/terminal-text.ts";

/** What a person answered, or that they left (Ctrl-C). */
export type Prompted<T> = { readonly kind: "answered"; readonly value: T } | { readonly kind: "left" };

/** Where a prompt is drawn: standard output belongs to the document that was asked for. */
const CONTEXT = { output: process.stderr, clearPromptOnDone: false };

/** Asks yes or no; Enter says no. */
export async function askYesNo(question: string): Promise<Prompted<boolean>> {
  const { confirm } = await import("@inquirer/prompts");
  return await prompted(() => confirm({ message: oneLine(question), default: false }, CONTEXT));
}

/** Asks for the value of an input until it is one. */
export async function askInput({ name, schema }: InputDeclaration): Promise<Prompted<string>> {
  const { input, select } = await import("@inquirer/prompts");
  const description = schema.description === undefined ? "" : ` (${oneLine(schema.description)})`;
  const message = `${name}${description}`;
  if (schema.type === "string" && schema.enum !== undefined) {
    const choices = schema.enum.map((value) => ({ name: oneLine(value), value }));
    return await prompted(() => select({ message, choices }, CONTEXT));
  }
  const validate = (text: string): true | string => {
    const converted = convertText(text, schema);
    return converted.kind === "ok" ? true : converted.error;
  };
  return await prompted(() => input({ message: `${message}, ${schemaText(schema)}:`, required: true, validate }, CONTEXT));
}

async function prompted<T>(ask: () => Promise<T>): Promise<Prompted<T>> {
  try {
    return { kind: "answered", value: await ask() };
  } catch (fault) {
    if (fault instanceof Error && fault.name === "ExitPromptError") return { kind: "left" };
    throw fault;
  }
}
