import { type Document, isAlias, isCollection, isMap, isNode, isScalar, isSeq, type Pair, Scalar, type YAMLMap } from "yaml";
import type { Source, Span } from "../../core/source.ts";
import { MapEntry, type ListNode, type MapNode, type Node, type ScalarNode } from "./node.ts";
import type { Fault, FaultCode } from "./parse-fault.ts";
import type { ScalarForm } from "./parse-offsets.ts";
import { scalarNode } from "./parse-scalar.ts";

/** Nodes that all anchors of a file may expand to. */
const EXPANSION_LIMIT = 10_000;

/** Values whose text is taken as it stands, although YAML would read something else: by start, the end. */
export type Verbatim = ReadonlyMap<number, number>;

/** A tree, and what only shows once it is made. */
export interface TreeReading {
  readonly node: Node;
  readonly faults: readonly Fault[];
}

/** By the library's names of the styles; it is not asked for them here, so that it is loaded only where it is needed. */
const FORMS: Readonly<Record<string, ScalarForm>> = {
  QUOTE_SINGLE: "single-quoted",
  QUOTE_DOUBLE: "double-quoted",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
} satisfies Partial<Record<Scalar.Type, ScalarForm>>;

/** Escapes of double quotes: those that are seldom meant, and one half of a surrogate pair without the other. */
const ESCAPE = /\\(?:(?<odd>[0abefvLNP_])|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?<half>(?:u|U0000)[dD][89a-fA-F][\da-fA-F]{2})|.)/gs;

/** Makes our tree of a composed document. */
export function buildTree(document: Document.Parsed, source: Source, verbatim: Verbatim): TreeReading {
  const builder = new TreeBuilder(source, verbatim);
  const node = builder.build(document.contents, document.range[0]);
  builder.endOfFile();
  return { node, faults: builder.faults };
}

/** What an anchor holds; undefined while it is being built. */
interface Anchored {
  readonly start: number;
  readonly isScalar: boolean;
  built: { readonly node: Node; readonly size: number } | undefined;
  isUsed: boolean;
}

/** Lives while one document is walked. */
class TreeBuilder {
  readonly faults: Fault[] = [];
  readonly #source: Source;
  readonly #verbatim: Verbatim;
  readonly #anchors = new Map<string, Anchored>();
  /** Nodes so far, expanded ones counted each time. */
  #size = 0;
  #expanded = 0;

  constructor(source: Source, verbatim: Verbatim) {
    this.#source = source;
    this.#verbatim = verbatim;
  }

  /** `at`: where an absent value would stand. */
  build(written: unknown, at: number): Node {
    this.#size += 1;
    if (!isNode(written)) return this.#absent(at);
    if (isAlias(written)) return this.#resolve(written.source, written.range?.[0] ?? at);
    const start = written.range?.[0] ?? at;
    const name = written.anchor;
    const anchored: Anchored | undefined = name === undefined ? undefined : { start, isScalar: isScalar(written), built: undefined, isUsed: false };
    if (name !== undefined && anchored !== undefined) this.#anchors.set(name, anchored);
    const before = this.#size;
    const node = isScalar(written) ? this.#scalar(written, at) : isMap(written) ? this.#map(written, start) : this.#list(written, start);
    if (anchored !== undefined) anchored.built = { node, size: this.#size - before + 1 };
    return node;
  }

  /** An anchor on a text that nobody refers to is no anchor but a text that begins with `&`. */
  endOfFile(): void {
    for (const [name, anchored] of this.#anchors) {
      if (!anchored.isScalar || anchored.isUsed) continue;
      const start = this.#source.text.lastIndexOf(`&${name}`, anchored.start);
      this.#fault("unused-anchor", start, start + name.length + 1, `&${name}`);
    }
  }

  #fault(code: FaultCode, start: number, end: number, name = ""): void {
    this.faults.push({ code, start, end: Math.max(end, start), name });
  }

  #span(start: number, end: number): Span {
    return { source: this.#source, start, end };
  }

  #absent(at: number): ScalarNode {
    return { kind: "scalar", text: "", style: "plain", span: this.#span(at, at), offsets: undefined, contentStart: at };
  }

  #resolve(name: string, at: number): Node {
    const anchored = this.#anchors.get(name);
    const end = at + name.length + 1;
    if (anchored === undefined) {
      this.#fault("unknown-anchor", at, end, `*${name}`);
      return this.#absent(at);
    }
    anchored.isUsed = true;
    if (anchored.built === undefined) {
      this.#fault("self-reference", at, end, `*${name}`);
      return this.#absent(at);
    }
    const isWithin = this.#expanded <= EXPANSION_LIMIT;
    this.#expanded += anchored.built.size;
    this.#size += anchored.built.size;
    if (this.#expanded <= EXPANSION_LIMIT) return anchored.built.node;
    if (isWithin) this.#fault("alias-expansion", at, end, `*${name}`);
    return this.#absent(at);
  }

