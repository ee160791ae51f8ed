import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT } from "../docs/project.ts";
import { FAILURES } from "../flagship/failures/catalogue.ts";
import { isProof, isThere, ROWS } from "../kit/traceability.ts";
import { loadedRunbook, stepsOfRunbook } from "./loaded.ts";

const flagship = loadedRunbook("runbooks/ccr-rollup.yml");
const steps = new Map([...stepsOfRunbook(flagship)].map(({ path, step }) => [path, step]));

describe("the table of the CCR procedure", () => {
  test("has every sentence of Microsoft's text, every one that it lacks, and every way to fail, once and in order", () => {
    const expected = [...Array.from({ length: 31 }, (_, index) => `R${index + 1}`), ...Array.from({ length: 9 }, (_, index) => `G${index + 1}`), ...Array.from({ length: 41 }, (_, index) => `F${index + 1}`)];
    expect(ROWS.map(({ id }) => id)).toEqual(expected);
  });

  test("has a row for every input of the procedure", () => {
    const page = readFileSync(join(PROJECT, "docs/ccr-rollup.md"), "utf8");
    const named = new Set([...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, cell = ""]) => cell.replaceAll("`", "").split(", ")));
    expect(flagship.inputs.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
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
