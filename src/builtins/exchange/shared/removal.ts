import type { Failure } from "../../../core/failure.ts";
import { compareVersions } from "../../../core/version.ts";
import { isRollup, PATCHES_KEY, type Patch, type RollupLevel } from "./rollup-level.ts";

/** What is wanted of a removal. */
export interface RemovalWish {
  /** Build of the rollup that is to go. */
  readonly build: string;
  /** Build that must be left; undefined where any is right. */
  readonly to_build?: string | undefined;
}

/** How a node stands to a wish. */
export type Removal =
  /** Nothing of the rollup is there. */
  | { readonly kind: "nothing"; readonly because: string }
  /** It is in force, and can be removed; `leaves` is the build that comes back. */
  | { readonly kind: "removable"; readonly code: string; readonly leaves: string }
  | { readonly kind: "obstacle"; readonly failure: Failure };

/** The command that shows an administrator what Windows Installer has registered. */
export const SHOWN_BY = `\`reg.exe query ${PATCHES_KEY} /s\` shows it`;

/** The rollup of a build that is in force, or covered by a newer one. */
function registered(level: RollupLevel, build: string): Patch | undefined {
  return level.patches.find((patch) => patch.build !== undefined && isRollup(patch.displayName) && (patch.state === "applied" || patch.state === "superseded") && compareVersions(patch.build, build) === 0);
}

/** The patch code of the rollup of a build; undefined where none of that build is registered, or its key is no packed code. */
export function patchCodeOf(level: RollupLevel, build: string): string | undefined {
  return registered(level, build)?.code;
}

/** The build that is in force once the rollup of `build` is gone: old rollups stay listed, and the highest below it comes back, else the base (domain page, 4.4 and 4.9). */
function leftBelow(level: RollupLevel, build: string): string {
  return level.patches
    .filter((patch) => isRollup(patch.displayName) && patch.state !== "obsolete")
    .flatMap((patch) => (patch.build !== undefined && compareVersions(patch.build, build) < 0 ? [patch.build] : []))
    .reduce((highest, other) => (compareVersions(other, highest) > 0 ? other : highest), level.base);
}

function against(code: string, because: string): Removal {
  return { kind: "obstacle", failure: { code, because: `${because}; ${SHOWN_BY}` } };
}

/** How the node stands to a wish, by both witnesses (domain page, 4.4, 4.7 and 4.9). */
export function removalOf(level: RollupLevel, { build, to_build: wanted }: RemovalWish): Removal {
  const name = level.rollup?.displayName ?? "no rollup";
  const order = compareVersions(level.build, build);
  if (order > 0) return against("newer_rollup", `the node is at ${level.build} (${name}), above ${build}. Remove that one first: give its build`);
  if (order < 0) {
    if (compareVersions(level.fileBuild, build) >= 0) return against("half_installed", `ExSetup.exe says ${level.fileBuild}, and the registry ${level.build} (${name}): the files are newer than what is registered, and nothing is registered that could be removed. Restart the node if a restart is pending; else install the rollup again, elevated, and remove it then`);
    if (wanted !== undefined && compareVersions(level.lower, wanted) > 0) return against("other_level", `the node is at ${level.lower} (${name}), and ${wanted} is wanted. It has another rollup than ${build}: give its build`);
    return { kind: "nothing", because: `the node is at ${level.lower}, below ${build}` };
  }
  const patch = registered(level, build);
  if (patch?.code === undefined) return against("not_applied", `no rollup of build ${build} is registered with its patch code, so none can be removed`);
  if (patch.removable === false) return against("not_removable", `${patch.displayName} was made so that it cannot be removed (\`Uninstallable\` is 0). Only Exchange as a whole can be removed and installed again`);
  const leaves = leftBelow(level, build);
  if (wanted !== undefined && compareVersions(leaves, wanted) !== 0) return against("other_level", `without ${patch.displayName} the node would be at ${leaves}, not at ${wanted}`);
  return { kind: "removable", code: patch.code, leaves };
}
