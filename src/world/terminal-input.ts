import { PassThrough } from "node:stream";

/** What prompts are typed into. */
export interface TypedInput {
  readonly stream: NodeJS.ReadableStream;
  /** Aborts a prompt when nothing more will be typed: the terminal went away, or the person ended the input (Ctrl-D). A prompt by itself waits on for ever. */
  readonly ended: AbortSignal;
  /** Lets go of the terminal, so that the process can end. */
  readonly close: () => void;
}

/** What a terminal in raw mode gives for Ctrl-D. */
const END_OF_INPUT = "\u0004";

interface RawTerminal extends NodeJS.ReadableStream {
  setRawMode?(isRaw: boolean): unknown;
}

/**
 * What a person types, for one prompt. A terminal that goes away (its window was closed) fails with an error that the prompts hand
 * to nobody, and the process would end in the middle of a run: here it is the end of the input, as if the person had left.
 */
export function typedInput(terminal: RawTerminal): TypedInput {
  const stream: PassThrough & { setRawMode?: (isRaw: boolean) => unknown } = new PassThrough();
  const ended = new AbortController();
  let isGone = false;
  const end = (): void => {
    isGone = true;
    stream.end();
    ended.abort();
  };
  const typed = (text: unknown): void => {
    if (String(text).includes(END_OF_INPUT)) ended.abort();
  };
  // Prompts read key by key; a terminal that is gone has no mode any more.
  if (terminal.setRawMode !== undefined) stream.setRawMode = (isRaw) => (isGone ? undefined : terminal.setRawMode?.(isRaw));
  terminal.on("error", end).on("end", end).on("data", typed);
  terminal.pipe(stream, { end: false });
  return {
    stream,
    ended: ended.signal,
    close: () => {
      terminal.removeListener("data", typed);
      terminal.unpipe(stream);
      terminal.pause();
      // Its failure may still be on the way: until another prompt listens it is nobody's.
      if (!isGone) terminal.removeListener("error", end).removeListener("end", end);
    },
  };
}
