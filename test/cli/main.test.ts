import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { main } from "../../src/cli/main.ts";
import { VERSION } from "../../src/cli/version.ts";
import { expectScreen } from "../views/golden.ts";
import { stage } from "./stage.ts";

describe("the command line", () => {
  test("--version prints the version of package.json", async () => {
    const { surroundings, out } = stage();
    expect(await main(["--version"], surroundings)).toBe(0);
    expect(out()).toBe(`runbook ${VERSION}\n`);
    expect(JSON.parse(readFileSync("package.json", "utf8"))).toMatchObject({ version: VERSION });
  });

  test("--help lists every command on standard output", async () => {
    const { surroundings, out } = stage();
    expect(await main(["--help"], surroundings)).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(out()).toContain(`  ${name}`);
      expect(out().replaceAll(/\s+/gu, " ")).toContain(summary);
    }
  });

  test("nothing at all is answered with the help on standard error, and 2", async () => {
    const { surroundings, out, err } = stage();
    expect(await main([], surroundings)).toBe(2);
    expect(out()).toBe("");
    expect(err()).toContain("Commands");
  });

  test.each([
    ["rnu", "there is no command `rnu`; did you mean `run`?"],
    ["--verison", "`--verison` stands where a command is expected"],
  ])("%s is answered with 2 and the nearest name", async (word, sentence) => {
    const { surroundings, err } = stage();
    expect(await main([word], surroundings)).toBe(2);
    expect(err()).toContain(sentence);
  });

  test("npx is typed again in what to do next", async () => {
    const { surroundings, err } = stage({ env: { npm_command: "exec" } });
    await main(["rnu"], surroundings);
    expect(err()).toContain("See npx --no-install runbook --help");
  });

  test.each(COMMANDS.map(({ name }) => [name]))("%s --help teaches: what it does, its flags, an example", async (name) => {
    const { surroundings, out } = stage();
    expect(await main([name, "--help"], surroundings)).toBe(0);
    await expectScreen(`help-${name}`, out().trimEnd().split("\n"));
    const other = stage();
    expect(await main(["help", name], other.surroundings)).toBe(0);
    expect(other.out()).toBe(out());
  });

  test("a colour is used on a terminal, and not where NO_COLOR says so", async () => {
    const coloured = stage({ terminal: { columns: 100, rows: 30 } });
    await main(["--help"], coloured.surroundings);
    expect(coloured.out()).toContain("\u001B[1m");
    const plain = stage({ terminal: { columns: 100, rows: 30 }, env: { NO_COLOR: "1" } });
    await main(["--help"], plain.surroundings);
    expect(plain.out()).not.toContain("\u001B");
  });
});
