import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/build.ts";
import { PROJECT } from "../docs/project.ts";

const folder = mkdtempSync(join(tmpdir(), "runbook-package-"));
const unpacked = join(folder, "package");

/** Runs a program and gives what it wrote; throws where it ended badly. */
function output(program: string, args: readonly string[], cwd: string): string {
  const done = spawnSync(program, args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")} ended ${String(done.status)}: ${done.stderr}`);
  return done.stdout;
}

beforeAll(async () => {
  if (!existsSync(join(PROJECT, "dist"))) await bundle(join(PROJECT, "dist"));
  mkdirSync(folder, { recursive: true });
  output("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], PROJECT);
  output("tar", ["xzf", readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? ""], folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package", () => {
  test("holds the program, its schemas, its manual and its runbooks, and neither sources nor tests", () => {
    expect(readdirSync(unpacked).toSorted()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist", "docs", "examples", "package.json", "runbooks", "schema"]);
  });

  test("is all that the program needs: it starts, validates the runbooks beside it, and gives out a schema", () => {
    const program = join(unpacked, "dist/bin/runbook.mjs");
    expect(output(process.execPath, [program, "--version"], folder)).toMatch(/^runbook \d/);
    expect(output(process.execPath, [program, "validate", "runbooks/ccr-rollup.yml"], unpacked)).toContain("legal");
    expect(JSON.parse(output(process.execPath, [program, "schema", "runbook"], folder))).toMatchObject({ $schema: expect.any(String) });
  });
});
