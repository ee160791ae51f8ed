import process from "node:process";
import { plainLine } from "./plain-text.ts";
import { typedInput } from "./terminal-input.ts";

/** What a person answered, or that they left (Ctrl-C, the end of the input). */
export type Prompted<T> = { readonly kind: "answered"; readonly value: T } | { readonly kind: "left" };

/** Prompts are drawn on standard error: standard output belongs to what was asked for. */
interface Context {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** Asks yes or no; Enter says no. */
export async function askYesNo(question: string): Promise<Prompted<boolean>> {
  const { confirm } = await import("@inquirer/prompts");
  return await prompted((context) => confirm({ message: plainLine(question), default: false }, context));
}

/** Asks for a text until `validate` finds nothing wrong with it; else it gives the sentence that is shown. */
export async function askText(question: string, validate: (text: string) => true | string): Promise<Prompted<string>> {
  const { input } = await import("@inquirer/prompts");
  return await prompted((context) => input({ message: plainLine(question), required: true, validate }, context));
}

/** Asks for a text of which nothing is shown while it is typed, until `validate` finds nothing wrong with it. */
export async function askHidden(question: string, validate: (text: string) => true | string): Promise<Prompted<string>> {
  const { password } = await import("@inquirer/prompts");
  return await prompted((context) => password({ message: plainLine(question), mask: false, validate }, context));
}

/** Lets choose one of several texts. */
export async function askChoice(question: string, choices: readonly string[]): Promise<Prompted<string>> {
  const { select } = await import("@inquirer/prompts");
  return await prompted((context) => select({ message: plainLine(question), choices: choices.map((value) => ({ name: plainLine(value), value })) }, context));
}

async function prompted<T>(ask: (context: Context) => Promise<T>): Promise<Prompted<T>> {
  const input = typedInput(process.stdin);
  try {
    return { kind: "answered", value: await ask({ input: input.stream, output: process.stderr, signal: input.ended }) };
  } catch (fault) {
    if (fault instanceof Error && (fault.name === "ExitPromptError" || fault.name === "AbortPromptError")) return { kind: "left" };
    throw fault;
  } finally {
    input.close();
  }
}
