import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ClosableTransport } from "../../../src/world/powershell-transport.ts";
import { options, temporaryFolder, until } from "../real-process.ts";
import { HAS_REMOTING, PATIENCE_MS } from "./lab.ts";
import { cmdletOf, remote } from "./remote-kit.ts";

/** The parent of a process. */
function parentOf(pid: number): number {
  return Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }));
}

/** The SSH clients that a process of this machine started, at any depth. */
function sshClients(): readonly number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const rows = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).flatMap((found) => (found === null ? [] : [{ pid: Number(found[1]), parent: Number(found[2]), args: found[3] ?? "" }]));
  const below = (pid: number): boolean => {
    for (let at = rows.find((row) => row.pid === pid); at !== undefined && at.pid > 1; at = rows.find((row) => row.pid === at?.parent)) if (at.parent === process.pid) return true;
    return false;
  };
  return rows.filter(({ pid, args }) => /^(\/usr\/bin\/)?ssh /.test(args) && below(pid)).map(({ pid }) => pid);
}

describe.runIf(HAS_REMOTING)("a channel that breaks", { timeout: PATIENCE_MS }, () => {
  const there = remote();

  /** A cmdlet that goes on until it is stopped, and a file that says how far it came. */
  async function running(transport: ClosableTransport): Promise<{ readonly answer: ReturnType<ClosableTransport["cmdlet"]>; readonly pid: number; readonly said: () => string }> {
    const file = join(temporaryFolder(), "steps");
    const Command = `[IO.File]::WriteAllText('${file}', "$PID "); try { for ($i = 0; $i -lt 600; $i++) { Start-Sleep -Milliseconds 200 } } finally { [IO.File]::AppendAllText('${file}', 'FINALLY') }`;
    const answer = cmdletOf(transport)("Invoke-Expression", { Command });
    const pid = await until(() => (existsSync(file) && /^\d+ /.test(readFileSync(file, "utf8")) ? Number.parseInt(readFileSync(file, "utf8"), 10) : undefined));
    return { answer, pid, said: () => readFileSync(file, "utf8") };
  }

  test.each<[string, (pid: number) => number, boolean]>([
    ["the server's process of the connection is killed", parentOf, true],
    ["the PowerShell on the server is killed", (pid) => pid, false],
  ])("is lost, not ok and no error of the cmdlet, where %s; the next call opens it anew", async (_title, victim, isStopped) => {
    const transport = there.open();
    const { answer, pid, said } = await running(transport);
    process.kill(victim(pid), "SIGKILL");
    expect(await answer).toMatchObject({ kind: "lost", because: expect.stringContaining("the session with NODEA broke while Invoke-Expression ran") });
    await until(() => (existsSync(`/proc/${pid}`) ? undefined : true));
    if (isStopped) expect(said()).toContain("FINALLY");
    expect(await cmdletOf(transport)("Get-Date", {})).toMatchObject({ kind: "ok" });
    transport.close();
  });

  test("is lost where the SSH client is killed, and what ran there is stopped", async () => {
    const transport = there.open();
    const before = sshClients();
    const { answer, pid, said } = await running(transport);
    for (const client of sshClients()) if (!before.includes(client)) process.kill(client, "SIGKILL");
    expect(await answer).toMatchObject({ kind: "lost" });
    await until(() => (existsSync(`/proc/${pid}`) ? undefined : true));
    expect(said()).toContain("FINALLY");
    transport.close();
  });

  test("is lost with packets that vanish, which nothing else would ever notice", async () => {
    const transport = there.open();
    const { answer, pid } = await running(transport);
    const sshd = parentOf(pid);
    // A stopped server neither answers nor closes, as a cut cable.
    process.kill(sshd, "SIGSTOP");
    expect(await answer).toMatchObject({ kind: "lost" });
    process.kill(sshd, "SIGKILL");
    transport.close();
  });

  test("takes what ran there with it where the runner gives up at the limit or is cancelled", async () => {
    const transport = there.open();
    const cancelled = new AbortController();
    const file = join(temporaryFolder(), "pid");
    const Command = `[IO.File]::WriteAllText('${file}', "$PID"); Start-Sleep 600`;
    const answer = transport.cmdlet({ kind: "cmdlet", name: "Invoke-Expression", parameters: { Command }, properties: [] }, options({ signal: cancelled.signal }));
    const pid = await until(() => (existsSync(file) && readFileSync(file, "utf8") !== "" ? readFileSync(file, "utf8") : undefined));
    cancelled.abort();
    expect(await answer).toMatchObject({ kind: "lost", because: expect.stringContaining("cancelled") });
    await until(() => (existsSync(`/proc/${pid}`) ? undefined : true));
  });

  test("ends a program there with its tree", async () => {
    const transport = there.open();
    const file = join(temporaryFolder(), "pid");
    const answer = transport.run({ kind: "program", program: "/bin/sh", args: ["-c", `sleep 600 & echo $! > ${file}; wait`] }, options());
    const pid = await until(() => (existsSync(file) && readFileSync(file, "utf8") !== "" ? readFileSync(file, "utf8").trim() : undefined));
    transport.close();
    expect(await answer).toMatchObject({ kind: "lost" });
    await until(() => (existsSync(`/proc/${pid}`) ? undefined : true));
  });
});

