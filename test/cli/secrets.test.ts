import { createHash } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { projectWith } from "./project-fixture.ts";
import { stage } from "./stage.ts";

const SECRET = `hunter2 & "alpha"\nbravo/zulu`;
const WORDS = ["hunter2", "alpha", "bravo", "zulu"];

/** Base64 of a word wherever it begins in a longer text: the letters that are its own. */
function base64Of(word: string): readonly string[] {
  return [0, 1, 2].map((skipped) => Buffer.from(word).subarray(skipped)).map((bytes) => bytes.toString("base64").slice(0, Math.floor((bytes.length * 4) / 3))).filter((text) => text.length >= 4);
}

/** Whatever of the secret could be seen: its words in either case, and in Base64. Digests hold none of these by chance: they are hexadecimal. */
const SEEN = new RegExp([...WORDS, ...WORDS.map((word) => word.toUpperCase()), ...WORDS.flatMap(base64Of)].map((text) => text.replaceAll("+", "\\+")).join("|"));

/** Prints what it is given in odd ways, and the list of processes as it is meanwhile. */
const ODD = `#!/bin/sh
ps -eo args > "$1"
pause() { "$NODE" -e 0; }
printf 'first line: '; head -n 1
cat
printf '%s' "$PW" | base64 -w 0; echo
printf 'user:%s' "$PW" | base64 -w 0; echo
printf '%s' "$PW" | "$NODE" -e 'const t = require("fs").readFileSync(0, "utf8"); console.log(JSON.stringify({pw: t}), encodeURIComponent(t)); (async () => { for (const c of t) { process.stdout.write(c); await new Promise((r) => setImmediate(r)); } console.log(); })()'
printf 'hunt'; pause; printf 'er2 & "al'; pause; printf 'pha"\\n'
echo "no: $PW" >&2
exit "$2"
`;

const RUNBOOK = `runbook: 1
name: odd
title: Odd output about {{inputs.pw}}
inputs:
  pw: { secret: true, description: Password of the database, from: { env: DB_PW } }
  code: { default: "0", description: How the program ends }
vars:
  loud: "{{upper inputs.pw}}"
steps:
  - id: print
    title: Print {{inputs.pw}} and {{vars.loud}}
    why: "{{json vars}} and {{upper inputs.pw}}"
    uses: run.program
    target: local
    with:
      program: ./odd.sh
      args: [FOLDER/ps.txt, "{{inputs.code}}"]
      folder: FOLDER
      stdin: "{{inputs.pw}}\\n{{vars.loud}}\\n"
      env: { PW: "{{inputs.pw}}", NODE: "${process.execPath}" }
      effect: changes
  - id: look
    uses: run.query
    target: local
    with: { program: cat, stdin: "{{json inputs.pw}}" }
    expect: [ { that: outputs.text != "", because: "{{steps.print.outputs.text}} and {{outputs.text}}" } ]
outputs:
  text: steps.print.outputs.text
`;

function project(files: Readonly<Record<string, string>>): string {
  const folder = projectWith({ "runbook.config.yml": "config: 1\n", ...files });
  for (const [path, text] of Object.entries(files)) {
    writeFileSync(join(folder, path), text.replaceAll("FOLDER", folder));
    if (path.endsWith(".sh")) chmodSync(join(folder, path), 0o755);
  }
  return folder;
}

