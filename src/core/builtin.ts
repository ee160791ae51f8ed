import type { ApprovalTerms } from "./approval.ts";
import { worseEffect, type Action, type ActionResults, type Effect } from "./action.ts";
import type { Failure } from "./failure.ts";
import type { Json } from "./json.ts";
import type { Properties, ValuesOf } from "./schema.ts";

/** A choice among the declared actions: its name, and what the facts add to the inputs. */
export interface ActionCall {
  readonly action: string;
  /** What the facts add: text for every name that the declaration lists under `fills`. */
  readonly fill?: Readonly<Record<string, string>>;
  /** Only in a look: wait this long after the reading before it (three readings in a row are one look). */
  readonly afterMs?: number;
}

/** An action that a builtin may take, as a function of its inputs and of what the facts add. The plan calls `make` with holes. */
export interface ActionDeclaration<I> {
  readonly effect: Effect;
  /** What it does, for a person, as a sentence in the imperative without a full stop: "Move a group to the other node". */
  readonly title: string;
  /** The names that only a look can fill, each with what it is ("the group"). */
  readonly fills?: Readonly<Record<string, string>>;
  /** Pure. Inputs and fills may be holes (texts between U+E000 and U+E001): put them into arguments, do not look into them. */
  readonly make: (inputs: I, fill: Readonly<Record<string, string>>) => Action;
  /** How often the same action (name and arguments) may be carried out in one attempt. Default 1. */
  readonly atMost?: number;
  /** How long its effect may take to show: until then `act` with the same action counts as `wait`. Default 0. */
  readonly settlesWithinMs?: number;
}

/** A reading: the answer, why there is none, or `lost` (the channel broke before it came). */
export type Fact =
  | { readonly kind: "ok"; readonly value: ActionResults[keyof ActionResults] }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "lost"; readonly because: string };

/** What a look found, by the names that `look` gave its readings. */
export type Facts = Readonly<Record<string, Fact>>;

/** Something the step did in this run, oldest first. */
export interface PastAct {
  readonly attempt: number;
  readonly action: string;
  readonly fill: Readonly<Record<string, string>>;
  readonly outcome: "ok" | "failed" | "lost" | "in-doubt";
  /** The answer where `outcome` is `ok`. */
  readonly result?: ActionResults[keyof ActionResults];
  /** Why, where it is not. */
  readonly failure?: Failure;
  /** The job's name, for an action of kind `job`. */
  readonly job?: string;
  /** The target's clock when the action was begun, in ms since 1970. */
  readonly startedMs: number;
}

/** A person's answer to a question of this step. */
export interface PastAnswer {
  /** `yes`, `no`, a choice's name, or the typed value as text. */
  readonly answer: string;
  /** Who answered, as they named themselves. */
  readonly by: string;
  /** The account that answered and its machine, as they were seen. */
  readonly account: string;
  readonly host: string;
  readonly at: string;
  readonly reason?: string;
}

/** What was tried before, for `decide`. */
export interface Past {
  /** From 1, rising through the run. */
  readonly attempt: number;
  /** Since the step was entered, on the system's clock. */
  readonly elapsedMs: number;
  readonly acts: readonly PastAct[];
  readonly answers: readonly PastAnswer[];
  /** The facts of the turn before; absent in the first. */
  readonly previous?: Facts;
}

/** Where the step acts. */
export interface Place {
  /** The address; `local` on the machine that runs the interpreter. */
  readonly address: string;
  /** True where `local` was meant because no target was named. */
  readonly isLocal: boolean;
}

/** A question to a person. */
export interface Question {
  readonly kind: "approve" | "confirm" | "ask" | "do" | "choose";
  readonly text: string;
  /** Further lines to be shown with it. */
  readonly show: readonly string[];
  /** For `choose`: name → what it means. */
  readonly choices?: Readonly<Record<string, string>>;
  /** For `ask`: what the value must be. */
  readonly value?: { readonly type: "string" | "integer" | "number" | "boolean"; readonly enum?: readonly string[]; readonly pattern?: string; readonly default?: string };
  /** For `approve`: whose yes counts, and how many. Absent: anyone's, once. */
  readonly terms?: ApprovalTerms;
  /** So long after the step first asked in this attempt it ends `expired`. Absent: it waits for ever. */
  readonly expiresMs?: number;
  /** For `choose`: the choices that are taken only with a reason, because they waive something. */
  readonly reasonFor?: readonly string[];
}

/** What a builtin decides, given what it saw. `because` is a sentence that names what was seen. */
export type Decision<O = Readonly<Record<string, Json>>> =
  | { readonly kind: "done"; readonly outputs: O; readonly because: string }
  | { readonly kind: "act"; readonly actions: readonly ActionCall[]; readonly because: string }
  /** `warning` is told once for each code while the step is entered. */
  | { readonly kind: "wait"; readonly because: string; readonly everyMs?: number; readonly warning?: { readonly code: string; readonly message: string } }
  | { readonly kind: "refuse"; readonly code: string; readonly because: string }
  | { readonly kind: "fail"; readonly code: string; readonly because: string }
  | { readonly kind: "ask"; readonly question: Question; readonly because: string };

