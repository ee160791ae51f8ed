import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/build.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CTRL_C = "\u0003";

/** util-linux's `script` gives a program a terminal; other systems have another one of that name, or none. */
const hasScript = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;

let program = "";

beforeAll(async () => {
  if (!hasScript) return;
  const folder = mkdtempSync(join(tmpdir(), "runbook-terminal-"));
  symlinkSync(join(ROOT, "schema"), join(folder, "schema"));
  ({ program } = await bundle(join(folder, "dist")));
}, 60_000);

/** Starts the program on a terminal of 80 by 24 and types each text when what is expected before it has been shown. */
async function typed(line: string, typing: readonly (readonly [shown: string, typed: string])[], env: Readonly<Record<string, string>> = {}): Promise<{ readonly code: number | null; readonly screen: string }> {
  const state = mkdtempSync(join(tmpdir(), "runbook-state-"));
  const child = spawn("script", ["--quiet", "--return", "--command", `stty cols 80 rows 24; exec ${program} ${line} --state ${state}`, "/dev/null"], {
    cwd: ROOT, env: { PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`, HOME: tmpdir(), TERM: "xterm", ...env }, stdio: ["pipe", "pipe", "inherit"],
  });
  const left = [...typing];
  let unread = "";
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    unread += text;
    const [next] = left;
    if (next === undefined || !unread.includes(next[0])) return;
    left.shift();
    unread = "";
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, screen };
}

describe.skipIf(!hasScript)("on a terminal", () => {
  test("the plan is shown first, with the state folder, and a no runs nothing", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml", [["(y/N)", "\r"]]);
    expect(screen).toMatch(/system +exclus1 \(simulated\)[\s\S]*state +\/[\s\S]*Inputs[\s\S]*What it may change/u);
    expect(screen).toContain("Nothing was run.");
    expect(code).toBe(130);
  }, 30_000);

  test("the live list leaves room for a question, which says where the run stands; its answer is kept, and the run goes to its end", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml", [["simulated system?", "y\r"], ["NODEB now?", "y\r"], ["Reason", "window agreed\r"]]);
    expect(screen).toContain("Approval of the outage");
    expect(screen).toContain("because window");
    expect(screen).toMatch(/succeeded:[\s\S]*world reset/u);
    expect(code).toBe(0);
  }, 40_000);

  test("Ctrl-C at a question of the runbook cancels the run, with 130 and what to do next", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml --yes", [["NODEB now?", CTRL_C]]);
    expect(screen).toMatch(/cancelled: the question was left[\s\S]*Next/u);
    expect(code).toBe(130);
  }, 30_000);

  test("--step shows each change with its command, and a no ends the run before it", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml --yes --step", [["Make this change?", "\r"]]);
    expect(screen).toContain("cluster.exe group");
    expect(screen).toContain("stopped:");
    expect(code).toBe(1);
  }, 30_000);

  test("a secret without a source is asked for once the plan is accepted, and nothing of it is shown", async () => {
    const folder = mkdtempSync(join(tmpdir(), "runbook-secret-"));
    writeFileSync(join(folder, "main.yml"), "runbook: 1\nname: ask\ntitle: Ask\ninputs:\n  pw: { secret: true, description: Password of the database }\nsteps:\n  - { id: use, uses: run.query, target: local, with: { program: cat, stdin: \"it is {{inputs.pw}}\" } }\noutputs: { text: steps.use.outputs.text }\n");
    const { code, screen } = await typed(`run ${folder}/main.yml --system local`, [["(y/N)", "y\r"], ["(not shown)", "abc\r"], ["shorter than 4", "\u0015hunter2\r"]]);
    expect(screen).toMatch(/pw +=? *\*\*\* +from the terminal[\s\S]*Password of the database[\s\S]*it is \*\*\*/);
    expect(screen).not.toContain("hunter2");
    expect(code).toBe(0);
  }, 30_000);

  test("TERM=dumb gets plain lines, on which nothing moves", async () => {
    const { code, screen } = await typed("run ccr-rollup.yml --yes --system scc", [], { TERM: "dumb" });
    expect(screen).toContain("stopped:");
    expect(screen).not.toContain("\u001B[");
    expect(code).toBe(1);
  }, 30_000);
});
