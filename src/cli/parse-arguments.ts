import { parseArgs } from "node:util";
import { nameHint } from "../core/names.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Arguments, Command, Flag } from "./command.ts";
import { EVERYWHERE } from "./flags.ts";

/** The flags that a command takes, with those of every command. */
export function flagsOf(command: Command): readonly Flag[] {
  return [...command.flags, ...EVERYWHERE];
}

/** The words after a command's name, checked against its table: every fault as a sentence. */
export function parseArguments(command: Command, words: readonly string[]): Result<Arguments, readonly string[]> {
  const flags = new Map(flagsOf(command).map((flag) => [flag.name, flag]));
  const options = Object.fromEntries([...flags.values()].map((flag) => [flag.name, { type: flag.takes === "nothing" ? ("boolean" as const) : ("string" as const), multiple: true }]));
  const { tokens } = parseArgs({ args: [...words], options: { ...options, h: { type: "boolean" } }, allowPositionals: true, strict: false, tokens: true });
  const faults: string[] = [];
  const operands: string[] = [];
  const given = new Set<string>();
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const flag = flags.get(token.name === "h" ? "help" : token.name);
    if (flag === undefined) faults.push(unknownFlag(command, token.rawName, flags.keys()));
    else if (flag.takes === "nothing") {
      if (token.value !== undefined) faults.push(`--${flag.name} takes no value`);
      given.add(flag.name);
    } else if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))) {
      faults.push(`--${flag.name} needs a value: --${flag.name} ${flag.value ?? "VALUE"}`);
    } else if (flag.choices !== undefined && !flag.choices.includes(token.value)) {
      faults.push(`--${flag.name} ${token.value}: ${flag.choices.join(", ")} are possible`);
    } else {
      const before = values.get(flag.name);
      if (before === undefined) values.set(flag.name, [token.value]);
      else if (flag.takes === "values") before.push(token.value);
      else faults.push(`--${flag.name} was given twice`);
    }
  }
  if (!given.has("help")) faults.push(...operandFaults(command, operands));
  return faults.length > 0 ? error(faults) : ok({ operands, given, values });
}

function unknownFlag(command: Command, rawName: string, names: Iterable<string>): string {
  const hint = nameHint(rawName.replace(/^-+/u, ""), names)?.replaceAll("`", "").replaceAll(/(?<=^did you mean |^available: |, )/gu, "--");
  return `\`${command.name}\` has no flag ${rawName}${hint === undefined ? "" : `; ${hint}`}`;
}

function operandFaults(command: Command, operands: readonly string[]): readonly string[] {
  const { atLeast, atMost } = command.operands;
  if (operands.length < atLeast) return [`\`${command.name}\` needs ${command.usage}`];
  if (operands.length > atMost) return [`\`${command.name}\` takes ${atMost === 0 ? "no operand" : atMost === 1 ? "one operand" : `${atMost} operands`}, not also \`${operands[atMost]}\``];
  return [];
}
