import type { FormName } from "./schema-forms.ts";

/** May a text with `{{ }}` stand here? */
export type Templates = "none" | "allowed";

/**
 * What may stand at a place of a file. The one description from which both the validators (over the tree, where every scalar is
 * text) and the published JSON Schemas (over YAML's own types, for editors) are made.
 */
export type Place =
  /** A scalar of a form: a duration, a name, an expression. */
  | { readonly kind: "scalar"; readonly form: FormName; readonly templates: Templates }
  /** One of several words. */
  | { readonly kind: "word"; readonly words: readonly string[]; readonly templates: Templates }
  | { readonly kind: "list"; readonly items: Place; readonly atLeast?: 1 }
  /** A mapping whose keys the author makes up; `keys` is their form, undefined for any. */
  | { readonly kind: "map"; readonly keys: "name" | "target-name" | undefined; readonly values: Place }
  /** A mapping with given keys: the {@link RecordPlace} of that name. */
  | { readonly kind: "record"; readonly name: string }
  /** By what stands there: a scalar, a list, a mapping. At least two are given. */
  | { readonly kind: "either"; readonly scalar?: Place; readonly list?: Place; readonly map?: Place }
  | { readonly kind: "any" };

/** A key of a record. */
export interface KeyPlace {
  readonly place: Place;
  /** For a person in an editor. */
  readonly description: string;
  readonly required?: true;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** A mapping with given keys; every other key is an error. */
export interface RecordPlace {
  /** Unique in a grammar; letters, digits, `.`, `-`, `_`. */
  readonly name: string;
  /** As a message says it: "a step". */
  readonly title: string;
  readonly keys: Readonly<Record<string, KeyPlace>>;
  /** Of these keys exactly one. */
  readonly exactlyOne?: readonly string[];
  /** By key: which other key must stand beside it. */
  readonly needs?: Readonly<Record<string, string>>;
  /** By key: which keys may not stand beside it. */
  readonly excludes?: Readonly<Record<string, readonly string[]>>;
  /** By key: what another key must be beside it, more exactly than its own place says. */
  readonly beside?: Readonly<Record<string, Readonly<Record<string, Place>>>>;
  /** Name of the {@link CasesPlace} that says more, by the value of a key. */
  readonly cases?: string;
}

/** What holds in a record besides, by the word that one of its keys has. Other words are nobody's case. */
export interface CasesPlace {
  readonly name: string;
  readonly key: string;
  /** The word that counts where the key is absent. */
  readonly absent?: string;
  readonly branches: Readonly<Record<string, CaseBranch>>;
}
/** One case. */
export interface CaseBranch {
  readonly keys?: Readonly<Record<string, Place>>;
  readonly requires?: readonly string[];
  readonly excludes?: readonly string[];
}

/** All that describes one kind of file. */
export interface Grammar {
  readonly title: string;
  /** Name of the record that the file is. */
  readonly root: string;
  readonly records: readonly RecordPlace[];
  readonly cases: readonly CasesPlace[];
}

/** A text, templates allowed. */
export const TEXT: Place = { kind: "scalar", form: "text", templates: "allowed" };
/** A text in which `{{` would stay two braces, so it is refused. */
export const LITERAL: Place = { kind: "scalar", form: "literal", templates: "none" };
/** An author's own name. */
export const NAME_PLACE: Place = { kind: "scalar", form: "name", templates: "none" };
/** A CEL expression. */
export const EXPRESSION: Place = { kind: "scalar", form: "expression", templates: "none" };
/** A length of time, or a template that gives one. */
export const DURATION_PLACE: Place = { kind: "scalar", form: "duration", templates: "allowed" };
/** A whole number, or a template that gives one. */
export const INTEGER_PLACE: Place = { kind: "scalar", form: "integer", templates: "allowed" };

/** A scalar of a form. */
export function scalarOf(form: FormName, templates: Templates): Place {
  return { kind: "scalar", form, templates };
}

/** A list; of at least one item where `atLeast` says so. */
export function listOf(items: Place, atLeast?: 1): Place {
  return { kind: "list", items, ...(atLeast === undefined ? {} : { atLeast }) };
}

/** A mapping whose keys are names that the author makes up. */
export function mapOf(values: Place): Place {
  return { kind: "map", keys: "name", values };
}

/** A mapping with the keys of a record. */
export function recordOf(name: string): Place {
  return { kind: "record", name };
}

/** A text, or a list of texts. */
export const TEXT_OR_TEXTS: Place = { kind: "either", scalar: TEXT, list: listOf(TEXT) };
