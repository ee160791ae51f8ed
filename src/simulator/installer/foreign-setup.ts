import type { InstallState, JobState } from "../job-state.ts";
import { placeFile } from "../files.ts";
import type { NodeState } from "../node-state.ts";
import { nextNumber } from "../schedule.ts";
import type { WorldState } from "../world-state.ts";
import { startInstall } from "./install.ts";

/** Another administrator starts the setup of a package on a node, by hand and without a question: it goes on like one of ours, and no list of jobs of ours has it (F37). */
export function startForeignSetup(state: WorldState, node: NodeState, kb: string): void {
  const known = state.packages.find((other) => other.kb === kb);
  if (known === undefined) throw new Error(`the world has no package ${kb}`);
  if (node.power !== "on") return;
  const path = `C:\\Temp\\${kb}.msp`;
  placeFile(node, { path, bytes: known.fileBytes, sha256: known.sha256 });
  const install: InstallState = { kb: "", removes: false, phase: "check", phaseSinceMs: state.nowMs, remembered: [], outcome: {}, failure: 0, mayRestart: false, asks: false };
  const job: JobState = { name: `another administrator ${nextNumber(state)}`, program: "msiexec.exe", args: ["/update", path, "/quiet", "/norestart"], startedMs: state.nowMs, state: "running", history: [], install, foreign: true };
  node.jobs.push(job);
  startInstall(state, node, job, install);
}
