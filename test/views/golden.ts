import { expect } from "vitest";

/** Compares a screen with the one that was looked at and kept, `golden/<name>.txt`. */
export async function expectScreen(name: string, lines: readonly string[]): Promise<void> {
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
}
