import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCompoundFile } from "../../src/formats/compound-file.ts";
import { PROJECT } from "../docs/project.ts";
import { compoundFile, type EntryParts } from "./compound-kit.ts";

const ROOT: EntryParts = { name: "Root Entry", type: 5, child: 1 };
const BIG: EntryParts = { name: "big", type: 2, start: 2, size: 5_000 };
const CHAIN = [3, 4, 5, 6, 7, 8, 9, 10, 11, -2];

test("a sound file gives its parts", () => {
  const read = readCompoundFile(compoundFile([{ ...ROOT, child: 2 }, { name: "A", type: 2 }, { ...BIG, left: 1, right: 3 }, { name: "stored", type: 1 }], CHAIN));
  if (read.kind === "error") throw new Error(read.error.because);
  expect(Object.keys(read.value.streams).toSorted()).toEqual(["A", "big"]);
  expect(read.value.streams["big"]?.content).toHaveLength(5_000);
  expect(read.value.storages["stored"]).toMatchObject({ name: "stored", classId: "{00000000-0000-0000-0000-000000000000}", streams: {}, storages: {} });
});

describe("a file that would keep a reader busy for ever is refused", () => {
  test.each<[string, Buffer, RegExp]>([
    ["a chain that runs in a circle", compoundFile([ROOT, BIG], [3, 4, 5, 6, 7, 8, 9, 10, 11, 2]), /runs in a circle/],
    ["a sector that follows itself", compoundFile([ROOT, BIG], [2]), /runs in a circle/],
    ["two chains that meet", compoundFile([ROOT, { ...BIG, right: 2 }, { name: "other", type: 2, start: 12, size: 5_000 }], [...CHAIN, 5]), /run into each other/],
    ["a stream that begins in the middle of another one", compoundFile([ROOT, { ...BIG, right: 2 }, { name: "other", type: 2, start: 4, size: 4_096 }], CHAIN), /where another one lies/],
    ["two streams in one place", compoundFile([ROOT, { ...BIG, right: 2 }, { name: "other", type: 2, start: 2, size: 5_000 }], CHAIN), /where another one lies/],
    ["a stream in the place of the directory", compoundFile([ROOT, { ...BIG, start: 1 }], CHAIN), /where another one lies/],
    ["a stream that is longer than its sectors", compoundFile([ROOT, { ...BIG, size: 5_200 }], CHAIN), /shorter than it says/],
    ["a directory that runs in a circle", compoundFile([ROOT, { name: "A", type: 1, child: 2 }, { name: "B", type: 1, child: 1 }]), /no tree/],
    ["an entry that stands beside itself", compoundFile([ROOT, { name: "A", type: 2, right: 1 }]), /no tree/],
    ["a root among its own parts", compoundFile([ROOT, { name: "A", type: 1, child: 0 }]), /no tree/],
    ["an entry that does not exist", compoundFile([ROOT, { name: "A", type: 2, right: 900 }]), /no tree/],
    ["entries outside of the tree", compoundFile([ROOT, { name: "A", type: 2 }, { name: "B", type: 1, child: 3 }, { name: "C", type: 2 }]), /an entry of its directory is none/],
    ["two parts of one name", compoundFile([ROOT, { name: "A", type: 2, right: 2 }, { name: "A", type: 2 }]), /one name/],
    ["sectors in descending order", compoundFile([ROOT, { ...BIG, start: 91, size: 45_000 }], [-2, ...Array.from({ length: 89 }, (_, index) => index + 2)]), /so many pieces/],
  ])("%s", (_title, file, because) => {
    expect(readCompoundFile(file)).toEqual({ kind: "error", error: { code: "damaged", because: expect.stringMatching(because) as string } });
  });

  test("a list of the allocation table that runs in a circle", () => {
    const file = compoundFile([ROOT, BIG], CHAIN);
    file.writeInt32LE(5, 68);
    file.writeInt32LE(4_000_000, 72);
    file.fill(0xff, 512 * 6, 512 * 7);
    file.writeInt32LE(5, 512 * 7 - 4);
    expect(readCompoundFile(file)).toMatchObject({ kind: "error", error: { code: "damaged", because: expect.stringContaining("list of its allocation table runs in a circle") as string } });
  });

  test("a count that no file has", () => {
    const file = compoundFile([ROOT, { ...BIG, size: 0x7fff_ffff }], CHAIN);
    expect(readCompoundFile(file)).toMatchObject({ kind: "error", error: { code: "truncated" } });
  });
});

test("storages in storages, thousands deep, are read to the last", () => {
  const deep = 4_000;
  const entries = Array.from({ length: deep }, (_, index): EntryParts => (index === 0 ? ROOT : { name: `s${index}`, type: 1, ...(index < deep - 1 ? { child: index + 1 } : {}) }));
  const read = readCompoundFile(compoundFile(entries));
  let depth = 0;
  for (let at = read.kind === "ok" ? read.value : undefined; at !== undefined; at = Object.values(at.storages)[0]) depth += 1;
  expect(depth).toBe(deep);
});

test("a key that every object has is only a name", () => {
  const read = readCompoundFile(compoundFile([ROOT, { name: "__proto__", type: 2, right: 2 }, { name: "constructor", type: 1 }]));
  if (read.kind === "error") throw new Error(read.error.because);
  expect(Object.keys(read.value.streams)).toEqual(["__proto__"]);
  expect(Object.keys(read.value.storages)).toEqual(["constructor"]);
});

test("a patch that was made elsewhere is a tree of its tables and transforms", () => {
  const read = readCompoundFile(readFileSync(join(PROJECT, "test/formats/packages/unsigned.msp")));
  if (read.kind === "error") throw new Error(read.error.because);
  expect(read.value.classId).toBe("{000C1086-0000-0000-C000-000000000046}");
  expect(Object.keys(read.value.storages).toSorted()).toEqual(["#T1", "T1"]);
  expect(read.value.storages["T1"]?.classId).toBe("{000C1082-0000-0000-C000-000000000046}");
});
