import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PROJECT } from "../docs/project.ts";

/** The runbooks for Exchange: those that are about a clustered mailbox server. */
const FILES = globSync("runbooks/**/*.yml", { cwd: PROJECT })
  .filter((file) => !file.endsWith(".ja.yml") && /^ {2}cms:/m.test(readFileSync(join(PROJECT, file), "utf8")))
  .toSorted();

/** Sentences whose command stands in what the builtin says. */
const SAID_BY_THE_BUILTIN: ReadonlySet<string> = new Set(["On {{inputs.node}}: {{outputs.summary}}. {{inputs.way_out}}"]);

/** Every sentence that a file says where something does not hold. */
function sentencesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === "because" && typeof part === "string" ? [part.trim()] : sentencesIn(part)));
}

/** `shown_by` and its like are commands that a builtin gives. */
function namesACommand(sentence: string): boolean {
  return /`[^`]+`/.test(sentence) || /shown_by/.test(sentence) || SAID_BY_THE_BUILTIN.has(sentence);
}

describe("an administrator can look for himself: every sentence names the command that shows it", () => {
  test("the flagship and its parts are among them", () => {
    expect(FILES).toEqual(expect.arrayContaining(["runbooks/ccr-rollup.yml", "runbooks/ccr-preflight.yml", "runbooks/parts/hand-over.yml", "runbooks/parts/cluster-is-sound.yml"]));
  });

  test.each(FILES)("%s", (file) => {
    const sentences = sentencesIn(parse(readFileSync(join(PROJECT, file), "utf8")));
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.filter((sentence) => !namesACommand(sentence))).toEqual([]);
  });

  test.each(FILES)("%s, in Japanese", (file) => {
    const texts = readFileSync(join(PROJECT, file.replace(/\.yml$/, ".ja.yml")), "utf8");
    const { steps = {} } = parse(texts) as { readonly steps?: Readonly<Record<string, { readonly because?: string | readonly string[] }>> };
    const sentences = Object.values(steps).flatMap(({ because = [] }) => (typeof because === "string" ? [because] : because));
    expect(sentences.filter((sentence) => !/`[^`]+`|shown_by|outputs\.summary/.test(sentence))).toEqual([]);
  });
});
