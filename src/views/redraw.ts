import type { Sink } from "./sink.ts";
import { widthOf } from "./terminal-text.ts";

/** A terminal whose cursor can be moved. */
export interface Terminal extends Sink {
  columns(): number;
  rows(): number;
}

const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";

/** A block of lines at the end of the screen that is drawn over itself. The cursor is hidden while it stands there. */
export class Redraw {
  readonly #terminal: Terminal;
  #drawn: readonly string[] = [];
  #columns = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Puts these lines in the place of the ones before. Writes nothing where nothing changed. */
  draw(lines: readonly string[]): void {
    const columns = this.#terminal.columns();
    if (columns === this.#columns && lines.length === this.#drawn.length && lines.every((line, index) => line === this.#drawn[index])) return;
    this.#terminal.write(`${this.#erasing()}${HIDE_CURSOR}${lines.map((line) => `${line}\n`).join("")}`);
    this.#drawn = lines;
    this.#columns = columns;
  }

  /** Takes the block away; the cursor is back. */
  clear(): void {
    if (this.#drawn.length === 0) return;
    this.#terminal.write(`${this.#erasing()}${SHOW_CURSOR}`);
    this.#drawn = [];
  }

  /** Leaves the block as it stands; what comes next is written below it. */
  keep(): void {
    if (this.#drawn.length === 0) return;
    this.#terminal.write(SHOW_CURSOR);
    this.#drawn = [];
  }

  /** Back to the block's first line and everything from there on gone. A terminal that became narrower has broken the lines into more. */
  #erasing(): string {
    if (this.#drawn.length === 0) return "";
    const columns = Math.max(1, this.#terminal.columns());
    const height = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    return `\u001B[${Math.min(height, this.#terminal.rows())}A\r\u001B[0J`;
  }
}
