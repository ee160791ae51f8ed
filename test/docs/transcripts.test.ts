import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { stage } from "../cli/stage.ts";
import { blocksOf } from "./blocks.ts";
import { PROJECT } from "./project.ts";
import { commandsIn, shapeOf } from "./transcript.ts";

const scratch = mkdtempSync(join(tmpdir(), "transcripts-"));

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Where the commands of a page keep their runs: each page begins with none. */
let state = join(scratch, "state");

/** The run that was begun last; undefined before the first. */
function newestRun(of = state): string | undefined {
  const folder = join(of, "runs");
  return existsSync(folder) ? readdirSync(folder).toSorted((a, b) => statSync(join(folder, a, "run.json")).mtimeMs - statSync(join(folder, b, "run.json")).mtimeMs).at(-1) : undefined;
}

/** A word of the page: the run and the digest that a reader would put there. */
async function filledIn(word: string): Promise<string> {
  const run = newestRun() ?? "";
  if (word === "RUN") return run;
  if (word !== "DIGEST") return word === "report.html" || word === "report.json" || word === "report.md" ? join(scratch, word) : word;
  const { out } = await typed(`npx --no-install runbook report ${run} --verify --format json`);
  return (JSON.parse(out) as { readonly journal: { readonly chain: string } }).journal.chain;
}

async function typed(line: string, of = state): Promise<{ readonly exitCode: number; readonly out: string }> {
  const words = await Promise.all(line.replace("npx --no-install runbook ", "").split(/\s+/).map(filledIn));
  const isReal = words.includes("here");
  const on = stage({ workingFolder: PROJECT, env: { RUNBOOK_STATE: of } });
  const exitCode = await main(isReal ? [...words, "--set", `folder=${join(scratch, "site")}`] : words, on.surroundings);
  return { exitCode, out: `${on.out()}${on.err()}` };
}

/** How a command of a page ends: on purpose not well where its system is one with a fault. */
function expectedCode(line: string): number {
  if (line.includes("--system no_people")) return 5;
  return /--system (?:scc|install_fails)/.test(line) ? 1 : 0;
}

describe.each(["docs/five-minute-start.md", "docs/evidence.md"])("the commands of %s", (page) => {
  const commands = commandsIn(blocksOf(page));

  test("show the output of at least four commands", () => {
    expect(commands.filter(({ shown }) => shown.length > 0).length).toBeGreaterThanOrEqual(4);
  });

  test.skipIf(process.platform === "win32")("look as the page says, command after command", async () => {
    state = join(scratch, basename(page, ".md"));
    for (const { line, shown } of commands) {
      const { exitCode, out } = await typed(line);
      const shapes = out.split("\n").map((line) => shapeOf(line, newestRun()));
      expect([line, shown.filter((wanted) => !shapes.includes(shapeOf(wanted, newestRun())))]).toEqual([line, []]);
      expect([line, exitCode]).toEqual([line, expectedCode(line)]);
    }
  });
});

test("a question that nobody was there for is answered as the page about runs says", async () => {
  const own = join(scratch, "questions");
  const commands = commandsIn(blocksOf("docs/running.md"));
  const begin = commands.findIndex(({ line }) => line.includes("no_people"));
  const codes: number[] = [];
  for (const { line, shown } of commands.slice(begin, begin + 3)) {
    const { exitCode, out } = await typed(line.replace("RUN", newestRun(own) ?? ""), own);
    const shapes = out.split("\n").map((line) => shapeOf(line, newestRun(own)));
    expect([line, shown.filter((wanted) => !shapes.includes(shapeOf(wanted, newestRun(own))))]).toEqual([line, []]);
    codes.push(exitCode);
  }
  expect(codes).toEqual([5, 0, 0]);
}, 30_000);
