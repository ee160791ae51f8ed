import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Registry } from "../../core/builtin.ts";
import type { Runbook } from "../../core/runbook.ts";
import type { Reader } from "./check-reach.ts";
import type { TypeScope } from "./expression.ts";
import type { DeclaredStep, Found } from "./lower-declare.ts";
import { makeTypeScope, type Root, type Roots } from "./type-scope.ts";

/** What holds for a whole file while it is lowered. */
export interface FileContext {
  /** Folder of the file, absolute: what `file` values and called files are relative to. */
  readonly folder: string;
  readonly registry: Registry;
  readonly report: (diagnostic: Diagnostic) => void;
  /** Roots of whose names some could not be read: that a name is not among them is no fault of its own. */
  readonly unsure: ReadonlySet<string>;
  readonly stepsById: ReadonlyMap<string, DeclaredStep>;
  readonly found: Found;
  /** Names of the targets, with what each is. */
  readonly targets: ReadonlyMap<string, "single" | "group">;
  /** What is in reach inside each step: filled as steps are lowered, for the texts of translations. */
  readonly places: Map<DeclaredStep, Place>;
  /** The file that a step calls; undefined where it could not be loaded, which has been reported. */
  readonly calleeOf: (step: DeclaredStep) => Runbook | undefined;
}

/** A place where names are read: what is in reach there, and who reads. */
export interface Place {
  readonly roots: Roots;
  readonly scope: TypeScope;
  readonly reader: Reader;
  /** Why a name that a step could read is not in reach here: a sentence; undefined where all are. */
  readonly limit: string | undefined;
}

/** A place where these roots are in reach. */
export function placeOf(roots: Roots, reader: Reader, limit?: string): Place {
  return { roots, scope: makeTypeScope(roots, reader.kind === "step" ? reader.step.id : undefined), reader, limit };
}

/** The place with one more root in reach. */
export function withRoot(place: Place, name: string, root: Root): Place {
  return placeOf(new Map(place.roots).set(name, root), place.reader, place.limit);
}

/** The same names in reach of another reader. */
export function readBy(place: Place, reader: Reader): Place {
  return placeOf(place.roots, reader, place.limit);
}

/** A place where only some of the roots are in reach, and the sentence that says why. */
export function limitedTo(place: Place, names: readonly string[], limit: string): Place {
  return placeOf(new Map([...place.roots].filter(([name]) => names.includes(name))), place.reader, limit);
}
