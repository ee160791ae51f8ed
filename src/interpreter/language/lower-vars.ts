import { errorAt } from "../../core/diagnostic.ts";
import type { Runbook, Template } from "../../core/runbook.ts";
import type { Schema } from "../../core/schema.ts";
import { secretsMadeIn } from "./check-secret.ts";
import { checkReads, checkText, typeOfTemplate } from "./check-template.ts";
import { limitedTo, type FileContext, type Place } from "./lower-context.ts";
import { parsedTemplate } from "./lower-text.ts";
import type { Node, ScalarNode } from "./node.ts";
import { pathsOf, singleValueOf } from "./template.ts";

interface Var {
  readonly name: string;
  readonly key: ScalarNode;
  readonly template: Template;
  /** Names of the vars that it reads. */
  readonly reads: readonly string[];
}

/** The vars of a file, and which of them depend on the run itself (`run.*`), so that no address and no lock may. */
export interface LoweredVars {
  readonly vars: Runbook["vars"];
  readonly ofTheRun: ReadonlySet<string>;
}

function parsedVars(node: Node | undefined, context: FileContext): ReadonlyMap<string, Var> {
  const vars = new Map<string, Var>();
  for (const { key, value } of node?.kind === "map" ? node.entries : []) {
    const template = parsedTemplate(value, context);
    if (template === undefined) continue;
    const reads = pathsOf(template).flatMap(({ path }) => (path[0] === "vars" && path[1] !== undefined ? [path[1]] : []));
    vars.set(key.text, { name: key.text, key, template, reads });
  }
  return vars;
}

/** Vars in an order in which each comes after those that it reads. A cycle is reported once, with its chain; its vars are left out. */
function inOrder(vars: ReadonlyMap<string, Var>, context: FileContext): readonly Var[] {
  const ordered: Var[] = [];
  const state = new Map<string, "open" | "placed" | "in-a-cycle">();
  const place = (entry: Var, chain: readonly string[]): void => {
    state.set(entry.name, "open");
    let isSound = true;
    for (const name of entry.reads) {
      const read = vars.get(name);
      if (read === undefined) continue;
      if (state.get(name) === undefined) place(read, [...chain, name]);
      else if (state.get(name) === "open") {
        const cycle = [...chain.slice(chain.indexOf(name)), name].map((part) => `\`${part}\``).join(" → ");
        context.report(errorAt(read.key.span, "var-cycle", `these vars need each other: ${cycle}`, "one of them must stand on inputs alone"));
      }
      if (state.get(name) !== "placed") isSound = false;
    }
    state.set(entry.name, isSound ? "placed" : "in-a-cycle");
    if (isSound) ordered.push(entry);
  };
  for (const entry of vars.values()) if (state.get(entry.name) === undefined) place(entry, [entry.name]);
  return ordered;
}

const KNOWN_EARLY = "vars are computed before the first step: only `inputs`, other `vars` and `run` can be read here";

/** The vars of a file, in dependency order; their types go into `types` as they are found, where `place` reads them. */
export function lowerVars(node: Node | undefined, types: Record<string, Schema>, place: Place, context: FileContext): LoweredVars {
  const parsed = parsedVars(node, context);
  if (node?.kind === "map") for (const { key } of node.entries) types[key.text] = { type: "any" };
  const inner = limitedTo(place, ["inputs", "vars", "run"], KNOWN_EARLY);
  const ofTheRun = new Set<string>();
  const vars: Runbook["vars"][number][] = [];
  for (const { name, template, reads } of inOrder(parsed, context)) {
    checkReads(template, "is-an-error", inner, context);
    if (singleValueOf(template) === undefined) checkText(template, inner, context);
    const { required: _, ...type } = typeOfTemplate(template, inner);
    const secrets = secretsMadeIn(template, inner);
    const schema: Schema = secrets === undefined ? type : { ...type, secret: true };
    types[name] = schema;
    if (pathsOf(template).some(({ path }) => path[0] === "run") || reads.some((read) => ofTheRun.has(read))) ofTheRun.add(name);
    vars.push({ name, template, schema, ...(secrets === undefined ? {} : { secrets }) });
  }
  return { vars, ofTheRun };
}