  #scalar(written: Scalar, at: number): ScalarNode {
    const [start, end] = written.range ?? [at, at];
    const text = typeof written.value === "string" ? written.value : "";
    const meant = this.#verbatim.get(start);
    if (meant !== undefined) {
      return { kind: "scalar", text: this.#source.text.slice(start, meant), style: "plain", span: this.#span(start, meant), offsets: undefined, contentStart: start };
    }
    const form = FORMS[written.type ?? ""] ?? "plain";
    if (form === "double-quoted") this.#oddEscapes(start, end);
    return scalarNode(this.#source, start, end, form, text);
  }

  /** `"C:\Program Files"` would hold a paragraph separator, and nobody would see it; half of a letter, as `"\ud800"` is, would be another one to every program. */
  #oddEscapes(start: number, end: number): void {
    const written = this.#source.text.slice(start, end);
    if (!written.includes("\\")) return;
    for (const match of written.matchAll(ESCAPE)) {
      const { odd, half } = match.groups ?? {};
      if (odd !== undefined || half !== undefined) this.#fault("bad-escape", start + match.index, start + match.index + match[0].length);
    }
  }

  #list(written: unknown, at: number): ListNode {
    if (!isSeq(written)) throw new Error("a YAML node that is neither scalar, mapping, list nor alias");
    const [start, end] = written.range ?? [at, at];
    const items = written.items.map((item) => this.build(item, start));
    return { kind: "list", items, span: this.#span(start, this.#endOf(start, end, written.flow === true ? undefined : items.at(-1))) };
  }

  #map(written: YAMLMap, at: number): MapNode {
    const [start, end] = written.range ?? [at, at];
    const entries: MapEntry[] = [];
    const byKey = new Map<string, MapEntry>();
    let isRepeated = false;
    for (const pair of written.items) {
      const entry = this.#entry(pair, written.flow === true, start, entries.at(-1));
      if (entry === undefined) continue;
      const first = byKey.get(entry.name);
      // Several in a row are one fault: the beginning of an item is missing before them.
      if (first !== undefined && !isRepeated) this.#fault("duplicate-key", entry.key.span.start, entry.key.span.end, entry.name);
      isRepeated = first !== undefined;
      const kept = first === undefined ? entry : new MapEntry(first.name, first.written, together(first.value, entry.value));
      if (first === undefined) entries.push(kept);
      else entries[entries.indexOf(first)] = kept;
      byKey.set(kept.name, kept);
    }
    return { kind: "map", entries, span: this.#span(start, this.#endOf(start, end, written.flow === true ? undefined : entries.at(-1)?.value)) };
  }

  #entry(pair: Pair, isFlow: boolean, at: number, before: MapEntry | undefined): MapEntry | undefined {
    if (!isScalar(pair.key)) {
      const [start, end] = isNode(pair.key) ? (pair.key.range ?? [at, at]) : [at, at];
      this.#fault(pair.key === null ? "missing-key" : "complex-key", start, Math.min(end, start + 1));
      this.build(pair.value, end);
      return undefined;
    }
    const key = this.#scalar(pair.key, at);
    if (key.text === "" && key.style === "plain") this.#fault("missing-key", key.span.start, key.span.end + 1);
    if (key.text === "<<" && key.style === "plain") {
      this.#fault("merge-key", key.span.start, key.span.end);
      this.build(pair.value, key.span.end);
      return undefined;
    }
    if (pair.value === null) {
      this.#fault(isFlow && before !== undefined ? "comma-ended-value" : "no-value", key.span.start, key.span.end, key.text);
      return undefined;
    }
    const isPlain = key.style === "plain" && key.offsets === undefined;
    return new MapEntry(key.text, isPlain ? key.span.start : key, this.build(pair.value, key.span.end));
  }

  /** A block collection ends with its last value, not with the blank lines and comments behind it. */
  #endOf(start: number, end: number, last: Node | undefined): number {
    // What an anchor expands to stands elsewhere.
    if (last !== undefined && last.span.start >= start && last.span.end <= end) return last.span.end;
    let at = end;
    while (at > start && /\s/.test(this.#source.text[at - 1] ?? "")) at -= 1;
    return at;
  }
}

/** What two values of one key come to: their items or keys together, so that nothing that is said of the second one is missed; of scalars the first that says something. */
function together(first: Node, second: Node): Node {
  if (first.kind === "list" && second.kind === "list") return { ...first, items: [...first.items, ...second.items] };
  if (first.kind !== "map" || second.kind !== "map") return first.kind === "scalar" && first.text === "" ? second : first;
  const byKey = new Map([...second.entries, ...first.entries].map((entry) => [entry.name, entry]));
  return { ...first, entries: [...byKey.values()] };
}

/** True for what this file can walk; used where a document holds nothing at all. */
export function isEmptyDocument(document: Document.Parsed): boolean {
  const { contents } = document;
  return contents === null || (!isCollection(contents) && isScalar(contents) && contents.source === "" && contents.type === Scalar.PLAIN);
}
