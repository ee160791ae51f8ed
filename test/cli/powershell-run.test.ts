import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/build.ts";
import { HAS_REMOTING, PATIENCE_MS } from "../world/pwsh/lab.ts";
import { startPowershellServer } from "../world/pwsh/ssh-server.ts";
import { until } from "../world/real-process.ts";
import type { Sshd } from "../world/sshd.ts";

const RUNBOOK = `runbook: 1
name: prepare
title: Prepare a node
inputs:
  node: { format: netbios_name, description: The node }
  source: { format: file, description: The package }
  folder: { format: path, description: Where it goes }
  work: { description: What the program does }
targets:
  node: { address: "{{inputs.node}}" }
target: node
steps:
  - id: which
    title: Which PowerShell does the node have?
    uses: run.powershell
    with:
      effect: reads
      script: |
        param($name)
        "$name has $($PSVersionTable.PSVersion.Major)"
      parameters: { name: "it's $(1)" }
    expect:
      - that: outputs.text.startsWith("it's $(1) has ")
        because: The name arrives as it was written.
  - id: copy
    title: Copy the package
    uses: file.copy
    with: { from: "{{inputs.source}}", to: "{{inputs.folder}}/rollup.msp" }
  - id: work
    title: Work
    uses: run.program
    with: { program: sh, args: ["-c", "{{inputs.work}}"], folder: "{{inputs.folder}}", effect: changes, repeatable: true }
`;

describe.runIf(HAS_REMOTING)("a run on a machine that is reached by PowerShell remoting", { timeout: PATIENCE_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), "runbook-powershell-run-"));
  let server: Sshd;
  let program = "";
  beforeAll(async () => {
    server = await startPowershellServer();
    ({ program } = await bundle(join(folder, "dist")));
    writeFileSync(join(folder, "prepare.yml"), RUNBOOK);
    writeFileSync(join(folder, "package"), "rollup");
    writeFileSync(join(folder, "inventory.yml"), `inventory: 1\ntransports:\n  default: { kind: powershell, via: ssh }\nsystems:\n  exclus1: { inputs: { node: NODEA, source: package, folder: "${folder}" } }\n`);
  });
  afterAll(() => {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const words = (work: string): readonly string[] => ["run", "prepare.yml", "--yes", "--inventory", "inventory.yml", "--system", "exclus1", "--set", `work=${work}`, "--state", mkdtempSync(join(folder, "state-"))];
  const place = () => ({ cwd: folder, env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` } });

  test("does its steps there, through one session", () => {
    const before = server.acceptedCount();
    const { status, stdout, stderr } = spawnSync(program, words("echo done > done.txt"), { ...place(), encoding: "utf8" });
    expect(`${stdout}${stderr}`).toContain("succeeded:");
    expect(status).toBe(0);
    expect(readFileSync(join(folder, "rollup.msp"), "utf8")).toBe("rollup");
    expect(readFileSync(join(folder, "done.txt"), "utf8")).toBe("done\n");
    expect(server.acceptedCount() - before).toBe(1);
  });

  test("that dies takes with it what ran there, and leaves no session behind", async () => {
    const runner = spawn(program, words("sleep 600 & echo $! > pid.txt; wait"), { ...place(), stdio: "ignore" });
    const pid = await until(() => (existsSync(join(folder, "pid.txt")) ? readFileSync(join(folder, "pid.txt"), "utf8").trim() || undefined : undefined));
    runner.kill("SIGKILL");
    await until(() => (existsSync(`/proc/${pid}`) ? undefined : true));
    await until(() => (server.connections().length > 0 ? undefined : true));
  });
});
