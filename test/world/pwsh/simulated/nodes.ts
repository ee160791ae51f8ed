import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { endProcess, home, startSshd, type Sshd } from "../../sshd.ts";
import { PWSH_LAB } from "../lab.ts";
import { cmdletNames, KEPT_CMDLETS, nodeModule } from "./node-module.ts";

/** A simulated node's real side: an SSH server of its own with PowerShell behind it. */
export interface RealNode {
  readonly name: string;
  readonly server: Sshd;
  /** Its disk: the folder in which everything runs there. A path of Windows is the name of a file in it. */
  readonly disk: string;
  /** Where its jobs are kept. */
  readonly jobs: string;
}

/** What the nodes are made of. */
export interface NodePlan {
  readonly names: readonly string[];
  /** The base version of their Exchange: what parameters its cmdlets have. */
  readonly base: string;
  /** The programs that they have, `cluster.exe`. */
  readonly programs: readonly string[];
  /** Where the world answers: a socket, and a proxy for pages of the web. */
  readonly socket: string;
  readonly proxy: string;
}

/** Real nodes, which are there until they are stopped. */
export interface RealNodes {
  readonly of: (name: string) => RealNode | undefined;
  readonly stop: () => void;
}

/** The zone of the nodes: not that of the runner, and with a difference to UTC. */
const ZONE = "Asia/Tokyo";

/** The module that stands in place of the engine's own of that name, so that its cmdlets are there before a like one is. */
const MODULE = "Microsoft.PowerShell.Management";

/** Lays down a program folder and a module folder, and starts the servers; their `ssh` stands first in the PATH of this process until they are stopped. */
export async function startNodes({ names, base, programs, socket, proxy }: NodePlan): Promise<RealNodes> {
  if (PWSH_LAB === undefined) throw new Error("there is no stand-in for pwsh");
  const folder = mkdtempSync(join(tmpdir(), "runbook-nodes-"));
  chmodSync(folder, 0o755);
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const relay = join(folder, "relay.mjs");
  writeFileSync(relay, `#!${process.execPath}\n${readFileSync(fileURLToPath(new URL("relay.mjs", import.meta.url)), "utf8")}`, { mode: 0o755 });
  for (const program of programs) symlinkSync(relay, join(bin, program));
  const dotnet = dirname(realpathSync(execFileSync("sh", ["-c", "command -v dotnet"], { encoding: "utf8" }).trim()));
  const nodes: RealNode[] = [];
  for (const name of names) {
    const disk = join(folder, name);
    mkdirSync(disk);
    const start = join(folder, `${name}.sh`);
    const env = { RUNBOOK_NODE: name, RUNBOOK_WORLD: socket, PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin`, TZ: ZONE, http_proxy: proxy, DOTNET_ROOT: dotnet, POWERSHELL_TELEMETRY_OPTOUT: "1" };
    writeFileSync(start, `#!/bin/sh\ncd ${disk} && exec env ${Object.entries(env).map(([key, value]) => `'${key}=${value}'`).join(" ")} ${PWSH_LAB}/out/pwsh -sshs -NoLogo -NoProfile\n`, { mode: 0o755 });
    const server = await startSshd([`Subsystem powershell ${start}`]);
    layModule(join(home(server.folder), ".local/share/powershell/Modules", MODULE), base);
    nodes.push({ name, server, disk, jobs: join(home(server.folder), ".local/share/runbook/jobs") });
  }
  const config = join(folder, "config");
  // PowerShell asks for names in lower case.
  writeFileSync(config, nodes.map(({ name, server }) => `Host ${name.toLowerCase()}\n  Include ${server.config}\n`).join(""));
  const own = join(folder, "ssh-bin");
  mkdirSync(own);
  writeFileSync(join(own, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${config} "$@"\n`, { mode: 0o755 });
  const path = process.env["PATH"] ?? "";
  process.env["PATH"] = `${own}${delimiter}${path}`;
  return {
    of: (name) => nodes.find((node) => node.name === name),
    stop: () => {
      process.env["PATH"] = path;
      for (const { server } of nodes) server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The engine's own cmdlets of that module, and the world's. */
function layModule(folder: string, base: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "World.psm1"), nodeModule(base));
  const names = (list: readonly string[]): string => list.map((name) => `'${name}'`).join(", ");
  writeFileSync(join(folder, `${MODULE}.psd1`), `@{ GUID = 'b4c9a5d6-0f5e-4a4b-9f0a-3d1f4e0c7a11'; ModuleVersion = '7.0.0.1'; RootModule = 'World.psm1'; NestedModules = @('${PWSH_LAB}/out/Lab.Management.dll')
FunctionsToExport = @(${names(cmdletNames())}); CmdletsToExport = @(${names(KEPT_CMDLETS)}); AliasesToExport = @() }\n`);
}

/** The parent of a process; undefined where it is gone. */
function parentOf(pid: number): number | undefined {
  const said = execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }).trim();
  return said === "" ? undefined : Number(said);
}

/** Breaks the connection that a PowerShell of a node serves. */
export function cutConnection(pid: number): void {
  const server = parentOf(pid);
  if (server !== undefined && server > 1) endProcess(server);
}
