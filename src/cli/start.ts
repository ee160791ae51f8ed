import process from "node:process";
import { EXIT } from "./exit-code.ts";
import { faultText, main } from "./main.ts";
import { exitCodeAfterOutput, outputsDrained, processSurroundings } from "./process-surroundings.ts";

/** Runs a command line in this process, and ends the process with its exit code when all output has left. What is thrown where nobody waits for it is our own mistake too. */
export async function start(words: readonly string[]): Promise<void> {
  process.on("uncaughtException", (fault) => {
    process.stderr.write(faultText(fault, words));
    process.exit(EXIT.fault);
  });
  const folder = workingFolder();
  if (folder === undefined) {
    process.stderr.write("The folder in which this was typed does not exist any more: change to another one.\n");
    process.exit(EXIT.wrong);
  }
  const exitCode = await main(words, processSurroundings(folder));
  await outputsDrained();
  process.exit(exitCodeAfterOutput(exitCode));
}

/** Undefined where it was removed. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && fault.code === "ENOENT") return undefined;
    throw fault;
  }
}
