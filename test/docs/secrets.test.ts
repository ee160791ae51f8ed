import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { projectWith } from "../cli/project-fixture.ts";
import { stage } from "../cli/stage.ts";
import { blocksOf } from "./blocks.ts";

const blocks = blocksOf("docs/secrets.md");

/** A line without the hour and without how wide a table is. */
function shapeOf(line: string): string {
  return line.replaceAll(/\d\d:\d\d:\d\d/g, "HOUR").replaceAll(/\s+/g, " ").trim();
}

test.skipIf(process.platform === "win32")("the commands of the page about secrets show what the page says, and no secret", async () => {
  const folder = projectWith({ "runbook.config.yml": "config: 1\n" });
  writeFileSync(join(folder, "login.yml"), blocks.find(({ language }) => language === "yaml")?.text ?? "");
  const commands = blocks.flatMap(({ language, text }, index) => (language === "sh" ? [{ line: text.trim(), shown: (blocks[index + 1]?.text ?? "").split("\n").filter((line) => line.trim() !== "") }] : []));
  expect(commands).toHaveLength(2);
  for (const { line, shown } of commands) {
    const on = stage({ workingFolder: folder, env: { DB_PASSWORD: "hunter2 and more" } });
    await main(line.replace("npx --no-install runbook ", "").split(/\s+/), on.surroundings);
    const screen = `${on.out()}${on.err()}`;
    const page = shapeOf(screen);
    expect([line, shown.filter((wanted) => !page.includes(shapeOf(wanted)))]).toEqual([line, []]);
    expect(screen).not.toMatch(/hunter2|sesame/);
  }
});
