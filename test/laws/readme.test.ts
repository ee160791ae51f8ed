import { describe, expect, test } from "vitest";
import { textOf } from "./files.ts";

/** The commands that the README tells a new user to type, in their order. */
function commandsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.split("\n").filter((line) => line.trim() !== ""));
}

describe("the README", () => {
  const commands = commandsOf(textOf("README.md"));

  test("names two commands", () => {
    expect(commands).toEqual(["npm ci && npx --no-install runbook run ccr-rollup.yml --yes", "npm test"]);
  });

  test.each(commands)("%s is run on every change, as it stands", (command) => {
    expect(textOf(".ci/run").split("\n")).toContain(command);
  });
});
