import type { Action } from "./action.ts";
import { joinedLines, withoutLineEnds } from "./joined-lines.ts";
import { emptyObject, isJsonObject, type Json } from "./json.ts";
import { MASK, Masked } from "./secret.ts";
import { formsOf } from "./secret-forms.ts";

/** A part of a text, in UTF-16 offsets: `end` exclusive. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** Stands where a text was cut for a message. */
const CUT = "…";

/** Less than this of a secret beside a cut tells nothing. */
const SHORTEST_REST = 3;

/** A shorter secret is not looked for across line ends: its letters stand there in too many other texts. */
const SHORTEST_BROKEN = 8;

/** By the text of a form: the name of the secret, and how far it reaches beside the text. */
type Forms = Map<string, { readonly name: string; readonly beside: number }>;

/** Parts that overlap or touch as one, in their order. */
export function joinedParts(parts: readonly Part[]): readonly Part[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of parts.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || start > last.end) joined.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return joined;
}

const BASE64 = /^[\w+/-]$/;

/** A part with the letters of Base64 beside it, at most so many on either side. What fills the last group up ends the text. */
function withBeside(text: string, { start, end }: Part, most: number): Part {
  let [first, last] = [start, end];
  while (first > start - most && BASE64.test(text.charAt(first - 1))) first -= 1;
  while (last < end + most && (text.charAt(last) === "=" || (text.charAt(last - 1) !== "=" && BASE64.test(text.charAt(last))))) last += 1;
  return { start: first, end: last };
}

/** How much of a secret stands directly before a place, in UTF-16 units; 0 where too little does to tell anything. */
function restBefore(forms: Forms, text: string, end: number): number {
  let longest = 0;
  for (const form of forms.keys()) {
    for (let length = Math.min(form.length - 1, end); length >= SHORTEST_REST && length > longest; length -= 1) {
      if (text.startsWith(form.slice(0, length), end - length)) longest = length;
    }
  }
  return longest;
}

/** How much of the end of a secret a text begins with; 0 where it is too little. */
function restAtStart(forms: Forms, text: string): number {
  let longest = 0;
  for (const form of forms.keys()) {
    for (let length = Math.min(form.length - 1, text.length); length >= SHORTEST_REST && length > longest; length -= 1) if (form.endsWith(text.slice(0, length))) longest = length;
  }
  return longest;
}

/** The secrets of a run, in every form in which they would be seen: what is masked wherever something is told. A run without secrets has none of these. */
export class Secrets {
  readonly #forms: Forms = new Map();
  /** Those that are seen across line ends, too, by their texts without any. */
  readonly #broken: Forms = new Map();
  #longest = 1;

