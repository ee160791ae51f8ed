import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { builtins } from "../src/builtins/index.ts";
import type { Registry } from "../src/core/builtin.ts";
import type { ObjectSchema } from "../src/core/schema.ts";
import { composeGrammars } from "../src/interpreter/language/compose-schema.ts";
import { authoredSchemas } from "../src/interpreter/language/schema-authored.ts";
import type { RecordWords } from "../src/interpreter/language/generated/records.ts";
import type { Grammar, RecordPlace } from "../src/interpreter/language/schema-place.ts";
import { publishedSchema } from "../src/interpreter/language/schema-published.ts";
import { WORLD_SCHEMA } from "../src/simulator/world-schema.ts";

const ROOT = join(import.meta.dirname, "..");
const GENERATED = "src/interpreter/language/generated";
const BANNER = "// Made by scripts/generate-schemas.ts. Do not edit.";

/** A file that is made: its path from the root of the repository, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** The published schemas and the validators, made from the builtins and the simulator's schema. Equal inputs give equal texts. */
export async function generateSchemas(registry: Registry, world: ObjectSchema): Promise<readonly GeneratedFile[]> {
  const grammars = composeGrammars(registry, world);
  return [
    ...grammars.map((grammar) => ({ path: `schema/${grammar.root}.schema.json`, text: `${JSON.stringify(publishedSchema(grammar), undefined, 2)}\n` })),
    { path: `${GENERATED}/validators.js`, text: await validatorsOf(grammars) },
    { path: `${GENERATED}/validators.d.ts`, text: declarationsOf(grammars) },
    { path: `${GENERATED}/records.ts`, text: recordsOf(grammars) },
  ];
}

/** The validators as one ES module that needs neither ajv nor the making of code at run time. */
async function validatorsOf(grammars: readonly Grammar[]): Promise<string> {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    discriminator: true,
    inlineRefs: false,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    code: { source: true, esm: true, lines: false, optimize: 2 },
  });
  const ids = new Set<string>();
  for (const schema of grammars.flatMap(authoredSchemas)) {
    if (ids.has(schema.$id)) continue;
    ids.add(schema.$id);
    ajv.addSchema(schema);
    // Each error's path then begins with the name of the schema that was not met; ajv itself would write "#".
    const added = ajv.schemas[schema.$id] ?? ajv.refs[schema.$id];
    if (added === undefined || typeof added === "string") throw new Error(`ajv did not keep the schema ${schema.$id}`);
    added.schemaPath = schema.$id;
  }
  const code = standalone.default(ajv, Object.fromEntries(grammars.map(({ root }) => [root, root])));
  const bundled = await build({ stdin: { contents: code, resolveDir: ROOT }, bundle: true, format: "esm", minify: true, target: "es2024", legalComments: "none", write: false });
  const text = bundled.outputFiles[0]?.text ?? "";
  if (/\brequire\(|new Function\(/.test(text)) throw new Error("the validators still need something at run time");
  return `${BANNER}\n${text}`;
}

function declarationsOf(grammars: readonly Grammar[]): string {
  return `${BANNER}
/** What a validator says of one fault: where in the value, what in the schema was not met, and with which particulars. */
export interface ValidatorError {
  readonly instancePath: string;
  /** Begins with the name of the record, case or form. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
/** Answers whether a value is valid, and leaves all errors at itself if it is not. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}
${grammars.map(({ root }) => `export declare const ${root}: Validator;`).join("\n")}
`;
}

/** The keys of every record, for messages. */
function recordsOf(grammars: readonly Grammar[]): string {
  const records = new Map(grammars.flatMap(({ records: all }) => all).map((record) => [record.name, wordsOf(record)]));
  return `${BANNER}
/** A kind of mapping: as a message says it, and the keys that it may have. */
export interface RecordWords {
  readonly title: string;
  readonly keys: readonly string[];
  /** Of these exactly one stands in it; absent where nothing of the kind is asked. */
  readonly exactlyOne?: readonly string[];
}

/** Every kind of mapping, by the name of its schema. */
export const RECORDS: Readonly<Record<string, RecordWords>> = {
${[...records].map(([name, record]) => `  ${JSON.stringify(name)}: ${JSON.stringify(record)},`).join("\n")}
};
`;
}

function wordsOf(record: RecordPlace): RecordWords {
  return { title: record.title, keys: Object.keys(record.keys), ...(record.exactlyOne === undefined ? {} : { exactlyOne: record.exactlyOne }) };
}

if (import.meta.main) {
  for (const { path, text } of await generateSchemas(builtins, WORLD_SCHEMA)) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}
