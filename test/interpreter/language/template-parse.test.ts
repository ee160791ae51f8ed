import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TemplateValue } from "../../../src/core/runbook.ts";
import { parseTemplate, pathsOf, renderText, singleValueOf } from "../../../src/interpreter/language/template.ts";
import { pointedAt, scalarOf, scatteredScalarOf } from "./scalar-of.ts";

function parsed(text: string) {
  const result = parseTemplate(scalarOf(text));
  if (result.kind === "error") throw new Error(result.error.map(({ message }) => message).join("; "));
  return result.value;
}

/** A value without its places. */
function plain(value: TemplateValue | undefined): unknown {
  if (value === undefined) return undefined;
  if (value.kind === "literal") return value.value;
  return value.kind === "path" ? value.path.join(" ") : [value.name, ...value.args.map(plain)];
}

describe("what may stand in braces", () => {
  test.each([
    ["{{inputs.kb}}", "inputs kb"],
    ["{{ inputs.kb }}", "inputs kb"],
    ["{{\n  inputs.kb\n}}", "inputs kb"],
    ["{{node}}", "node"],
    ["{{inputs.members.[0]}}", "inputs members 0"],
    ["{{inputs.members.0}}", "inputs members 0"],
    ["{{inputs.members.0.name}}", "inputs members 0 name"],
    ["{{inputs.members.10.20}}", "inputs members 10 20"],
    ["{{inputs.env.[A-B C]}}", "inputs env A-B C"],
    ["{{inputs.名前}}", "inputs 名前"],
    ["{{lower inputs.node}}", ["lower", "inputs node"]],
    ["{{join inputs.nodes}}", ["join", "inputs nodes"]],
    ["{{join inputs.nodes ' + '}}", ["join", "inputs nodes", " + "]],
    ["{{replace inputs.path \"/\" \"\\\"}}", ["replace", "inputs path", "/", "\\"]],
    ["{{default inputs.x 1.5}}", ["default", "inputs x", 1.5]],
    ["{{default inputs.x true}}", ["default", "inputs x", true]],
    ["{{default (lower inputs.x) 'a}}b'}}", ["default", ["lower", "inputs x"], "a}}b"]],
    ["{{\"{{\"}}", "{{"],
    ["{{'}}'}}", "}}"],
    ["{{7}}", 7],
  ])("%s is understood", (text, expected) => {
    expect(plain(singleValueOf(parsed(text)))).toEqual(expected);
  });

  test("a text beside the braces makes the template a text", () => {
    expect(singleValueOf(parsed(" {{inputs.kb}}"))).toBeUndefined();
    expect(singleValueOf(parsed("{{inputs.a}}{{inputs.b}}"))).toBeUndefined();
    expect(singleValueOf(parsed("no braces"))).toBeUndefined();
  });

  test("a plain name means the same to the short way and to the parser", () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
    fc.assert(fc.property(fc.array(name, { minLength: 2, maxLength: 4 }), (names) => {
      const path = names.join(".");
      const short = parseTemplate(scalarOf(`{{${path}}}`));
      const long = parseTemplate(scalarOf(`{{json ${path}}}`));
      expect(short.kind).toBe(long.kind);
      if (short.kind === "ok" && long.kind === "ok") expect(pathsOf(short.value).map((read) => read.path)).toEqual(pathsOf(long.value).map((read) => read.path));
    }));
  });
});

