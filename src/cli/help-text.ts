import { paint, type Style } from "../views/style.ts";
import { table } from "../views/table.ts";
import { wrapped } from "../views/terminal-text.ts";
import type { Command } from "./command.ts";
import { flagsOf } from "./parse-arguments.ts";

/** The first page: what runbook is, its commands, and how to begin. `typed` is how runbook was started. */
export function helpText(commands: readonly Command[], typed: string, style: Style): readonly string[] {
  return [
    ...wrapped("runbook: operational procedures as YAML, reviewed like code, checked, tried on a simulated system, run on real machines.", style.columns),
    "",
    title("Usage", style),
    `  ${typed} COMMAND [FLAGS]`,
    "",
    title("Commands", style),
    ...table(commands.map((command) => [`${command.name} ${command.usage}`, command.summary]), style.columns),
    "",
    title("To begin", style),
    ...table([
      [`${typed} plan ccr-rollup.yml`, "what would be done, and why"],
      [`${typed} run ccr-rollup.yml`, "on the simulated system: nothing real is touched"],
      [`${typed} COMMAND --help`, "more about a command"],
      [`${typed} --version`, "the version"],
    ], style.columns),
  ];
}

/** The page of one command. */
export function commandHelp(command: Command, typed: string, style: Style): readonly string[] {
  const flagRows = flagsOf(command).map((flag) => [`--${flag.name}${flag.value === undefined ? "" : ` ${flag.value}`}`, flag.does]);
  return [
    ...wrapped(`${command.summary}.`, style.columns),
    "",
    title("Usage", style),
    `  ${typed} ${command.name} ${command.usage} [FLAGS]`,
    "",
    ...command.teaches.flatMap((paragraph) => wrapped(paragraph, style.columns)),
    "",
    title("Flags", style),
    ...table(flagRows, style.columns),
    "",
    title("Examples", style),
    ...command.examples.flatMap((example) => [`  ${typed} ${example.command}`, ...wrapped(example.does, style.columns, "      ")]),
  ];
}

function title(text: string, style: Style): string {
  return paint(style, "strong", text);
}