interface Typed {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

async function typed(folder: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Typed> {
  const on = stage({ workingFolder: folder, env });
  const exitCode = await main(words, on.surroundings);
  return { exitCode, out: on.out(), err: on.err() };
}

/** Every file of the state folder, as one text. */
function kept(folder: string): string {
  const at = join(folder, ".runbook");
  const names = existsSync(at) ? readdirSync(at, { recursive: true, encoding: "utf8" }) : [];
  return names.map((name) => join(at, name)).filter((path) => statSync(path).isFile()).map((path) => `${path}\n${readFileSync(path, "latin1")}`).join("\n");
}

const run = (folder: string): string => readdirSync(join(folder, ".runbook/runs"))[0] ?? "";

describe.skipIf(process.platform === "win32")("a secret that a program prints in odd ways", () => {
  test.each([["lines", "0", []], ["JSON", "0", ["--json"]], ["lines of a run that fails over it", "3", []], ["JSON of a run that fails over it", "3", ["--json"]]])("is in none of screen, journal, report, state folder and list of processes: %s", async (_what, code, flags) => {
    const folder = project({ "main.yml": RUNBOOK, "odd.sh": ODD });
    const { exitCode, out, err } = await typed(folder, ["run", "main.yml", "--yes", "--set", `code=${code}`, ...flags], { DB_PW: SECRET });
    expect([exitCode, err]).toEqual([code === "0" ? 0 : 1, ""]);
    expect(out).toContain("first line: ***");
    expect(out).toContain("***");
    expect(readFileSync(join(folder, "ps.txt"), "utf8")).toContain("odd.sh");
    const shown = await typed(folder, ["show", run(folder)]);
    const document = await typed(folder, ["show", run(folder), "--json"]);
    const reports = await Promise.all(["markdown", "json", "html"].map(async (format) => (await typed(folder, ["report", run(folder), "--format", format])).out));
    expect(reports.map((text) => text.includes("***"))).toEqual([true, true, true]);
    const everything = [...reports, out, err, kept(folder), readFileSync(join(folder, "ps.txt"), "utf8"), shown.out, document.out];
    expect(everything.map((text) => SEEN.exec(text)?.[0])).toEqual(everything.map(() => undefined));
    expect(shown.out).toContain("***");
    if (flags.length > 0) for (const line of out.trimEnd().split("\n")) expect(JSON.parse(line)).toMatchObject({ v: 1 });
  });

  test("leaves no rest where a long output was cut in the middle of it", async () => {
    const folder = project({
      "main.yml": HASH.replace(", FROM", ", from: { env: DB_PW }").replace("run.query", "run.program").replace("program: sha256sum", "effect: changes, program: ./long.sh, folder: FOLDER"),
      "long.sh": "#!/bin/sh\nread -r pw\nyes \"$pw\" | head -c 300000\n",
    });
    const { exitCode, out } = await typed(folder, ["run", "main.yml", "--yes", "--json"], { DB_PW: "zebraquaggagnu" });
    // 15 bytes a line: the last 256,000 of 300,000 begin behind "zebra".
    expect(out).toContain('"stdout":"***\\n***');
    expect([exitCode, /zebra|quagga|agnu/.exec(out + kept(folder))?.[0]]).toEqual([0, undefined]);
  });

  test("is not read by `validate` and `plan`, which show where it stands; by `plan --queries` it is", async () => {
    const folder = project({ "main.yml": RUNBOOK, "odd.sh": ODD });
    for (const words of [["validate", "main.yml"], ["plan", "main.yml", "--all"], ["plan", "main.yml", "--json"]]) expect((await typed(folder, words)).exitCode).toBe(0);
    const plan = await typed(folder, ["plan", "main.yml", "--all"]);
    expect(plan.out).toMatch(/pw += \*\*\* +from environment variable DB_PW/);
    expect(plan.out).toContain("Print *** and ***");
    const queries = await typed(folder, ["plan", "main.yml", "--queries"]);
    expect([queries.exitCode, queries.err]).toEqual([2, expect.stringContaining("the environment variable DB_PW is not set")]);
    const given = await typed(folder, ["plan", "main.yml", "--queries", "--all"], { DB_PW: SECRET });
    expect([given.exitCode, SEEN.exec(given.out + given.err)]).toEqual([0, null]);
  });
});

const HASH = `runbook: 1
name: hash
title: Which secret is it?
inputs:
  pw: { secret: true, description: Password of the database, pattern: '^[a-z]', FROM }
steps:
  - id: hash
    uses: run.query
    target: local
    with: { program: sha256sum, stdin: "{{inputs.pw}}" }
outputs:
  hash: steps.hash.outputs.text
`;

const inventory = (inputs: string): string => `inventory: 1\nsystems:\n  here: { inputs: ${inputs}, transports: { default: { kind: local } } }\n`;

describe.skipIf(process.platform === "win32")("a secret comes", () => {
  const ON_HERE = ["--inventory", "inventory.yml", "--system", "here"];

  test.each<[what: string, from: string, files: Readonly<Record<string, string>>, words: readonly string[], env: Readonly<Record<string, string>>]>([
    ["from the environment variable that the runbook names", "from: { env: DB_PW }", {}, [], { DB_PW: "sesame" }],
    ["from a file beside the runbook, without its last line end", "from: { file: keys/pw }", { "keys/pw": "sesame\n" }, [], {}],
    ["from what a command prints, without its last line end", "from: { command: [./ask.sh, 'ses ame'] }", { "ask.sh": '#!/bin/sh\n[ "$1" = "ses ame" ] && echo sesame\n' }, [], {}],
    ["from RUNBOOK_INPUT_, before what the runbook says", "from: { env: DB_PW }", {}, [], { DB_PW: "another", RUNBOOK_INPUT_PW: "sesame" }],
    ["by reference from the inventory, before the environment", "", { "inventory.yml": inventory("{ pw: { from: { file: pw.txt } } }"), "pw.txt": "sesame" }, ON_HERE, { RUNBOOK_INPUT_PW: "another" }],
    ["by reference from a file of --values, before the inventory", "", { "inventory.yml": inventory("{ pw: { from: { env: NONE } } }"), "sub/values.yml": "pw: { from: { file: pw.txt } }\n", "sub/pw.txt": "sesame" }, [...ON_HERE, "--values", "sub/values.yml"], {}],
  ])("%s", async (_what, from, files, words, env) => {
    const folder = project({ "main.yml": HASH.replace(", FROM", from === "" ? "" : `, ${from}`), ...files });
    const { exitCode, out, err } = await typed(folder, ["run", "main.yml", "--yes", "--json", ...words], env);
    expect([exitCode, err]).toEqual([0, ""]);
    expect(out).toContain(createHash("sha256").update("sesame").digest("hex"));
    expect(out + kept(folder)).not.toContain("sesame");
  });

  test.each<[what: string, from: string, files: Readonly<Record<string, string>>, words: readonly string[], env: Readonly<Record<string, string>>, message: RegExp]>([
    ["--set", "", {}, ["--set", "pw=sesame"], {}, /`pw` is a secret: --set would leave it in the list of processes[\s\S]*RUNBOOK_INPUT_PW/],
    ["--set twice", "", {}, ["--set", "pw=sesame", "--set", "pw=sesame"], {}, /given twice/],
    ["a value in a file of --values", "", { "values.yml": "a: b\npw: sesame\n" }, ["--values", "values.yml"], {}, /values\.yml:2:5: `pw` is a secret, and no file holds the value of one/],
    ["a value in the inventory", "", { "inventory.yml": inventory("{ pw: sesame }") }, ON_HERE, {}, /inventory\.yml:3:\d+: `pw` is a secret/],
    ["a value under `from`", "", { "inventory.yml": inventory("{ pw: { from: sesame } }") }, ON_HERE, {}, /`pw` is a secret, and no file holds/],
    ["a source that there is not", "", { "inventory.yml": inventory("{ pw: { from: { vault: db } } }") }, ON_HERE, {}, /says no source of one[\s\S]*`from: \{ env: NAME \}`/],
    ["nowhere", "", {}, [], {}, /the secret `pw` has no source: Password of the database[\s\S]*on a terminal it is asked for/],
    ["a variable that is not set", "from: { env: DB_PW }", {}, [], {}, /`pw` \(from environment variable DB_PW\) cannot be taken: the environment variable DB_PW is not set/],
    ["an empty variable", "from: { env: DB_PW }", {}, [], { DB_PW: "" }, /it is empty/],
    ["a text that is too short to be masked", "from: { env: DB_PW }", {}, [], { DB_PW: "abc" }, /shorter than 4 characters/],
    ["a text that does not fit", "from: { env: DB_PW }", {}, [], { DB_PW: "1sesame" }, /it does not match \^\[a-z\]/],
    ["a file that is not there", "from: { file: none }", {}, [], {}, /none/],
    ["a command that fails, of which nothing is shown", "from: { command: [./ask.sh] }", { "ask.sh": "#!/bin/sh\necho sesame; echo sesame >&2; exit 4\n" }, [], {}, /`\.\/ask\.sh` ended with exit code 4; run it by hand/],
    ["a command that there is not", "from: { command: [no-such-program] }", {}, [], {}, /this machine has no program no-such-program/],
  ])("not from %s: nothing is run, and the message does not show it", async (_what, from, files, words, env, message) => {
    const folder = project({ "main.yml": HASH.replace(", FROM", from === "" ? "" : `, ${from}`), ...files });
    const { exitCode, out, err } = await typed(folder, ["run", "main.yml", "--yes", ...words], env);
    expect([exitCode, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err + kept(folder)).not.toContain("sesame");
    expect(existsSync(join(folder, ".runbook/runs"))).toBe(false);
  });
});
