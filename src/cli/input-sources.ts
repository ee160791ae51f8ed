import { errorAt, errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import { error, ok, type Result } from "../core/result.ts";
import type { Source } from "../core/source.ts";
import type { GivenValue, InputSource } from "../interpreter/language/inputs.ts";
import { folderOf } from "../interpreter/language/load-path.ts";
import { parse } from "../interpreter/language/parse.ts";

const ENVIRONMENT_PREFIX = "RUNBOOK_INPUT_";

/** The values of `--set NAME=VALUE`; everything after the first `=` is the value. A name that comes twice is a fault. */
export function setSource(words: readonly string[], workingFolder: string): Result<InputSource, readonly Diagnostic[]> {
  const values = new Map<string, GivenValue>();
  const faults: Diagnostic[] = [];
  for (const word of words) {
    const at = word.indexOf("=");
    if (at <= 0) faults.push(errorWithoutPlace("bad-set", `--set ${word}: NAME=VALUE is expected`, "write --set kb=945684"));
    else if (values.has(word.slice(0, at))) faults.push(errorWithoutPlace("set-twice", `--set ${word.slice(0, at)}=…: \`${word.slice(0, at)}\` was given twice`, "give one value to each input"));
    else values.set(word.slice(0, at), { kind: "text", text: word.slice(at + 1) });
  }
  return faults.length > 0 ? error(faults) : ok({ origin: "--set", strict: "names-must-exist", values, folder: workingFolder });
}

/** The values of a file of `--values`: a mapping from names to values. `file` is absolute. */
export function valuesSource(file: string, source: Source): Result<InputSource, readonly Diagnostic[]> {
  const { node, diagnostics } = parse(source);
  if (diagnostics.length > 0 || node === undefined) return error(diagnostics);
  if (node.kind !== "map") return error([errorAt(node.span, "wrong-shape", "a file of --values is a mapping, `name: value` on each line")]);
  const values = new Map(node.entries.map(({ key, value }) => [key.text, { kind: "node" as const, node: value }]));
  return ok({ origin: `--values ${source.name}`, strict: "names-must-exist", values, folder: folderOf(file) });
}

/** Values from `RUNBOOK_INPUT_<NAME>`, names in lower case. */
export function environmentSource(env: Readonly<Record<string, string | undefined>>, workingFolder: string): InputSource {
  const values = new Map<string, GivenValue>();
  for (const [name, text] of Object.entries(env)) {
    if (name.startsWith(ENVIRONMENT_PREFIX) && text !== undefined) values.set(name.slice(ENVIRONMENT_PREFIX.length).toLowerCase(), { kind: "text", text, variable: name });
  }
  return { origin: "the environment", strict: "extra-names-allowed", values, folder: workingFolder };
}

/** Values that a person typed when asked. */
export function promptSource(typed: ReadonlyMap<string, string>, workingFolder: string): InputSource {
  return { origin: "the terminal", strict: "names-must-exist", values: new Map([...typed].map(([name, text]) => [name, { kind: "text", text }])), folder: workingFolder };
}
