import { effectOf, type AnyBuiltin, type Registry } from "../core/builtin.ts";

/** What `builtins --json` prints of one builtin: all that it says of itself, without its functions. */
export interface BuiltinDocument extends Omit<AnyBuiltin, "actions" | "look" | "decide" | "touches"> {
  readonly effect: string;
  readonly actions: readonly { readonly name: string; readonly effect: string; readonly title: string; readonly atMost: number }[];
}

/** The document of `builtins --json`. */
export function builtinsDocument(registry: Registry): { readonly v: 1; readonly builtins: readonly BuiltinDocument[] } {
  return { v: 1, builtins: [...registry.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(builtinDocument) };
}

function builtinDocument(builtin: AnyBuiltin): BuiltinDocument {
  const { actions, look: _look, decide: _decide, touches: _touches, ...description } = builtin;
  return {
    ...description,
    effect: builtin.effectFromInput === true ? "from-input" : effectOf(builtin),
    actions: Object.entries(actions).map(([name, action]) => ({ name, effect: action.effect, title: action.title, atMost: action.atMost ?? 1 })),
  };
}
