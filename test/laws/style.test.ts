import { describe, expect, test } from "vitest";
import { codeBelow, textOf } from "./files.ts";

/** Files that may be longer, each with its reason. Starts empty; an entry is a decision. */
const LONGER: Readonly<Record<string, string>> = {};
const LONGEST = 250;

/** Lines of a file that a pattern finds, as `file:line: text`. */
function linesWith(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.flatMap((file) => textOf(file).split("\n").flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])));
}

const source = codeBelow("src");
const everywhere = [...source, ...codeBelow("test"), ...codeBelow("scripts")];

describe("how the code is written", () => {
  test(`no file is longer than ${LONGEST} lines`, () => {
    const long = everywhere.filter((file) => textOf(file).split("\n").length - 1 > LONGEST && LONGER[file] === undefined);
    expect(long).toEqual([]);
  });

  test("exports have names", () => {
    expect(linesWith(source, /^export default\b|\bas default\b/)).toEqual([]);
  });

  test("no file re-exports others but the generated index", () => {
    expect(linesWith(source.filter((file) => file !== "src/builtins/index.ts"), /^export (\*|\{[^}]*\}) from /)).toEqual([]);
  });

  test("time and chance come through ports", () => {
    const rooms = source.filter((file) => !/^src\/(world|cli)\//.test(file));
    expect(linesWith(rooms, /Date\.now\(|new Date\(\)|Math\.random\(|\bsetTimeout\(|\bsetInterval\(/)).toEqual([]);
  });

  test("the interpreter awaits only its scheduler", () => {
    const room = source.filter((file) => file.startsWith("src/interpreter/run/") && !file.endsWith("/scheduler.ts"));
    expect(linesWith(room, /Promise\.(race|all|any|allSettled)|new Promise|\bsetImmediate\b|\bqueueMicrotask\b|\bnew Date\b/)).toEqual([]);
  });

  test("there is no second path for a plan or a rehearsal", () => {
    expect(linesWith(source, /dry_?-?run|isPreview/i)).toEqual([]);
  });

  test("no error is swallowed", () => {
    const swallowed = source.filter((file) => /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\(\) *=> *(undefined|null|\{\})/.test(textOf(file)));
    expect(swallowed).toEqual([]);
  });

  test("types and lint stay on", () => {
    const word = (text: string): string => text.replace("_", "");
    const off = new RegExp(["\\bas an_y *[;,)>\\]]", ": an_y *[;,)>=\\]]", "@ts-_(ignore|expect-error|nocheck)", "(oxlint|eslint|biome)-_(disable|ignore)"].map(word).join("|"));
    expect(linesWith(everywhere, off)).toEqual([]);
  });

  test("nothing is left for later", () => {
    expect(linesWith(everywhere.filter((file) => !file.endsWith("laws/style.test.ts")), /\bTODO\b|\bFIXME\b|\bXXX\b|not implemented/)).toEqual([]);
  });

  test("files are not named after nothing", () => {
    const templates = "src/interpreter/language/template-helper.ts"; // a helper is a word of the template language
    expect(source.filter((file) => file !== templates && /(^|[/-])(util|utils|helper|helpers|common|manager|handler|misc)(s?)[-.]/.test(file))).toEqual([]);
  });
});
