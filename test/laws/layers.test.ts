import { describe, expect, test } from "vitest";
import { codeBelow, importsOf, resolveImport, type Import } from "./files.ts";

/** A room: which files it holds, which other rooms it may import, and which packages. `node` allows `node:` modules. */
interface Room {
  readonly name: string;
  readonly holds: RegExp;
  readonly mayImport: readonly string[];
  readonly packages: RegExp;
}

const NOTHING = /^$/;
const ANY = /./;

/** The first room that holds a file is its room. */
const ROOMS: readonly Room[] = [
  { name: "core/digest", holds: /^src\/core\/digest\.ts$/, mayImport: ["core"], packages: /^node:crypto$/ },
  { name: "core", holds: /^src\/core\//, mayImport: ["core/digest"], packages: NOTHING },
  { name: "formats", holds: /^src\/formats\//, mayImport: ["core", "core/digest"], packages: /^(?!node:)/ },
  { name: "language", holds: /^src\/interpreter\/language\//, mayImport: ["core", "core/digest"], packages: /^(yaml|ajv|ajv-formats|handlebars|@marcbachmann\/cel-js|re2js)(\/|$)/ },
  { name: "plan", holds: /^src\/interpreter\/plan\//, mayImport: ["core", "core/digest", "language"], packages: NOTHING },
  { name: "run", holds: /^src\/interpreter\/run\//, mayImport: ["core", "core/digest", "language", "plan"], packages: NOTHING },
  { name: "builtins index", holds: /^src\/builtins\/index\.ts$/, mayImport: ["core", "builtins"], packages: NOTHING },
  { name: "builtins", holds: /^src\/builtins\//, mayImport: ["core", "core/digest", "formats"], packages: NOTHING },
  { name: "doctor", holds: /^src\/doctor\//, mayImport: ["core", "core/digest", "formats"], packages: NOTHING },
  { name: "simulator", holds: /^src\/simulator\//, mayImport: ["core", "core/digest"], packages: NOTHING },
  { name: "world", holds: /^src\/world\//, mayImport: ["core", "core/digest", "formats"], packages: ANY },
  { name: "views", holds: /^src\/views\//, mayImport: ["core", "core/digest", "run/fold"], packages: /^(?!node:)/ },
  { name: "cli", holds: /^src\/cli\//, mayImport: ["core", "core/digest", "formats", "language", "plan", "run", "run/fold", "builtins index", "builtins", "doctor", "simulator", "world", "views"], packages: ANY },
];

/** Packages that one file alone may import, by room. */
const ONLY_IMPORTERS: Readonly<Record<string, RegExp>> = {
  yaml: /^src\/interpreter\/language\/parse/,
  ajv: /^src\/interpreter\/language\/(validate|compose-schema|generated)/,
  handlebars: /^src\/interpreter\/language\/template/,
  "@marcbachmann/cel-js": /^src\/interpreter\/language\/(expression|cel-)/,
  re2js: /^src\/interpreter\/language\/convert-pattern/,
  listr2: /^src\/views\/live/,
  execa: /^src\/world\/local-/,
  "@inquirer/prompts": /^src\/world\/terminal-/,
  cfb: /^src\/formats\/compound-file/,
  asn1js: /^src\/formats\/asn1/,
  saxes: /^src\/formats\/(xml|clixml)/,
};

function roomOf(path: string): Room | undefined {
  return ROOMS.find((room) => room.holds.test(path));
}

/** What an import breaks, with what to do; undefined where it breaks nothing. */
function breach(one: Import): string | undefined {
  const room = roomOf(one.file);
  const where = `${one.file}:${one.line}`;
  if (room === undefined) return `${where}: the file stands in no room: give it one of ${ROOMS.map(({ name }) => name).join(", ")}`;
  const target = resolveImport(one);
  if (target === undefined) {
    const name = one.from.startsWith("@") ? one.from.split("/").slice(0, 2).join("/") : (one.from.split("/")[0] ?? "");
    const only = ONLY_IMPORTERS[name];
    if (only !== undefined && !only.test(one.file)) return `${where}: only ${only.source} imports ${name}: ask for what you need there`;
    return room.packages.test(one.from) ? undefined : `${where}: ${room.name} may not import ${one.from}: hand it in through a port, or move the code to a room that may`;
  }
  const other = target === "src/interpreter/run/fold.ts" && room.name === "views" ? "run/fold" : roomOf(target)?.name;
  if (other === undefined || other === room.name || room.mayImport.includes(other)) return undefined;
  if (room.name === "builtins" && other === "builtins") return undefined;
  return `${where}: ${room.name} may not import ${other} (${target}): imports only go down; move what both need to core, or hand it in`;
}

/** Builtins do not import each other; what an area shares stands in its `shared/`. */
function builtinBreach(one: Import): string | undefined {
  const area = /^src\/builtins\/([^/]+)\//.exec(one.file)?.[1];
  const target = resolveImport(one);
  if (area === undefined || target === undefined || !target.startsWith("src/builtins/")) return undefined;
  return target.startsWith(`src/builtins/${area}/shared/`) ? undefined : `${one.file}:${one.line}: a builtin imports ${target}: what the area shares stands in src/builtins/${area}/shared/, what areas share in src/formats/ or src/core/`;
}

describe("the rooms of the house", () => {
  const imports = codeBelow("src").flatMap(importsOf);

  test("imports only go down, and packages stay in their rooms", () => {
    expect(imports.map(breach).filter((line) => line !== undefined)).toEqual([]);
  });

  test("builtins do not import each other", () => {
    expect(imports.map(builtinBreach).filter((line) => line !== undefined)).toEqual([]);
  });

  test("a wrong import is found and told", () => {
    expect(breach({ file: "src/builtins/file/copy.ts", line: 3, from: "node:fs" })).toContain("builtins may not import node:fs");
    expect(breach({ file: "src/core/json.ts", line: 1, from: "../views/lines.ts" })).toContain("core may not import views");
    expect(builtinBreach({ file: "src/builtins/file/copy.ts", line: 1, from: "../windows/computer.ts" })).toContain("src/builtins/file/shared/");
  });
});
