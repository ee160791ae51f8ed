/** A stream in which words of ours stand among the bytes of others: each behind a mark, up to the end of its line. */
export class MarkedStream {
  readonly #mark: Buffer;
  readonly #onBytes: (bytes: Buffer) => void;
  readonly #onWord: (word: string) => void;
  #rest: Buffer = Buffer.alloc(0);

  /** `onBytes` gets what lies between the words, in order with them. */
  constructor(mark: string, onBytes: (bytes: Buffer) => void, onWord: (word: string) => void) {
    this.#mark = Buffer.from(`\u0001${mark} `, "latin1");
    this.#onBytes = onBytes;
    this.#onWord = onWord;
  }

  /** The next bytes of the stream. What may be the begin of a mark is kept until more comes. */
  add(chunk: Buffer): void {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const at = rest.indexOf(this.#mark);
      const end = at === -1 ? -1 : rest.indexOf("\n", at + this.#mark.length);
      const clear = at === -1 ? this.#clearOf(rest) : at;
      if (clear > 0) this.#onBytes(rest.subarray(0, clear));
      if (end === -1) {
        this.#rest = rest.subarray(clear);
        return;
      }
      this.#onWord(rest.toString("latin1", at + this.#mark.length, end));
      rest = rest.subarray(end + 1);
    }
  }

  /** How many bytes cannot belong to a mark that is not there whole yet. */
  #clearOf(bytes: Buffer): number {
    for (let from = Math.max(0, bytes.length - this.#mark.length + 1); ; from += 1) {
      const at = bytes.indexOf(this.#mark[0] ?? 1, from);
      if (at === -1) return bytes.length;
      if (this.#mark.indexOf(bytes.subarray(at)) === 0) return at;
      from = at;
    }
  }
}
