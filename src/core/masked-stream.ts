import { isLineEnd } from "./joined-lines.ts";
import { MASK } from "./secret.ts";
import { joinedParts, type Secrets } from "./secrets.ts";

/**
 * Masks a text that comes in pieces: a secret may be split across them anywhere. Of what has come it holds back less than the longest
 * secret is long, line ends not counted. All pieces together are what {@link Secrets.mask} makes of the whole.
 */
export class MaskedStream {
  readonly #secrets: Secrets;
  readonly #give: (text: string) => void;
  #held = "";
  /** How far into what is held a mask reaches that was given already; undefined: what was given last was no mask. */
  #masked: number | undefined;

  /** `give` is called with each piece that can be told, never with an empty one. */
  constructor(secrets: Secrets, give: (text: string) => void) {
    this.#secrets = secrets;
    this.#give = give;
  }

  /** The next piece. */
  write(text: string): void {
    this.#held += text;
    this.#pass(this.#told());
  }

  /** Up to where no secret that is not there whole yet can begin: a line end may break one anywhere, so none counts. */
  #told(): number {
    let at = this.#held.length;
    for (let letters = this.#secrets.longest - 1; letters > 0 && at > 0;) {
      at -= 1;
      if (!isLineEnd(this.#held.charAt(at))) letters -= 1;
    }
    return at;
  }

  /** Gives what is still held. Called once, after the last piece. */
  end(): void {
    this.#pass(this.#held.length);
  }

  /** Gives what is held up to a place. Whatever begins before that is held whole. */
  #pass(until: number): void {
    if (until <= 0) return;
    const parts = this.#secrets.partsIn(this.#held);
    const before = this.#masked;
    let given = "";
    let at = 0;
    let masked: number | undefined;
    for (const { start, end } of joinedParts(before === undefined ? parts : [{ start: 0, end: before }, ...parts])) {
      if (start >= until) break;
      given += this.#held.slice(at, start);
      if (start > 0 || before === undefined) given += MASK;
      at = Math.min(end, until);
      masked = at === until ? end - until : undefined;
    }
    if (at < until) given += this.#held.slice(at, until);
    this.#masked = masked;
    this.#held = this.#held.slice(until);
    if (given !== "") this.#give(given);
  }
}