describe.runIf(HAS_REMOTING)("a target that cannot be reached", { timeout: PATIENCE_MS }, () => {
  const there = remote();

  test.each<[string, Parameters<typeof there.open>[0], object]>([
    ["no server", { host: "closed" }, { code: "unreachable", because: expect.stringContaining("no SSH server answers on NODEA") }],
    ["a key that nobody verified", { host: "unknown" }, { code: "denied", because: expect.stringContaining("connect once by hand") }],
    ["an account that it refuses", { host: "nokey" }, { code: "denied", because: expect.stringContaining("refuses the account") }],
    ["no PowerShell behind the server", { configuration: "none" }, { code: "unreachable", because: expect.stringContaining("Subsystem powershell") }],
    ["a name that nobody knows", { host: "no-such-host.invalid" }, { code: "unreachable", because: expect.stringContaining("is not known to this machine") }],
    ["by computer name from a machine without WinRM", { via: "computer" }, { code: "unreachable", because: expect.stringContaining("that needs Windows") }],
    ["no PowerShell on this machine", { executable: "no-such-pwsh" }, { code: "not_found", because: expect.stringContaining("no PowerShell (no-such-pwsh)") }],
  ])("is told with its cure: %s", async (_title, parts, failure) => {
    expect(await cmdletOf(there.open(parts))("Get-Date", {})).toEqual({ kind: "failed", failure });
  });

  test("because it greets and then says nothing is given up: the engine itself never would", async () => {
    expect(await cmdletOf(there.open({ configuration: "greeter" }))("Get-Date", {}, [], { limitMs: 15_000 })).toEqual({ kind: "failed", failure: { code: "unreachable", because: expect.stringContaining("did not open a session in time") } });
  });
});

describe.runIf(HAS_REMOTING)("an endpoint that takes cmdlets alone", { timeout: PATIENCE_MS }, () => {
  const there = remote();

  /** A PowerShell whose sessions are without language and show a few commands, as those of a role do; the stand-in cannot read such an endpoint's own file. */
  function role(): ClosableTransport {
    const restrict = "foreach ($c in Get-Command Remove-Item, Invoke-Expression) { $c.Visibility = 'Private' }; $ExecutionContext.SessionState.Applications.Clear(); $ExecutionContext.SessionState.LanguageMode = 'NoLanguage'";
    const line = `function New-PSSession { [CmdletBinding()] param($HostName, $Options, $ConnectingTimeout) $s = Microsoft.PowerShell.Core\\New-PSSession @PSBoundParameters; $null = Invoke-Command -Session $s { ${restrict} }; $s }`;
    const file = join(temporaryFolder(), "role-pwsh");
    writeFileSync(`${file}.line`, `${line}\n`);
    writeFileSync(file, `#!/bin/sh\ncat ${file}.line - | pwsh "$@"\n`);
    chmodSync(file, 0o755);
    return there.open({ executable: file });
  }

  test("gives their records, an enum of the other machine by its name, and their errors by their own class", async () => {
    const transport = role();
    expect(await cmdletOf(transport)("Get-Item", { Path: "/etc/passwd" }, ["FullName", "Attributes"])).toEqual({ kind: "ok", value: { records: [{ FullName: "/etc/passwd", Attributes: "Normal" }] } });
    expect(await cmdletOf(transport)("Get-Item", { Path: "/no/such" })).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    expect(await cmdletOf(transport)("Remove-Item", { Path: "/no/such" })).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
    expect(await transport.run({ kind: "program", program: "/bin/true", args: [] }, options())).toMatchObject({ kind: "failed", failure: { code: "denied", because: expect.stringContaining("takes cmdlets alone") } });
    transport.close();
  });
});
