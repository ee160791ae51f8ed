import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/build.ts";

const folder = mkdtempSync(join(tmpdir(), "runbook-compiled-"));
let program = "";
beforeAll(async () => {
  ({ program } = await bundle(join(folder, "dist")));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the program with a folder for temporary files and these others, and says whether it came through. */
function start(name: string, env: (own: (sub: string) => string) => NodeJS.ProcessEnv): { readonly status: number | null; readonly in: (sub: string) => readonly string[] } {
  const place = (sub: string): string => {
    const path = join(folder, name, sub);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const { status } = spawnSync(process.execPath, [program, "--version"], { env: { PATH: process.env["PATH"], TMPDIR: place("tmp"), ...env(place) } });
  return { status, in: (sub) => (existsSync(join(folder, name, sub)) ? readdirSync(join(folder, name, sub)) : []) };
}

describe.skipIf(process.platform === "win32")("compiled code", () => {
  test("is kept in the account's own folder, and never where other accounts can write", () => {
    const home = start("home", (own) => ({ HOME: own("home") }));
    expect([home.status, home.in("home/.cache/runbook").length, home.in("tmp")]).toEqual([0, 1, []]);
    const cache = start("cache", (own) => ({ HOME: own("home"), XDG_CACHE_HOME: own("cache") }));
    expect([cache.status, cache.in("cache/runbook").length, cache.in("home"), cache.in("tmp")]).toEqual([0, 1, [], []]);
  });

  test("is not kept where there is no such folder", () => {
    const none = start("none", () => ({}));
    expect([none.status, none.in("tmp")]).toEqual([0, []]);
    const gone = start("gone", (own) => ({ HOME: `${own("home")}/gone` }));
    expect([gone.status, gone.in("home"), gone.in("tmp")]).toEqual([0, [], []]);
  });

  test.skipIf(process.getuid?.() !== 0)("is neither kept nor taken where the folder is another account's (started as root)", () => {
    const other = start("other", (own) => {
      chownSync(own("home"), 65_534, 65_534);
      return { HOME: own("home") };
    });
    expect([other.status, other.in("home"), other.in("tmp")]).toEqual([0, [], []]);
  });
});
