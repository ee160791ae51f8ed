import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtins } from "../../src/builtins/index.ts";
import { INTERPRETER_CODES } from "../../src/core/failure.ts";
import { PROJECT } from "../docs/project.ts";
import { FAILURES } from "../flagship/failures/catalogue.ts";
import { loadedRunbook, stepsOfRunbook } from "./loaded.ts";

interface Row {
  readonly id: string;
  readonly places: readonly string[];
  readonly proofs: readonly Proof[];
}

/** A test by its file and its name. */
interface Proof {
  readonly file: string;
  readonly name: string;
}

const FILES: Readonly<Record<string, string>> = { worlds: "flagship/worlds.test.ts", traceability: "runbooks/traceability.test.ts", "failure-catalogue": "flagship/failure-catalogue.test.ts" };

function fileOf(short: string): string {
  return `test/${FILES[short] ?? `flagship/${short}.ts`}`;
}

const CELLS = readFileSync(join(PROJECT, "docs/ccr-rollup.md"), "utf8").split("\n").map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

/** The rows of the page's tables whose first cell is a letter with a number: `| R1 | what | `places` | how | `file` “test” |`; a row F has no places. */
const ROWS: readonly Row[] = CELLS.filter(([first = ""]) => /^[RGF]\d+$/.test(first)).map((cells) => ({
  id: cells[0] ?? "",
  places: cells[0]?.startsWith("F") === true ? [] : [...(cells[2] ?? "").matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? ""),
  proofs: [...(cells.at(-1) ?? "").matchAll(/`([^`]+)` “([^”]+)”/g)].map((found) => ({ file: fileOf(found[1] ?? ""), name: found[2] ?? "" })),
}));

/** True if a file has a test, a group of tests or a world of that name. */
function isProof({ file, name }: Proof): boolean {
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
function isThere(place: string): boolean {
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

describe("the table of the CCR procedure", () => {
  test("has every sentence of Microsoft's text, every one that it lacks, and every way to fail, once and in order", () => {
    const expected = [...Array.from({ length: 31 }, (_, index) => `R${index + 1}`), ...Array.from({ length: 9 }, (_, index) => `G${index + 1}`), ...Array.from({ length: 41 }, (_, index) => `F${index + 1}`)];
    expect(ROWS.map(({ id }) => id)).toEqual(expected);
  });

  test.each(ROWS.map((row) => [row.id, row] as const))("names for %s only places that are there", (id, row) => {
    expect(row.places.length > 0).toBe(!id.startsWith("F"));
    expect(row.places.filter((place) => !isThere(place))).toEqual([]);
  });

  test.each(ROWS.map((row) => [row.id, row] as const))("names for %s the tests that fail without it", (_id, row) => {
    expect(row.proofs).not.toEqual([]);
    expect(row.proofs.filter((proof) => !isProof(proof))).toEqual([]);
  });

  test("names for a way to fail only worlds of its own row", () => {
    const foreign = ROWS.filter(({ id }) => id.startsWith("F")).flatMap(({ id, proofs }) => proofs.filter(({ name }) => FAILURES.some((failure) => failure.name === name && failure.row !== id)).map(({ name }) => `${id}: ${name}`));
    expect(foreign).toEqual([]);
  });
});

describe("the CCR procedure", () => {
  const leaves = [...steps].flatMap(([path, { body }]) => (body.kind === "leaf" ? [{ path, leaf: body }] : []));
  const positionOf = (path: string): number => [...steps.keys()].indexOf(path);

  test("says of every step why it is there", () => {
    expect([...steps].filter(([, step]) => step.title === undefined || step.why === undefined).map(([path]) => path)).toEqual([]);
  });

  test("installs only after all groups have left, and compares the services afterwards (R15, R24)", () => {
    for (const part of ["update_b", "update_a"]) {
      const order = ["roles", "groups", "copy", "services_before", "install", "services_after", "copies"].map((id) => positionOf(`${part}/${id}`));
      expect(order).not.toContain(-1);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  test("copies, installs and moves on the node that becomes active (R17)", () => {
    const targets = ["update_b/copy", "update_b/install", "handover/move"].map((path) => leaves.find((leaf) => leaf.path === path)?.leaf.target);
    expect(targets).toMatchObject([{ kind: "named", name: "passive" }, { kind: "named", name: "passive" }, { kind: "named", name: "to" }]);
  });

  test("moves the mailbox server only after an approval, with the cmdlet, run from the node that takes over (R26)", () => {
    const moves = leaves.filter(({ leaf }) => leaf.builtin.name === "exchange.move_mailbox_server");
    expect(moves.map(({ path }) => path)).toEqual(["handover/move", "way_back/move"]);
    for (const { path, leaf } of moves) {
      expect(leaf.target).toMatchObject({ kind: "named", name: "to" });
      expect(positionOf(path)).toBeGreaterThan(positionOf(path.replace("move", "approve")));
    }
  });

  test("changes nothing before the first update", () => {
    const firstChange = leaves.find(({ leaf }) => !leaf.reads);
    expect(firstChange?.path).toBe("update_b/groups");
  });

  test("lets the mailboxes be down only while they are moved, and never beyond ten minutes", () => {
    const mailbox = flagship.probes.find(({ name }) => name === "mailbox");
    expect(mailbox?.downOnlyDuring).toEqual(["handover", "move_back"]);
    expect(mailbox?.outageBudget?.template.text).toBe("{{inputs.outage_budget}}");
  });
});
