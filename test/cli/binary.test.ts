import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/build.ts";
import { VERSION } from "../../src/cli/version.ts";

const ROOT = resolve(import.meta.dirname, "../..");
let program = "";

beforeAll(async () => {
  // The schemas lie beside the folder of the program, as in the package.
  const folder = mkdtempSync(join(tmpdir(), "runbook-dist-"));
  symlinkSync(join(ROOT, "schema"), join(folder, "schema"));
  ({ program } = await bundle(join(folder, "dist")));
}, 60_000);

/** The Node that runs the tests first in PATH, as npm and npx put it. */
const PATH = `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`;

function newState(): string {
  return mkdtempSync(join(tmpdir(), "runbook-state-"));
}

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(program, [...words], { cwd: ROOT, env: { PATH, HOME: tmpdir(), ...env }, encoding: "utf8", timeout: 30_000 });
  return { code: status, out: stdout, err: stderr };
}

/** Starts the program, calls back with its output as it grows, and resolves with its end. */
function started(words: readonly string[], onOutput: (out: string, child: ReturnType<typeof spawn>) => void): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(program, [...words], { cwd: ROOT, env: { PATH, HOME: tmpdir() }, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (piece: Buffer) => {
    out += piece.toString();
    onOutput(out, child);
  });
  child.stderr.on("data", (piece: Buffer) => (err += piece.toString()));
  return new Promise((resolveEnd) => child.on("close", (code) => resolveEnd({ code, out, err })));
}

