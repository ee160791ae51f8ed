import type { AnyBuiltin, Registry } from "../../core/builtin.ts";
import type { ObjectSchema } from "../../core/schema.ts";
import { CONFIG_RECORDS } from "./schema-config.ts";
import { INPUT_RECORDS, TYPE_CASES } from "./schema-input.ts";
import { INVENTORY_RECORDS, TRANSPORT_CASES } from "./schema-inventory.ts";
import { recordPlaceOf, requiredOf } from "./schema-of.ts";
import { type CaseBranch, type Grammar, recordOf, type RecordPlace } from "./schema-place.ts";
import { RUNBOOK_RECORDS } from "./schema-runbook.ts";
import { STEP_RECORDS, usesCases } from "./schema-step.ts";
import { TEXTS_RECORDS } from "./schema-texts.ts";

/** The grammars of all kinds of file: `runbook` with the inputs of every builtin, `world` from the simulator's schema. Their order, and that of the builtins in them, does not depend on the registry's. */
export function composeGrammars(registry: Registry, world: ObjectSchema): readonly Grammar[] {
  return [
    runbookGrammar(registry),
    { title: "An inventory of systems", root: "inventory", records: INVENTORY_RECORDS, cases: [TRANSPORT_CASES] },
    worldGrammar(world),
    { title: "A runbook's texts in another language", root: "texts", records: TEXTS_RECORDS, cases: [] },
    { title: "A project of runbooks", root: "config", records: CONFIG_RECORDS, cases: [] },
  ];
}

function runbookGrammar(registry: Registry): Grammar {
  const builtins = [...registry.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const records: RecordPlace[] = [...RUNBOOK_RECORDS, ...STEP_RECORDS, ...INPUT_RECORDS];
  const branches: Record<string, CaseBranch> = {};
  for (const builtin of builtins) branches[builtin.name] = branchOf(builtin, records);
  return { title: "A runbook", root: "runbook", records, cases: [TYPE_CASES, usesCases(branches)] };
}

/** What a builtin asks of the step that uses it. A person takes the time that a person takes: `human.*` has no limit. */
function branchOf(builtin: AnyBuiltin, records: RecordPlace[]): CaseBranch {
  const name = `with.${builtin.name}`;
  records.push(recordPlaceOf(builtin.inputs, name, `\`${builtin.name}\``, "allowed", records));
  const excludes = [...(builtin.place === "none" ? ["target"] : []), ...(builtin.name.startsWith("human.") ? ["timeout"] : [])];
  return { keys: { with: recordOf(name) }, requires: requiredOf(builtin.inputs).length > 0 ? ["with"] : [], excludes };
}

function worldGrammar(world: ObjectSchema): Grammar {
  const records: RecordPlace[] = [];
  records.push(recordPlaceOf(world.properties, "world", "a world", "none", records));
  return { title: "A simulated system", root: "world", records, cases: [] };
}
