import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { documentSchemas } from "../src/views/document-schemas.ts";

/** The folder of the published schemas. */
export const SCHEMA_FOLDER = fileURLToPath(new URL("../schema/", import.meta.url));

/** The text of every schema of what runbook prints, by the name of its file. */
export function printedSchemas(): ReadonlyMap<string, string> {
  return new Map(Object.entries(documentSchemas()).map(([kind, schema]) => [`${kind}.schema.json`, `${JSON.stringify(schema, undefined, 2)}\n`]));
}

/** The text of a published schema; undefined where the file is not there. */
export function publishedSchema(file: string): string | undefined {
  try {
    return readFileSync(`${SCHEMA_FOLDER}${file}`, "utf8");
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== "ENOENT") throw fault;
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of printedSchemas()) writeFileSync(`${SCHEMA_FOLDER}${file}`, text);
}