describe("the built program", () => {
  test("begins with a line that names no flag on which compiled code depends, and needs no loader", () => {
    const [first = ""] = readFileSync(program, "utf8").split("\n");
    const tag = (flags: readonly string[]): string => spawnSync(process.execPath, [...flags, "-p", "v8.cachedDataVersionTag()"], { encoding: "utf8" }).stdout;
    const [, flags = ""] = /^#!\/usr\/bin\/env -S node (.+)$/.exec(first) ?? [];
    expect(flags).not.toBe("");
    expect(tag(flags.split(" "))).toBe(tag([]));
    expect(run(["--version"])).toEqual({ code: 0, out: `runbook ${VERSION}\n`, err: "" });
  });

  test("makes no code from text, by whichever way, however Node was started", () => {
    const tries = `process.on("exit", () => {
      const ways = [() => eval("1"), () => (0, eval)("1"), () => new Function("1"), () => (() => 1).constructor("1"), () => (async () => 1).constructor("1"), () => (function* () {}).constructor("1"), () => (async function* () {}).constructor("1")];
      const ends = ways.map((way) => { try { way(); return "made"; } catch (fault) { return fault.name; } });
      process.stdout.write(JSON.stringify([...ends, (() => 1) instanceof Function]));
    });`;
    const { stdout } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(tries)}`, program, "--version"], { encoding: "utf8", env: { PATH } });
    expect(JSON.parse(stdout.split("\n")[1] ?? "")).toEqual([...Array.from({ length: 7 }, () => "EvalError"), true]);
  });

  test("loads what draws, asks and starts processes only when it is needed", () => {
    const chunks = readdirSync(join(dirname(program), "../chunks"));
    expect(chunks.filter((name) => name.startsWith("live-") || name.startsWith("execa-")).length).toBe(2);
    const loaded = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(LIST_LOADED)}`, program, "--version"], { encoding: "utf8", env: { PATH } });
    expect(loaded.stderr.trim().split("\n").length).toBeLessThan(8);
  });

  test("runs a whole rollup on the simulated system", () => {
    const { code, out, err } = run(["run", "ccr-rollup.yml", "--yes"], { RUNBOOK_STATE: newState() });
    expect(err).toBe("");
    expect(out).toContain("succeeded:");
    expect(code).toBe(0);
  }, 40_000);

  test.skipIf(!existsSync("/dev/full"))("on a full disk loses what it prints, says so once, and goes on: a run ends as it ends, any other command without success", () => {
    const full = openSync("/dev/full", "w");
    const env = { PATH, HOME: tmpdir(), RUNBOOK_STATE: newState() };
    const onFull = (...words: readonly string[]): readonly [number | null, string] => {
      const { status, stderr } = spawnSync(program, [...words], { cwd: ROOT, env, encoding: "utf8", timeout: 30_000, stdio: ["ignore", full, "pipe"] });
      return [status, stderr];
    };
    const said = "Standard output cannot be written: there is no space left for it. What should stand there is lost from here on; what is being done goes on.\n";
    expect(onFull("run", "ccr-rollup.yml", "--yes", "--system", "no_people")).toEqual([5, said]);
    expect(onFull("runs")).toEqual([1, said]);
    expect(onFull("--version")).toEqual([1, said]);
    expect(run(["runs"], env).out).toMatch(/ waiting /);
    closeSync(full);
  }, 40_000);

  test.each(["setTimeout(() => { throw new Error('lost'); }, 200)", "setTimeout(() => Promise.reject(new Error('lost')), 200)"])("ends with 3, and says what to do, where a mistake of ours is thrown and nobody waits for it: %s", (mistake) => {
    const env = { PATH, RUNBOOK_STATE: newState() };
    const { status, stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(mistake)}`, program, "run", "ccr-rollup.yml", "--yes", "--pace", "60"], { cwd: ROOT, encoding: "utf8", env, timeout: 30_000 });
    expect(stderr).toMatch(/^runbook \S+ made a mistake and ended \(exit code 3\): lost\n[\s\S]*it looks before it acts/u);
    expect(status).toBe(3);
  });

  test("in a folder that was removed says so", () => {
    const gone = mkdtempSync(join(tmpdir(), "runbook-gone-"));
    const { status, stderr } = spawnSync("sh", ["-c", 'cd "$1" && rmdir "$1" && exec "$2" runs', "sh", gone, program], { encoding: "utf8", env: { PATH }, timeout: 30_000 });
    expect([status, stderr]).toEqual([2, "The folder in which this was typed does not exist any more: change to another one.\n"]);
  });

  test("makes the evidence of a run that waits, answers it, goes on, and finds the first report's digest in the journal", () => {
    const env = { RUNBOOK_STATE: newState() };
    expect(run(["run", "ccr-rollup.yml", "--yes", "--system", "no_people"], env).code).toBe(5);
    const [name = ""] = readdirSync(join(env.RUNBOOK_STATE, "runs"));
    expect(run(["show", name], env).out).toContain(`runbook answer ${name} handover/approve --yes`);
    const page = run(["report", name, "--format", "html"], env).out;
    expect(page.startsWith("<!doctype html>")).toBe(true);
    const digest = /--digest ([0-9a-f]{64})/.exec(page)?.[1] ?? "";
    expect(run(["answer", name, "handover/approve", "--yes"], env).code).toBe(0);
    expect(run(["resume", name], env).code).toBe(0);
    const checked = run(["report", name, "--verify", "--digest", digest], env);
    expect(checked.code).toBe(0);
    expect(checked.out.replaceAll(/\s+/g, " ")).toMatch(/nothing up to it was changed; \d+ records came since/);
    expect(run(["report", name], env).out).toContain("Taken up again by");
  }, 60_000);

  test("knows its schemas", () => {
    expect(run(["schema", "events"]).out).toContain("runbook events");
  });

  test("keeps its exit code where the reader of its output goes away", async () => {
    const { code, err } = await started(["run", "ccr-rollup.yml", "--yes", "--json", "--state", newState()], (_out, child) => child.stdout?.destroy());
    expect(err).toBe("");
    expect(code).toBe(0);
  }, 40_000);

  test("at the first signal ends the action at hand, says what is owed, and ends 130", async () => {
    let isAsked = false;
    const { code, out, err } = await started(["run", "ccr-rollup.yml", "--yes", "--pace", "600", "--state", newState()], (text, child) => {
      if (isAsked || !text.includes("waits:")) return;
      isAsked = true;
      child.kill("SIGINT");
    });
    expect(err).toContain("Once more ends at once");
    expect(out).toContain("cancelled: the signal SIGINT came");
    expect(code).toBe(130);
  }, 60_000);
});

/** A hook that writes the address of every module of ours that is loaded to standard error. */
const LIST_LOADED = `
  import { registerHooks } from "node:module";
  registerHooks({ load(url, context, next) { if (url.startsWith("file:")) process.stderr.write(url + "\\n"); return next(url, context); } });
`;
