import type { InstallOutcome } from "../job-state.ts";
import type { NodeState } from "../node-state.ts";

/** What setup needs on the drive of Windows for its temporary files and the Installer's cache (from memory; no source names a number). */
export const SETUP_ROOM_BYTES = 500_000_000;

/** What the machine makes of an installation that would go well: PowerShell 3.0 and scripts that Group Policy forbids let it fail late (domain page, 2.8, F6); without elevation files stay as they were, and no error tells it (F22). */
export function outcomeOn(node: NodeState, outcome: InstallOutcome): InstallOutcome {
  if ((outcome.exitCode ?? 0) !== 0) return outcome;
  const policy = node.machine.executionPolicy.machine ?? node.machine.executionPolicy.user;
  const noScripts = policy === "Restricted" || policy === "AllSigned";
  if (noScripts || Number(node.powershell.split(".")[0]) >= 3) return { ...outcome, exitCode: 1603, failsIn: "images", services: "disabled" };
  return node.elevated ? outcome : { ...outcome, files: "old" };
}
