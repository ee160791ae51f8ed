import { emptyObject, type Json } from "../../core/json.ts";
import { error, ok, type Result } from "../../core/result.ts";
import { errorAt, type Diagnostic } from "../../core/diagnostic.ts";
import type { Runbook, Template } from "../../core/runbook.ts";
import { renderText, renderValue } from "../language/template.ts";
import { withHoles } from "./holes.ts";

/** The names in reach of a file's steps, by root. `steps` is filled as steps end; the rest stands from the start. */
export interface Roots {
  readonly [root: string]: unknown;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly targets: Readonly<Record<string, TargetRoot>>;
  readonly run: RunRoot;
  readonly steps: Record<string, StepRoot>;
}

/** `targets.<name>` as expressions see it: one address, or the addresses of a group. */
export interface TargetRoot {
  readonly address?: string;
  readonly addresses?: readonly string[];
}

/** `run.*` */
export interface RunRoot {
  readonly id: string;
  readonly operator: string;
  readonly started: string;
  readonly system: string;
  readonly simulated: boolean;
}

/** `steps.<id>` as expressions see it. */
export interface StepRoot {
  readonly status: string;
  readonly done: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly each?: readonly { readonly item: Json; readonly status: string; readonly outputs?: Readonly<Record<string, unknown>> }[];
}

/**
 * The roots of a file, given its inputs: vars in their order, then addresses. Where an input holds a hole (a plan), what is
 * made of it holds one too. Faults are the author's: a value that cannot be written as text, an address that is absent.
 */
export function makeRoots(runbook: Runbook, inputs: Readonly<Record<string, unknown>>, run: RunRoot): Result<Roots, readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  const vars = emptyObject<unknown>();
  const targets = emptyObject<TargetRoot>();
  const roots: Roots = Object.assign(Object.create(null) as object, { inputs, vars, targets, run, steps: emptyObject<StepRoot>() });
  for (const { name, template } of runbook.vars) {
    const rendered = renderValue(template, withHoles(template, roots));
    if (rendered.kind === "ok") vars[name] = rendered.value;
    else diagnostics.push(errorAt(template.span, "var-without-value", `\`${name}\` has no value: ${rendered.because}`));
  }
  for (const target of runbook.targets) {
    const addresses = target.addresses.flatMap((template) => addressesOf(template, roots, target.name, diagnostics));
    targets[target.name] = target.kind === "single" ? { address: addresses[0] ?? "" } : { addresses };
  }
  return diagnostics.length > 0 ? error(diagnostics) : ok(roots);
}

/** The same roots with a list of steps of their own: what is added to it is not seen by others. */
export function withOwnSteps(roots: Roots): Roots {
  const steps = Object.assign(emptyObject<StepRoot>(), roots.steps);
  return Object.assign(emptyObject<unknown>(), roots, { steps }) as unknown as Roots;
}

function addressesOf(template: Template, roots: Roots, name: string, diagnostics: Diagnostic[]): readonly string[] {
  const scope = withHoles(template, roots);
  const value = renderValue(template, scope);
  if (value.kind === "ok" && Array.isArray(value.value)) return value.value.map((item) => String(item));
  const text = renderText(template, scope);
  if (text.kind === "ok" && text.value !== "") return [text.value];
  const because = text.kind === "ok" ? "it is empty" : text.because;
  diagnostics.push(errorAt(template.span, "address-without-value", `target \`${name}\` has no address: ${because}`));
  return [];
}
