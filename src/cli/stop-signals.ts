import type { Execution } from "../interpreter/run/execute.ts";
import type { AtWork } from "../views/at-work.ts";
import type { View } from "../views/sink.ts";
import { wrapped } from "../views/terminal-text.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * The first signal cancels: no new change, the action at hand ends, one look, then what `always` owes; it says what that waits
 * for. The second one ends our own programs too. Gives the way to end listening.
 */
export function cancelAtSignals({ onStopSignal, stderr }: Surroundings, view: View, atWork: AtWork, execution: Execution): () => void {
  let count = 0;
  return onStopSignal((signal) => {
    count += 1;
    if (count > 1) {
      execution.abort();
      return;
    }
    view.pause();
    const sentences = ["Ending: no further change is begun.", ...atWork.sentences(), "Then what is owed is cleaned up. Once more ends at once."];
    stderr.write(`${wrapped(sentences.join(" "), stderr.columns()).join("\n")}\n`);
    execution.cancel(`the signal ${signal} came`);
    view.resume();
  });
}
