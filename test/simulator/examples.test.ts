import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { brokenInvariants } from "../../src/simulator/broken-invariants.ts";
import { checkWorld } from "../../src/simulator/check-world.ts";
import { change } from "../../src/simulator/occur.ts";
import { mailboxServerStatus } from "../../src/simulator/rules/mailbox-server.ts";
import { exampleText, exampleWorld, worldFile } from "./a-world.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const names = readdirSync(new URL("worlds/", EXAMPLES)).filter((file) => file.endsWith(".world.yml")).map((file) => file.replace(".world.yml", ""));

describe.each(names)("%s", (name) => {
  test("contradicts itself in nothing, and is named after its file", () => {
    const file = worldFile(exampleText(name));
    expect(checkWorld(file)).toEqual([]);
    expect(file.name).toBe(name);
  });

  test("is at rest: nothing follows from its beginning but what its file says", () => {
    const { state } = exampleWorld(name);
    const before = structuredClone(state);
    change(state, () => undefined);
    expect(state).toEqual(before);
    expect(mailboxServerStatus(state)).toBe("Online");
    expect(brokenInvariants(state, { kind: "halted" })).toEqual([]);
  });

  test("is short and says in its first line what is special about it", () => {
    const lines = exampleText(name).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^# [A-Z].*/);
    expect(lines.length).toBeLessThan(50);
  });
});

test("every world is a system of the inventory, under its own name", () => {
  const inventory = readFileSync(new URL("inventory.yml", EXAMPLES), "utf8");
  const systems = [...inventory.matchAll(/^ {2}(\w+):\n.*description: .*\n.*\n.*world: worlds\/([\w-]+)\.world\.yml \} \}$/gm)].map(([, system, world]) => [system, world]);
  const expected = names.map((name) => [name === "two-node" ? "exclus1" : name.replaceAll("-", "_"), name]);
  expect(systems.toSorted()).toEqual(expected.toSorted());
});
