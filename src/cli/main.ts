import { EXIT } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";
import { VERSION } from "./version.ts";

/**
 * Runs a command line (without the program's name) and answers with its exit code. Whatever is thrown on the way is our own
 * mistake: it is caught here, once, and ends with 3.
 */
export async function main(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    if (words[0] === "--version" || words[0] === "-v" || words[0] === "version") {
      surroundings.stdout.write(`runbook ${VERSION}\n`);
      return EXIT.ok;
    }
    return await (await import("./dispatch.ts")).dispatch(words, surroundings);
  } catch (fault) {
    surroundings.stderr.write(faultText(fault, words));
    return EXIT.fault;
  }
}

/** What is printed of a mistake of ours, before the process ends with 3. */
export function faultText(fault: unknown, words: readonly string[]): string {
  const message = fault instanceof Error ? fault.message : String(fault);
  const place = fault instanceof Error ? (fault.stack ?? "").split("\n").slice(1, 4).map((line) => line.trim()) : [];
  return [
    `runbook ${VERSION} made a mistake and ended (exit code 3): ${message}`,
    ...place.map((line) => `  ${line}`),
    "What was being done may be half done; run the same runbook again, it looks before it acts.",
    `Please report this text together with the file and the command: runbook ${words[0] ?? ""}`,
    "",
  ].join("\n");
}
