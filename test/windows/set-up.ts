import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { installRunbook } from "./installed.ts";
import { bringUp, PROJECT, SCRIPTS, shutDown, whyNot } from "./windows.ts";

/** Sets Windows up before the first test and puts the built package on it; what it gives back ends it. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const because = whyNot();
  provide("withoutWindows", because);
  if (because !== undefined) {
    process.stdout.write(`Windows' Node cannot be set up here: ${because}\n`);
    return undefined;
  }
  if (!existsSync(join(PROJECT, "dist/bin/runbook.mjs"))) throw new Error("the package is not built: npm run build");
  process.stdout.write(`Windows' Node is set up from ${SCRIPTS}\n`);
  await bringUp();
  installRunbook();
  return shutDown;
}