/** What becomes of a builtin's change when the run is rolled back. `steps`: only a step's `rollback` can take it back, and `how` says with what. `nothing`: it left nothing behind that is to be taken back. */
export type Undo =
  | { readonly kind: "steps"; readonly how: string }
  | { readonly kind: "nothing"; readonly because: string };

/** What a builtin says of itself, apart from its typed parts. */
export interface BuiltinDescription {
  /** `area.name`, or `check`. */
  readonly name: string;
  /** One line: what it does. */
  readonly title: string;
  /** Markdown, a few short paragraphs: when to use it, what its guards refuse, what its outputs mean, the source of domain facts. */
  readonly docs: string;
  /** YAML of a step (a list item, `- id: …`), validated by a test. */
  readonly examples: readonly { readonly title: string; readonly yaml: string }[];
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Refusal and failure codes of its own, each with what it means. */
  readonly codes: Readonly<Record<string, string>>;
  /** `required`: a target or the default target must be there. `none`: it has no place (`check`, `human.*`). `optional`: without one it acts on the runner's machine (a changing one must then say `local`). */
  readonly place: "required" | "optional" | "none";
  /** Limit where the step names none. */
  readonly timeoutMs: number;
  /** How what it changes is undone, or that there is nothing to undo and why. Required unless it only reads. */
  readonly undo?: Undo;
  /** Its change cannot be taken back: a step that uses it needs `irreversible`. */
  readonly oneWay?: true;
  /** The step's effect is what the input `effect` says (`run.program`). */
  readonly effectFromInput?: true;
  /** It cannot see what it did (a plain program): a lost outcome is `unknown` unless its input `repeatable` is true. */
  readonly cannotLook?: true;
  /** May be repeated after a failure: false refuses `retry`. Default true. */
  readonly repeatable?: false;
  /** Counts as changing although it has no action of its own: what a person does by hand (`human.do`). */
  readonly changing?: true;
  /** Its reading action is a program of the author's own, reading by the author's word only: `plan` runs it with `--queries` alone. */
  readonly readsByWord?: true;
}

/**
 * A builtin: a value that says what it needs and gives, what it may ever do, how it looks, and how it decides. It never does
 * anything itself. `look` and `decide` are pure.
 */
export interface Builtin<I extends Properties, O extends Properties> extends BuiltinDescription {
  readonly inputs: I;
  readonly outputs: O;
  readonly actions: Readonly<Record<string, ActionDeclaration<ValuesOf<I>>>>;
  /** Names of what it changes besides its address (`cluster`, a service address): steps whose names overlap never run together. */
  readonly touches?: (inputs: ValuesOf<I>, place: Place) => readonly string[];
  /** Called again with the facts so far until it names no reading that is not there yet: so a reading may depend on another. */
  readonly look: (inputs: ValuesOf<I>, facts: Facts, past: Past) => Readonly<Record<string, ActionCall>>;
  readonly decide: (inputs: ValuesOf<I>, facts: Facts, past: Past, place: Place) => Decision<ValuesOf<NoInfer<O>>>;
}

/** Inputs as the interpreter holds them: checked against the builtin's schema, without its static type. */
export type Values = Readonly<Record<string, unknown>>;

/** An action's declaration, where the types of the builtin do not matter. */
export interface AnyActionDeclaration extends Omit<ActionDeclaration<never>, "make"> {
  make(inputs: Values, fill: Readonly<Record<string, string>>): Action;
}

/** Any builtin, where its own types do not matter: the form in the registry. Methods, so that every {@link Builtin} fits. */
export interface AnyBuiltin extends BuiltinDescription {
  readonly actions: Readonly<Record<string, AnyActionDeclaration>>;
  touches?(inputs: Values, place: Place): readonly string[];
  look(inputs: Values, facts: Facts, past: Past): Readonly<Record<string, ActionCall>>;
  decide(inputs: Values, facts: Facts, past: Past, place: Place): Decision<Values>;
}

/** The builtins that a run can use, by name. Only `cli/main.ts` and tests put them together. */
export type Registry = ReadonlyMap<string, AnyBuiltin>;

/** Gives a builtin literal its types. */
export function defineBuiltin<const I extends Properties, const O extends Properties>(builtin: Builtin<I, O>): Builtin<I, O> {
  return builtin;
}

/** The effect of a builtin: the worst that one of its declared actions has; at least `changes` where it counts as changing. */
export function effectOf(builtin: AnyBuiltin): Effect {
  const least: Effect = builtin.changing === true ? "changes" : "reads";
  return Object.values(builtin.actions).reduce<Effect>((worst, declaration) => worseEffect(worst, declaration.effect), least);
}
