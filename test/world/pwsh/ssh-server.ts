import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { until } from "../real-process.ts";
import { PWSH_LAB } from "./lab.ts";

/** A real SSH server on loopback with PowerShell behind it, and an `ssh` that finds it by the names NODEA and NODEB. */
export interface SshServer {
  readonly folder: string;
  readonly port: number;
  /** The process id of the server. */
  readonly pid: () => number;
  readonly stop: () => void;
}

/** An endpoint of a role: two cmdlets, no language. */
const ROLE = "@{ SchemaVersion = '2.0.0.0'; GUID = 'b4a1f2f6-5a0f-4f7c-9b57-5b6a3d0e4a11'; SessionType = 'RestrictedRemoteServer'; LanguageMode = 'NoLanguage'; VisibleCmdlets = 'Get-Item', 'Get-Date', 'Write-Warning', 'Write-Error' }\n";

/** Starts the server; `stop` ends it. Its `ssh` stands first in the PATH of this process, because PowerShell looks for it there. */
export async function startSshServer(): Promise<SshServer> {
  if (PWSH_LAB === undefined) throw new Error("there is no stand-in for pwsh");
  const folder = mkdtempSync(join(tmpdir(), "runbook-sshd-"));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  execFileSync(join(PWSH_LAB, "sshd-lab"), ["up", folder, String(port)], { stdio: "pipe" });
  const pid = (): number => Number(readFileSync(join(folder, "sshd.pid"), "utf8"));
  writeFileSync(join(folder, "role.pssc"), ROLE);
  writeFileSync(join(folder, "greeter"), "#!/bin/sh\necho 'Welcome to NODEA'\nexec sleep 600\n", { mode: 0o755 });
  appendFileSync(join(folder, "sshd_config"), `Subsystem role ${PWSH_LAB}/out/pwsh -sshs -NoLogo -NoProfile -ConfigurationFile ${folder}/role.pssc\nSubsystem greeter ${folder}/greeter\n`);
  const before = readFileSync(join(folder, "sshd.log"), "utf8").split("Server listening").length;
  process.kill(pid(), "SIGHUP");
  await until(() => (readFileSync(join(folder, "sshd.log"), "utf8").split("Server listening").length > before ? true : undefined));
  const config = [
    "Host nodea nodeb unknown nokey", "HostName 127.0.0.1", `Port ${port}`, "User root", "IdentitiesOnly yes", "Host unknown", "UserKnownHostsFile /dev/null", "Host nokey", `IdentityFile ${folder}/host`,
    "Host closed", "HostName 127.0.0.1", "Port 1", "Host *", `UserKnownHostsFile ${folder}/known_hosts`, "GlobalKnownHostsFile /dev/null", "Host * !nokey", `IdentityFile ${folder}/id`,
  ];
  writeFileSync(join(folder, "ssh_config"), `${config.join("\n")}\n`);
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${folder}/ssh_config "$@"\n`);
  chmodSync(join(folder, "bin/ssh"), 0o755);
  const path = process.env["PATH"] ?? "";
  process.env["PATH"] = `${join(folder, "bin")}${delimiter}${path}`;
  return {
    folder,
    port,
    pid,
    stop: () => {
      process.env["PATH"] = path;
      spawnSync(join(PWSH_LAB ?? "", "sshd-lab"), ["down", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
