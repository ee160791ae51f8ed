import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../scripts/build.ts";
import { SSHD, startSshd, type Sshd } from "../world/sshd.ts";

const RUNBOOK = `runbook: 1
name: leave_a_note
title: Leave a note on each host
inputs:
  nodes: { type: list, items: string, description: The hosts }
  folder: { format: path, description: Where the notes go }
targets:
  nodes: { addresses: "{{inputs.nodes}}" }
steps:
  - id: each
    for-each: targets.nodes.addresses
    as: node
    max-parallel: 2
    block:
      - id: note
        title: Leave the note of {{node}}
        uses: run.program
        target: "{{node}}"
        with:
          program: sh
          args: ["-c", 'printf %s "$1" > "$1.txt"', sh, "{{node}}"]
          folder: "{{inputs.folder}}"
          effect: changes
          repeatable: true
`;

describe.skipIf(SSHD === undefined)("a run on two real hosts", () => {
  const folder = mkdtempSync(join(tmpdir(), "runbook-ssh-run-"));
  let sshd: Sshd;
  let program = "";
  beforeAll(async () => {
    sshd = await startSshd();
    ({ program } = await bundle(join(folder, "dist")));
    writeFileSync(join(folder, "note.yml"), RUNBOOK);
    writeFileSync(join(folder, "inventory.yml"), `inventory: 1\ntransports:\n  "node*": { kind: ssh, config: ${sshd.config} }\n  "dead*": { kind: ssh, config: ${sshd.config}, port: 1 }\nsystems:\n  pair: { inputs: { nodes: [node1, node2], folder: "${folder}" } }\n  dead: { inputs: { nodes: [node1, dead1], folder: "${folder}" } }\n`);
  }, 60_000);
  afterAll(() => {
    sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (words: readonly string[]) => spawnSync(program, ["run", "note.yml", "--yes", "--inventory", "inventory.yml", "--state", mkdtempSync(join(folder, "state-")), ...words], { cwd: folder, env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` }, encoding: "utf8" });

  test("does its steps there, over one connection a host", () => {
    const before = sshd.acceptedCount();
    const { status, stdout } = run(["--system", "pair"]);
    expect(stdout).toMatch(/system +pair\n/);
    expect(stdout).toContain("succeeded:");
    expect(status).toBe(0);
    expect(["node1", "node2"].map((name) => readFileSync(join(folder, `${name}.txt`), "utf8"))).toEqual(["node1", "node2"]);
    expect(sshd.acceptedCount() - before).toBe(2);
  });

  test("that cannot reach one of them says which, and what to do", () => {
    const { status, stdout } = run(["--system", "dead"]);
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("dead1 cannot be reached by ssh: ");
  });

  test("is never chosen by a project's configuration", () => {
    writeFileSync(join(folder, "runbook.config.yml"), "config: 1\ninventory: inventory.yml\nsystem: pair\n");
    const { status, stderr } = run([]);
    rmSync(join(folder, "runbook.config.yml"));
    expect(stderr).toContain("`pair` is a real system");
    expect(status).toBe(2);
  });
});
