/** `{{ … }}` in a text, made ready for the Handlebars parser. */
export interface Mustache {
  /** Offsets in the text, braces included. */
  readonly start: number;
  readonly end: number;
  /** For the parser: on one line, each quoted text replaced by its number, `.0` written as `.[0]`. So nothing that an author quotes can mislead its lexer. */
  readonly code: string;
  /** Offset in the text of each unit of `code`, and of its end; undefined where `code` stands in the text as it is, from `start`. */
  readonly at: readonly number[] | undefined;
  /** The quoted texts, by number. */
  readonly texts: readonly string[];
}

/** A part of a text that may hold `{{ }}`. */
export type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "mustache"; readonly mustache: Mustache };

/** What is wrong with a piece, by offsets in the text. */
export interface TemplateFault {
  readonly start: number;
  readonly end: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A text cut at its braces. With faults, the pieces are incomplete. */
export interface Scan {
  readonly pieces: readonly Piece[];
  readonly faults: readonly TemplateFault[];
}

const NOT_BLOCKS = "a step has `if` and `for-each`; a text has only names and helpers";

/** What stands behind `{{` and is Handlebars, but none of ours: the message and what to do instead. */
const REFUSED: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  "{": ["three braces are not part of this language", "nothing is escaped here: two braces do the same; a literal `{` is `{{\"{\"}}`"],
  "#": ["blocks such as `{{#if}}` are not part of this language", NOT_BLOCKS],
  "/": ["blocks such as `{{/if}}` are not part of this language", NOT_BLOCKS],
  "^": ["blocks such as `{{^}}` are not part of this language", NOT_BLOCKS],
  ">": ["partials are not part of this language", "write the text here, or put it into `vars`"],
  "!": ["`{{!` is not part of this language", "a comment is a YAML comment, `# …`; a condition stands in `if`, `expect` or `wait-until`"],
  "&": ["`{{&` is not part of this language", "nothing is escaped here: leave the `&` out"],
  "*": ["decorators are not part of this language", "leave the `*` out"],
  "~": ["`~` is not part of this language", "leave it out: white space stays as it is written"],
};

const NUMBER = /-?\d+(?:\.\d+)?(?=[\s})])/y;
const INDEX = /\.(\d+)(?=[.\s})])/y;

/** Cuts a text at its `{{ }}`. A text without them is one piece. Every fault is reported, and scanning goes on behind it. */
export function scanTemplate(text: string): Scan {
  const pieces: Piece[] = [];
  const faults: TemplateFault[] = [];
  let from = 0;
  for (let open = text.indexOf("{{"); open !== -1; open = text.indexOf("{{", from)) {
    if (open > from) pieces.push({ kind: "text", text: text.slice(from, open) });
    const found = scanMustache(text, open);
    if ("mustache" in found) pieces.push({ kind: "mustache", mustache: found.mustache });
    else faults.push(found.fault);
    from = "mustache" in found ? found.mustache.end : found.goOnAt;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return { pieces, faults };
}

/** Nearly every pair of braces: one name with its parts, on one line. */
const PLAIN = /\{\{ *[a-z_]\w*(?:\.[a-z_]\w*)+ *\}\}/y;
const NO_TEXTS: readonly string[] = [];

type Found = { readonly mustache: Mustache } | { readonly fault: TemplateFault; readonly goOnAt: number };

function scanMustache(text: string, start: number): Found {
  PLAIN.lastIndex = start;
  if (PLAIN.test(text)) return { mustache: { start, end: PLAIN.lastIndex, code: text.slice(start, PLAIN.lastIndex), at: undefined, texts: NO_TEXTS } };
  const refused = REFUSED[text[start + 2] ?? ""];
  if (refused !== undefined) return refuse(text, start, start, start + 3, "not-in-templates", ...refused);
  const at = [start, start + 1];
  const texts: string[] = [];
  let code = "{{";
  const add = (written: string, from: number, step: number): void => {
    for (let i = 0; i < written.length; i += 1) at.push(from + i * step);
    code += written;
  };
  let i = start + 2;
  while (i < text.length) {
    const unit = text[i] ?? "";
    if (text.startsWith("}}", i)) {
      add("}}", i, 1);
      at.push(i + 2);
      return { mustache: { start, end: i + 2, code, at, texts } };
    }
    if (text.startsWith("~}}", i)) return refuse(text, start, i, i + 1, "not-in-templates", ...(REFUSED["~"] ?? ["", ""]));
    if (unit === '"' || unit === "'") {
      const close = text.indexOf(unit, i + 1);
      if (close === -1) return refuse(text, start, i, text.length, "unclosed-text", "a quoted text in braces is not closed", `end it with ${unit}`);
      add(`"${texts.length}"`, i, 0);
      texts.push(text.slice(i + 1, close));
      i = close + 1;
      continue;
    }
    if (unit === "[") {
      const close = text.indexOf("]", i + 1);
      if (close === -1) return refuse(text, start, i, text.length, "unclosed-index", "`[` is not closed by `]`", "an index is written `.[0]`");
      add(text.slice(i, close + 1).replace(/[\r\n]/g, " "), i, 1);
      i = close + 1;
      continue;
    }
    const number = /[\s({]$/.test(code) ? matchAt(NUMBER, text, i) : undefined;
    const index = matchAt(INDEX, text, i);
    if (number !== undefined) add(number[0], i, 1);
    else if (index !== undefined) {
      add(".[", i, 1);
      add(index[1] ?? "", i + 1, 1);
      add("]", i + index[0].length - 1, 1);
    } else add(/\s/.test(unit) ? " " : unit, i, 1);
    i += number?.[0].length ?? index?.[0].length ?? 1;
  }
  return refuse(text, start, start, start + 2, "unclosed-braces", "`{{` is not closed by `}}`", "a literal `{{` is written `{{\"{{\"}}`");
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** The fault, and where to go on: behind the next `}}` (and `}}}`), so that one fault is one message. */
function refuse(text: string, open: number, start: number, end: number, code: string, message: string, hint: string): Found {
  const close = text.indexOf("}}", open + 2);
  let goOnAt = close === -1 ? text.length : close + 2;
  while (text[goOnAt] === "}") goOnAt += 1;
  return { fault: { start, end, code, message, hint }, goOnAt };
}
