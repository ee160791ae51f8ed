import type { AnyBuiltin } from "./builtin.ts";
import type { Json } from "./json.ts";
import type { Properties, Schema } from "./schema.ts";
import type { SecretSource } from "./secret.ts";
import type { Source, Span } from "./source.ts";

/** `steps.copy.outputs.sha256` as segments. */
export type Path = readonly string[];

/** A text with `{{ }}` in it, parsed once. A text without braces has one literal part. */
export interface Template {
  readonly span: Span;
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}
/** A piece of a template. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly value: TemplateValue };
/** What stands between the braces: a path, a literal, or one of the closed list of helpers. */
export type TemplateValue =
  | { readonly kind: "literal"; readonly value: Json; readonly span: Span }
  | { readonly kind: "path"; readonly path: Path; readonly span: Span }
  | TemplateHelperValue;
/** `upper inputs.name` */
export interface TemplateHelperValue {
  readonly kind: "helper";
  readonly name: string;
  readonly args: readonly TemplateValue[];
  readonly span: Span;
}

/** A CEL expression, parsed and typed. Only `language/expression` looks into `program`. */
export interface Expression {
  readonly span: Span;
  readonly text: string;
  /** Every name that it reads, as a path as far as it is static: what an evaluation needs of the scope. */
  readonly reads: readonly Path[];
  readonly type: Schema;
  readonly program: unknown;
}

/** The names in reach at run time, by root (`inputs`, `steps`, the name of an item). Objects without prototypes; what is absent is absent. */
export type Scope = Readonly<Record<string, unknown>>;

/** `{ that: …, because: … }`: a condition with the sentence that says what is wrong when it does not hold. */
export interface Condition {
  readonly that: Expression;
  readonly because: Template | undefined;
}

/** How an input of a builtin or of a call gets its value. */
export type Binding =
  | { readonly kind: "literal"; readonly value: Json; readonly span: Span }
  | TemplateBinding
  | { readonly kind: "list"; readonly items: readonly Binding[]; readonly span: Span }
  | { readonly kind: "object"; readonly entries: readonly { readonly name: string; readonly binding: Binding }[]; readonly span: Span }
  | { readonly kind: "condition"; readonly condition: Expression }
  | { readonly kind: "reading"; readonly reading: Leaf; readonly that: Expression };

/** An input that a template gives. */
export interface TemplateBinding {
  readonly kind: "template";
  readonly template: Template;
  readonly schema: Schema;
  /** Absolute: what a relative `file` in the value is relative to. Absent where the value holds no file. */
  readonly folder?: string;
  /** For a `because`: what is missing prints as `–`. Absent elsewhere, where it is an error. */
  readonly missing?: "prints-as-dash";
  /** What helpers make of secrets in it, the innermost first. Absent where it reads no secret. */
  readonly secrets?: readonly TemplateHelperValue[];
}

/** A value that may be written as a template over inputs and vars: a limit, a delay, a number. */
export interface Setting {
  readonly template: Template;
  readonly schema: Schema;
}

/** Where a leaf acts. `default` was inherited from the file's or a block's `target`. */
export type TargetRef =
  | { readonly kind: "none" }
  | { readonly kind: "local" }
  | { readonly kind: "named"; readonly name: string; readonly span: Span }
  | { readonly kind: "template"; readonly template: Template };

/** What happens when a step has failed. */
export type FailurePolicy = "stop" | "continue" | "note" | "ask";

/** `retry: { attempts: 3, delay: 2m, backoff: 2, max-delay: 10m, on: [installer_busy] }` */
export interface Retry {
  readonly attempts: Setting;
  readonly delay: Setting | undefined;
  readonly backoff: Setting | undefined;
  readonly maxDelay: Setting | undefined;
  /** Undefined: every failure code. */
  readonly on: readonly string[] | undefined;
}

/** `for-each: inputs.nodes`, `as: node`, `max-parallel: 2`, `max-failures: 1` */
export interface Loop {
  readonly items: Expression;
  readonly as: string;
  readonly maxParallel: Setting | undefined;
  readonly maxFailures: Setting | undefined;
}

