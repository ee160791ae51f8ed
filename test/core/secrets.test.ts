import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MaskedStream } from "../../src/core/masked-stream.ts";
import { Masked } from "../../src/core/secret.ts";
import { Secrets } from "../../src/core/secrets.ts";

function knowing(...secrets: readonly string[]): Secrets {
  const known = new Secrets();
  secrets.forEach((secret, index) => known.add(`s${index + 1}`, secret));
  return known;
}

/** What a program makes of a secret, by what it is called. */
const DRESSES: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "in a JSON text": (secret) => JSON.stringify({ pw: secret }),
  "in a JSON text in a JSON text": (secret) => JSON.stringify({ answer: JSON.stringify({ pw: secret }) }),
  "in Base64": (secret) => Buffer.from(secret).toString("base64"),
  "in Base64 for addresses": (secret) => Buffer.from(secret).toString("base64url"),
  "in Base64 behind one letter": (secret) => Buffer.from(`x${secret}`).toString("base64"),
  "in Base64 behind two letters": (secret) => Buffer.from(`xy${secret} and more`).toString("base64"),
  "in Base64 with a line end": (secret) => Buffer.from(`${secret}\n`).toString("base64"),
  "in an address": (secret) => `https://x/?pw=${encodeURIComponent(secret)}&y`,
  "in a form": (secret) => new URLSearchParams({ pw: secret }).toString(),
  "in XML": (secret) => `<pw>${secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")}</pw>`,
  "in a shell's single quotes": (secret) => `PW='${secret.replaceAll("'", "'\\''")}'`,
  "in PowerShell's single quotes": (secret) => `$pw = '${secret.replaceAll("'", "''")}'`,
  "without the blanks around it": (secret) => secret.trim(),
};

const SECRET = ` it's "odd" & <long> /+= `;

describe("what is masked", () => {
  test.each(Object.entries(DRESSES))("a secret %s", (_name, dress) => {
    const masked = knowing(SECRET).mask(`before ${dress(SECRET)} after`);
    expect(masked).toContain("***");
    expect(masked).toMatch(/^before.*after$/);
    expect(masked).not.toMatch(/odd|long|b2RkI|aXQnc|Jvb2R|vZGQi/);
  });

  test("each line of a secret of several, whatever ends them, but no line that is too short for one", () => {
    const key = "-----BEGIN KEY-----\nMIIBVgIBADANB\nab\n-----END KEY-----\n";
    const known = knowing(key);
    expect(known.mask("has MIIBVgIBADANB in it")).toBe("has *** in it");
    expect(known.mask(`[${key.replaceAll("\n", "\r\n")}]`)).toBe("[***]");
    expect(known.mask("ab")).toBe("ab");
  });

  test("secrets that overlap, repeat and touch are one mask", () => {
    expect(knowing("abcdef", "defghi").mask("-abcdefghi-")).toBe("-***-");
    expect(knowing("abab").mask("xababab")).toBe("x***");
    expect(knowing("abcd").mask("abcdabcd")).toBe("***");
  });

  test("what is left of one before a cut", () => {
    expect(knowing("hunter2hunter3").mask("it said hunter2hu… and more")).toBe("it said ***… and more");
    expect(knowing("hunter2hunter3").maskCutStart("unter3 is the end")).toBe("*** is the end");
  });

  test.each([1, 2, 5, 7])("a secret that a program folds to lines of %d letters, in plain and in Base64, and nothing around it", (columns) => {
    const fold = (text: string, end: string): string => (text.match(new RegExp(`.{1,${columns}}`, "g")) ?? []).join(end);
    const known = knowing("correct-horse");
    for (const end of ["\n", "\r\n"]) {
      expect(known.mask(`the\n${fold("correct-horse", end)}\nend`)).toBe("the\n***\nend");
      const base64 = known.mask(`[${fold(Buffer.from("correct-horse").toString("base64"), end)}]`);
      expect(base64).toBe("[***]");
      expect(known.nameIn(`a ${fold("correct-horse", end)} b`)).toBe("s1");
    }
  });

  test("across line ends a secret of eight letters or more only, and nothing that other letters keep apart", () => {
    const known = knowing("hunter2", "correct-horse");
    for (const text of ["hun\nter2", "correct\n-\n horse", "correct- \nhorse"]) expect(known.mask(text)).toBe(text);
    const base64 = Buffer.from("correct-horse").toString("base64");
    expect(known.mask(`${base64}\nnext`)).toBe("***\nnext");
    expect(known.mask(`${base64.slice(0, 8)}\n${base64.slice(8)}\nnext`)).toBe("***\nnext");
  });

  test("what is left of a folded one beside a cut", () => {
    const known = knowing("correct-horse");
    expect(known.mask("it said corr\nect-h… and more")).toBe("it said ***… and more");
    expect(known.maskCutStart("ct-h\norse is the end")).toBe("*** is the end");
  });

  test("texts and keys at any depth, and numbers that are one; what holds none is the very same value", () => {
    const known = knowing("hunter2", "123456");
    expect(known.maskValue({ a: ["x hunter2", { hunter2: 123456 }], b: 1 })).toEqual({ a: ["x ***", { "***": "***" }], b: 1 });
    const plain = { a: ["x", { y: 1 }] };
    expect(known.maskValue(plain)).toBe(plain);
    expect(JSON.stringify({ a: new Masked() })).toBe('{"a":"***"}');
  });

  test("the arguments of an action, never its kind", () => {
    expect(knowing("program").maskAction({ kind: "program", program: "a program", args: [], stdin: "program" })).toEqual({ kind: "program", program: "a ***", args: [], stdin: "***" });
    expect(knowing("1000000").maskAction({ kind: "get", from: "/x/1000000", limitBytes: 1_000_000 })).toEqual({ kind: "get", from: "/x/***", limitBytes: 1_000_000 });
  });

  test("by name, whichever form was found", () => {
    const known = knowing("hunter2", "another");
    expect(known.nameIn(`-p${Buffer.from("another").toString("base64")}`)).toBe("s2");
    expect(known.nameIn("nothing")).toBeUndefined();
  });
});

