import type { ActionOutput } from "../core/step-event.ts";

/** Everything up to the last line end. A carriage return at the very end may be half of one. */
const WHOLE = /^[^]*(?:\n|\r(?!\n|$))/u;

/** Puts together what an action prints in pieces: programs, channels and the masking of secrets cut it anywhere. A line is given when its end has come, of each stream for itself. */
export class WholeLines {
  readonly #rests = new Map<ActionOutput["stream"], string>();

  /** The lines that are whole with this piece, with their ends; "" where none is. */
  take(stream: ActionOutput["stream"], piece: string): string {
    const text = (this.#rests.get(stream) ?? "") + piece;
    const [whole = ""] = WHOLE.exec(text) ?? [];
    this.#rests.set(stream, text.slice(whole.length));
    return whole;
  }

  /** What has come since the last line end, a text for each stream that has any; no more comes. */
  end(): readonly string[] {
    const rests = [...this.#rests.values()].filter((text) => text !== "");
    this.#rests.clear();
    return rests;
  }
}
