import { readFileSync } from "node:fs";
import { join } from "node:path";
import { builtins } from "../../src/builtins/index.ts";
import { INTERPRETER_CODES } from "../../src/core/failure.ts";
import { PROJECT } from "../docs/project.ts";
import { loadedRunbook, stepsOfRunbook } from "../runbooks/loaded.ts";

/** A row of the tables of docs/ccr-rollup.md. */
export interface Row {
  /** `R8`, `G1`, `F14`. */
  readonly id: string;
  /** Where it went: steps, inputs, builtins. A row F has none. */
  readonly places: readonly string[];
  readonly proofs: readonly Proof[];
}

/** A test by its file and its name. */
export interface Proof {
  readonly file: string;
  readonly name: string;
}

const FILES: Readonly<Record<string, string>> = { worlds: "flagship/worlds.test.ts", traceability: "runbooks/traceability.test.ts", "failure-catalogue": "flagship/failure-catalogue.test.ts" };

function fileOf(short: string): string {
  return `test/${FILES[short] ?? `flagship/${short}.ts`}`;
}

const CELLS = readFileSync(join(PROJECT, "docs/ccr-rollup.md"), "utf8").split("\n").map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

/** The rows of the page's tables whose first cell is a letter with a number: `| R1 | what | `places` | how | `file` “test” |`; a row F has no places. */
export const ROWS: readonly Row[] = CELLS.filter(([first = ""]) => /^[RGF]\d+$/.test(first)).map((cells) => ({
  id: cells[0] ?? "",
  places: cells[0]?.startsWith("F") === true ? [] : [...(cells[2] ?? "").matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? ""),
  proofs: [...(cells.at(-1) ?? "").matchAll(/`([^`]+)` “([^”]+)”/g)].map((found) => ({ file: fileOf(found[1] ?? ""), name: found[2] ?? "" })),
}));

/** True if a file has a test, a group of tests or a world of that name. */
export function isProof({ file, name }: Proof): boolean {
  return readFileSync(join(PROJECT, file), "utf8").includes(`${name}"`);
}

const flagship = loadedRunbook("runbooks/ccr-rollup.yml");
const steps = new Map([...stepsOfRunbook(flagship)].map(({ path, step }) => [path, step]));

const NAMES: Readonly<Record<string, ReadonlySet<string>>> = {
  inputs: new Set(flagship.inputs.map(({ name }) => name)),
  vars: new Set(flagship.vars.map(({ name }) => name)),
  probes: new Set(flagship.probes.map(({ name }) => name)),
  invariants: new Set(flagship.invariants.map(({ id }) => id)),
  outputs: new Set(flagship.outputs.map(({ name }) => name)),
};

/** True if a place of the table is there: a step's path, an input, var, probe, invariant or output, a builtin that the procedure uses, or one of that builtin's codes. */
export function isThere(place: string): boolean {
  if (steps.has(place)) return true;
  const [root = "", ...rest] = place.split(".");
  const names = NAMES[root];
  if (names !== undefined) return names.has(rest.join("."));
  const [name = "", code] = place.split(":");
  const builtin = builtins.get(name);
  if (builtin === undefined) return false;
  const isUsed = [...steps.values()].some(({ body }) => body.kind === "leaf" && body.builtin.name === name);
  return isUsed && (code === undefined || Object.hasOwn(builtin.codes, code) || Object.hasOwn(INTERPRETER_CODES, code));
}
