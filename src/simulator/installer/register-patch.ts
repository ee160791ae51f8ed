import { sha256 } from "../../core/digest.ts";
import { compareVersions } from "../../core/version.ts";
import type { InstallState } from "../job-state.ts";
import type { NodeState, PatchState } from "../node-state.ts";
import type { PackageState, WorldState } from "../world-state.ts";

/** The patch that a package registers. Its packed code is made up from the article's number: 32 hexadecimal digits, as Windows Installer packs a patch code (domain page, 4.4). */
export function patchOf(known: PackageState, installedMs: number): PatchState {
  const code = sha256(`patch ${known.kb}`).slice(0, 32).toUpperCase();
  return { code, kb: known.kb, displayName: known.displayName, build: known.build, installedMs, interim: false, removable: known.removable };
}

/** Windows Installer registers the patch and the files have its build, unless the outcome leaves them old (domain page, 7.3 phase 5; F22). */
export function registerPatch(state: WorldState, node: NodeState, install: InstallState): void {
  const known = state.packages.find((other) => other.kb === install.kb);
  if (known === undefined) return;
  const { patches } = node.exchange;
  const at = patches.findIndex((patch) => patch.kb === known.kb);
  if (at !== -1) patches.splice(at, 1);
  patches.push(patchOf(known, state.nowMs));
  const newer = compareVersions(known.build, node.exchange.fileBuild) > 0;
  if (newer && install.outcome.files !== "old") node.exchange.fileBuild = known.build;
}

/** Windows Installer removes the patch: the files of the highest one that is left come back, or those of the base (domain page, 4.9). */
export function removePatch(node: NodeState, install: InstallState): void {
  const { patches, base } = node.exchange;
  const at = patches.findIndex((patch) => patch.kb === install.kb);
  if (at !== -1) patches.splice(at, 1);
  const left = patches.filter((patch) => !patch.interim).map((patch) => patch.build);
  if (install.outcome.files !== "old") node.exchange.fileBuild = left.reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b), base);
}

/** The value `State` of a registered patch: 1 applied, 2 superseded by a higher build, 4 obsolete since a service pack, which it is below (domain page, 4.4, from memory). */
export function patchStateOf(node: NodeState, patch: PatchState): 1 | 2 | 4 {
  if (!patch.interim && compareVersions(patch.build, node.exchange.base) < 0) return 4;
  const higher = node.exchange.patches.some((other) => !other.interim && compareVersions(other.build, patch.build) > 0);
  return !patch.interim && higher ? 2 : 1;
}
