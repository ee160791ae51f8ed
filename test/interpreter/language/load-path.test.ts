import { describe, expect, test } from "vitest";
import { displayPathOf, folderOf, isAbsolutePath, isInside, normalizePath, resolvePath } from "../../../src/interpreter/language/load-path.ts";

describe("a path", () => {
  test.each([
    ["/p/runbooks", "./parts/a.yml", "/p/runbooks/parts/a.yml"],
    ["/p/runbooks", "../a.yml", "/p/a.yml"],
    ["/p", "../../../etc/passwd", "/etc/passwd"],
    ["/p", "/q/./b//c.yml", "/q/b/c.yml"],
    ["C:\\p", "parts/a.yml", "C:\\p\\parts\\a.yml"],
    ["C:\\p", "..\\..\\a.yml", "C:\\a.yml"],
  ])("in %s, %s is %s", (folder, path, expected) => {
    expect(resolvePath(folder, path)).toBe(expected);
  });

  test("with a backslash in it is one name on a system without drives", () => {
    expect(resolvePath("/p", "a\\b.yml")).toBe("/p/a\\b.yml");
  });

  test.each([
    ["/p/a.yml", "/p"],
    ["/a.yml", "/"],
    ["C:\\p\\a.yml", "C:\\p"],
    ["C:\\a.yml", "C:\\"],
  ])("%s lies in %s", (path, folder) => {
    expect(folderOf(path)).toBe(folder);
    expect(isInside(folder, path)).toBe(true);
  });

  test("is not inside a folder whose name only begins alike", () => {
    expect(isInside("/p/run", "/p/runbooks/a.yml")).toBe(false);
    expect(isInside("/p", normalizePath("/p/../q/a.yml"))).toBe(false);
  });

  test.each(["/a", "C:\\a", "c:/a", "\\\\server\\share"])("%s is absolute", (path) => {
    expect(isAbsolutePath(path)).toBe(true);
  });

  test.each([
    ["/p/runbooks/parts/b.yml", "/p/runbooks/a.yml", "runbooks/a.yml", "runbooks/parts/b.yml"],
    ["/p/runbooks/parts/b.yml", "/p/runbooks/a.yml", "a.yml", "parts/b.yml"],
    ["/p/b.yml", "/p/runbooks/a.yml", "../p/runbooks/a.yml", "../p/b.yml"],
    ["/p/parts/b.yml", "/p/runbooks/a.yml", "/p/runbooks/a.yml", "/p/parts/b.yml"],
    ["/elsewhere/b.yml", "/p/runbooks/a.yml", "runbooks/a.yml", "/elsewhere/b.yml"],
  ])("%s beside %s, written %s, is written %s", (path, file, display, expected) => {
    expect(displayPathOf(path, file, display)).toBe(expected);
  });
});
