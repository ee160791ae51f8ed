import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PROJECT } from "../docs/project.ts";
import { draw } from "../../src/simulator/draw.ts";
import { nameOf, noticedIn, partsOf, searchNotice, type Noticed, type Part } from "../kit/removal-search.ts";
import { unknownGuards } from "../kit/unguarded.ts";
import { FAILURES } from "./failures/catalogue.ts";

/** One part in so many is taken out here, always the same ones, and every part that no list knows; `npm run removals` takes out all, and keeps what it finds. */
const ONE_IN = 3;
/** So many parts that nobody notices are looked for again, each in so many worlds. */
const UNNOTICED_AGAIN = 4;
const WORLDS_AGAIN = 8;

function read<T>(name: string): ReadonlyMap<string, T> {
  const path = join(PROJECT, "test/flagship", name);
  return new Map(Object.entries(existsSync(path) ? ((parse(readFileSync(path, "utf8")) ?? {}) as Readonly<Record<string, T>>) : {}));
}

/** By part: the world that notices when it is missing. */
const noticed = read<Pick<Noticed, "in" | "by">>("removals.yml");
/** By part: why nobody notices. */
const reasons = read<string>("unnoticed.yml");
const parts = partsOf();
const here = parts.filter(({ id }) => noticed.has(id) && draw(1, id) < 1 / ONE_IN);

async function expectNoticed(part: Part): Promise<void> {
  const reduced = part.reduced();
  if (reduced === undefined) return;
  const known = FAILURES.find((world) => nameOf(world) === noticed.get(part.id)?.in);
  const found = (known === undefined ? undefined : await noticedIn(known, reduced)) ?? (await searchNotice(part, undefined));
  expect(found, `nobody notices that \`${part.id}\` is missing: name a world that does, or say in test/flagship/unnoticed.yml why nobody has to`).toBeDefined();
}

describe("without a step or a guard something goes wrong in some world", () => {
  test.each(here.map((part) => [part.id, part] as const))("%s", async (_id, part) => expectNoticed(part));
});

describe("a part that no list knows", () => {
  const fresh = parts.filter(({ id }) => !noticed.has(id) && !reasons.has(id));
  test("is noticed too when it is missing", { timeout: 600_000 }, async () => {
    for (const part of fresh) await expectNoticed(part);
  });
});

describe("a part that nobody notices", () => {
  test("has a reason, and is still there", () => {
    const ids = new Set(parts.map(({ id }) => id));
    expect([...reasons.keys()].filter((id) => !ids.has(id))).toEqual([]);
    expect([...reasons].filter(([, reason]) => reason.length < 20)).toEqual([]);
    expect([...noticed.keys()].filter((id) => reasons.has(id))).toEqual([]);
  });

  const again = parts.filter(({ id }) => reasons.has(id)).toSorted((a, b) => draw(2, a.id) - draw(2, b.id)).slice(0, UNNOTICED_AGAIN);
  test.each(again.map((part) => [part.id, part] as const))("%s", async (_id, part) => {
    const reduced = part.reduced();
    const worlds = FAILURES.toSorted((a, b) => draw(3, nameOf(a)) - draw(3, nameOf(b))).slice(0, WORLDS_AGAIN);
    for (const world of worlds) if (reduced !== undefined) expect(await noticedIn(world, reduced)).toBeUndefined();
  });

  afterAll(() => {
    const known = parts.filter(({ id }) => noticed.has(id)).length;
    process.stdout.write(`removals: ${parts.length} parts, ${((known / parts.length) * 100).toFixed(1)} % noticed, ${reasons.size} unnoticed with a reason, ${parts.length - known - reasons.size} on no list; ${here.length} taken out here\n`);
  });
});

test("of every builtin that changes something it is known what it would do without its guards", () => {
  expect(unknownGuards()).toEqual([]);
});
