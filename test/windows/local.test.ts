import { existsSync, statSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, inject } from "vitest";
import { beginRunbook, runbook } from "./installed.ts";
import { onWindows } from "./setting.ts";
import { freshFolder, makePackages, NODE_THERE, seenHere, until, type Begun, type Ended } from "./windows.ts";

/** Says that it began, gives a sign of life again and again, and ends well when it is told to. */
const UNTIL_TOLD = "const fs=require('fs');const f=process.argv[1];fs.writeFileSync(f+'.began','');setInterval(()=>{fs.appendFileSync(f+'.beat','x');if(!fs.existsSync(f+'.go'))return;fs.writeFileSync(f+'.done','');process.exit(0)},50)";

const HERE = ["--inventory", "here.yml", "--system", "here", "--yes"];

/** A project on drive C, and its state folder elsewhere on that drive. */
let project = "";
let state: readonly string[] = [];

beforeAll(() => {
  if (inject("withoutWindows") !== undefined) return;
  project = freshFolder();
  state = ["--state", `${project}\\state`];
  write("here.yml", ["inventory: 1", "systems:", "  here:", "    transports:", "      default: { kind: local }"]);
});

/** Writes a file of the project, with the line ends of Windows. */
function write(name: string, lines: readonly string[]): void {
  writeFileSync(seenHere(`${project}\\${name}`), lines.map((line) => `${line}\r\n`).join(""));
}

/** A runbook of one step that runs a program. */
function writeRunbook(name: string, uses: "run.program" | "run.query", program: string, args: readonly string[], more: readonly string[] = []): void {
  write(`${name}.yml`, [
    "runbook: 1", `name: ${name}`, `title: Run ${name}`, "inputs:", "  file: { format: file, description: A file, default: here.yml }",
    "steps:", "  - id: one", "    title: One", `    uses: ${uses}`, "    target: local", ...more, "    with:",
    `      program: ${JSON.stringify(program)}`, `      args: ${JSON.stringify(args)}`, ...(uses === "run.program" ? ["      effect: changes"] : []),
    "outputs:", "  text: steps.one.outputs.text", "  code: steps.one.outputs.exit_code",
  ]);
}

/** The outputs of a run that was told of as JSON. */
function outputsOf({ stdout }: Ended): unknown {
  const events = stdout.trim().split("\n").map((line) => JSON.parse(line) as { readonly type: string; readonly outputs?: unknown });
  return events.find(({ type }) => type === "run-finished")?.outputs;
}

/** The id of a run that shows its first lines. */
async function runIdOf(begun: Begun): Promise<string> {
  let id: string | undefined;
  await until(() => (id = /^ {2}run +(\w+)/mu.exec(begun.stdout())?.[1]) !== undefined);
  return id ?? "";
}

/** Waits until nothing has been written to a file for a second, twenty times as long as a living program takes. */
async function untilStill(path: string): Promise<void> {
  await until(() => Date.now() - statSync(seenHere(path)).mtimeMs > 1_000);
}

