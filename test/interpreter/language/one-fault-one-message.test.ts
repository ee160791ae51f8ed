import { expect, test } from "vitest";
import { load, shown } from "./project.ts";

const HEAD = "runbook: 1\nname: main\ntitle: Main\n";
const STEP = "steps:\n  - id: a\n    uses: check\n    with: { that: inputs.kb != \"\", because: x }\n";

/** What is wrong with a file, one line each. */
function faults(text: string): readonly string[] {
  return shown(load({ "main.yml": text }).diagnostics).map((line) => line.replace(/^main\.yml:/, ""));
}

test.each([
  ["a misspelt key", `${HEAD}input:\n  kb: { description: d }\n${STEP}`, ["4:1 unknown-key: `input` is no key of a runbook"]],
  ["a key without a value", `${HEAD}inputs:\n  kb: { description: d }\nsteps:\n  - id: a\n    timeout:\n    uses: check\n    with: { that: 'true', because: x }\n`, ["8:5 missing-value: `timeout` has no value"]],
  ["a declaration of the wrong shape", `${HEAD}inputs:\n  kb: 10\n${STEP}`, ["5:7 wrong-shape: `kb` takes an input (a mapping), not a text"]],
  ["a key without its colon", `${HEAD}inputs:\n  kb { description: d, pattern: x }\n${STEP}`, ["5:3 missing-colon: a colon is missing behind `kb`"]],
  ["lines that stand one blank too far left", `${HEAD}inputs:\n   kb: { description: d }\n  node: { description: d }\n  host: { description: d }\n${STEP}`, ["6:3 bad-indentation: this line is not indented like the lines that it belongs to"]],
  ["a tab", `${HEAD}inputs:\n  kb:\n\tdescription: d\n  node: { description: d }\n${STEP}`, ["6:1 tab-indentation: a tab cannot indent"]],
  ["a key that stands twice", `${HEAD}inputs:\n  node: { description: d }\ninputs:\n  kb: { description: d }\n${STEP}`, ["6:1 duplicate-key: `inputs` stands twice in this mapping"]],
  ["two inputs that are missing", `${HEAD}steps:\n  - id: a\n    uses: file.copy\n    target: local\n    with: {}\n`, ["8:11 missing-input: `file.copy` needs the inputs `from` and `to`"]],
  ["a tag", `${HEAD}owner: !me you\nsteps:\n  - id: a\n    uses: check\n    with: { that: 'true', because: x }\n`, ["4:8 tag: `!me` is a YAML tag; this language has none"]],
  ["a comment that cuts a condition", `${HEAD}inputs:\n  kb: { description: d }\nsteps:\n  - id: a\n    if: inputs.kb == 'a #b'\n    uses: check\n    with: { that: 'true', because: x }\n`, ["8:9 needs-quotes: ` #` begins a comment to YAML and cuts `if` here"]],
])("%s is one fault and one message", (_case, text, expected) => {
  expect(faults(text)).toEqual(expected);
});

test("a second fault behind a broken line is told with it", () => {
  const text = `${HEAD}inputs:\n  a: { description: d }\n  kb description\nsteps:\n  - id: a\n    uses: check\n   with: { that: 'true', because: x }\n`;
  expect(faults(text).map((line) => line.split(" ")[0])).toEqual(["6:3", "10:4"]);
});

test.each([
  ["a rehearsal", "rehearsal: 1\nof: main.yml\n", "a file that begins with `rehearsal` is not in this version"],
])("%s is refused by name", (_case, text, message) => {
  const found = faults(text);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
