import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { realpathSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { startSshd, type Sshd } from "../sshd.ts";
import { PWSH_LAB } from "./lab.ts";

/** A real SSH server with PowerShell behind it. Its `ssh` stands first in the PATH of this process until it is stopped, because PowerShell looks for it there. */
export async function startPowershellServer(): Promise<Sshd> {
  if (PWSH_LAB === undefined) throw new Error("there is no stand-in for pwsh");
  const folder = mkdtempSync(join(tmpdir(), "runbook-pwsh-"));
  writeFileSync(join(folder, "greeter"), "#!/bin/sh\necho 'Welcome to NODEA'\nexec sleep 600\n", { mode: 0o755 });
  const dotnet = dirname(realpathSync(execFileSync("sh", ["-c", "command -v dotnet"], { encoding: "utf8" }).trim()));
  const server = await startSshd([
    `Subsystem powershell /usr/bin/env DOTNET_ROOT=${dotnet} POWERSHELL_TELEMETRY_OPTOUT=1 ${PWSH_LAB}/out/pwsh -sshs -NoLogo -NoProfile`,
    `Subsystem greeter ${folder}/greeter`,
  ]);
  // PowerShell asks for names in lower case.
  const others = ["Host unknown", "  HostName 127.0.0.1", `  Port ${server.port}`, "  UserKnownHostsFile /dev/null", "Host nokey", "  HostName 127.0.0.1", `  Port ${server.port}`, "  HostKeyAlias the-host", `  UserKnownHostsFile ${server.knownHosts}`, `  IdentityFile ${server.folder}/host`, "  IdentitiesOnly yes", "Host closed", "  HostName 127.0.0.1", "  Port 1"];
  writeFileSync(join(folder, "config"), `${others.join("\n")}\nHost *\n  Include ${server.config}\n`);
  writeFileSync(join(folder, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${folder}/config "$@"\n`, { mode: 0o755 });
  const path = process.env["PATH"] ?? "";
  process.env["PATH"] = `${folder}${delimiter}${path}`;
  return {
    ...server,
    stop: () => {
      process.env["PATH"] = path;
      server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
