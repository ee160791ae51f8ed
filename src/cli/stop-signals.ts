import type { Execution } from "../interpreter/run/execute.ts";
import type { View } from "../views/sink.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * The first signal cancels: no new change, the action at hand ends, one look, then what `always` owes. The second one ends our
 * own programs too. Gives the way to end listening.
 */
export function cancelAtSignals({ onStopSignal, stderr }: Surroundings, view: View, execution: Execution): () => void {
  let count = 0;
  return onStopSignal((signal) => {
    count += 1;
    if (count === 1) {
      execution.cancel(`the signal ${signal} came`);
      view.pause();
      stderr.write("Ending: the action at hand ends first, then what is owed is cleaned up. Once more ends at once.\n");
      view.resume();
    } else execution.abort();
  });
}
