/** A terminal as far as the live view moves it: lines, the cursor up, erasing downwards, the cursor hidden. It breaks long lines anew when it is resized. */
export class VirtualTerminal {
  /** Whole lines as they were written; the last one is where the cursor stands. */
  #lines: string[] = [""];
  #columns: number;
  #rows: number;
  writes = 0;
  isCursorHidden = false;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  columns(): number {
    return this.#columns;
  }

  rows(): number {
    return this.#rows;
  }

  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
  }

  write(text: string): void {
    this.writes += 1;
    for (const [piece] of text.matchAll(/\u001B\[\??(\d+)([A-Za-z])|\n|\r|[^\u001B\n\r]+/gu)) this.#take(piece);
  }

  /** The lines as they were written, what was scrolled away included. */
  screen(): readonly string[] {
    return this.#lines.slice(0, -1);
  }

  #take(piece: string): void {
    const control = /^\u001B\[(\??)(\d+)([A-Za-z])$/u.exec(piece);
    if (piece === "\n") this.#lines.push("");
    else if (piece === "\r") return;
    else if (control === null) this.#lines[this.#lines.length - 1] += piece;
    else if (control[3] === "A") this.#up(Number(control[2]));
    else if (control[3] === "l") this.isCursorHidden = true;
    else if (control[3] === "h") this.isCursorHidden = false;
  }

  /** Up by rows of the screen, and everything from there on gone: the view always does both. */
  #up(rows: number): void {
    let left = rows;
    this.#lines.pop();
    while (left > 0 && this.#lines.length > 0) {
      const height = Math.max(1, Math.ceil((this.#lines.at(-1) ?? "").length / this.#columns));
      if (height > left) break;
      left -= height;
      this.#lines.pop();
    }
    this.#lines.push("");
  }
}
