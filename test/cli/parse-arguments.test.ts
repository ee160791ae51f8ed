import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { Command } from "../../src/cli/command.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";

function command(name: string): Command {
  const found = COMMANDS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no command ${name}`);
  return found;
}

describe("arguments", () => {
  test("are operands, flags that take nothing, and values in their order", () => {
    const parsed = parseArguments(command("run"), ["a.yml", "--set", "x=1", "--yes", "--set=y=2"]);
    expect(parsed.kind === "ok" && parsed.value.operands).toEqual(["a.yml"]);
    expect(parsed.kind === "ok" && [...parsed.value.given]).toEqual(["yes"]);
    expect(parsed.kind === "ok" && parsed.value.values.get("set")).toEqual(["x=1", "y=2"]);
  });

  test("after -- are operands", () => {
    const parsed = parseArguments(command("run"), ["--", "--odd.yml"]);
    expect(parsed.kind === "ok" && parsed.value.operands).toEqual(["--odd.yml"]);
  });

  test.each<readonly [sentence: string, command: string, words: readonly string[], fault: string]>([
    ["an unknown flag is answered with the nearest one", "run", ["a.yml", "--sets", "x=1"], "`run` has no flag --sets; did you mean --set?"],
    ["a flag of another command is unknown", "plan", ["a.yml", "--yes"], "`plan` has no flag --yes"],
    ["a value that is missing is asked for", "run", ["a.yml", "--set"], "--set needs a value: --set NAME=VALUE"],
    ["the next flag is no value", "run", ["a.yml", "--system", "--yes"], "--system needs a value: --system NAME"],
    ["a flag that takes nothing refuses a value", "run", ["a.yml", "--yes=no"], "--yes takes no value"],
    ["one value is not given twice", "run", ["a.yml", "--system", "a", "--system", "b"], "--system was given twice"],
    ["a value that is none of the choices is told them", "run", ["a.yml", "--color", "pink"], "--color pink: auto, always, never are possible"],
    ["an operand that is missing is named", "run", [], "`run` needs FILE"],
    ["an operand too many is named", "run", ["a.yml", "b.yml"], "`run` takes one operand, not also `b.yml`"],
  ])("%s", (_sentence, name, words, fault) => {
    const parsed = parseArguments(command(name), words);
    expect(parsed.kind === "error" ? parsed.error.join("\n") : "").toContain(fault);
  });

  test("with all their faults at once", () => {
    const parsed = parseArguments(command("run"), ["--nope", "--set"]);
    expect(parsed.kind === "error" && parsed.error.length).toBe(3);
  });

  test("with --help are never wrong for a missing operand", () => {
    expect(parseArguments(command("run"), ["--help"]).kind).toBe("ok");
    expect(parseArguments(command("run"), ["-h"]).kind).toBe("ok");
  });
});
