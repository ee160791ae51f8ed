import { existsSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { documentSchemas } from "../../src/views/document-schemas.ts";
import { MISSPELT, projectWith, TOUCH } from "./project-fixture.ts";
import { stage, type StageOptions } from "./stage.ts";

interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function runbook(words: readonly string[], options: StageOptions = {}): Promise<Done> {
  const { surroundings, out, err } = stage(options);
  const code = await main(words, surroundings);
  return { code, out: out(), err: err() };
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

function faultsOf(kind: string, document: unknown): unknown {
  const schema = documentSchemas()[kind];
  if (schema === undefined) throw new Error(`no schema ${kind}`);
  const isValid = ajv.compile(schema);
  isValid(document);
  return isValid.errors ?? [];
}

function newProject(): string {
  return projectWith({ "runbook.config.yml": "config: 1\n", "runbooks/touch.yml": TOUCH, "runbooks/misspelt.yml": MISSPELT });
}

describe("run", () => {
  test("without a terminal and without --yes prints the plan, runs nothing, and ends 2", async () => {
    const folder = newProject();
    const { code, out, err } = await runbook(["run", "touch.yml", "--set", `file=${folder}/made`], { workingFolder: folder });
    expect(code).toBe(2);
    expect(out).toContain(`$ touch ${folder}/made`);
    expect(err).toContain("Nothing was run");
    expect(err).toContain(`runbook run touch.yml --set file=${folder}/made --yes`);
    expect(existsSync(join(folder, "made"))).toBe(false);
  });

  test("does it, then finds it done", async () => {
    const folder = newProject();
    const words = ["run", "touch.yml", "--set", `file=${folder}/made`, "--yes"];
    const first = await runbook(words, { workingFolder: folder });
    expect(first.code).toBe(0);
    expect(first.out).toContain("succeeded:");
    expect(existsSync(join(folder, "made"))).toBe(true);
    const second = await runbook(words, { workingFolder: folder });
    expect(second.code).toBe(0);
    expect(second.out).toContain("nothing to do:");
  });

  test("in a folder below the project finds a bare name among its runbooks", async () => {
    const folder = newProject();
    const { code } = await runbook(["run", "touch.yml", "--set", `file=${folder}/made`, "--yes"], { workingFolder: join(folder, "runbooks") });
    expect(code).toBe(0);
  });

  test("with --json prints events alone, one a line, each valid", async () => {
    const folder = newProject();
    const { code, out } = await runbook(["run", "touch.yml", "--yes", "--json"], { workingFolder: folder, env: { RUNBOOK_INPUT_FILE: `${folder}/made` } });
    expect(code).toBe(0);
    const events = out.trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly seq: number; readonly type: string });
    for (const event of events) expect(faultsOf("events", event)).toEqual([]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.type).toBe("run-finished");
  });

  test.each<readonly [sentence: string, words: readonly string[], message: string]>([
    ["a missing input is named, with how to give it", ["touch.yml"], "`file` is not given"],
    ["an unknown input is answered with the nearest one", ["touch.yml", "--set", "fiel=/x"], "did you mean `file`?"],
    ["an input that is set twice is named", ["touch.yml", "--set", "file=/x", "--set", "file=/y"], "`file` was given twice"],
    ["a --set that is none is named", ["touch.yml", "--set", "file"], "NAME=VALUE"],
    ["a misspelt key is shown where it stands", ["misspelt.yml"], "runbooks/misspelt.yml:"],
    ["a file that is not there is named", ["nowhere.yml"], "nowhere.yml"],
    ["a system without an inventory is refused", ["touch.yml", "--system", "x"], "there is no inventory"],
    ["a language without texts is refused", ["touch.yml", "--set", "file=/x", "--lang", "de"], "no texts in `de`"],
  ])("%s, and 2", async (_sentence, words, message) => {
    const { code, err } = await runbook(["run", ...words, "--yes"], { workingFolder: newProject() });
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  test("values of --set are stronger than those of --values, and each origin is shown", async () => {
    const folder = projectWith({ "runbook.config.yml": "config: 1\n", "runbooks/touch.yml": TOUCH, "values.yml": "file: /from/values\n" });
    const weak = await runbook(["run", "touch.yml", "--values", "values.yml"], { workingFolder: folder });
    expect(weak.out).toContain("= /from/values  from --values values.yml");
    const strong = await runbook(["run", "touch.yml", "--values", "values.yml", "--set", "file=/from/set"], { workingFolder: folder });
    expect(strong.out).toContain("= /from/set  from --set");
  });

  test("the state folder is that of --state", async () => {
    const folder = newProject();
    const { out } = await runbook(["run", "touch.yml", "--set", `file=${folder}/made`, "--yes", "--state", "kept"], { workingFolder: folder });
    expect(out).toContain(`state    ${folder}/kept`);
    expect(existsSync(join(folder, "kept"))).toBe(true);
  });
});

describe("plan", () => {
  test("shows every command and what today's looks say, and changes nothing", async () => {
    const folder = newProject();
    const { code, out } = await runbook(["plan", "touch.yml", "--set", `file=${folder}/made`], { workingFolder: folder });
    expect(code).toBe(0);
    expect(out).toContain(`$ touch ${folder}/made`);
    expect(out).toMatch(/would act {2,}make:/u);
    expect(existsSync(join(folder, "made"))).toBe(false);
  });

  test("counts what only looks, and shows it with --all", async () => {
    const folder = newProject();
    const words = ["plan", "touch.yml", "--set", `file=${folder}/made`];
    const short = await runbook(words, { workingFolder: folder });
    expect(short.out).not.toContain("looks: look at");
    expect(short.err).toContain(`runbook plan touch.yml --set file=${folder}/made --all`);
    expect((await runbook([...words, "--all"], { workingFolder: folder })).out).toContain("looks: look at");
  });

  test("runs what reads by its author's word only with --queries", async () => {
    const asking = TOUCH.replace("steps:", "preconditions:\n  - { id: ask, uses: run.query, target: local, with: { program: echo, args: [hello] } }\nsteps:");
    const folder = projectWith({ "runbook.config.yml": "config: 1\n", "runbooks/touch.yml": asking });
    const words = ["plan", "touch.yml", "--all", "--set", `file=${folder}/made`];
    expect((await runbook(words, { workingFolder: folder })).out).toMatch(/not run +ask:/u);
    expect((await runbook([...words, "--queries"], { workingFolder: folder })).out).toMatch(/holds +ask:/u);
  });

  test("of a file of another project finds what it calls", async () => {
    const caller = "runbook: 1\nname: caller\ntitle: Call\nsteps:\n  - { id: go, call: ./parts/look.yml }\n";
    const part = "runbook: 1\nname: part\ntitle: Look\nchecks:\n  - { id: look, title: Is one one?, uses: check, with: { that: 1 == 1, because: It is not. } }\n";
    const folder = projectWith({ "runbook.config.yml": "config: 1\n", "caller.yml": caller, "parts/look.yml": part });
    const { code, out, err } = await runbook(["plan", join(folder, "caller.yml")], { workingFolder: projectWith({}) });
    expect(err).not.toContain("outside of the project");
    expect(out).toContain("1 that only looks:");
    expect(code).toBe(0);
  });

  test("--json is one valid document", async () => {
    const folder = newProject();
    const { out } = await runbook(["plan", "touch.yml", "--set", `file=${folder}/made`, "--json"], { workingFolder: folder });
    expect(faultsOf("printed-plan", JSON.parse(out))).toEqual([]);
  });
});

describe("validate", () => {
  test("says that a legal file is legal", async () => {
    const { code, out } = await runbook(["validate", "runbooks/touch.yml", "runbook.config.yml"], { workingFolder: newProject() });
    expect(out).toBe("2 files: legal\n");
    expect(code).toBe(0);
  });

  test("--json tells every fault with its place, and ends 2", async () => {
    const { code, out } = await runbook(["validate", "--json", "runbooks/misspelt.yml", "runbooks/touch.yml"], { workingFolder: newProject() });
    const document = JSON.parse(out) as { readonly legal: boolean; readonly diagnostics: readonly { readonly file: string; readonly line: number }[] };
    expect(faultsOf("printed-validate", document)).toEqual([]);
    expect(document.legal).toBe(false);
    expect(document.diagnostics[0]).toMatchObject({ file: "runbooks/misspelt.yml", line: 6 });
    expect(code).toBe(2);
  });

  test("a file that says no kind is told which there are", async () => {
    const { err } = await runbook(["validate", "x.yml"], { workingFolder: projectWith({ "x.yml": "hosts: all\n" }) });
    expect(err).toContain("`runbook: 1`");
  });
});

describe("builtins and schema", () => {
  test("the list names every builtin, and --json is one valid document", async () => {
    const { out } = await runbook(["builtins"]);
    expect(out).toContain("run.program");
    const document = await runbook(["builtins", "--json"]);
    expect(faultsOf("printed-builtins", JSON.parse(document.out))).toEqual([]);
  });

  test("a page shows an example; an unknown name is answered with the nearest", async () => {
    expect((await runbook(["builtins", "file.copy"])).out).toContain("Example:");
    const unknown = await runbook(["builtins", "file.coyp"]);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain("did you mean `file.copy`?");
  });

  test("schema prints a published schema as it stands", async () => {
    expect((await runbook(["schema"])).out).toContain("schema events");
    expect(JSON.parse((await runbook(["schema", "events"])).out)).toMatchObject({ title: "runbook events" });
    expect((await runbook(["schema", "evenst"])).err).toContain("did you mean `events`?");
  });
});
