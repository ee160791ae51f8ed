import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { worldStore } from "../../src/world/world-store.ts";
import { temporaryFolder } from "./real-process.ts";

const KEY = { system: "exclus1", world: "two-node.world.yml", digest: "d1" };

test("a world is found as it was left", () => {
  const store = worldStore(temporaryFolder());
  expect(store.load(KEY)).toEqual({ kind: "none" });
  const state = JSON.parse('{"nodes":{"__proto__":[1]},"at":null}') as never;
  store.save(KEY, state);
  expect(JSON.stringify(store.load(KEY))).toBe(JSON.stringify({ kind: "kept", state }));
});

test("worlds of different systems and names do not meet", () => {
  const store = worldStore(temporaryFolder());
  store.save(KEY, 1);
  store.save({ ...KEY, system: "../exclus1" }, 2);
  store.save({ ...KEY, world: "two-node_world.yml" }, 3);
  expect(store.load(KEY)).toEqual({ kind: "kept", state: 1 });
});

test("a world whose file is another one since is not gone on with", () => {
  const store = worldStore(temporaryFolder());
  store.save(KEY, 1);
  expect(store.load({ ...KEY, digest: "d2" })).toEqual({ kind: "changed" });
});

test("a world that is reset begins anew", () => {
  const store = worldStore(temporaryFolder());
  store.save(KEY, 1);
  expect(store.reset(KEY)).toBe(true);
  expect(store.load(KEY)).toEqual({ kind: "none" });
  expect(store.reset(KEY)).toBe(false);
});

test.each(["", "{", "[]", '{"digest":1,"state":{}}', '{"digest":"d1"}'])("what was not written by us is damaged: %j", (text) => {
  const folder = temporaryFolder();
  const store = worldStore(folder);
  store.save(KEY, 1);
  const [file = ""] = readdirSync(join(folder, "worlds"));
  writeFileSync(join(folder, "worlds", file), text);
  expect(store.load(KEY)).toMatchObject({ kind: "damaged", because: expect.stringContaining(file) });
});

test("nothing is left beside what is kept", () => {
  const folder = temporaryFolder();
  const store = worldStore(folder);
  store.save(KEY, 1);
  store.save(KEY, 2);
  expect(readdirSync(join(folder, "worlds"))).toHaveLength(1);
});

test("the time of a system is that of the world that was kept last for it", () => {
  const store = worldStore(temporaryFolder());
  expect(store.nowMsOf("exclus1")).toBeUndefined();
  store.save(KEY, { nowMs: 1_000 });
  store.save({ ...KEY, world: "other.world.yml" }, { nowMs: 2_000 });
  store.save({ ...KEY, system: "exclus1-b" }, { nowMs: 3_000 });
  expect(store.nowMsOf("exclus1")).toBe(2_000);
});