describe("a run on Windows itself", () => {
  onWindows("hands every argument on as it is", async () => {
    const args = ["a b", "a\"b", "a\\", "a\\\"b", "a b\\", "", "%PATH%", "a&b", "a^b", "it's", "é", "日本", "TARGET=\"c:\\x y\\\"", "!a!", "-x", "$(x)", "`x`", "*", "a;b"];
    writeRunbook("arguments", "run.query", NODE_THERE, ["-e", "process.stdout.write(JSON.stringify(process.argv.slice(1)))", "--", ...args]);
    const ended = await runbook(["run", "arguments.yml", "--json", ...HERE, ...state], project);
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(outputsOf(ended)).toMatchObject({ text: JSON.stringify(args) });
  });

  onWindows("reads what a program writes in the console's code page, 437 here", async () => {
    writeRunbook("code_page", "run.query", NODE_THERE, ["-e", "process.stdout.write(Buffer.from([0x9a,0x62,0x75,0x6e,0x67,0x20,0x94]))"]);
    const ended = await runbook(["run", "code_page.yml", "--json", ...HERE, ...state], project);
    expect(outputsOf(ended)).toMatchObject({ text: "Übung ö" });
  });

  onWindows("installs with msiexec, and stops where it fails with what it answered and what may be typed next", async () => {
    await makePackages(`${project}\\packages of ours`);
    writeRunbook("install", "run.program", "msiexec.exe", ["/i", "{{inputs.file}}", "/qn", "/norestart"]);
    const good = await runbook(["run", "install.yml", "--set", "file=packages of ours\\ok.msi", ...HERE, ...state], project);
    expect(good).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("\nsucceeded") as string });
    const bad = await runbook(["run", "install.yml", "--set", "file=packages of ours\\cond.msi", ...HERE, ...state], project);
    expect(bad).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("msiexec.exe ended with exit code 1603") as string });
    const [, run = ""] = /runbook resume (\w+)/u.exec(bad.stdout) ?? [];
    // Quoted so that cmd.exe and PowerShell both take it.
    expect(bad.stdout).toContain(`runbook resume ${run} --state "${project}\\state"`);
    expect(await runbook(["abandon", run, ...state], project)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("abandoned") as string });
  });

  onWindows("ends at Ctrl-C when the program at hand has ended, and can be resumed", async () => {
    writeRunbook("slow", "run.program", NODE_THERE, ["-e", UNTIL_TOLD, `${project}\\slow`]);
    const begun = beginRunbook(["run", "slow.yml", ...HERE, ...state], project);
    await until(() => existsSync(seenHere(`${project}\\slow.began`)));
    begun.signal("SIGINT");
    await until(() => begun.stderr().includes("Ending: no further change is begun."));
    writeFileSync(seenHere(`${project}\\slow.go`), "");
    const ended = await begun.ended;
    expect(ended).toMatchObject({ exitCode: 130, stdout: expect.stringContaining("\ncancelled") as string });
    expect(existsSync(seenHere(`${project}\\slow.done`))).toBe(true);
    const [, run = ""] = /runbook resume (\w+)/u.exec(ended.stdout) ?? [];
    expect(await runbook(["resume", run, "--yes", ...state], project)).toMatchObject({ exitCode: 0 });
  });

  onWindows("holds its locks while it lives; when it is killed its program ends too, and nobody else may go on in its place", async () => {
    writeRunbook("held", "run.program", NODE_THERE, ["-e", UNTIL_TOLD, `${project}\\held`]);
    writeRunbook("other", "run.program", "cmd.exe", ["/d", "/c", "ver"]);
    const begun = beginRunbook(["run", "held.yml", ...HERE, ...state], project);
    await until(() => existsSync(seenHere(`${project}\\held.began`)));
    const run = await runIdOf(begun);
    const during = await runbook(["run", "other.yml", ...HERE, ...state], project);
    expect(during).toMatchObject({ exitCode: 1 });
    expect(during.stdout.replaceAll(/\s+/gu, " ")).toContain(`stopped: \`here\` is held by the run ${run}`);
    begun.signal("SIGKILL");
    await begun.ended;
    const after = await runbook(["run", "other.yml", ...HERE, ...state], project);
    expect(after.stdout.replaceAll(/\s+/gu, " ")).toContain(`stopped: \`here\` is claimed by the run ${run}`);
    await untilStill(`${project}\\held.beat`);
    expect(await runbook(["abandon", run, ...state], project)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("abandoned") as string });
  });

  onWindows("ends a program whose limit has passed", async () => {
    writeRunbook("limited", "run.program", NODE_THERE, ["-e", UNTIL_TOLD, `${project}\\limited`], ["    timeout: 2s"]);
    const ended = await runbook(["run", "limited.yml", ...HERE, ...state], project);
    expect(ended).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("reached its limit") as string });
    await untilStill(`${project}\\limited.beat`);
    expect(existsSync(seenHere(`${project}\\limited.done`))).toBe(false);
  });
});
