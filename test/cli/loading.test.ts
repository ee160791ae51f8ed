import { spawnSync } from "node:child_process";
import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/build.ts";

const FILE = `runbook: 1
name: small
title: A small file
inputs:
  service: { default: web, description: A service }
steps:
  - id: one
    uses: check
    if: inputs.service != ""
    with:
      that: inputs.service.startsWith("w")
      because: "{{inputs.service}} is missing"
`;

/** Writes the address of all that is loaded to standard error: files of ours, and what Node had not loaded before. */
const LIST_LOADED = `
  import { registerHooks } from "node:module";
  const before = new Set(process.moduleLoadList);
  Intl.Segmenter = new Proxy(Intl.Segmenter, { construct(made, given) { process.stderr.write("NativeModule Intl.Segmenter\\n"); return new made(...given); } });
  registerHooks({ load(url, context, next) { if (url.startsWith("file:")) process.stderr.write(url + "\\n"); return next(url, context); } });
  process.on("exit", () => process.moduleLoadList.filter((name) => !before.has(name)).forEach((name) => process.stderr.write(name + "\\n")));
`;

let program = "";
const folder = mkdtempSync(join(tmpdir(), "runbook-loading-"));

beforeAll(async () => {
  ({ program } = await bundle(join(folder, "dist")));
  writeFileSync(join(folder, "small.yml"), FILE);
}, 60_000);

/** What a command line loads. `native`: modules of Node. */
function loadedBy(words: readonly string[]): { readonly out: string; readonly files: number; readonly bytes: number; readonly native: readonly string[] } {
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(LIST_LOADED)}`, program, ...words], { cwd: folder, encoding: "utf8" });
  const lines = stderr.trim().split("\n");
  const files = lines.filter((line) => line.startsWith("file:")).map((url) => statSync(fileURLToPath(url)).size);
  return { out: stdout, files: files.length, bytes: files.reduce((sum, size) => sum + size, 0), native: lines.filter((line) => line.startsWith("NativeModule ")).map((line) => line.slice("NativeModule ".length)) };
}

describe("what a command loads", () => {
  test("--version: a few small files, no stream but standard output", () => {
    const { out, files, bytes, native } = loadedBy(["--version"]);
    expect(out).toMatch(/^runbook /);
    expect(files).toBeLessThanOrEqual(7);
    expect(bytes).toBeLessThan(10_000);
    expect(native).not.toContain("tty");
    expect(native).not.toContain("internal/fs/promises");
    expect(native).not.toContain("crypto");
  });

  test("validate of a sound file: the front end and the builtins, and neither a YAML library nor anything that runs", () => {
    const { out, files, bytes, native } = loadedBy(["validate", "small.yml"]);
    expect(out).toBe("1 file: legal\n");
    expect(files).toBeLessThanOrEqual(35);
    expect(bytes).toBeLessThan(1_250_000);
    for (const name of ["crypto", "child_process", "readline", "v8", "Intl.Segmenter"]) expect(native).not.toContain(name);
  });

  test("validate of a file with a fault or a pattern: that package alone, and only then", () => {
    writeFileSync(join(folder, "broken.yml"), `${FILE}  - id: [\n`);
    writeFileSync(join(folder, "pattern.yml"), FILE.replace('startsWith("w")', 'matches("^w")'));
    const sound = loadedBy(["validate", "small.yml"]);
    expect(loadedBy(["validate", "broken.yml"]).bytes - sound.bytes).toBeGreaterThan(100_000);
    expect(loadedBy(["validate", "pattern.yml"]).out).toBe("1 file: legal\n");
    expect(loadedBy(["validate", "pattern.yml"]).bytes - sound.bytes).toBeGreaterThan(100_000);
  });
});
