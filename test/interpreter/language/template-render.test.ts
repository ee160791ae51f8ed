import { describe, expect, test } from "vitest";
import { hole } from "../../../src/core/plan.ts";
import { parseTemplate, renderForPeople, renderText, renderValue } from "../../../src/interpreter/language/template.ts";
import { scalarOf } from "./scalar-of.ts";

const scope = {
  inputs: {
    kb: "945684", node: "NodeA", count: 3, ratio: 0.25, on: true, nodes: ["NODEA", "NODEB"], free: "200MB", nothing: null, empty: "",
    record: { id: 7 }, mixed: [{ id: 7 }], win: "C:\\kb\\a.msp\\", posix: "/srv/kb/a.msp", amp: "a & <b>", braces: "{{inputs.kb}}", constructor: "own",
  },
  node: "NODEB",
};

function parsed(text: string) {
  const result = parseTemplate(scalarOf(text));
  if (result.kind === "error") throw new Error(result.error.map(({ message }) => message).join("; "));
  return result.value;
}

describe("a template as text", () => {
  test.each([
    ["KB{{inputs.kb}}.msp", "KB945684.msp"],
    ["\\\\{{inputs.node}}\\c$", "\\\\NodeA\\c$"],
    ["{{node}}", "NODEB"],
    ["{{inputs.count}} {{inputs.ratio}} {{inputs.on}} {{inputs.free}}", "3 0.25 true 200MB"],
    ["{{inputs.nodes.[1]}} {{inputs.nodes.0}}", "NODEB NODEA"],
    ["{{inputs.amp}}", "a & <b>"],
    ["{{inputs.braces}}", "{{inputs.kb}}"],
    ["{{inputs.constructor}}", "own"],
    ["{{\"{{\"}}x}}", "{{x}}"],
    ["{{lower inputs.node}} {{upper inputs.node}}", "nodea NODEA"],
    ["{{join inputs.nodes}} {{join inputs.nodes \"+\"}}", "NODEA, NODEB NODEA+NODEB"],
    ["{{basename inputs.win}} {{basename inputs.posix}} {{basename inputs.kb}}", "a.msp a.msp 945684"],
    ["{{replace inputs.win \"\\\" \"/\"}}", "C:/kb/a.msp/"],
    ["{{replace inputs.kb \"9\" \"$&\"}} {{replace inputs.kb \"\" \"x\"}}", "$&45684 945684"],
    ["{{json inputs.nodes}} {{json inputs.kb}}", "[\"NODEA\",\"NODEB\"] \"945684\""],
    ["{{default inputs.absent \"none\"}} {{default inputs.nothing 1}} [{{default inputs.empty \"x\"}}]", "none 1 []"],
    ["{{default (lower inputs.absent) \"none\"}} {{default inputs.absent inputs.kb}}", "none 945684"],
  ])("%s gives %s", (text, expected) => {
    expect(renderText(parsed(text), scope)).toEqual({ kind: "ok", value: expected });
  });

  test.each([
    ["a {{inputs.absent}}", "inputs.absent"],
    ["a {{inputs.record.no}}", "inputs.record.no"],
    ["a {{inputs.nodes.[2]}}", "inputs.nodes.2"],
    ["a {{inputs.nodes.length}}", "inputs.nodes.length"],
    ["a {{inputs.kb.length}}", "inputs.kb.length"],
    ["a {{inputs.toString}}", "inputs.toString"],
    ["a {{inputs.record.__proto__}}", "inputs.record.__proto__"],
    ["a {{lower inputs.absent}}", "inputs.absent"],
    ["a {{default inputs.absent inputs.gone}}", "inputs.gone"],
  ])("%s has no value for %s", (text, path) => {
    expect(renderText(parsed(text), scope)).toEqual({ kind: "absent", path, because: `\`${path}\` has no value` });
  });

  test.each([
    ["a {{inputs.nodes}}", "`inputs.nodes`: a list is no text: use `join` or `json`"],
    ["a {{inputs.record}}", "`inputs.record`: an object is no text: name one of its parts, or use `json`"],
    ["a {{inputs.nothing}}", "`inputs.nothing`: null is no text"],
    ["{{join inputs.kb}}", "`inputs.kb`: `join` takes a list"],
    ["{{join inputs.mixed}}", "`inputs.mixed`: an object is no text: name one of its parts, or use `json`"],
    ["{{lower inputs.nodes}}", "`inputs.nodes`: a list is no text: use `join` or `json`"],
  ])("%s does not fit: %s", (text, because) => {
    expect(renderText(parsed(text), scope)).toEqual({ kind: "error", because });
  });
});

describe("a template as a value", () => {
  test.each([
    ["{{inputs.nodes}}", ["NODEA", "NODEB"]],
    ["{{inputs.count}}", 3],
    ["{{inputs.on}}", true],
    ["{{default inputs.absent 3}}", 3],
    ["{{join inputs.nodes}}", "NODEA, NODEB"],
    ["{{inputs.count}}0", "30"],
    ["plain", "plain"],
    ["", ""],
  ])("%s passes on %j", (text, expected) => {
    expect(renderValue(parsed(text), scope)).toEqual({ kind: "ok", value: expected });
  });
});

describe("a template for people", () => {
  test.each([
    ["{{inputs.kb}} on {{inputs.absent}}", "945684 on –"],
    ["{{inputs.nodes}}", "NODEA, NODEB"],
    ["{{inputs.record}}", "{\"id\":7}"],
    ["{{inputs.nothing}}{{join inputs.kb}}", "––"],
  ])("%s prints as %s", (text, expected) => {
    expect(renderForPeople(parsed(text), scope)).toBe(expected);
  });
});

test("what a helper makes of a hole in a plan is a hole", () => {
  const holes = { steps: { a: { outputs: { nodes: hole("steps.a.outputs.nodes") } } } };
  expect(renderText(parsed("on {{join steps.a.outputs.nodes \"+\"}}"), holes)).toEqual({ kind: "ok", value: `on ${hole("join steps.a.outputs.nodes \"+\"")}` });
});
