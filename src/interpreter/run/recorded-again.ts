import type { Event, RunResumed } from "../../core/event.ts";
import type { StepFinished } from "../../core/step-event.ts";
import { withoutItems } from "../plan/paths.ts";

/** Steps that somebody had entered again because the file was changed, while a journal is read: what they had come to before that does not count, nor does the end of what is around them. */
export class RecordedAgain {
  /** `seq` of the record that says so, by path. */
  readonly #since = new Map<string, number>();

  /** `ended`: the paths of all that had ended; `around`: of the steps around one. */
  said({ seq, changes = [] }: Event & RunResumed, ended: Iterable<string>, around: (path: string) => readonly string[]): void {
    const again = new Set(changes.flatMap((change) => change.again ?? []));
    if (again.size === 0) return;
    for (const path of ended) if (again.has(withoutItems(path))) for (const each of [path, ...around(path)]) this.#since.set(each, seq);
  }

  counts({ step, seq }: Event & StepFinished): boolean {
    return seq > (this.#since.get(step) ?? 0);
  }
}