describe("a stream", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "…", "/", "\n"), maxLength: 12 });
  const secrets = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "/"), minLength: 4, maxLength: 12 }), { minLength: 1, maxLength: 3 });

  test("holds back one letter less than the longest form of a secret, and never more", () => {
    const known = knowing("hunter2", "a longer secret");
    fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom("x", "y"), maxLength: 40 })), (pieces) => {
      let [told, came] = [0, 0];
      const stream = new MaskedStream(known, (text) => (told += text.length));
      for (const piece of pieces) {
        stream.write(piece);
        came += piece.length;
        expect(told).toBe(Math.max(0, came - (known.longest - 1)));
      }
    }));
  });

  test("gives what masking the whole gives, however it is split", () => {
    fc.assert(fc.property(secrets, fc.array(letters, { maxLength: 12 }), fc.constantFrom("without", "letter by letter", "folded"), (given, pieces, how) => {
      const known = knowing(...given);
      const all = how === "without" ? pieces : pieces.flatMap((piece, index) => [piece, ...(given[index % given.length] ?? "").split("").flatMap((letter, at) => (how === "folded" && at % 3 === 2 ? [letter, index % 2 === 0 ? "\n" : "\r\n"] : [letter]))]);
      let told = "";
      const stream = new MaskedStream(known, (text) => {
        expect(text).not.toBe("");
        told += text;
      });
      for (const piece of all) stream.write(piece);
      stream.end();
      expect(told).toBe(known.mask(all.join("")));
    }), { numRuns: 2_000 });
  });

  test("every split of one text in two", () => {
    const known = knowing("hunter2", "2is…x");
    const whole = "a hunter2is…x and hunter2, aHVudGVyMg== hunt…";
    for (let at = 0; at <= whole.length; at += 1) {
      let told = "";
      const stream = new MaskedStream(known, (text) => (told += text));
      stream.write(whole.slice(0, at));
      stream.write(whole.slice(at));
      stream.end();
      expect(told).toBe(known.mask(whole));
    }
  });
});
