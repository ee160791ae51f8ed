import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decoderOf } from "../../src/world/console-decoder.ts";
import { KeptOutput } from "../../src/world/kept-output.ts";
import type { NewDecoder } from "../../src/world/piece-decoder.ts";

/** What is shown piece by piece, and what is kept, of bytes that come in these pieces. */
function through(pieces: readonly Uint8Array[], decoder?: NewDecoder): { readonly shown: string; readonly kept: string } {
  let shown = "";
  const output = new KeptOutput((text) => void (shown += text), decoder);
  for (const piece of pieces) output.add(Buffer.from(piece));
  return { shown, kept: output.end().text };
}

async function codePage(page: string): Promise<NewDecoder> {
  const decoder = await decoderOf(page);
  if (decoder === undefined) throw new Error(`there is no code page ${page}`);
  return decoder;
}

describe("the output of a program of Windows", () => {
  test.each([
    ["437", [0x81, 0x62, 0x65, 0x72], "über"],
    ["850", [0x9a, 0x62, 0x75, 0x6e, 0x67, 0xe1], "Übungß"],
    ["866", [0xe2, 0xa5, 0xe1, 0xe2], "тест"],
    ["932", [0x8e, 0xb8, 0x94, 0x73, 0x0d, 0x0a], "失敗\r\n"],
  ])("in code page %s is read as it was meant, wherever it is cut", async (page, bytes, text) => {
    const decoder = await codePage(page);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(through([Uint8Array.from(bytes.slice(0, at)), Uint8Array.from(bytes.slice(at))], decoder).kept).toBe(text);
    }
    expect(through([Uint8Array.from(bytes)], decoder).shown).toBe(text);
  });

  test("that is UTF-8 is read as UTF-8, however it is cut", async () => {
    const decoder = await codePage("850");
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.nat({ max: 40 })), (text, cuts) => {
      const bytes = Buffer.from(text);
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(through(pieces, decoder)).toEqual({ shown: text, kept: text });
    }));
  });

  test("in a code page that nobody knows is read as UTF-8", async () => {
    expect(await decoderOf("99999")).toBeUndefined();
    expect(await decoderOf("65001")).toBeUndefined();
    expect(through([Uint8Array.from([0x61, 0x81])])).toEqual({ shown: "a\uFFFD", kept: "a\uFFFD" });
  });
});
