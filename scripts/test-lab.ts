// The tests on the real cluster: builds the program, brings the cluster up, runs them, and takes it down (test/lab/set-up.ts).
//
//   npm run test:lab                     the rolling update, and the faults that stand for the others
//   npm run test:lab -- --all            every fault, and the runner killed at every step
//   npm run test:lab -- faults -t lock   as for vitest: files, and names of tests
//
// RUNBOOK_LAB names the folder of the laboratory's scripts, LAB_DIR the one the cluster lives in.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const given = process.argv.slice(2);
const isAll = given.includes("--all");

function must(program: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status } = spawnSync(process.execPath, program, { cwd: ROOT, stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}

must(["scripts/build.ts"], process.env);
must(["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.lab.config.ts", ...given.filter((word) => word !== "--all")], { ...process.env, ...(isAll ? { RUNBOOK_LAB_FAULTS: "all" } : {}) });