/** A step: what every kind has, and what it does. */
export interface Step {
  readonly id: string;
  readonly span: Span;
  readonly title: Template | undefined;
  readonly why: Template | undefined;
  readonly if: Expression | undefined;
  readonly loop: Loop | undefined;
  readonly timeout: Setting | undefined;
  readonly onFailure: { readonly policy: Setting } | { readonly policy: FailurePolicy };
  readonly retry: Retry | undefined;
  readonly body: Leaf | Block | Call;
}
/** `uses: exchange.copy_status` */
export interface Leaf {
  readonly kind: "leaf";
  readonly builtin: AnyBuiltin;
  readonly with: readonly { readonly name: string; readonly binding: Binding }[];
  readonly target: TargetRef;
  readonly expect: readonly Condition[];
  readonly waitUntil: Condition | undefined;
  readonly every: Setting | undefined;
  readonly remember: boolean;
  /** The reason; required where the builtin destroys or is one-way. */
  readonly irreversible: Template | undefined;
  /** What undoes it, in the order in which it is run; empty where nothing is said. Never a part of the run itself. */
  readonly rollback: readonly Step[];
  /** True if every declared action reads (for `effectFromInput`, by the input's literal). */
  readonly reads: boolean;
}
/** `block: […]` */
export interface Block {
  readonly kind: "block";
  readonly steps: readonly Step[];
  readonly rescue: readonly Step[];
  readonly afterRescue: "stop" | "continue" | undefined;
  readonly always: readonly Step[];
}
/** `call: ./parts/hand-over.yml` */
export interface Call {
  readonly kind: "call";
  readonly runbook: Runbook;
  readonly with: readonly { readonly name: string; readonly binding: Binding }[];
}

/** A named place: one address or a group. */
export interface Target {
  readonly name: string;
  readonly kind: "single" | "group";
  /** For `single` one template; for a group one template whose value is a list, or several. */
  readonly addresses: readonly Template[];
  readonly description: Template | undefined;
  readonly span: Span;
}

/** `probes: { mailbox: { uses, target: [a, b], every: 10s, up: …, down-only-during: [handover], outage-budget: 10m } }` */
export interface Probe {
  readonly name: string;
  readonly title: Template | undefined;
  /** One leaf for each target, in the order in which they are asked. */
  readonly readings: readonly Leaf[];
  readonly every: Setting;
  readonly up: Expression;
  /** Undefined: it only measures. Paths of steps (`update_b/install`); empty: never down. */
  readonly downOnlyDuring: readonly string[] | undefined;
  readonly outageBudget: Setting | undefined;
  readonly span: Span;
}

/** `invariants: [{ id: witness, that: …, because: … }]` */
export interface Invariant {
  readonly id: string;
  readonly that: Expression;
  readonly because: Template | undefined;
  readonly span: Span;
}

/** An input with its place. */
export interface InputDeclaration {
  readonly name: string;
  readonly schema: Schema;
  /** Where a secret is asked for if nothing says another source; absent where the file says none. */
  readonly from?: SecretSource;
  readonly span: Span;
}

/** A text of the procedure's origin. */
export interface Reference {
  readonly title: string;
  readonly published: string | undefined;
  readonly note: string | undefined;
}

/** A runbook that was parsed, validated, lowered and checked: what every later phase works on. */
export interface Runbook {
  readonly source: Source;
  /** Absolute path of the file. */
  readonly file: string;
  readonly name: string;
  readonly title: Template;
  readonly description: Template | undefined;
  readonly owner: string | undefined;
  readonly reviewed: string | undefined;
  readonly references: readonly Reference[];
  readonly inputs: readonly InputDeclaration[];
  /** In dependency order. `secrets`: as of a {@link TemplateBinding}. */
  readonly vars: readonly { readonly name: string; readonly template: Template; readonly schema: Schema; readonly secrets?: readonly TemplateHelperValue[] }[];
  readonly targets: readonly Target[];
  readonly lock: readonly Template[];
  readonly timeout: Setting | undefined;
  readonly probes: readonly Probe[];
  readonly invariants: readonly Invariant[];
  /** `checks`: a file that only looks; its steps are all run and reported together. */
  readonly mode: "steps" | "checks";
  readonly preconditions: readonly Step[];
  readonly steps: readonly Step[];
  readonly postconditions: readonly Step[];
  readonly outputs: readonly { readonly name: string; readonly expression: Expression; readonly schema: Schema }[];
  /** Types of the outputs, for callers. */
  readonly outputSchemas: Properties;
  /** By language (`ja`): the texts that were translated. */
  readonly translations: ReadonlyMap<string, Translation>;
}
/** A runbook's texts in another language; what is missing is shown in its own. */
export interface Translation {
  readonly title?: Template;
  readonly description?: Template;
  readonly inputs: Readonly<Record<string, string>>;
  /** By step id: `title`, `why`, and the texts that the step's inputs and conditions have, in the places where they stand. */
  readonly steps: Readonly<Record<string, StepTexts>>;
  readonly probes: Readonly<Record<string, Template>>;
  readonly invariants: Readonly<Record<string, Template>>;
}
/** The translated texts of one step. */
export interface StepTexts {
  readonly title?: Template;
  readonly why?: Template;
  readonly irreversible?: Template;
  /** For `wait-until` and for each `expect`, in their order. */
  readonly because?: readonly Template[];
  /** Inputs of the builtin that are texts for people: `question`, `instructions`, `because`, `show`. */
  readonly with?: Readonly<Record<string, Template | readonly Template[]>>;
}
