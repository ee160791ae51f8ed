import { awaitedText } from "../views/doctor-text.ts";
import { Redraw } from "../views/redraw.ts";
import { wrapped } from "../views/terminal-text.ts";
import type { CommandContext } from "./command.ts";
import { note } from "./print.ts";

/** What is being looked at. */
export interface Watched {
  readonly begunMs: number;
  /** Addresses that are waited for; becomes smaller. */
  readonly awaited: Set<string>;
  readonly total: number;
}

/** How often a terminal is drawn anew, and how often a line is written where nobody watches. */
const DRAW_MS = 250;
const TELL_MS = 10_000;

/** Shows that something goes on, until it is ended: on a terminal in lines that are drawn over, elsewhere a line on standard error now and then. Gives the way to end it. */
export function showAwaited(context: CommandContext, { begunMs, awaited, total }: Watched, now: () => number): () => void {
  const { surroundings, args } = context;
  const text = (): string => awaitedText([...awaited].map((address) => ({ address, sinceMs: begunMs })), total, now());
  const page = surroundings.stdout.isTerminal && !args.given.has("json") ? surroundings.stdout : surroundings.stderr;
  if (!page.isTerminal) {
    return surroundings.every(TELL_MS, () => note(context, text()));
  }
  const redraw = new Redraw(page);
  const draw = (): void => redraw.draw(wrapped(text(), page.columns()));
  draw();
  const stop = surroundings.every(DRAW_MS, draw);
  return () => {
    stop();
    redraw.clear();
  };
}
