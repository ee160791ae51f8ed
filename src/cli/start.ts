import process from "node:process";
import { main } from "./main.ts";
import { outputsDrained, processSurroundings } from "./process-surroundings.ts";

/** Runs a command line in this process, and ends the process with its exit code when all output has left. */
export async function start(words: readonly string[]): Promise<void> {
  const exitCode = await main(words, processSurroundings());
  await outputsDrained();
  process.exit(exitCode);
}
