/**
 * The grammar in which inputs and outputs are declared: by authors under `inputs`, by builtins in their own file. One
 * grammar for both; the published JSON Schemas and the types of expressions are made from it.
 *
 * ```yaml
 * build: { type: string, format: version, description: Build that the article names }
 * members: { type: list, items: { type: string, format: netbios_name } }
 * ```
 */
export type Schema =
  | StringSchema | IntegerSchema | NumberSchema | BooleanSchema | DurationSchema | SizeSchema
  | ListSchema | ObjectSchema | MapSchema | AnySchema | ConditionSchema | ReadingSchema;

/** What a string is. `netbios_name` is brought to upper case, `hostname` to lower; `version` and `time` are values of their own in CEL. */
export type StringFormat = "hostname" | "netbios_name" | "path" | "file" | "sha256" | "url" | "version" | "time";

/** Every string format, for schemas and messages. */
export const STRING_FORMATS: readonly StringFormat[] = ["hostname", "netbios_name", "path", "file", "sha256", "url", "version", "time"];

interface Common {
  /** What it is, for a person: shown when it is asked for and in the reference. */
  readonly description?: string;
  /** Must be given. Default: true for an input without a `default`, false for one with it; an output that may be absent says false. */
  readonly required?: boolean;
  /** An input that takes only outputs of a step with `remember: true`; in a runbook's inputs also: is one. */
  readonly remember?: boolean;
  /** An input of a builtin that may take a secret; in a runbook's inputs: is one, and takes nothing else. Of a list or a map it stands on the schema of what is in it. */
  readonly secret?: true;
}

export interface StringSchema extends Common {
  readonly type: "string";
  readonly format?: StringFormat;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly default?: string;
  readonly examples?: readonly string[];
}
export interface IntegerSchema extends Common {
  readonly type: "integer";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly number[];
  readonly default?: number;
  readonly examples?: readonly number[];
}
export interface NumberSchema extends Common {
  readonly type: "number";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number;
  readonly examples?: readonly number[];
}
export interface BooleanSchema extends Common {
  readonly type: "boolean";
  readonly default?: boolean;
  readonly examples?: readonly boolean[];
}
/** A length of time; its value is text in the shortest exact form, `1h30m` (see `quantity`). */
export interface DurationSchema extends Common {
  readonly type: "duration";
  readonly minimum?: string;
  readonly maximum?: string;
  readonly default?: string;
  readonly examples?: readonly string[];
}
/** A number of bytes; its value is text in the shortest exact form, `200MB` (see `quantity`). */
export interface SizeSchema extends Common {
  readonly type: "size";
  readonly minimum?: string;
  readonly maximum?: string;
  readonly default?: string;
  readonly examples?: readonly string[];
}
export interface ListSchema extends Common {
  readonly type: "list";
  readonly items: Schema;
  readonly default?: readonly unknown[];
  readonly examples?: readonly (readonly unknown[])[];
}
export interface ObjectSchema extends Common {
  readonly type: "object";
  readonly properties: Properties;
  readonly default?: Readonly<Record<string, unknown>>;
  readonly examples?: readonly Readonly<Record<string, unknown>>[];
}
/** An object whose keys the author makes up (environment variables, parameters of a script). */
export interface MapSchema extends Common {
  readonly type: "map";
  readonly values: Schema;
}
/** Whatever a program answered; its parts are not known before the run. */
export interface AnySchema extends Common {
  readonly type: "any";
}
/** An input of a builtin that the author writes in CEL (`that`). The builtin is given the {@link Verdict}. */
export interface ConditionSchema extends Common {
  readonly type: "condition";
}
/** An input of a builtin that is a reading step of its own, `{uses, with, target, that}` (`done-when`). The builtin is given the {@link Verdict} of its `that`. */
export interface ReadingSchema extends Common {
  readonly type: "reading";
}

/** Named schemas: the inputs or the outputs of a builtin, the properties of an object. */
export type Properties = { readonly [name: string]: Schema };

/** What a condition came to. `not known`: an absent value, a division by zero, a reading that failed. */
export type Verdict =
  | { readonly kind: "true" }
  | { readonly kind: "false"; readonly because: string }
  | { readonly kind: "not-known"; readonly because: string };

/** True if a value must be there: `required` where it is said, else "it has no default". */
export function isRequired(schema: Schema): boolean {
  return schema.required ?? !("default" in schema && schema.default !== undefined);
}

/** The TypeScript type of the values that a schema admits. */
export type TypeOf<S extends Schema> =
  Schema extends S ? unknown :
  S extends { readonly type: "string"; readonly enum: readonly (infer E)[] } ? E :
  S extends { readonly type: "string" | "duration" | "size" } ? string :
  S extends { readonly type: "integer" | "number" } ? number :
  S extends { readonly type: "boolean" } ? boolean :
  S extends { readonly type: "list"; readonly items: infer I extends Schema } ? readonly TypeOf<I>[] :
  S extends { readonly type: "object"; readonly properties: infer P extends Properties } ? ValuesOf<P> :
  S extends { readonly type: "map"; readonly values: infer V extends Schema } ? Readonly<Record<string, TypeOf<V>>> :
  S extends { readonly type: "condition" | "reading" } ? Verdict :
  unknown;

type Optional = { readonly required: false };

/** The TypeScript type of an object with these properties. One with `required: false` may be absent; one with a default is filled in before the builtin sees it. */
export type ValuesOf<P extends Properties> = string extends keyof P ? Readonly<Record<string, unknown>> :
  { readonly [K in keyof P as P[K] extends Optional ? never : K]: TypeOf<P[K]> } &
  { readonly [K in keyof P as P[K] extends Optional ? K : never]?: TypeOf<P[K]> | undefined };
