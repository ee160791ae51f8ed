import { describe, expect, test } from "vitest";
import { positionOf } from "../../../src/core/source.ts";
import { loadRunbook } from "../../../src/interpreter/language/load.ts";
import { builtins } from "../../../src/builtins/index.ts";
import { filesOf, load, runbookOf, shown, withOneStep, type Texts } from "./project.ts";

function calling(name: string, callee: string): string {
  return `runbook: 1\nname: ${name}\ntitle: ${name}\nsteps:\n  - id: go\n    call: ./${callee}\n`;
}

/** `main.yml` calls a chain of so many files. */
function chain(length: number): Texts {
  const texts: Record<string, string> = { "main.yml": calling("main", "f1.yml") };
  for (let i = 1; i < length; i += 1) texts[`f${i}.yml`] = calling(`f${i}`, `f${i + 1}.yml`);
  return { ...texts, [`f${length}.yml`]: withOneStep("") };
}

describe("loading a runbook", () => {
  test("says why a file cannot be read", () => {
    expect(shown(load({}).diagnostics)).toEqual(["cannot-read: cannot read main.yml: there is no such file"]);
  });

  test("reads a file once however often it is called", () => {
    const texts = { "main.yml": `runbook: 1\nname: main\ntitle: Main\nsteps:\n  - id: one\n    call: ./part.yml\n  - id: two\n    call: ./part.yml\n`, "part.yml": withOneStep("") };
    const read: string[] = [];
    const files = { read: (path: string) => { read.push(path); return filesOf(texts).read(path); } };
    const { runbook } = loadRunbook("/project/main.yml", "main.yml", { files, registry: builtins, projectFolder: "/project" });
    expect(read).toEqual(["/project/main.yml", "/project/part.yml"]);
    const [one, two] = runbook?.steps ?? [];
    expect(one?.body.kind === "call" && two?.body.kind === "call" && one.body.runbook === two.body.runbook).toBe(true);
  });

  test("allows calls eight deep, and no deeper", () => {
    expect(shown(load(chain(8)).diagnostics)).toEqual([]);
    expect(shown(load(chain(9)).diagnostics)).toEqual([
      "main.yml:6:11 call-too-deep: calls are nested 9 deep, and 8 is the most: main.yml → f1.yml → f2.yml → f3.yml → f4.yml → f5.yml → f6.yml → f7.yml → f8.yml → f9.yml",
    ]);
  });

  test("reports the faults of all files at once, each in its file", () => {
    const { runbook, diagnostics, sources } = load({ "main.yml": `${calling("main", "part.yml")}  - id: wrong\n    uses: cluster.quorun\n`, "part.yml": withOneStep("target: nowhere\n") });
    expect(runbook).toBeUndefined();
    expect(shown(diagnostics)).toEqual([
      "main.yml:8:11 unknown-builtin: there is no builtin `cluster.quorun`",
      "part.yml:4:9 unknown-target: there is no target `nowhere`",
    ]);
    expect(sources.map(({ name }) => name)).toEqual(["main.yml", "part.yml"]);
  });

  test("checks a call also where the called file has faults", () => {
    const part = withOneStep("inputs:\n  node: { format: netbios_name, description: A node }\ntarget: nowhere\n");
    expect(shown(load({ "main.yml": calling("main", "part.yml"), "part.yml": part }).diagnostics)).toEqual([
      "main.yml:6:11 missing-input: `main` needs `node`",
      "part.yml:6:9 unknown-target: there is no target `nowhere`",
    ]);
  });

  test("shows called files as the user would write them", () => {
    const texts = { "a/main.yml": calling("main", "../b/part.yml"), "b/part.yml": "runbook: 2\n" };
    const { diagnostics } = loadRunbook("/project/a/main.yml", "../project/a/main.yml", { files: filesOf(texts), registry: builtins, projectFolder: "/project" });
    expect(diagnostics.map(({ span }) => span?.source.name)).toContain("../project/b/part.yml");
  });

  test("gives a position in Windows line ends too", () => {
    const [fault] = load({ "main.yml": withOneStep("target: nowhere\n").replaceAll("\n", "\r\n") }).diagnostics;
    expect(fault?.span === undefined ? undefined : positionOf(fault.span.source, fault.span.start)).toEqual({ line: 4, column: 9 });
  });

  test.each(["__proto__", "constructor", "toString"])("takes %s for a name like any other that is not there", (name) => {
    const { diagnostics } = load({ "main.yml": `runbook: 1\nname: main\ntitle: "{{inputs.${name}}} {{steps.${name}.done}}"\nsteps:\n  - id: look\n    uses: ${name}\n    if: inputs.${name} == 1\n` });
    expect(diagnostics.filter(({ code }) => code.startsWith("unknown") || code === "not-in-reach").length).toBeGreaterThanOrEqual(3);
  });
});

describe("a translation", () => {
  const main = withOneStep("translations: [main.ja.yml]\ninputs:\n  node: { format: netbios_name, description: A node }\n").replace("    target: local\n", "    target: local\n    title: Look at {{inputs.node}}\n    expect: [{ that: outputs.votes > 1, because: Few. }]\n");

  test("stands beside the runbook by its language, parsed as the original is", () => {
    const ja = "texts: 1\nlanguage: ja\nof: main.yml\ntitle: 見る\ninputs:\n  node: ノード\nsteps:\n  look:\n    title: \"{{inputs.node}}を見る\"\n    because: [\"{{outputs.votes}}票\"]\n";
    const translation = runbookOf({ "main.yml": main, "main.ja.yml": ja }).translations.get("ja");
    expect(translation?.title?.text).toBe("見る");
    expect(translation?.inputs["node"]).toBe("ノード");
    expect(translation?.steps["look"]?.title?.parts).toHaveLength(2);
    expect(translation?.steps["look"]?.because?.map(({ text }) => text)).toEqual(["{{outputs.votes}}票"]);
  });

  test("names its own file in its faults", () => {
    const { runbook, diagnostics } = load({ "main.yml": main, "main.ja.yml": "texts: 1\nlanguage: ja\nof: main.yml\ntitle: \"{{inputs.nod}}\"\n" });
    expect(runbook).toBeUndefined();
    expect(shown(diagnostics)).toEqual(["main.ja.yml:4:11 unknown-name: there is no `nod` in `inputs`"]);
  });
});
