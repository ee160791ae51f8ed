import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeRunFolder, runFolderOf } from "../../src/world/run-folder.ts";
import { chooseStateFolder, openStateFolder } from "../../src/world/state-folder.ts";
import { trackedFiles } from "../../src/world/tracked-files.ts";
import { temporaryFolder } from "./real-process.ts";

const none = (): Promise<readonly string[]> => Promise.resolve([]);

test.each([
  ["--state", { flag: "st", environment: "/env" }, { path: "/work/st", origin: "--state" }],
  ["RUNBOOK_STATE", { flag: undefined, environment: "/env" }, { path: "/env", origin: "RUNBOOK_STATE" }],
  ["the project, where the variable is empty", { flag: undefined, environment: "" }, { path: "/project/.runbook", origin: "the project" }],
  ["the project", { flag: undefined, environment: undefined }, { path: "/project/.runbook", origin: "the project" }],
])("the state folder is named by %s", (_title, choice, folder) => {
  expect(chooseStateFolder({ ...choice, projectFolder: "/project", workingFolder: "/work" })).toEqual(folder);
});

describe("opening the state folder", () => {
  test("makes it for the account alone", async () => {
    const path = join(temporaryFolder(), "a/b");
    expect(await openStateFolder(path, none)).toEqual({ kind: "ok", value: path });
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  test("writes nothing into one that has its `.gitignore`, so that a copy on a read-only disk can be looked at", async () => {
    const path = temporaryFolder();
    writeFileSync(join(path, ".gitignore"), "*\n");
    utimesSync(join(path, ".gitignore"), 1, 1);
    utimesSync(path, 1, 1);
    expect((await openStateFolder(path, none)).kind).toBe("ok");
    expect([statSync(path).mtimeMs, statSync(join(path, ".gitignore")).mtimeMs]).toEqual([1_000, 1_000]);
  });

  test("refuses a file in its place", async () => {
    const path = join(temporaryFolder(), "state");
    writeFileSync(path, "");
    expect(await openStateFolder(path, none)).toEqual({ kind: "error", error: `the state folder ${path} is a file; name a folder with --state` });
  });

  test.skipIf(process.platform !== "linux")("ends where the file system takes no folder", async () => {
    expect(await openStateFolder("/proc/runbook-state", none)).toMatchObject({ kind: "error" });
  });

  test("keeps git out of it", async () => {
    const project = temporaryFolder();
    execFileSync("git", ["init", "-q", project]);
    await openStateFolder(join(project, ".runbook"), trackedFiles);
    writeFileSync(join(project, ".runbook", "secret"), "");
    expect(execFileSync("git", ["-C", project, "status", "--porcelain"], { encoding: "utf8" })).toBe("");
  });

  test.each([[".runbook/journal", true], ["other/.runbook-like", false], [".runbook.yml", false]])("where git tracks %s it is refused: %s", async (file, isRefused) => {
    const project = temporaryFolder();
    execFileSync("git", ["init", "-q", project]);
    mkdirSync(join(project, file, ".."), { recursive: true });
    writeFileSync(join(project, file), "");
    execFileSync("git", ["-C", project, "add", "-f", file]);
    const opened = await openStateFolder(join(project, ".runbook"), trackedFiles);
    expect(opened.kind).toBe(isRefused ? "error" : "ok");
    if (opened.kind === "error") expect(opened.error).toContain("--state");
  });

  test("refuses a file that stands in its place", async () => {
    const path = join(temporaryFolder(), "file");
    writeFileSync(path, "");
    expect(await openStateFolder(path, none)).toMatchObject({ kind: "error", error: expect.stringContaining(path) });
  });

  test("refuses a folder of another account", async () => {
    const path = temporaryFolder();
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(path, 12_345, 12_345);
    expect(await openStateFolder(isRoot ? path : "/", none)).toMatchObject({ kind: "error", error: expect.stringContaining("another account") });
  });
});

test("a run's folder is made once", () => {
  const state = temporaryFolder();
  expect(makeRunFolder(state, "abc")).toEqual(runFolderOf(state, "abc"));
  expect(existsSync(join(state, "runs", "abc"))).toBe(true);
  expect(() => makeRunFolder(state, "abc")).toThrow("EEXIST");
});
