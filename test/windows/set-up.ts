import type { TestProject } from "vitest/node";
import { installRunbook } from "./installed.ts";
import { bringUp, clearFolders, SCRIPTS, shutDown, whyNot } from "./windows.ts";

/** Sets Windows up before the first test and puts the built package on it; what it gives back ends it. */
export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const because = whyNot() ?? await bringUp();
  provide("withoutWindows", because);
  if (because !== undefined) {
    process.stdout.write(`Windows' Node cannot be set up here: ${because}\n`);
    return undefined;
  }
  process.stdout.write(`Windows' Node was set up from ${SCRIPTS}\n`);
  clearFolders();
  installRunbook();
  return shutDown;
}
