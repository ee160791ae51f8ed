import { isJsonObject, type Json } from "../core/json.ts";
import type { ReportedDifference, ReportedStep } from "./report-document.ts";

/** Values that differ between two readings, each by its path in them. */
interface Difference {
  readonly value: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** What was read at least twice in the same way (the same builtin, target and first command) and was not the same at the end. */
export function differencesIn(steps: Iterable<ReportedStep>): readonly ReportedDifference[] {
  const readings = new Map<string, ReportedStep[]>();
  for (const step of steps) {
    const [first] = step.looks;
    if (step.kind !== "leaf" || step.effect !== "reads" || first === undefined || step.target === undefined || Object.keys(step.outputs).length === 0) continue;
    const key = JSON.stringify([step.uses, step.target, first.target, first.command]);
    const same = readings.get(key);
    if (same === undefined) readings.set(key, [step]);
    else same.push(step);
  }
  return [...readings.values()].flatMap((same) => {
    const ordered = same.toSorted((a, b) => ((a.spans.at(-1)?.to ?? "") < (b.spans.at(-1)?.to ?? "") ? -1 : 1));
    const [first, last] = [ordered[0], ordered.at(-1)];
    if (first === undefined || last === undefined || first === last) return [];
    return differences("", first.outputs, last.outputs).map((difference) => ({ uses: last.uses ?? "", target: last.target ?? "", first: first.path, last: last.path, ...difference }));
  });
}

function differences(path: string, before: Json | undefined, after: Json | undefined): readonly Difference[] {
  if (before === undefined || after === undefined) return before === after ? [] : [{ value: path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  const [old, now] = [membersOf(before), membersOf(after)];
  if (old !== undefined && now !== undefined) return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => differences(path === "" || name.startsWith("[") ? `${path}${name}` : `${path}.${name}`, old.get(name), now.get(name)));
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ value: path, before, after }];
}

/** An object's members by name, and those of a list of records by what names each; undefined for any other value. */
function membersOf(value: Json): ReadonlyMap<string, Json> | undefined {
  if (isJsonObject(value)) return new Map(Object.entries(value));
  if (!Array.isArray(value)) return undefined;
  const members = new Map<string, Json>();
  for (const item of value as readonly Json[]) {
    const name = isJsonObject(item) ? (item["name"] ?? item["id"]) : undefined;
    if (typeof name !== "string" || members.has(`[${name}]`)) return undefined;
    members.set(`[${name}]`, item);
  }
  return members;
}
