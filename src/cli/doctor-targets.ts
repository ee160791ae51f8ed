import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import { error, ok, type Result } from "../core/result.ts";
import { namedAddresses } from "../interpreter/language/inventory-rules.ts";
import { isSimulated } from "../interpreter/language/inventory.ts";
import { chooseSystem, type ChosenSystem } from "./choose-system.ts";
import type { CommandContext } from "./command.ts";
import { prepare, stateFolderOf } from "./prepare.ts";
import { openProject } from "./project.ts";
import type { PreparedPlace } from "./run-ports.ts";

/** What is to be looked at. */
export interface DoctorTargets extends PreparedPlace {
  /** Each once; undefined where the nodes of a world are meant. */
  readonly addresses: readonly string[] | undefined;
  /** Patterns whose addresses nothing names. */
  readonly patterns: readonly string[];
}

/** The machine that runs the interpreter. */
const LOCAL = "local";

/** The addresses of a runbook with its inputs; without one, those that the inventory names for the system, or this machine. `left`: a person went away from a prompt. */
export async function doctorTargets(context: CommandContext): Promise<Result<DoctorTargets, readonly Diagnostic[] | "left">> {
  if (context.args.operands.length > 0) {
    const prepared = await prepare(context);
    if (prepared.kind === "error") return prepared;
    const { plan, runbook, chosen, stateFolder } = prepared.value;
    // Of a runbook that has targets this machine is none of them.
    if (plan.addresses.length === 0 && runbook.targets.length > 0) {
      const named = runbook.targets.map(({ name }) => `\`${name}\``).join(", ");
      return error([errorWithoutPlace("no-addresses", `no machine was looked at: with these inputs ${plan.file} has none, its ${runbook.targets.length === 1 ? "target" : "targets"} ${named} ${runbook.targets.length === 1 ? "is" : "are"} empty`, "name machines in its inputs: --set NAME=VALUE, --values FILE, or another system: --system NAME")]);
    }
    return ok({ chosen, stateFolder, addresses: plan.addresses.length === 0 ? [LOCAL] : plan.addresses, patterns: [] });
  }
  const idle = ["set", "values"].filter((flag) => context.args.values.has(flag));
  if (idle.length > 0) return error(idle.map((flag) => errorWithoutPlace("no-runbook", `--${flag} gives a value to an input of a runbook, and none is named`, "doctor FILE, or leave it out")));
  const project = openProject(context.surroundings.workingFolder);
  if (project.kind === "error") return project;
  const chosen = chooseSystem(context, project.value);
  if (chosen.kind === "error") return chosen;
  const named = addressesOf(chosen.value);
  if (named.kind === "error") return named;
  const stateFolder = await stateFolderOf(context, project.value);
  return stateFolder.kind === "error" ? stateFolder : ok({ chosen: chosen.value, stateFolder: stateFolder.value, ...named.value });
}

function addressesOf({ inventory, system, name }: ChosenSystem): Result<Pick<DoctorTargets, "addresses" | "patterns">, readonly Diagnostic[]> {
  if (inventory === undefined || system === undefined) return ok({ addresses: [LOCAL], patterns: [] });
  if (isSimulated(system)) return ok({ addresses: undefined, patterns: [] });
  const { addresses, patterns } = namedAddresses(system.transports, inventory.transports);
  if (addresses.length > 0) return ok({ addresses, patterns });
  if (system.transports.length + inventory.transports.length === 0) return ok({ addresses: [LOCAL], patterns: [] });
  if (system.transports.some(({ kind, pattern }) => kind === LOCAL && pattern === "default")) return ok({ addresses: [LOCAL], patterns: [] });
  return error([errorWithoutPlace("no-addresses", `${inventory.source.name} names no address of \`${name}\`: only ${patterns.map((pattern) => `\`${pattern}\``).join(", ")}, which stand for any`, `name a runbook, whose inputs say which addresses there are: doctor FILE --system ${name}; or give each address a rule of its own under \`transports\``)]);
}