  /** From now on this text is a secret. `name` is the input's, or that of the input it is made of. */
  add(name: string, text: string): void {
    for (const form of formsOf(text)) {
      if (!this.#forms.has(form.text)) this.#forms.set(form.text, { name, beside: form.beside });
      const joined = withoutLineEnds(form.text);
      if (joined.length >= SHORTEST_BROKEN && !this.#broken.has(joined)) this.#broken.set(joined, { name, beside: form.beside });
      this.#longest = Math.max(this.#longest, form.text.length + 2 * form.beside);
    }
  }

  /** The most that one form of a secret covers, in UTF-16 units, without the line ends that it may be broken by; 1 where there is no secret. */
  get longest(): number {
    return this.#longest;
  }

  /** The name of a secret that a text holds; undefined where it holds none. */
  nameIn(text: string): string | undefined {
    for (const [form, { name }] of this.#forms) if (text.includes(form)) return name;
    const joined = joinedLines(text);
    if (joined !== undefined) for (const [form, { name }] of this.#broken) if (joined.text.includes(form)) return name;
    return undefined;
  }

  /** Where a text holds secrets, also broken by line ends, or what a cut (`…`) left of one; in their order, none touching another. */
  partsIn(text: string): readonly Part[] {
    const found: Part[] = [...this.#brokenIn(text)];
    for (const [form, { beside }] of this.#forms) {
      for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) found.push(withBeside(text, { start: at, end: at + form.length }, beside));
    }
    for (let at = text.indexOf(CUT); at !== -1; at = text.indexOf(CUT, at + 1)) {
      const rest = restBefore(this.#forms, text, at);
      if (rest > 0) found.push({ start: at - rest, end: at });
    }
    return joinedParts(found);
  }

  /** What only line ends keep apart, as where a program folds what it prints. */
  #brokenIn(text: string): readonly Part[] {
    const joined = this.#broken.size === 0 ? undefined : joinedLines(text);
    if (joined === undefined) return [];
    const found: Part[] = [];
    const place = ({ start, end }: Part): Part => ({ start: joined.place(start), end: joined.place(end - 1) + 1 });
    const add = (part: Part, most: number): void => {
      const { start, end } = place(part);
      if (end - start > part.end - part.start) found.push(place(withBeside(joined.text, part, most)));
    };
    for (const [form, { beside }] of this.#broken) {
      for (let at = joined.text.indexOf(form); at !== -1; at = joined.text.indexOf(form, at + 1)) add({ start: at, end: at + form.length }, beside);
    }
    for (let at = joined.text.indexOf(CUT); at !== -1; at = joined.text.indexOf(CUT, at + 1)) {
      const rest = restBefore(this.#broken, joined.text, at);
      if (rest > 0) add({ start: at - rest, end: at }, 0);
    }
    return found;
  }

  /** The text with `***` for each secret in it; the same text where it holds none. */
  mask(text: string): string {
    const parts = this.partsIn(text);
    if (parts.length === 0) return text;
    let masked = "";
    let at = 0;
    for (const { start, end } of parts) {
      masked += text.slice(at, start) + MASK;
      at = end;
    }
    return masked + text.slice(at);
  }

  /** A text whose beginning was cut away: what is left of a secret there is masked, too. */
  maskCutStart(text: string): string {
    const joined = joinedLines(text);
    const broken = joined === undefined ? 0 : restAtStart(this.#broken, joined.text);
    const rest = Math.max(restAtStart(this.#forms, text), joined === undefined || broken === 0 ? 0 : joined.place(broken - 1) + 1);
    return rest === 0 ? text : MASK + text.slice(rest);
  }

  /** A value with every text in it masked, keys included; the very same value where it holds no secret. */
  maskValue<T extends Json>(value: T): T;
  maskValue(value: Json): Json {
    if (typeof value === "string") return this.mask(value);
    if (typeof value === "number") return this.mask(String(value)) === String(value) ? value : MASK;
    if (Array.isArray(value)) {
      const items = value.map((item: Json) => this.maskValue(item));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (value instanceof Masked) return MASK;
    if (!isJsonObject(value)) return value;
    const masked = emptyObject<Json>();
    let isSame = true;
    for (const [key, item] of Object.entries(value)) {
      const [name, inner] = [this.mask(key), this.maskValue(item)];
      if (name !== key || inner !== item) isSame = false;
      masked[name] = inner;
    }
    return isSame ? value : masked;
  }

  /** A record whose own names are ours: only what stands under them is masked. The very same record where it holds no secret. */
  maskFields<T extends object>(record: T): T {
    // What is told is JSON.
    const fields = Object.entries(record) as readonly (readonly [string, Json | undefined])[];
    const masked = emptyObject<Json | undefined>();
    for (const [name, value] of fields) masked[name] = value === undefined ? value : this.maskValue(value);
    return fields.every(([name, value]) => masked[name] === value) ? record : (masked as T);
  }

  /** An action as it is told: its arguments masked. */
  maskAction(action: Action): Action {
    return action.kind === "get" ? { ...action, from: this.mask(action.from) } : { ...this.maskFields(action), kind: action.kind } as Action;
  }
}
