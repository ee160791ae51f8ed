import type { People } from "../core/port.ts";

/** Nobody is there to be asked: no terminal, and no simulated people. */
export function nobody(): People {
  return { presence: "nobody", ask: () => Promise.resolve({ kind: "nobody" }) };
}
