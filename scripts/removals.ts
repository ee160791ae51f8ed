import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { NOTICED_BY } from "../test/kit/notice.ts";
import { partsOf, searchNotice, type Noticed } from "../test/kit/removal-search.ts";

/**
 * Takes every step and every guard out of the CCR procedure, one at a time, runs it in the worlds of the failure catalogue, and prints
 * what then goes wrong. `npm run removals -- [PART OF A NAME]`, `npm run removals -- --new` for the parts that no list knows.
 * It writes what it finds to test/flagship/removals.yml: by part, the world that notices. Exit code 1 where nobody notices and test/flagship/unnoticed.yml says no reason, or says one that is not needed.
 */
const FOUND = new URL("../test/flagship/removals.yml", import.meta.url);
const UNNOTICED = new URL("../test/flagship/unnoticed.yml", import.meta.url);
const HEAD = "# By part of the procedure: the world that notices when it is missing, and how it shows. Made by scripts/removals.ts.\n";

const read = <T>(file: URL): Readonly<Record<string, T>> => (existsSync(file) ? ((parse(readFileSync(file, "utf8")) ?? {}) as Record<string, T>) : {});
const before = read<Pick<Noticed, "in" | "by">>(FOUND);
const reasons = read<string>(UNNOTICED);
const [wanted = ""] = process.argv.slice(2);
const all = partsOf();
const parts = all.filter(({ id }) => (wanted === "--new" ? before[id] === undefined && reasons[id] === undefined : id.includes(wanted)));
const noticed: Record<string, Pick<Noticed, "in" | "by">> = {};
const counts = new Map<string, number>();
const faults: string[] = [];
for (const part of parts) {
  const found = await searchNotice(part, before[part.id]?.in);
  const reason = reasons[part.id];
  process.stdout.write(`${part.id}\n  ${found === undefined ? `nobody notices${reason === undefined ? "" : `: ${reason}`}` : `${found.by} in “${found.in}”: ${found.what}`}\n`);
  if (found !== undefined) noticed[part.id] = { in: found.in, by: found.by };
  counts.set(found?.by ?? "unnoticed", (counts.get(found?.by ?? "unnoticed") ?? 0) + 1);
  if (found === undefined && reason === undefined) faults.push(`nobody notices that \`${part.id}\` is missing, and no reason is given`);
  if (found !== undefined && reason !== undefined) faults.push(`a reason is given why nobody notices that \`${part.id}\` is missing, and “${found.in}” notices`);
}
const asked = new Set(parts.map(({ id }) => id));
const kept = all.flatMap(({ id }) => {
  const entry = asked.has(id) ? noticed[id] : before[id];
  return entry === undefined ? [] : [[id, entry] as const];
});
writeFileSync(FOUND, HEAD + stringify(Object.fromEntries(kept), { lineWidth: 0 }));
for (const id of Object.keys(reasons)) if (!all.some((part) => part.id === id)) faults.push(`a reason is given for \`${id}\`, which is not there`);
const share = Object.keys(noticed).length / Math.max(parts.length, 1);
process.stdout.write(`${parts.length} parts, ${(share * 100).toFixed(1)} % noticed: ${[...NOTICED_BY, "unnoticed"].map((by) => `${counts.get(by) ?? 0} ${by}`).join(", ")}; ${kept.length} of all ${all.length} are noticed\n${faults.map((fault) => `${fault}\n`).join("")}`);
process.exitCode = faults.length === 0 ? 0 : 1;
