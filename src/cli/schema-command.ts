import { readdirSync, readFileSync } from "node:fs";
import { errorWithoutPlace } from "../core/diagnostic.ts";
import { nameHint } from "../core/names.ts";
import { table } from "../views/table.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { print, refuse, stdoutStyle } from "./print.ts";

/** The folder of the published schemas: two folders up from here, in the sources and in the built package alike. */
const SCHEMAS = new URL("../../schema/", import.meta.url);
const SUFFIX = ".schema.json";

/** `schema [KIND]`: the published JSON Schemas. */
export async function schemaCommand(context: CommandContext): Promise<number> {
  const kinds = readdirSync(SCHEMAS).filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length)).toSorted();
  const kind = context.args.operands[0];
  if (kind === undefined) {
    const rows = kinds.map((name) => [`${context.typed} schema ${name}`, `schema/${name}${SUFFIX}`]);
    print(context, ["Schemas", ...table(rows, stdoutStyle(context).columns)]);
    return EXIT.ok;
  }
  if (!kinds.includes(kind)) return refuse(context, [errorWithoutPlace("unknown-schema", `there is no schema \`${kind}\``, nameHint(kind, kinds))]);
  context.surroundings.stdout.write(readFileSync(new URL(`${kind}${SUFFIX}`, SCHEMAS), "utf8"));
  return EXIT.ok;
}
