import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import { blocksIn, PAGES, pageText } from "./blocks.ts";
import { PROJECT } from "./project.ts";

/** The command lines of the manual that start runbook, each as its words behind `runbook`. */
const LINES = blocksIn("sh").flatMap(({ place, text }) =>
  text
    .split(/\n|&&/)
    .map((line) => line.replace(/#.*$/, "").trim())
    .flatMap((line) => {
      const found = /^(?:npx --no-install )?runbook (.+)$/.exec(line);
      return found === null ? [] : [{ place, line, words: (found[1] ?? "").split(/\s+/) }];
    }),
);

describe("the command lines of the manual", () => {
  test("are found", () => {
    expect(LINES.length).toBeGreaterThan(5);
  });

  test.each(LINES.map((line) => [line.line, line] as const))("`%s` is one that runbook takes", (_line, { words }) => {
    const [name, ...rest] = words;
    const command = COMMANDS.find((candidate) => candidate.name === name);
    expect(command?.name).toBe(name);
    if (command !== undefined) expect(parseArguments(command, rest)).toMatchObject({ kind: "ok" });
  });
});

describe("the links of the manual", () => {
  test.each(PAGES)("of %s lead to something", (page) => {
    const links = [...pageText(page).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map((found) => found[1] ?? "");
    expect(links.filter((link) => !existsSync(join(PROJECT, dirname(page), link)))).toEqual([]);
  });
});