describe("what may not", () => {
  test.each([
    ["{{a + b}}", "{{a + b}}", "not an expression"],
    ["{{a - b}}", "{{a - b}}", "not an expression"],
    ["{{inputs.a == 'x'}}", "{{inputs.a == 'x'}}", "not an expression"],
    ["{{inputs.a && inputs.b}}", "{{inputs.a && inputs.b}}", "not an expression"],
    ["{{inputs.a ? 1 : 2}}", "{{inputs.a ? 1 : 2}}", "not an expression"],
    ["{{size(inputs.a)}}", "{{size(inputs.a)}}", "not an expression"],
    ["{{inputs.members[0]}}", "[0]", "an index in braces is written `.[0]`"],
    ["{{{inputs.a}}}", "{{{", "three braces"],
    ["{{#if inputs.a}}", "{{#", "blocks"],
    ["{{/if}}", "{{/", "blocks"],
    ["{{else}}", "{{else}}", "`{{else}}` is not part"],
    ["{{> part}}", "{{>", "partials"],
    ["{{! comment }}", "{{!", "`{{!` is not part"],
    ["{{~inputs.a}}", "{{~", "`~` is not part"],
    ["{{inputs.a~}}", "~", "`~` is not part"],
    ["{{&inputs.a}}", "{{&", "`{{&` is not part"],
    ["{{../inputs}}", "../inputs", "`..` is not part"],
    ["{{./inputs}}", "./inputs", "`.` is not part"],
    ["{{this.a}}", "this.a", "`this` is not part"],
    ["{{@index}}", "@index", "`@` is not part"],
    ["{{inputs/a}}", "inputs/a", "with dots"],
    ["{{null}}", "null", "`null` and `undefined`"],
    ["{{default inputs.a undefined}}", "undefined", "`null` and `undefined`"],
    ["{{join inputs.a sep=\", \"}}", "{{join inputs.a sep=\", \"}}", "`=` is not part"],
    ["{{uper inputs.a}}", "uper", "no helper `uper`"],
    ["{{lower (size inputs.a)}}", "size", "no helper `size`"],
    ["{{inputs.a inputs.b}}", "{{inputs.a inputs.b}}", "one value"],
    ["{{join}}", "{{join}}", "`join` is written"],
    ["{{replace inputs.a \"x\"}}", "{{replace inputs.a \"x\"}}", "`replace` is written"],
    ["{{}}", "{{}}", "empty"],
    ["{{ }}", "{{ }}", "empty"],
    ["{{inputs.}}", ".", "missing at this dot"],
    ["{{inputs..a}}", "..", "missing at this dot"],
    ["{{inputs.a", "{{", "not closed"],
    ["{{lower \"a}}", "\"a}}", "not closed"],
    ["{{inputs.[a}}", "[a}}", "not closed"],
  ])("%s is refused at `%s`: %s", (text, place, message) => {
    const result = parseTemplate(scalarOf(`C:\\${text}`));
    if (result.kind !== "error") throw new Error("accepted");
    expect(result.error.map(pointedAt)).toEqual([place]);
    expect(result.error[0]?.message).toContain(message);
  });

  test("braces that hold more than a person writes are refused, a long text in them is not", () => {
    const deep = parseTemplate(scalarOf(`{{${"lower (".repeat(9_000)}lower a${")".repeat(9_000)}}}`));
    expect(deep.kind === "error" && deep.error.map(({ code }) => code)).toEqual(["template-too-long"]);
    expect(parseTemplate(scalarOf(`{{default inputs.a "${"x".repeat(9_000)}"}}`)).kind).toBe("ok");
  });

  test("the nearest helper is suggested", () => {
    const result = parseTemplate(scalarOf("{{uper inputs.a}}"));
    expect(result.kind === "error" && result.error[0]?.hint).toBe("did you mean `upper`?");
  });

  test("every fault is reported, in the order of the text", () => {
    const result = parseTemplate(scalarOf("{{a + b}} {{inputs.ok}} {{#if x}} {{uper x}} {{y"));
    expect(result.kind === "error" && result.error.map(({ code }) => code)).toEqual(["expression-in-braces", "not-in-templates", "unknown-helper", "unclosed-braces"]);
  });

  test("a place is a place in the file, whatever the escapes", () => {
    const scalar = scatteredScalarOf("C:\\{{inputs.a}} {{a + b}}");
    const result = parseTemplate(scalar);
    const [fault] = result.kind === "error" ? result.error : [];
    expect(fault?.span?.start).toBe(scalar.offsets?.[16]);
    expect(fault?.span?.end).toBe(scalar.offsets?.[25]);
  });
});

describe("what a template reads", () => {
  test("each name has its place, and `default` guards its first argument only", () => {
    const text = "{{inputs.a}} {{default inputs.b inputs.c}} {{default (lower inputs.d) 'x'}} {{join inputs.e inputs.f}}";
    const reads = pathsOf(parsed(text));
    expect(reads.map(({ path, guarded }) => `${path.join(".")}${guarded ? "?" : ""}`)).toEqual(["inputs.a", "inputs.b?", "inputs.c", "inputs.d?", "inputs.e", "inputs.f"]);
    expect(reads.map(({ span }) => text.slice(span.start, span.end))).toEqual(reads.map(({ path }) => path.join(".")));
  });
});

describe("any text", () => {
  test("without braces it is itself", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }).filter((text) => !text.includes("{{")), (text) => {
      expect(renderText(parsed(text), {})).toEqual({ kind: "ok", value: text });
    }));
  });

  test("around a name it stays as it is, backslashes and NUL included", () => {
    const text = fc.string({ unit: fc.constantFrom("\\", "\0", "{", "}", "\"", "a", "\n", "$&", "~") }).filter((one) => !one.includes("{{") && !one.endsWith("{"));
    fc.assert(fc.property(text, text.filter((one) => !one.startsWith("}")), (before, after) => {
      expect(renderText(parsed(`${before}{{inputs.a}}${after}`), { inputs: { a: "$1{{x}}" } })).toEqual({ kind: "ok", value: `${before}$1{{x}}${after}` });
    }));
  });

  test("with braces it is a template or has faults with places inside it; nothing is thrown", () => {
    const piece = fc.constantFrom("{{", "}}", "{", "}", "~", "\"", "'", "[", "]", ".", "0", "(", ")", " ", "\n", "a", "this", "inputs.a", "lower ", "join", "=", "|", "@", "!", "-", "1.5", "\\", "else", "as |x|", "\0", "/*");
    fc.assert(fc.property(fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")), (text) => {
      const result = parseTemplate(scalarOf(`{{${text}`));
      if (result.kind === "ok") return;
      expect(result.error.length).toBeGreaterThan(0);
      for (const { span, message } of result.error) {
        expect(span?.start).toBeGreaterThanOrEqual(0);
        expect(span?.end).toBeLessThanOrEqual(text.length + 2);
        expect(message).not.toMatch(/Expecting|Parse error|Lexical|undefined is/);
      }
    }), { numRuns: 2_000 });
  });
});
