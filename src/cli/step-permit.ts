import type { Intent } from "../interpreter/run/engine.ts";
import { commandLine } from "../views/command-line.ts";
import { oneLine, wrapped } from "../views/terminal-text.ts";
import type { View } from "../views/sink.ts";
import { askYesNo } from "../world/terminal-prompts.ts";
import type { Surroundings } from "./surroundings.ts";

/** `--step`: shows every change before it is made, and asks; a no, or Ctrl-C, ends the run before it. */
export function stepPermit({ stderr }: Surroundings, view: View): (intent: Intent) => Promise<"go" | "stop"> {
  return async (intent) => {
    view.pause();
    const lines = [
      ...wrapped(`${oneLine(intent.step)}: ${oneLine(intent.title)} [on ${oneLine(intent.target)}, ${intent.effect}]`, stderr.columns()),
      ...wrapped(commandLine(intent.what), stderr.columns(), "  $ ", "    "),
    ];
    stderr.write(`${lines.join("\n")}\n`);
    const answer = await askYesNo("Make this change?");
    view.resume();
    return answer.kind === "answered" && answer.value ? "go" : "stop";
  };
}
