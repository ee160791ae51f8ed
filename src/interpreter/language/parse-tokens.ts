import { CST, Lexer, Parser } from "yaml";
import type { Fault } from "./parse-fault.ts";

/** Levels of nesting beyond which a file is refused: far more than a person reads, far fewer than a stack holds. */
const DEPTH_LIMIT = 200;

/** Lexical units beyond which a file is refused; a runbook of 10,000 steps has about 500,000. */
const LEXEME_LIMIT = 2_000_000;

/** References to anchors beyond which a file is refused unread; each expands to at least one node of the 10,000 allowed. */
const ALIAS_LIMIT = 10_000;

/** An anchor's name as people write it; anything else is a condition that begins with `&`. */
const ANCHOR = /^&[A-Za-z0-9_-]+$/;

/** The tokens of a text, as far as it was read. */
export interface TokenReading {
  readonly tokens: readonly CST.Token[];
  readonly faults: readonly Fault[];
  /** The text is refused: what was read so far is not to be used. */
  readonly isRefused: boolean;
  /** Offset of the last quoted text: the one that is not closed, if any is not. */
  readonly lastQuote: number;
  /** Offsets of the brackets that are not closed. */
  readonly openBrackets: readonly number[];
}

/**
 * Reads the tokens of a text, and with them all that is seen best before a tree is made: tags, anchors and directives at their
 * exact places, and whatever would cost more than a file may (depth, aliases, sheer number).
 */
export function readTokens(text: string): TokenReading {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const faults: Fault[] = [];
  const openBrackets: number[] = [];
  const brackets: number[] = [];
  let lastQuote = 0;
  let aliases = 0;
  let lexemes = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const start = parser.offset;
    const fault = (code: Fault["code"], name = ""): Fault => ({ code, start, end: start + lexeme.length, name });
    const refuse = (code: Fault["code"]): TokenReading => ({ tokens: [], faults: [fault(code)], isRefused: true, lastQuote, openBrackets });
    lexemes += 1;
    if (lexemes > LEXEME_LIMIT) return refuse("too-many-values");
    if (parser.stack.length > DEPTH_LIMIT) return refuse("too-deep");
    const wasScalar = isScalar;
    isScalar = lexeme === CST.SCALAR;
    if (!wasScalar) {
      const first = lexeme[0];
      if (lexeme === "[" || lexeme === "{") brackets.push(start);
      else if (lexeme === "]" || lexeme === "}") brackets.pop();
      else if (lexeme === CST.FLOW_END) openBrackets.push(...brackets.splice(0, brackets.length));
      else if (first === '"' || first === "'") lastQuote = start;
      else if (first === "!") faults.push(fault("tag", lexeme));
      else if (first === "&" && !ANCHOR.test(lexeme)) faults.push(fault("odd-anchor", lexeme));
      else if (first === "%" && CST.tokenType(lexeme) === "directive-line" && !/^%YAML\s+1\.2\s*$/.test(lexeme)) faults.push(fault("directive", lexeme.trim()));
      else if (first === "*" && CST.tokenType(lexeme) === "alias") {
        aliases += 1;
        if (aliases > ALIAS_LIMIT) return refuse("alias-expansion");
      }
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  openBrackets.push(...brackets);
  return { tokens, faults, isRefused: false, lastQuote, openBrackets };
}
