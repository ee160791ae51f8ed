import { describe, expect, test } from "vitest";
import { entryAtPath, nodeAtPath, pathOfPointer } from "../../../src/interpreter/language/node-path.ts";
import { parse } from "../../../src/interpreter/language/parse.ts";

const { node } = parse({ name: "a.yml", text: "a:\n  - b: one\n  - two\n'c/d~e': three\n" });
if (node === undefined) throw new Error("no tree");
const tree = node;

describe("a path", () => {
  test.each([
    [[], "map"],
    [["a"], "list"],
    [["a", 0], "map"],
    [["a", "0", "b"], "scalar"],
    [["c/d~e"], "scalar"],
  ])("%j leads to a %s", (path, kind) => {
    expect(nodeAtPath(tree, path)?.kind).toBe(kind);
  });

  test.each([[["x"]], [["a", 2]], [["a", "b"]], [["a", 1, "b"]], [["__proto__"]], [["a", "length"]], [["a", -1]]])("%j leads nowhere", (path) => {
    expect(nodeAtPath(tree, path)).toBeUndefined();
    expect(entryAtPath(tree, path)).toBeUndefined();
  });

  test("that ends in a key gives the key too", () => {
    expect(entryAtPath(tree, ["a", 0, "b"])?.key.text).toBe("b");
    expect(entryAtPath(tree, ["a", 0])).toBeUndefined();
    expect(entryAtPath(tree, [])).toBeUndefined();
  });

  test("is read from a JSON pointer", () => {
    expect(pathOfPointer("")).toEqual([]);
    expect(pathOfPointer("/a/0/c~1d~0e")).toEqual(["a", "0", "c/d~e"]);
  });
});
