import { PassThrough } from "node:stream";

/** What prompts are typed into. */
export interface TypedInput {
  readonly stream: NodeJS.ReadableStream;
  /** Lets go of the terminal, so that the process can end. */
  readonly close: () => void;
}

interface RawTerminal extends NodeJS.ReadableStream {
  setRawMode?(isRaw: boolean): unknown;
}

/**
 * What a person types, for one prompt. A terminal that goes away (its window was closed) fails with an error that the prompts hand
 * to nobody, and the process would end in the middle of a run: here it is the end of the input, as if the person had left.
 */
export function typedInput(terminal: RawTerminal): TypedInput {
  const stream: PassThrough & { setRawMode?: (isRaw: boolean) => unknown } = new PassThrough();
  let isGone = false;
  const end = (): void => {
    isGone = true;
    stream.end();
  };
  // Prompts read key by key; a terminal that is gone has no mode any more.
  if (terminal.setRawMode !== undefined) stream.setRawMode = (isRaw) => (isGone ? undefined : terminal.setRawMode?.(isRaw));
  terminal.on("error", end).on("end", end);
  terminal.pipe(stream, { end: false });
  return {
    stream,
    close: () => {
      terminal.unpipe(stream);
      terminal.pause();
      // Its failure may still be on the way: until another prompt listens it is nobody's.
      if (!isGone) terminal.removeListener("error", end).removeListener("end", end);
    },
  };
}
