import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the stand-in for `pwsh` around the real engine is described and built from: beside the repository, or where RUNBOOK_SHARED says. */
const SOURCE = join(process.env["RUNBOOK_SHARED"] ?? resolve(fileURLToPath(new URL("../../../..", import.meta.url)), "shared"), "lab/pwsh");

/** A build that takes longer than this was given up by whoever began it. */
const STALE_MS = 600_000;

/** The files that a build comes from, as paths from the folder; what was built is none of them. */
function sources(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((path) => !/(^|[\\/])(out|bin|obj)([\\/]|$)/.test(path) && statSync(join(SOURCE, path)).isFile())
    .toSorted();
}

function digest(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(SOURCE, path)));
  return hash.digest("hex").slice(0, 16);
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Builds in a copy, and gives it its name when it is done; another process that builds meanwhile is waited for. */
function built(): string {
  const paths = sources();
  const goal = join(tmpdir(), `runbook-pwsh-${digest(paths)}`);
  const building = `${goal}.building`;
  while (!existsSync(goal)) {
    try {
      mkdirSync(building);
    } catch {
      if (existsSync(building) && Date.now() - statSync(building).mtimeMs > STALE_MS) rmSync(building, { recursive: true, force: true });
      pause(250);
      continue;
    }
    try {
      for (const path of paths) cpSync(join(SOURCE, path), join(building, path));
      const build = spawnSync("dotnet", ["build", "-c", "Release", "-o", "out", "-m:1", "-nodeReuse:false"], { cwd: building, encoding: "utf8", env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_NOLOGO: "1" } });
      if (build.status !== 0) throw new Error(`the stand-in for pwsh cannot be built: ${build.stdout}${build.stderr}`);
      renameSync(building, goal);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
  }
  return goal;
}

/** The folder of the stand-in that was built; undefined where dotnet or the lab is missing. */
export const PWSH_LAB: string | undefined = existsSync(SOURCE) && spawnSync("dotnet", ["--version"]).status === 0 ? built() : undefined;

if (PWSH_LAB !== undefined) process.env["PATH"] = `${join(PWSH_LAB, "out")}${delimiter}${process.env["PATH"]}`;

/** True where a PowerShell can be started. */
export const HAS_POWERSHELL: boolean = spawnSync("pwsh", ["-NoProfile", "-Command", "1"]).status === 0;

/** True where, besides, a real SSH server can be: its program, and root, who alone may run it as `sshd-lab` does. */
export const HAS_REMOTING: boolean = PWSH_LAB !== undefined && existsSync("/usr/sbin/sshd") && process.getuid?.() === 0;

/** A test's limit: a PowerShell starts in a second, and in twenty on a machine that does much else. */
export const PATIENCE_MS = 300_000;
