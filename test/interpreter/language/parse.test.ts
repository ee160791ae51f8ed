import { describe, expect, test } from "vitest";
import { positionOf, type Source } from "../../../src/core/source.ts";
import { type Node, type ScalarNode, valueAt } from "../../../src/interpreter/language/node.ts";
import { nodeAtPath } from "../../../src/interpreter/language/node-path.ts";
import { parse } from "../../../src/interpreter/language/parse.ts";

function sourceOf(text: string): Source {
  return { name: "a.yml", text };
}

function treeOf(text: string): Node {
  const { node, diagnostics } = parse(sourceOf(text));
  expect(diagnostics).toEqual([]);
  if (node === undefined) throw new Error("no tree");
  return node;
}

function scalarAt(text: string, ...path: readonly (string | number)[]): ScalarNode {
  const node = nodeAtPath(treeOf(text), path);
  if (node?.kind !== "scalar") throw new Error(`no scalar at ${path.join("/")}`);
  return node;
}

/** `code@line:column` of each diagnostic. */
function faultsOf(text: string): readonly string[] {
  return parse(sourceOf(text)).diagnostics.map(({ code, span }) => {
    const { line, column } = positionOf(sourceOf(text), span?.start ?? -1);
    return `${code}@${line}:${column}`;
  });
}

describe("a scalar", () => {
  test.each(["15.10", "0945684", "no", "NO", "~", "null", "0x1F", "1e3", "2007-11-20", "1:30", "true", ".5", "12_000"])("%s stays as it is written", (written) => {
    expect(scalarAt(`a: ${written}\n`, "a")).toMatchObject({ text: written, style: "plain", offsets: undefined });
  });

  test("stands where its text stands", () => {
    const node = scalarAt("a:\n  b: 'quoted'\n", "a", "b");
    expect(node).toMatchObject({ text: "quoted", style: "quoted", contentStart: 9, offsets: undefined });
    expect([node.span.start, node.span.end]).toEqual([8, 16]);
  });

  test("that is absent is an empty text behind its key", () => {
    expect(scalarAt("a:\nb: 1\n", "a")).toMatchObject({ text: "", style: "plain", span: { start: 2, end: 2 } });
    expect(scalarAt('a: ""\n', "a")).toMatchObject({ text: "", style: "quoted" });
  });

  test("keeps the comment behind it out of its text", () => {
    expect(scalarAt("a: b # c\n", "a").text).toBe("b");
  });
});

