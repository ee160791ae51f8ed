import type * as PromptsModule from "@inquirer/prompts";
import { assertNever } from "../core/assert-never.ts";
import type { AskedQuestion, People } from "../core/port.ts";
import type { Account } from "./account.ts";
import { plainLine, plainLines } from "./plain-text.ts";

/** The terminal that questions are asked on, and who sits at it. */
export interface Terminal extends Account {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Who runs this, as they named themselves. */
  readonly operator: string;
  /** A safe line as lines that fit on the terminal beside `used` columns, broken at words. */
  readonly fitted: (line: string, used: number) => readonly string[];
}

/** Columns that a prompt takes beside its question: its sign, and `(y/N)` with room for an answer. */
const PROMPT_COLUMNS = 12;

/** Before what is shown with a question. */
const INDENT = "  ";

type Prompts = typeof PromptsModule;

interface Asked {
  readonly answer: string;
  readonly reason: string | undefined;
}

/** What the prompts ask for, with the terminal that they use. */
class Desk {
  readonly #prompts: Prompts;
  readonly #context: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };

  constructor(prompts: Prompts, { input, output }: Terminal) {
    this.#prompts = prompts;
    this.#context = { input, output };
  }

  async yesOrNo(message: string): Promise<"yes" | "no"> {
    return (await this.#prompts.confirm({ message, default: false }, this.#context)) ? "yes" : "no";
  }

  /** Undefined where Enter was pressed. */
  async reason(): Promise<string | undefined> {
    const text = await this.#prompts.input({ message: "Reason (Enter for none):" }, this.#context);
    return text.trim() === "" ? undefined : text.trim();
  }

  async choice(message: string, choices: readonly { readonly value: string; readonly description?: string }[], preset: string | undefined): Promise<string> {
    const shown = choices.map(({ value, description }) => ({ value, name: plainLine(value), ...(description === undefined ? {} : { description: plainLine(description) }) }));
    return this.#prompts.select({ message, choices: shown, ...(preset === undefined ? {} : { default: preset }) }, this.#context);
  }

  async text(message: string, preset: string | undefined, validate: (text: string) => true | string): Promise<string> {
    return this.#prompts.input({ message, validate, ...(preset === undefined ? {} : { default: preset }) }, this.#context);
  }
}

/** What is wrong with a typed value, so that it is asked for again at once; whether it fits is decided by the step. */
function complaint(value: NonNullable<AskedQuestion["value"]>): (text: string) => true | string {
  return (text) => {
    if (text === "") return "An answer is needed";
    if (value.type === "integer" && !/^-?\d+$/.test(text)) return "A whole number is needed";
    if (value.type === "number" && !/^-?\d+(?:\.\d+)?$/.test(text)) return "A number is needed";
    if (value.pattern !== undefined && !new RegExp(value.pattern, "u").test(text)) return `It must match ${value.pattern}`;
    return true;
  };
}

async function askValue(desk: Desk, message: string, value: NonNullable<AskedQuestion["value"]>): Promise<Asked> {
  if (value.enum !== undefined) return { answer: await desk.choice(message, value.enum.map((item) => ({ value: item })), value.default), reason: undefined };
  if (value.type === "boolean") return { answer: await desk.choice(message, [{ value: "yes" }, { value: "no" }], value.default === "true" ? "yes" : value.default === "false" ? "no" : value.default), reason: undefined };
  return { answer: await desk.text(message, value.default, complaint(value)), reason: undefined };
}

async function askAt(desk: Desk, question: AskedQuestion, message: string): Promise<Asked> {
  switch (question.kind) {
    case "approve":
      return { answer: await desk.yesOrNo(message), reason: await desk.reason() };
    case "confirm": {
      const answer = await desk.yesOrNo(message);
      return { answer, reason: answer === "no" ? await desk.reason() : undefined };
    }
    case "do": {
      const answer = await desk.yesOrNo(message === "" ? "Done?" : `${message} Done?`);
      return { answer, reason: answer === "no" ? await desk.reason() : undefined };
    }
    case "choose": {
      const choices = Object.entries(question.choices ?? {}).map(([value, description]) => ({ value, description }));
      return { answer: await desk.choice(message, choices, undefined), reason: await desk.reason() };
    }
    case "ask":
      return askValue(desk, message, question.value ?? { type: "string" });
    default:
      return assertNever(question.kind);
  }
}

/** What the prompt says where the question itself stands above it. */
function shortQuestion(kind: AskedQuestion["kind"]): string {
  switch (kind) {
    case "approve":
      return "Do you approve?";
    case "confirm":
      return "Do you confirm it?";
    case "do":
      return "";
    case "choose":
    case "ask":
      return "Your answer:";
    default:
      return assertNever(kind);
  }
}

/** True for what the prompts throw when Ctrl-C or the end of the input came. */
function isNoAnswer(fault: unknown): boolean {
  return fault instanceof Error && (fault.name === "ExitPromptError" || fault.name === "AbortPromptError");
}

/** Asks whoever sits at the terminal. A no is what Enter gives; Ctrl-C is no answer. The caller has checked that it is a terminal. */
export function terminalPeople(terminal: Terminal): People {
  return {
    presence: "terminal",
    async ask(question) {
      // Heavy, and needed only where somebody is asked.
      const desk = new Desk(await import("@inquirer/prompts"), terminal);
      const lines = plainLines(question.text);
      const last = lines.at(-1) ?? "";
      // A prompt is broken anywhere: what does not fit beside it stands above it, broken at words.
      const isShort = terminal.fitted(last, PROMPT_COLUMNS).length <= 1;
      const above = [...question.show.flatMap(plainLines), ...(isShort ? lines.slice(0, -1) : lines)];
      for (const line of above) for (const part of terminal.fitted(line, INDENT.length)) terminal.output.write(`${INDENT}${part}\n`);
      try {
        const { answer, reason } = await askAt(desk, question, isShort ? last : shortQuestion(question.kind));
        return { answer, reason, by: terminal.operator, account: terminal.account, host: terminal.host };
      } catch (fault) {
        if (isNoAnswer(fault)) return undefined;
        throw fault;
      }
    },
  };
}
