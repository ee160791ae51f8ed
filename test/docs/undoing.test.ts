import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { stage } from "../cli/stage.ts";
import { blocksOf, pageText } from "./blocks.ts";
import { PROJECT } from "./project.ts";
import { commandsIn, shapeOf } from "./transcript.ts";

const scratch = mkdtempSync(join(tmpdir(), "undoing-"));
const site = join(scratch, "site");

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

async function typed(line: string, run: string): Promise<{ readonly exitCode: number; readonly out: string }> {
  const words = line.replace("npx --no-install runbook ", "").replace("RUN", run).split(/\s+/);
  const on = stage({ workingFolder: PROJECT, env: { RUNBOOK_STATE: join(scratch, "state") } });
  const exitCode = await main(words[0] === "run" ? [...words, "--set", `folder=${site}`] : words, on.surroundings);
  return { exitCode, out: `${on.out()}${on.err()}`.replaceAll(run === "" ? "\0" : run, "RUN").replaceAll(site, "/tmp/runbook-notice").replaceAll(`by ${userInfo().username}`, "by root") };
}

describe.skipIf(process.platform === "win32")("the manual's page on running", () => {
  test("shows a run that is undone as it is, command after command, and nothing is left of it", async () => {
    const page = pageText("docs/running.md");
    const [begin, end] = [page.indexOf("## Undoing a run"), page.indexOf("## Watching")].map((at) => page.slice(0, at).split("\n").length) as [number, number];
    const commands = commandsIn(blocksOf("docs/running.md").filter(({ place }) => Number(place.split(":")[1]) > begin && Number(place.split(":")[1]) < end));
    expect(commands.map(({ line }) => line.split(" ")[3])).toEqual(["run", "rollback", "rollback", "runs"]);
    const codes: number[] = [];
    let run = "";
    for (const { line, shown } of commands) {
      const { exitCode, out } = await typed(line, run);
      run ||= readdirSync(join(scratch, "state/runs"))[0] ?? "";
      const shapes = out.split("\n").map((line) => shapeOf(line));
      expect([line, shown.filter((wanted) => !shapes.includes(shapeOf(wanted)))]).toEqual([line, []]);
      codes.push(exitCode);
    }
    expect(codes).toEqual([1, 2, 0, 0]);
    expect(existsSync(site) ? readdirSync(site) : []).toEqual([]);
  });
});
