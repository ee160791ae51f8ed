import type { Source, Span } from "../../core/source.ts";
import { MapEntry, type ListNode, type MapNode, type Node, type ScalarNode } from "./node.ts";
import { readFlow } from "./parse-simple-flow.ts";
import { KEY_LIMIT, NotSimple, plainText, QUOTED, quotedNode } from "./parse-simple-text.ts";
import { scalarNode } from "./parse-scalar.ts";

/** Levels and lines beyond which the YAML library judges whether a file is too deep or holds too much: far below its limits. */
const DEPTH_LIMIT = 100;
const LINE_LIMIT = 100_000;

/** Blanks that are no plain blank or line feed: tabs, carriage returns, byte order marks and the like. */
const ODD_BLANK = /[^\S\n ]/;

const LINE_START = /(?: *(?:#[^\n]*)?\n)*( *)/y;
const KEY = /\w[\w./-]*(?: \w[\w./-]*){0,9}:(?: +|(?=\n|$))/y;
const REST_OF_LINE = /(?: +#[^\n]*| *)(?:\n|$)/y;
const BLOCK_HEADER = /([|>])(-?) *\n/y;

/**
 * Reads a text written in the part of YAML that sound runbooks keep to: keys that are names, lists, scalars and flow collections of one
 * line, block scalars, comments. Gives the tree that the YAML library would lead to, in a twelfth of the time. Undefined at the first thing
 * that is not surely of that part, sound or not: the text is then read, and judged, with the library.
 */
export function readSimple(source: Source): Node | undefined {
  if (ODD_BLANK.test(source.text)) return undefined;
  try {
    return new SimpleReader(source).read();
  } catch (thrown) {
    if (thrown instanceof NotSimple) return undefined;
    throw thrown;
  }
}

/** Lives while one text is read. */
class SimpleReader {
  readonly #source: Source;
  readonly #text: string;
  readonly #names = new Map<string, string>();
  /** The first letter of the line at hand, or of the key behind `- `. */
  #at = 0;
  /** Its column; -1 at the end of the text. */
  #indent = -1;
  #depth = 0;
  #lines = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
  }

  read(): Node {
    this.#lineFrom(0);
    if (this.#indent !== 0) throw new NotSimple();
    const node = this.#map(0);
    if (this.#isLeft()) throw new NotSimple();
    return node;
  }

  #isLeft(): boolean {
    return this.#indent !== -1;
  }

  /** Goes to the next line that is neither empty nor a comment. `start`: where a line begins. */
  #lineFrom(start: number): void {
    LINE_START.lastIndex = start;
    const blanks = LINE_START.exec(this.#text)?.[1]?.length ?? 0;
    this.#at = LINE_START.lastIndex;
    this.#lines += 1;
    if (this.#lines > LINE_LIMIT) throw new NotSimple();
    this.#indent = this.#at >= this.#text.length ? -1 : blanks;
    if (this.#text[this.#at] !== "#") return;
    if (this.#text.includes("\n", this.#at)) throw new NotSimple();
    this.#indent = -1;
  }

  /** Where the line behind a value ends; nothing but a comment may stand there. */
  #lineEnd(at: number): number {
    REST_OF_LINE.lastIndex = at;
    if (!REST_OF_LINE.test(this.#text)) throw new NotSimple();
    return REST_OF_LINE.lastIndex;
  }

  #isItem(): boolean {
    return this.#text[this.#at] === "-" && this.#text[this.#at + 1] === " ";
  }

  /** The name from here to a place, the same string each time: a file has few different keys. */
  #nameTo(end: number): string {
    const name = this.#text.slice(this.#at, end);
    const known = this.#names.get(name);
    if (known === undefined) this.#names.set(name, name);
    return known ?? name;
  }

  #span(start: number, end: number): Span {
    return { source: this.#source, start, end };
  }

  #collection(indent: number): ListNode | MapNode {
    this.#depth += 1;
    if (this.#depth > DEPTH_LIMIT) throw new NotSimple();
    const node = this.#isItem() ? this.#list(indent) : this.#map(indent);
    this.#depth -= 1;
    return node;
  }

  #map(indent: number): MapNode {
    const start = this.#at;
    const entries: MapEntry[] = [];
    const names = new Set<string>();
    let end = start;
    while (this.#indent === indent) {
      KEY.lastIndex = this.#at;
      if (!KEY.test(this.#text)) throw new NotSimple();
      const name = this.#nameTo(this.#text.indexOf(":", this.#at));
      if (name.length > KEY_LIMIT || names.has(name)) throw new NotSimple();
      names.add(name);
      const keyStart = this.#at;
      const entry = new MapEntry(name, keyStart, this.#valueOfKey(KEY.lastIndex, indent));
      if (this.#indent > indent) throw new NotSimple();
      entries.push(entry);
      end = entry.value.span.end;
    }
    return { kind: "map", entries: entries.slice(), span: this.#span(start, end) };
  }

  #valueOfKey(at: number, indent: number): Node {
    const first = this.#text[at];
    if (first !== undefined && first !== "\n" && first !== "#") return this.#inline(at, indent);
    const lineEnd = this.#text.indexOf("\n", at);
    this.#lineFrom(lineEnd === -1 ? this.#text.length : lineEnd + 1);
    // The items of a list may stand right below its key.
    if (this.#indent > indent || (this.#indent === indent && this.#isItem())) return this.#collection(this.#indent);
    throw new NotSimple();
  }

  #list(indent: number): ListNode {
    const start = this.#at;
    const items: Node[] = [];
    let end = start;
    while (this.#indent === indent && this.#isItem()) {
      let at = this.#at + 2;
      while (this.#text[at] === " ") at += 1;
      KEY.lastIndex = at;
      const column = indent + at - this.#at;
      const isMap = KEY.test(this.#text);
      if (isMap) {
        this.#at = at;
        this.#indent = column;
      }
      const item = isMap ? this.#collection(column) : this.#inline(at, indent);
      if (this.#indent > indent) throw new NotSimple();
      items.push(item);
      end = item.span.end;
    }
    return { kind: "list", items: items.slice(), span: this.#span(start, end) };
  }

  /** A value on the line of its key or dash; goes to the next line. `indent`: of what it belongs to. */
  #inline(at: number, indent: number): Node {
    switch (this.#text[at]) {
      case "|":
      case ">":
        return this.#block(at, indent);
      case "[":
      case "{": {
        const node = readFlow(this.#source, at);
        this.#lineFrom(this.#lineEnd(node.span.end));
        return node;
      }
      case '"':
      case "'": {
        const node = quotedNode(this.#source, at, QUOTED);
        this.#lineFrom(this.#lineEnd(node.span.end));
        return node;
      }
    }
    const newline = this.#text.indexOf("\n", at);
    const line = this.#text.slice(at, newline === -1 ? this.#text.length : newline);
    const comment = line.indexOf(" #");
    const text = plainText(comment === -1 ? line : line.slice(0, comment));
    this.#lineFrom(newline === -1 ? this.#text.length : newline + 1);
    return { kind: "scalar", text, style: "plain", span: this.#span(at, at + text.length), offsets: undefined, contentStart: at };
  }

  /** A block scalar: `|`, `|-`, `>` or `>-`, and lines of which the first, and none before it, says the indentation. */
  #block(start: number, indent: number): ScalarNode {
    BLOCK_HEADER.lastIndex = start;
    const header = BLOCK_HEADER.exec(this.#text);
    if (header === null) throw new NotSimple();
    const form = header[1] === "|" ? "literal" : "folded";
    const lines: string[] = [];
    let at = BLOCK_HEADER.lastIndex;
    let end = at;
    let own = -1;
    while (at < this.#text.length) {
      const newline = this.#text.indexOf("\n", at);
      const lineEnd = newline === -1 ? this.#text.length : newline;
      const line = this.#text.slice(at, lineEnd);
      const blanks = line.search(/[^ ]/);
      if (blanks === -1 && (own === -1 || line.length > own)) throw new NotSimple();
      if (own === -1 && blanks > indent) own = blanks;
      if (blanks !== -1 && (own === -1 || blanks < own)) break;
      if (form === "folded" && blanks > own) throw new NotSimple();
      lines.push(line.slice(own));
      at = newline === -1 ? lineEnd : newline + 1;
      if (blanks !== -1) end = at;
    }
    while (lines.at(-1) === "") lines.pop();
    if (lines.length === 0) throw new NotSimple();
    const text = `${form === "literal" ? lines.join("\n") : folded(lines)}${header[2] === "-" ? "" : "\n"}`;
    this.#lineFrom(at);
    return scalarNode(this.#source, start, end, form, text);
  }
}

/** Lines become one, and each empty line a line feed. */
function folded(lines: readonly string[]): string {
  return lines.join("\n").replaceAll(/\n+/g, (feeds) => (feeds === "\n" ? " " : feeds.slice(1)));
}
