import type { JsonObject } from "../../../../src/core/json.ts";
import { OwnIo } from "../../../../src/cli/own-io.ts";

/** What a node says to the world: a cmdlet or a program with its values as they arrived there, or a page of the web that it wants. `pid`: the PowerShell in which it is. */
export type Asked =
  | { readonly kind: "cmdlet"; readonly node: string; readonly pid: number; readonly name: string; readonly parameters: JsonObject }
  | { readonly kind: "program"; readonly node: string; readonly pid: number; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: "page"; readonly url: string };

/** What a call is: how it is handed over for real, and how the world answers what arrives of it. */
export interface Passage<T, R> {
  readonly real: () => Promise<T>;
  readonly world: (asked: Asked) => Promise<R>;
}

/**
 * The way of calls to real nodes and of what arrives there to the world. It takes none of the world's time: that goes on only
 * while every call that was made waits for the world. One call is on its way at a time, so calls arrive in the order in which
 * they were made, however long each takes.
 */
export class Way {
  readonly #io = new OwnIo();
  #entry: Promise<unknown> = Promise.resolve();
  #expected: ((asked: Asked) => Promise<unknown>) | undefined;

  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void> {
    return this.#io.settled();
  }

  /** Work that takes none of the world's time. */
  outside<T>(work: () => Promise<T>): Promise<T> {
    return this.#io.begin(work);
  }

  /** Carries a call out; calls behind it wait until it has arrived, or has ended without that. */
  async carry<T, R>({ real, world }: Passage<T, R>): Promise<T> {
    const [before, arrived, ended] = [this.#entry, Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    this.#entry = arrived.promise;
    void this.#io.begin(() => arrived.promise);
    await before;
    const expected = async (asked: Asked): Promise<unknown> => {
      this.#expected = undefined;
      const answer = world(asked);
      arrived.resolve(undefined);
      const reply = await answer;
      void this.#io.begin(() => ended.promise);
      return reply;
    };
    this.#expected = expected;
    try {
      return await real();
    } finally {
      if (this.#expected === expected) this.#expected = undefined;
      arrived.resolve(undefined);
      ended.resolve(undefined);
    }
  }

  /** What a node says has arrived: the world's answer. */
  arrive(asked: Asked): Promise<unknown> {
    if (this.#expected === undefined) throw new Error(`nobody called for ${JSON.stringify(asked)}`);
    return this.#expected(asked);
  }
}
