import { randomInt } from "node:crypto";
import type { Chance } from "../core/port.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const LETTERS_AND_DIGITS = `${LETTERS}0123456789`;

function draw(from: string): string {
  return from.charAt(randomInt(from.length));
}

/** Real chance. */
export function systemChance(): Chance {
  return { runId: () => draw(LETTERS) + Array.from({ length: 9 }, () => draw(LETTERS_AND_DIGITS)).join("") };
}
