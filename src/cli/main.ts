import type { Registry } from "../core/builtin.ts";
import { nameHint } from "../core/names.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";
import { VERSION } from "./version.ts";

/**
 * Runs a command line (without the program's name) and answers with its exit code. Whatever is thrown on the way is our own
 * mistake: it is caught here, once, and ends with 3.
 */
export async function main(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(words, surroundings);
  } catch (fault) {
    surroundings.stderr.write(faultText(fault, words));
    return EXIT.fault;
  }
}

async function dispatch(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name, ...rest] = words;
  if (name === "--version" || name === "-v" || name === "version") {
    surroundings.stdout.write(`runbook ${VERSION}\n`);
    return EXIT.ok;
  }
  const [{ COMMANDS }, { typedForm }, { pageStyle }] = await Promise.all([import("./commands.ts"), import("./typed-form.ts"), import("./page-style.ts")]);
  const typed = typedForm(surroundings.env);
  const complain = (sentences: readonly string[], page: string): number => {
    surroundings.stderr.write(`${sentences.join("\n")}\nSee ${typed}${page} --help\n`);
    return EXIT.wrong;
  };
  const isHelp = name === undefined || name === "--help" || name === "-h" || name === "help";
  const wanted = isHelp ? (name === "help" ? rest[0] : undefined) : name;
  const command = COMMANDS.find((candidate) => candidate.name === wanted);
  if (isHelp && wanted === undefined) {
    const { helpText } = await import("./help-text.ts");
    const page = name === undefined ? surroundings.stderr : surroundings.stdout;
    page.write(`${helpText(COMMANDS, typed, pageStyle(page, surroundings.env, undefined)).join("\n")}\n`);
    return name === undefined ? EXIT.wrong : EXIT.ok;
  }
  if (command === undefined) return complain([unknownWord(wanted ?? "", COMMANDS)], "");
  const { parseArguments } = await import("./parse-arguments.ts");
  const parsed = parseArguments(command, isHelp ? ["--help"] : rest);
  if (parsed.kind === "error") return complain(parsed.error, ` ${command.name}`);
  if (parsed.value.given.has("help")) {
    const { commandHelp } = await import("./help-text.ts");
    surroundings.stdout.write(`${commandHelp(command, typed, pageStyle(surroundings.stdout, surroundings.env, parsed.value)).join("\n")}\n`);
    return EXIT.ok;
  }
  const run = await command.load();
  return await run({ args: parsed.value, surroundings, typed, loadBuiltins });
}

/** Only here are the builtins put together. */
async function loadBuiltins(): Promise<Registry> {
  return (await import("../builtins/index.ts")).builtins;
}

function unknownWord(word: string, commands: readonly Command[]): string {
  const what = word.startsWith("-") ? "flag" : "command";
  const hint = nameHint(word, commands.map((command) => command.name));
  return `there is no ${what} \`${word}\`${hint === undefined ? "" : `; ${hint}`}`;
}

function faultText(fault: unknown, words: readonly string[]): string {
  const message = fault instanceof Error ? fault.message : String(fault);
  const place = fault instanceof Error ? (fault.stack ?? "").split("\n").slice(1, 4).map((line) => line.trim()) : [];
  return [
    `runbook ${VERSION} made a mistake and ended (exit code 3): ${message}`,
    ...place.map((line) => `  ${line}`),
    "What was being done may be half done; run the same runbook again, it looks before it acts.",
    `Please report this text together with the file and the command: runbook ${words[0] ?? ""}`,
    "",
  ].join("\n");
}
