import { expect, test } from "vitest";
import { systemChance } from "../../src/world/chance.ts";

test("a run's id is ten letters and digits, a letter first, and never twice the same", () => {
  const ids = Array.from({ length: 1_000 }, () => systemChance().runId());
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]{9}$/);
  expect(new Set(ids).size).toBe(1_000);
});
