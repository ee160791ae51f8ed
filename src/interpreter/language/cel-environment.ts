import { Environment } from "@marcbachmann/cel-js";
import { Duration } from "@marcbachmann/cel-js/evaluator";
import { CEL_DURATION, CEL_TIME, recordNamed, type CelRecord } from "./cel-type.ts";
import { CelSize, CelVersion, celDuration, celSize, celTime, NotKnown } from "./cel-value.ts";
import { matchesPattern } from "./convert-pattern.ts";
import { formatDuration, formatSize } from "../../core/quantity.ts";
import { formatTime } from "./convert-time.ts";

/** Limits of an expression's own size; its text is at most 10,000 characters long. */
const LIMITS = { maxAstNodes: 2_000, maxDepth: 60, maxListElements: 1_000, maxMapEntries: 1_000, maxCallArguments: 8 };

/** How many environments are kept. One is made for each combination of types that an expression reads, so a file needs few. */
const KEPT = 300;

/**
 * Functions of the library that cannot be replaced under their own name, and ours that stand in for them: its `matches` can run
 * for ever, its `duration` knows no days, its `timestamp` takes what is no RFC 3339.
 */
export const REPLACED: ReadonlyMap<string, string> = new Map([["matches", "matchesInLinearTime"], ["duration", "durationOf"], ["timestamp", "timestampOf"]]);

let base: Environment | undefined;
const environments = new Map<string, Environment>();

/** The environment without any name: it parses. Made when it is first needed. */
export function baseEnvironment(): Environment {
  base ??= makeBase();
  return base;
}

/** An environment in which `_0`, `_1`, … have these CEL types. */
export function environmentOf(types: readonly string[]): Environment {
  const key = types.join(";");
  const known = environments.get(key);
  if (known !== undefined) return known;
  if (environments.size >= KEPT) environments.clear();
  const made = baseEnvironment().clone();
  for (const record of recordsIn(types)) made.registerType(record.name, { ctor: record.ctor, fields: { ...record.fields } });
  types.forEach((type, index) => made.registerVariable(`_${index}`, type));
  environments.set(key, made);
  return made;
}

/** Every record type that the types are made of, each once. */
function recordsIn(types: Iterable<string>, found: Set<CelRecord> = new Set()): ReadonlySet<CelRecord> {
  for (const type of types) {
    for (const name of type.match(/record\d+/g) ?? []) {
      const record = recordNamed(name);
      if (record === undefined || found.has(record)) continue;
      found.add(record);
      recordsIn(Object.values(record.fields), found);
    }
  }
  return found;
}

function makeBase(): Environment {
  const made = new Environment({ limits: LIMITS });
  made.registerType("version", { ctor: CelVersion, fields: {} });
  made.registerType("filesize", { ctor: CelSize, fields: {} });
  registerOrder(made);
  registerNumbers(made);
  registerFunctions(made);
  return made;
}

function registerOrder(made: Environment): void {
  made.registerOperator("version == version", (a: CelVersion, b: CelVersion) => a.compare(b) === 0);
  made.registerOperator("version < version", (a: CelVersion, b: CelVersion) => a.compare(b) < 0);
  made.registerOperator("version <= version", (a: CelVersion, b: CelVersion) => a.compare(b) <= 0);
  made.registerOperator("version > version", (a: CelVersion, b: CelVersion) => a.compare(b) > 0);
  made.registerOperator("version >= version", (a: CelVersion, b: CelVersion) => a.compare(b) >= 0);
  made.registerOperator("filesize == filesize", (a: CelSize, b: CelSize) => a.bytes === b.bytes);
  made.registerOperator("filesize < filesize", (a: CelSize, b: CelSize) => a.bytes < b.bytes);
  made.registerOperator("filesize <= filesize", (a: CelSize, b: CelSize) => a.bytes <= b.bytes);
  made.registerOperator("filesize > filesize", (a: CelSize, b: CelSize) => a.bytes > b.bytes);
  made.registerOperator("filesize >= filesize", (a: CelSize, b: CelSize) => a.bytes >= b.bytes);
  made.registerOperator("filesize + filesize", (a: CelSize, b: CelSize) => new CelSize(a.bytes + b.bytes));
  made.registerOperator("filesize - filesize", (a: CelSize, b: CelSize) => new CelSize(a.bytes - b.bytes));
  made.registerOperator("filesize * int", (a: CelSize, b: bigint) => new CelSize(a.bytes * Number(b)));
  made.registerOperator(`${CEL_DURATION} * int`, (a: Duration, b: bigint) => Duration.fromMilliseconds(a.valueOf() * Number(b)));
}

/** Whole numbers and numbers mix, as an author expects: `outputs.ratio == 1`, `2 * inputs.factor`. */
function registerNumbers(made: Environment): void {
  // This one registers `double == int` and both `!=` with it.
  made.registerOperator("int == double", (a: bigint, b: number) => Number(a) === b);
  for (const [left, right] of [["int", "double"], ["double", "int"]]) {
    made.registerOperator(`${left} + ${right}: double`, (a: bigint | number, b: bigint | number) => Number(a) + Number(b));
    made.registerOperator(`${left} - ${right}: double`, (a: bigint | number, b: bigint | number) => Number(a) - Number(b));
    made.registerOperator(`${left} * ${right}: double`, (a: bigint | number, b: bigint | number) => Number(a) * Number(b));
    made.registerOperator(`${left} / ${right}: double`, (a: bigint | number, b: bigint | number) => Number(a) / Number(b));
  }
}

function registerFunctions(made: Environment): void {
  const sync = { async: false } as const;
  made.registerFunction("version(string): version", (text: string) => new CelVersion(text), sync);
  made.registerFunction("version(version): version", (version: CelVersion) => version, sync);
  made.registerFunction("filesize(string): filesize", celSize, sync);
  made.registerFunction(`durationOf(string): ${CEL_DURATION}`, celDuration, sync);
  made.registerFunction(`timestampOf(string): ${CEL_TIME}`, celTime, sync);
  made.registerFunction("string(version): string", (version: CelVersion) => version.text, sync);
  made.registerFunction("string(filesize): string", (size: CelSize) => formatSize(size.bytes), sync);
  made.registerFunction(`string(${CEL_DURATION}): string`, (duration: Duration) => formatDuration(duration.valueOf()), sync);
  made.registerFunction(`string(${CEL_TIME}): string`, (time: Date) => formatTime(time.getTime()), sync);
  made.registerFunction("string.matchesInLinearTime(string): bool", (text: string, pattern: string) => {
    const found = matchesPattern(pattern, text);
    if (found === undefined) throw new NotKnown(`${JSON.stringify(pattern)} is no regular expression`);
    return found;
  }, sync);
}
