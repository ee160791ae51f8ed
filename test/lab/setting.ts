import { inject, test } from "vitest";

/** What the set-up of the tests found out. */
export interface Laboratory {
  /** Why there is no cluster; undefined where one is up. */
  readonly because: string | undefined;
  /** `all`: every fault is tried; `chosen`: those that stand for the others. */
  readonly faults: "all" | "chosen";
}

declare module "vitest" {
  interface ProvidedContext {
    readonly laboratory: Laboratory;
  }
}

const { because, faults } = inject("laboratory");

/** How long the network is cut: long enough that a connection is lost; where there is time, that the next ones fail too. */
export const CUT_S = faults === "all" ? 25 : 10;

/** A test on the real cluster. Where there is none it is skipped by name. */
export const inLab = test.skipIf(because !== undefined);
/** One that takes its turn only when all faults are tried. */
export const inLabAtLength = test.skipIf(because !== undefined || faults === "chosen");
