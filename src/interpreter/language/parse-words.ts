import { assertNever } from "../../core/assert-never.ts";
import type { Source } from "../../core/source.ts";
import { type Diagnostic, errorAt } from "../../core/diagnostic.ts";
import type { Fault, FaultCode } from "./parse-fault.ts";

/** A fault in our words, for every case that quoting does not cure. */
export function diagnosticOf(fault: Fault, source: Source): Diagnostic {
  const { message, hint } = wordsOf(fault, source);
  return errorAt({ source, start: fault.start, end: Math.max(fault.start, fault.end) }, fault.code, message, hint);
}

interface Words {
  readonly message: string;
  readonly hint: string | undefined;
}

function say(message: string, hint?: string): Words {
  return { message, hint };
}

/** Faults that a line has behind a value that a comment ended. */
const AFTER_COMMENT: ReadonlySet<FaultCode> = new Set(["bad-indentation", "missing-colon", "after-value"]);

/** True if a comment stands behind a value on the line before. */
function followsComment(fault: Fault, source: Source): boolean {
  const lineStart = source.text.lastIndexOf("\n", fault.start - 1) + 1;
  const before = source.text.slice(source.text.lastIndexOf("\n", lineStart - 2) + 1, Math.max(0, lineStart - 1));
  return lineStart > 0 && /^\s*[^\s#].*\s#/.test(before) && !KEY_OR_ITEM.test(source.text.slice(lineStart, lineStart + 200));
}

const KEY_OR_ITEM = /^\s*(?:-\s|[\w-]+:(?:\s|$))/;

function wordsOf(fault: Fault, source: Source): Words {
  const { name } = fault;
  if (name === "" && AFTER_COMMENT.has(fault.code) && followsComment(fault, source)) {
    return say("the comment on the line before ended the value", "move the comment to a line of its own, above the key");
  }
  switch (fault.code) {
    case "after-value":
      if (/^-\s/.test(source.text.slice(fault.start, fault.start + 2))) return say("a list cannot begin on the line of its key", "begin it on the next line");
      return say("this cannot stand here: the value before it has ended", "check the indentation, or put the whole value into quotes");
    case "alias-expansion":
      return say("the references to anchors in this file expand to more than 10,000 values", "write the values out, or give the runbook an input");
    case "bad-escape":
      return say("in double quotes this backslash makes no letter that a runbook can hold", "write `\\\\` for a backslash, or use single quotes: 'C:\\temp'");
    case "bad-indentation":
      return say("this line is not indented like the lines that it belongs to", "give all items of a list, and all keys of a mapping, the same number of blanks");
    case "bad-start":
      return say("no value may begin with this character unless it is quoted", "put the value into quotes");
    case "block-header":
      return say("the text of `|` or `>` begins on the next line", "move what stands here down and indent it");
    case "comma-ended-value":
      return say(`the comma ended the value before \`${name}\``, "quote that value, or write one key a line");
    case "complex-key":
      return say("a key is a name, not a list or a mapping", source.text.startsWith("{{", fault.start - 1) ? "put the value that holds `{{` into quotes" : undefined);
    case "directive":
      return say(`\`${name}\` is a YAML directive; this file has none`, "remove the line");
    case "duplicate-key":
      return say(`\`${name}\` stands twice in this mapping`, /^[ \t]/.test(source.text.slice(source.text.lastIndexOf("\n", fault.start) + 1)) ? "keep one of the two; where another item begins here, its `- ` is missing" : "keep one of the two");
    case "key-too-long":
      return say("this key is longer than 1,024 characters", "a colon may be missing further up");
    case "merge-key":
      return say("`<<` is not part of this language", "write the keys out; a procedure that is used twice is a file of its own and is called");
    case "missing-colon":
      if (name !== "") return say(`a colon is missing behind \`${name}\``, `\`${name}: …\``);
      return say("this line is neither `key: value` nor `- item`", "a colon followed by a blank is missing, or a text over several lines needs `|` or quotes");
    case "missing-key":
      return say("there is no key before this colon", "write `key: value`");
    case "nested-mapping":
      return say("a mapping cannot begin here: the line before has a value already", "indent this line like the key above, or put the text that holds `: ` into quotes");
    case "no-value":
      return say(`\`${name}\` has no value`, "write `key: value`");
    case "odd-anchor":
      return say("this `&` or `*` makes no anchor and no reference", "quote the value if it is a text");
    case "self-reference":
      return say(`\`${name}\` stands inside the value that it refers to`, "write the value out");
    case "several-documents":
      return say("a second document begins here; a file has one", "move it to a file of its own");
    case "stray":
      return say("this has no place here", "a quote or a bracket further up may not be closed, or the indentation is wrong");
    case "tab-indentation":
      return say("a tab cannot indent", "use blanks");
    case "tag":
      return say(`\`${name}\` is a YAML tag; this language has none`, "leave it out, or quote the value if it is a text");
    case "too-deep":
      return say("lists and mappings are nested more than 200 levels deep", "split the file");
    case "too-many-values":
      return say("the file holds too many values to be read", "split the file");
    case "unclosed-bracket": {
      const line = /[^\n]*/y;
      line.lastIndex = fault.start;
      if (/\s#/.test(line.exec(source.text)?.[0] ?? "")) return say("this bracket is not closed: ` #` begins a comment to YAML", "put the value that holds ` #` into quotes");
      return say("this bracket is not closed", "close it, or put the value that it begins into quotes");
    }
    case "unclosed-quote":
      return say(`the text that begins here is not closed by ${source.text[fault.start] ?? "a quote"}`, "close it on the same line");
    case "unknown-anchor":
      return say(`no anchor \`&${name.slice(1)}\` stands above this`, "quote the value if it is a text");
    case "unused-anchor":
      return say(`nothing refers to the anchor \`${name}\``, "quote the value if it is a text, or leave the anchor out");
    default:
      return assertNever(fault.code);
  }
}
