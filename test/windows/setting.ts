import { inject, test } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Why there is no Windows; undefined where one can be used. */
    readonly withoutWindows: string | undefined;
  }
}

/** A test on Windows' Node under wine. Where there is none it is skipped by name. */
export const onWindows = test.skipIf(inject("withoutWindows") !== undefined);
