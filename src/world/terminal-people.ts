import type * as PromptsModule from "@inquirer/prompts";
import { termsText, whyNotEntitled } from "../core/approval.ts";
import { assertNever } from "../core/assert-never.ts";
import type { AskedQuestion, People, Reply } from "../core/port.ts";
import { formatDuration } from "../core/quantity.ts";
import type { Account } from "./account.ts";
import { plainLine, plainLines } from "./plain-text.ts";
import { systemClock } from "./system-clock.ts";
import { typedInput } from "./terminal-input.ts";

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
  readonly #context: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream; readonly signal: AbortSignal };

  /** Once `signal` is aborted the prompt goes away, with an error of its own. */
  constructor(prompts: Prompts, input: NodeJS.ReadableStream, output: NodeJS.WritableStream, signal: AbortSignal) {
    this.#prompts = prompts;
    this.#context = { input, output, signal };
  }

  async yesOrNo(message: string): Promise<"yes" | "no"> {
    return (await this.#prompts.confirm({ message, default: false }, this.#context)) ? "yes" : "no";
  }

  /** Undefined where Enter was pressed; `needed`: it is asked for until there is one. */
  async reason(wanted: "if any" | "needed" = "if any"): Promise<string | undefined> {
    const isNeeded = wanted === "needed";
    const validate = (text: string): true | string => (isNeeded && text.trim() === "" ? "A reason is needed: it is kept with the answer" : true);
    const text = await this.#prompts.input({ message: isNeeded ? "Reason:" : "Reason (Enter for none):", validate }, this.#context);
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
      const answer = await desk.choice(message, choices, undefined);
      return { answer, reason: await desk.reason(question.reasonFor?.includes(answer) === true ? "needed" : "if any") };
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
function isLeft(fault: unknown): boolean {
  return fault instanceof Error && (fault.name === "ExitPromptError" || fault.name === "AbortPromptError");
}

/** How long a question stands, for a person: whole seconds. */
function standsFor(leftMs: number): string {
  return formatDuration(Math.max(1_000, Math.round(leftMs / 1_000) * 1_000));
}

/** Asks until there is an answer, the person leaves, or the question's time is over, on this machine's clock. */
async function askInTime(terminal: Terminal, question: AskedQuestion, message: string): Promise<Asked | "expired" | "left"> {
  // Heavy, and needed only where somebody is asked.
  const prompts = await import("@inquirer/prompts");
  const over = new AbortController();
  const clock = systemClock();
  const forget = question.expires === undefined ? undefined : clock.at(clock.now() + question.expires.leftMs, question.step, () => over.abort());
  const input = typedInput(terminal.input);
  try {
    return await askAt(new Desk(prompts, input.stream, terminal.output, AbortSignal.any([over.signal, input.ended])), question, message);
  } catch (fault) {
    if (!isLeft(fault)) throw fault;
    return over.signal.aborted ? "expired" : "left";
  } finally {
    forget?.();
    input.close();
  }
}

/** Asks whoever sits at the terminal. A no is what Enter gives; Ctrl-C is no answer. Where their account's yes would not count they are told so, and not asked. The caller has checked that it is a terminal. */
export function terminalPeople(terminal: Terminal): People {
  const tell = (line: string): void => {
    for (const part of terminal.fitted(line, INDENT.length)) terminal.output.write(`${INDENT}${part}\n`);
  };
  return {
    presence: "terminal",
    async ask(question): Promise<Reply> {
      const refused = whyNotEntitled(question.terms, terminal, "yes");
      const lines = plainLines(question.text);
      const last = lines.at(-1) ?? "";
      // A prompt is broken anywhere: what does not fit beside it stands above it, broken at words; so do several things to do.
      const isShort = refused === undefined && (question.kind !== "do" || lines.length === 1) && terminal.fitted(last, PROMPT_COLUMNS).length <= 1;
      const above = [...question.show.flatMap(plainLines), ...(isShort ? lines.slice(0, -1) : lines), ...termsText(question.terms).map((line) => plainLine(`${line}.`))];
      for (const line of above) tell(line);
      if (refused !== undefined) {
        tell(plainLine(`It cannot be answered here: ${refused}.`));
        return { kind: "nobody" };
      }
      if (question.expires !== undefined) tell(`It stands for ${standsFor(question.expires.leftMs)}.`);
      const asked = await askInTime(terminal, question, isShort ? last : shortQuestion(question.kind));
      if (asked === "left") return { kind: "left" };
      if (asked !== "expired") return { kind: "answered", answer: { ...asked, by: terminal.operator, account: terminal.account, host: terminal.host } };
      terminal.output.write("\n");
      tell("The time for this question is over: nobody answered.");
      return { kind: "expired" };
    },
  };
}
