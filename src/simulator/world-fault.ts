import { nameHint } from "../core/names.ts";
import { sameName } from "./world-state.ts";

/** Something in a world file that contradicts the rest of it. */
export interface WorldFault {
  /** From the file's root to the place. */
  readonly path: readonly (string | number)[];
  /** What is wrong, one sentence without a full stop. */
  readonly message: string;
  readonly hint?: string;
}

/** A fault about a name that is none of the known ones; nothing where it is one. */
export function unknownName(path: readonly (string | number)[], what: string, name: string | undefined, known: readonly string[]): readonly WorldFault[] {
  if (name === undefined || known.some((other) => sameName(other, name))) return [];
  return [faultAt(path, `the world has no ${what} \`${name}\``, nameHint(name, known))];
}

/** A fault, with its hint where there is one. */
export function faultAt(path: readonly (string | number)[], message: string, hint?: string): WorldFault {
  return hint === undefined ? { path, message } : { path, message, hint };
}

/** Names that stand there twice, but for the case of their letters. */
export function twice(names: readonly string[], path: (name: string, index: number) => readonly (string | number)[], what: string): readonly WorldFault[] {
  return names.flatMap((name, index) => (names.findIndex((other) => sameName(other, name)) < index ? [faultAt(path(name, index), `two ${what} are named \`${name}\`; names have no case`)] : []));
}
