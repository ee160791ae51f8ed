import { Composer, type CST, type Document, type YAMLError } from "yaml";
import type { Fault, FaultCode } from "./parse-fault.ts";
import { readTokens } from "./parse-tokens.ts";

/** A text as the YAML library composed it, and what is wrong with it. */
export interface YamlReading {
  /** Undefined where the text is refused or holds no document. */
  readonly document: Document.Parsed | undefined;
  /** In the order of the text. */
  readonly faults: readonly Fault[];
}

/** The library's names of faults, by ours. Those that are missing are faults that we find ourselves, at a better place. */
const CODES: Partial<Readonly<Record<YAMLError["code"], FaultCode>>> = {
  ALIAS_PROPS: "odd-anchor",
  BAD_ALIAS: "odd-anchor",
  BAD_DQ_ESCAPE: "bad-escape",
  BAD_INDENT: "bad-indentation",
  BAD_PROP_ORDER: "odd-anchor",
  BAD_SCALAR_START: "bad-start",
  BLOCK_AS_IMPLICIT_KEY: "nested-mapping",
  BLOCK_IN_FLOW: "nested-mapping",
  KEY_OVER_1024_CHARS: "key-too-long",
  MISSING_CHAR: "missing-colon",
  MULTILINE_IMPLICIT_KEY: "missing-colon",
  MULTIPLE_ANCHORS: "odd-anchor",
  TAB_AS_INDENT: "tab-indentation",
  UNEXPECTED_TOKEN: "after-value",
  IMPOSSIBLE: "stray",
  RESOURCE_EXHAUSTION: "too-many-values",
};

/** Which of its two meanings a code of the library has, it says only in its prose: the first words, which the pinned version fixes. */
function codeOf(fault: YAMLError): FaultCode | undefined {
  if (fault.code === "MISSING_CHAR" && fault.message.startsWith("Missing closing")) return "unclosed-quote";
  if (fault.code === "MISSING_CHAR" && fault.message.startsWith("Expected flow")) return "unclosed-bracket";
  if (fault.code === "BAD_INDENT" && fault.message.startsWith("Flow ")) return "unclosed-bracket";
  if (fault.code === "UNEXPECTED_TOKEN" && /^(?:Block scalar header|Not a YAML token)/.test(fault.message)) return "block-header";
  return CODES[fault.code];
}

const OF_THE_LINE: ReadonlySet<FaultCode> = new Set(["missing-colon", "nested-mapping", "bad-indentation", "after-value"]);
const KEY_OR_ITEM = /[ \t]*(?:-\s|[\w-]+:(?:\s|$))/my;

/** A fault in the blanks before a sound `key: value` or `- item` is one of indentation, and stands where the blanks end. */
function atIndentation(fault: Fault, text: string): Fault {
  const blanks = /[ \t]*/y;
  blanks.lastIndex = fault.start;
  const start = fault.start + (blanks.exec(text)?.[0].length ?? 0);
  const isBefore = /^[ \t]*$/.test(text.slice(text.lastIndexOf("\n", fault.start - 1) + 1, start));
  KEY_OR_ITEM.lastIndex = fault.start;
  if (!OF_THE_LINE.has(fault.code) || !isBefore || start === fault.start || !KEY_OR_ITEM.test(text)) return fault;
  return { ...fault, code: "bad-indentation", start, end: start + 1 };
}

/** Composes the one document of a text. Every scalar stays text (the failsafe schema guesses nothing). */
export function readYaml(text: string): YamlReading {
  const { tokens, faults, isRefused, lastQuote, openBrackets } = readTokens(text);
  if (isRefused) return { document: undefined, faults };
  const found = [...faults];
  const sound: CST.Token[] = [];
  for (const token of tokens) {
    if (token.type === "error") found.push({ code: "stray", start: token.offset, end: token.offset + Math.max(1, token.source.trimEnd().length), name: "" });
    else sound.push(token);
  }
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
  let document: Document.Parsed | undefined;
  for (const composed of composer.compose(sound, false, text.length)) {
    if (document !== undefined) {
      found.push({ code: "several-documents", start: composed.range[0], end: composed.range[0] + 3, name: "" });
      break;
    }
    document = composed;
    for (const fault of composed.errors) {
      const code = codeOf(fault);
      if (code === undefined) continue;
      const begins = code === "unclosed-quote" ? lastQuote : code === "unclosed-bracket" ? openBrackets[0] : undefined;
      const [start, end] = begins === undefined ? fault.pos : [begins, begins + 1];
      found.push(atIndentation({ code, start, end, name: "" }, text));
    }
  }
  return { document, faults: found.toSorted((a, b) => a.start - b.start) };
}
