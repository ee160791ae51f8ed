import { globSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PROJECT } from "../docs/project.ts";
import { loadedFile } from "./loaded.ts";

const FILES = [...globSync("runbooks/**/*.yml", { cwd: PROJECT }), ...globSync("examples/*.yml", { cwd: PROJECT })]
  .filter((file) => !/\.ja\.yml$|inventory\.yml$|\.rehearsal\.yml$/.test(file))
  .toSorted();

describe("the shipped runbooks", () => {
  test("are found", () => {
    expect(FILES).toContain("runbooks/ccr-rollup.yml");
    expect(FILES).toContain("examples/publish-page.yml");
  });

  test.each(FILES)("%s is without a fault or a warning", (file) => {
    expect(loadedFile(file).diagnostics.map(({ code, message, hint }) => ({ code, message, hint }))).toEqual([]);
  });
});