describe("a tree", () => {
  test("keeps keys in the order of the file and finds them by name", () => {
    const node = treeOf("z: 1\na: 2\n");
    expect(node.kind === "map" && node.entries.map(({ key }) => key.text)).toEqual(["z", "a"]);
    expect(node.kind === "map" && valueAt(node, "a")).toMatchObject({ text: "2" });
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("takes the key %s as a key like any other", (key) => {
    expect(scalarAt(`${key}: mine\n`, key).text).toBe("mine");
    expect(nodeAtPath(treeOf("a: 1\n"), [key])).toBeUndefined();
  });

  test("holds a shared value wherever it is referred to", () => {
    const text = "a: &x { b: c }\nd: *x\ne: [*x, *x]\n";
    expect(scalarAt(text, "d", "b").text).toBe("c");
    expect(scalarAt(text, "e", 1, "b").text).toBe("c");
  });

  test("ends with its last letter", () => {
    const node = nodeAtPath(treeOf("a:\n  b: 1\n\n# behind\nc: 2\n"), ["a"]);
    expect([node?.span.start, node?.span.end]).toEqual([5, 9]);
  });
});

describe("line ends and marks", () => {
  test("a byte order mark and CR LF are accepted, and positions are right", () => {
    const text = "\uFEFFrunbook: 1\r\nname: example\r\ntitle: !x\r\nwhy: >\r\n  one\r\n  two\r\n";
    expect(faultsOf(text)).toEqual(["needs-quotes@3:8"]);
    const { node } = parse(sourceOf(text));
    expect(node?.kind === "map" && valueAt(node, "why")).toMatchObject({ text: "one two\n" });
    expect(node?.kind === "map" && valueAt(node, "title")).toMatchObject({ text: "!x" });
  });

  test("a carriage return is no part of a block's text", () => {
    expect(scalarAt("a: |\r\n  one\r\n  two\r\n", "a").text).toBe("one\ntwo\n");
  });
});

describe("a file that cannot be read", () => {
  test.each([
    ["nothing", "", "empty-file@1:1"],
    ["blank lines", "\n  \n\n", "empty-file@1:1"],
    ["comments", "# a\n# b\n", "empty-file@1:1"],
    ["only a mark of a document", "---\n", "empty-file@1:1"],
    ["a program", "MZ\u0090\u0000\u0003", "not-text@1:4"],
    ["bytes that are no UTF-8", "title: caf\uFFFD\n", "not-text@1:11"],
    ["an escape character", "a: \u001B[2J\n", "not-text@1:4"],
    ["more than ten million letters", `a: ${"x".repeat(10_000_000)}`, "too-large@1:1"],
    ["two hundred levels of brackets", "[".repeat(300), "too-deep@1:201"],
    ["two hundred levels of items", "- ".repeat(300), "too-deep@1:400"],
  ])("%s: one fault and no tree", (_what, text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
    expect(parse(sourceOf(text)).node).toBeUndefined();
  });

  test("more than 10,000 references are refused before they are resolved", () => {
    expect(faultsOf(`a: &a x\nb: [${"*a,".repeat(2_000_000)}]\n`)).toEqual(["alias-expansion@2:30005"]);
  });

  test("references that multiply are refused at the one that is too many", () => {
    const letters = [..."abcdefghi"];
    const lines = letters.map((letter, index) => `${letter}: &${letter} [${Array.from({ length: 9 }, () => (index === 0 ? "x" : `*${letters[index - 1]}`)).join(", ")}]\n`);
    expect(faultsOf(lines.join(""))).toEqual(["alias-expansion@5:8"]);
  });
});

describe("faults", () => {
  test("are all found at once, each at its own place", () => {
    expect(faultsOf("a: {{x}}\nb: 1\nb: 2\nc: !y\nd: *z\n")).toEqual(["needs-quotes@1:4", "duplicate-key@3:1", "needs-quotes@4:4", "needs-quotes@5:4"]);
  });

  test("that quotes cure leave the value in the tree as it was meant", () => {
    const { node } = parse(sourceOf("a: {{inputs.a}} # why\nb: [{{inputs.b}}, c]\n"));
    expect(node && nodeAtPath(node, ["a"])).toMatchObject({ kind: "scalar", text: "{{inputs.a}}", contentStart: 3 });
    expect(node && nodeAtPath(node, ["b", 0])).toMatchObject({ kind: "scalar", text: "{{inputs.b}}", contentStart: 26 });
  });

  test("that leave no trustworthy tree leave none", () => {
    expect(parse(sourceOf("a: [1, 2\nb: 3\n")).node).toBeUndefined();
    expect(parse(sourceOf("<<: { a: 1 }\nb: 3\n")).node).toBeUndefined();
  });

  test("a key that stands twice keeps its first value", () => {
    const { node } = parse(sourceOf("a: 1\na: 2\n"));
    expect(node && nodeAtPath(node, ["a"])).toMatchObject({ text: "1" });
  });

  test("a value in need of quotes inside a mapping over several lines ends before its comma", () => {
    const text = "a: {\n  b: {{x}},\n  c: d\n}\n";
    expect(faultsOf(text)).toEqual(["needs-quotes@2:6"]);
    expect(nodeAtPath(parse(sourceOf(text)).node ?? treeOf("x: y\n"), ["a", "b"])).toMatchObject({ text: "{{x}}" });
  });

  test("of a thousand lines are a thousand", () => {
    expect(faultsOf(Array.from({ length: 1_000 }, (_, index) => `k${index}: {{x}}\n`).join(""))).toHaveLength(1_000);
  });
});
