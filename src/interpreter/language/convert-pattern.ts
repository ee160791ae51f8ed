import { RE2JS } from "re2js";

const KEPT = 256;
const compiled = new Map<string, RE2JS | undefined>();

/** The pattern, compiled once; undefined if it is none. */
function compile(pattern: string): RE2JS | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  if (compiled.size >= KEPT) compiled.clear();
  let program: RE2JS | undefined;
  try {
    program = RE2JS.compile(pattern);
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    program = undefined;
  }
  compiled.set(pattern, program);
  return program;
}

/** Why a text is no pattern of ours; undefined if it is one. Patterns are RE2's: matched in linear time, so nobody's text can make one run for ever. */
export function checkPattern(pattern: string): string | undefined {
  if (compile(pattern) !== undefined) return undefined;
  if (/\(\?<?[=!]/.test(pattern)) return `\`${pattern}\` looks ahead or behind, which is not possible here: patterns are matched in linear time`;
  if (/\\[1-9]/.test(pattern)) return `\`${pattern}\` refers back to a group, which is not possible here: patterns are matched in linear time`;
  return `\`${pattern}\` is no regular expression: look for a bracket or a parenthesis that is not closed, or a \`*\`, \`+\` or \`?\` with nothing before it`;
}

/** True if the pattern is found anywhere in the text, in time that grows with the text's length only. Undefined if it is no pattern. */
export function matchesPattern(pattern: string, text: string): boolean | undefined {
  return compile(pattern)?.matcher(text).find();
}
