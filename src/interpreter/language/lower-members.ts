import { emptyObject } from "../../core/json.ts";
import type { Schema } from "../../core/schema.ts";
import type { DeclaredStep, Found } from "./lower-declare.ts";
import { record, type Members } from "./type-scope.ts";

const STATUS: Schema = { type: "string", enum: ["pending", "running", "waiting", "ok", "unchanged", "skipped", "failed", "unknown", "interrupted", "rescued"] };
const BOOLEAN: Schema = { type: "boolean" };
const ANY: Schema = { type: "any" };

/** So many names are offered at most; of more, those that stand nearest in the file. */
const MOST_NAMES = 400;

/** What `steps.<id>` is. A loop's `outputs` are in the type so that whoever asks for them is told about `each`. */
function typeOfStep(step: DeclaredStep, found: Found): Schema {
  const outputs = found.outputs.get(step);
  const general = { status: STATUS, done: BOOLEAN };
  if (!step.isLoop) return record(outputs === undefined ? general : { outputs, ...general });
  const instance = record({ item: found.items.get(step) ?? ANY, status: STATUS, ...(outputs === undefined ? {} : { outputs: { ...outputs, required: false } }) });
  return record({ each: { type: "list", items: instance }, ...general, outputs: ANY });
}

/** Members among which a name that is missing is anything: some of them could not be read. */
export function withGaps(members: Members): Members {
  return { ...members, of: (name) => members.of(name) ?? ANY };
}

/** The properties of a record as members. They are looked up when they are asked for, so that they may still be filled in. */
export function recordMembers(properties: Readonly<Record<string, Schema>>): Members {
  return { of: (name) => (Object.hasOwn(properties, name) ? properties[name] : undefined), names: () => Object.keys(properties), all: () => record(properties) };
}

/** `steps` as a root: each step's type is made when it is first asked for. */
export function stepMembers(stepsById: ReadonlyMap<string, DeclaredStep>, found: Found): Members {
  const types = new Map<string, Schema>();
  const ids = [...stepsById.keys()];
  const places = new Map(ids.map((id, index) => [id, index]));
  let whole: Schema | undefined;
  const of = (id: string): Schema | undefined => {
    const step = stepsById.get(id);
    if (step === undefined) return undefined;
    // A loop's item is known only once the loop was lowered, so its type is not kept.
    const known = types.get(id) ?? typeOfStep(step, found);
    if (!step.isLoop) types.set(id, known);
    return known;
  };
  const names = (reader: string | undefined): readonly string[] => {
    if (ids.length <= MOST_NAMES) return ids;
    const start = Math.max(0, (places.get(reader ?? "") ?? 0) - MOST_NAMES / 2);
    return ids.slice(start, start + MOST_NAMES);
  };
  const all = (): Schema => {
    if (whole !== undefined) return whole;
    const properties = emptyObject<Schema>();
    for (const id of ids) properties[id] = of(id) ?? ANY;
    whole = record(properties);
    return whole;
  };
  return { of, names, all };
}
