import type { Registry } from "../core/builtin.ts";
import { nameHint } from "../core/names.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT } from "./exit-code.ts";
import { commandHelp, helpText } from "./help-text.ts";
import { pageStyle } from "./page-style.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { Surroundings } from "./surroundings.ts";
import { typedForm } from "./typed-form.ts";

/** Runs the command that the words name, or shows the help; a wrong word is complained of. */
export async function dispatch(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name, ...rest] = words;
  const typed = typedForm(surroundings.env);
  const complain = (sentences: readonly string[], page: string): number => {
    surroundings.stderr.write(`${sentences.join("\n")}\nSee ${typed}${page} --help\n`);
    return EXIT.wrong;
  };
  const isHelp = name === undefined || name === "--help" || name === "-h" || name === "help";
  const wanted = isHelp ? (name === "help" ? rest[0] : undefined) : name;
  const command = COMMANDS.find((candidate) => candidate.name === wanted);
  if (isHelp && wanted === undefined) {
    const page = name === undefined ? surroundings.stderr : surroundings.stdout;
    page.write(`${helpText(COMMANDS, typed, pageStyle(page, surroundings.env, undefined)).join("\n")}\n`);
    return name === undefined ? EXIT.wrong : EXIT.ok;
  }
  if (command === undefined) return complain([unknownWord(wanted ?? "", COMMANDS)], "");
  const parsed = parseArguments(command, isHelp ? ["--help"] : rest);
  if (parsed.kind === "error") return complain(parsed.error, ` ${command.name}`);
  if (parsed.value.given.has("help")) {
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
  if (word.startsWith("-")) return `\`${word}\` stands where a command is expected: flags come after the command`;
  const hint = nameHint(word, commands.map((command) => command.name));
  return `there is no command \`${word}\`${hint === undefined ? "" : `; ${hint}`}`;
}
