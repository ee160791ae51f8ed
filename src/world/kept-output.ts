import { isUtf8 } from "node:buffer";
import { StringDecoder } from "node:string_decoder";
import { utf8Or, type NewDecoder, type PieceDecoder } from "./piece-decoder.ts";

/** How much of each stream is kept, in bytes: its end. */
export const KEPT_BYTES = 256_000;

/** One stream of a program's output: handed on piece by piece, its end kept. Bytes that are no UTF-8 are decoded by another decoder, where there is one; else each becomes `�`. */
export class KeptOutput {
  readonly #onText: (text: string) => void;
  readonly #newOther: NewDecoder | undefined;
  #decoder: PieceDecoder;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #dropped = 0;

  constructor(onText: (text: string) => void, newOther?: NewDecoder) {
    this.#onText = onText;
    this.#newOther = newOther;
    this.#decoder = newOther === undefined ? new StringDecoder("utf8") : utf8Or(newOther);
  }

  /** The next bytes of the stream. */
  add(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    if (text !== "") this.#onText(text);
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Cut only now and then, so that a long output is not copied with every piece of it.
    if (this.#bytes > 4 * KEPT_BYTES) this.#cut();
  }

  /** The end of the stream as text, and how many bytes before it were not kept. Called once, after the last {@link add}. */
  end(): { readonly text: string; readonly droppedBytes: number } {
    const rest = this.#decoder.end();
    if (rest !== "") this.#onText(rest);
    this.#cut();
    const kept = Buffer.concat(this.#chunks);
    const begin = this.#dropped === 0 ? 0 : wholeLetter(kept);
    return { text: this.#textOf(kept.subarray(begin)), droppedBytes: this.#dropped + begin };
  }

  #textOf(bytes: Buffer): string {
    if (this.#newOther === undefined || isUtf8(bytes)) return bytes.toString("utf8");
    const decoder = this.#newOther();
    return decoder.write(bytes) + decoder.end();
  }

  #cut(): void {
    if (this.#bytes <= KEPT_BYTES) return;
    const all = Buffer.concat(this.#chunks);
    const kept = Buffer.from(all.subarray(all.length - KEPT_BYTES));
    this.#dropped += all.length - kept.length;
    this.#chunks = [kept];
    this.#bytes = kept.length;
  }
}

/** Where the first whole letter begins after a cut through UTF-8. */
function wholeLetter(bytes: Buffer): number {
  let begin = 0;
  while (begin < 3 && begin < bytes.length && ((bytes[begin] ?? 0) & 0xc0) === 0x80) begin += 1;
  return begin;
}
