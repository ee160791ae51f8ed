import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { SshWay } from "../../src/core/way.ts";
import { worstVerdict } from "../../src/core/finding.ts";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { Examination } from "../../src/doctor/examination.ts";
import type { PosixMachine } from "../../src/formats/posix-machine.ts";
import { doctorLines } from "../../src/views/doctor-text.ts";
import { PLAIN } from "../../src/views/style.ts";
import { silentFault, sshFailure } from "../../src/world/ssh-fault.ts";
import { stage } from "../cli/stage.ts";
import { blocksOf } from "./blocks.ts";
import { PROJECT } from "./project.ts";

const SHOWN = blocksOf("docs/real-systems.md").filter(({ language }) => language === "text").map(({ text }) => text.trimEnd().split("\n"));

/** What was seen of a database server that is well. */
function seen(number: number, aheadMs: number): Examination {
  const name = `db${number}`;
  const way: SshWay = { kind: "ssh", byHand: `ssh ${name}.lab.example`, printed: "", log: { account: "root", host: `10.77.0.1${number}`, port: 22, server: "OpenSSH_9.2p1", hostKey: "ssh-ed25519 SHA256:abc", knownBy: "known_hosts", isLetIn: true } };
  const space = { path: "/root", mount: "/", freeBytes: 8e10 };
  const machine: PosixMachine = { name, mark: name, os: "Debian GNU/Linux 12 (bookworm)", kernel: "Linux 6.1.0", account: "root", uid: 0, home: "/root", loginShell: "/bin/bash", sh: "/usr/bin/dash", powershell: "", locale: "", charmap: "", path: "/usr/sbin:/usr/bin", canKeepJobs: true, spaces: [{ place: "jobs", ...space }], missing: [] };
  return { address: `${name}.lab.example`, way, ms: 625 + 15 * number, firstMs: 400, failure: undefined, self: machine, machine: { kind: "ok", value: { kind: "posix", ...machine } }, clock: { kind: "ok", value: { aheadMs, withinMs: 20 } } };
}

test("the page on real systems shows a system of which one target fails and one warns as it is shown", () => {
  const address = "db3.lab.example";
  const fault = silentFault(address, { kind: "ssh" }, 15_000);
  const silent: Examination = { ...seen(3, 0), way: { kind: "ssh", byHand: `ssh ${address}`, printed: "", log: { isLetIn: false }, fault }, ms: 15_000, failure: sshFailure(address, fault), self: undefined, machine: undefined, clock: undefined };
  const targets = diagnose([silent, seen(1, 3), seen(2, -61_200)]);
  const verdict = worstVerdict(targets.map((target) => target.verdict));
  expect(SHOWN).toContainEqual(doctorLines({ v: 1, system: "lab", simulated: false, account: "grace", host: "desk", verdict, targets, patterns: [] }, "short", PLAIN));
});

test("the page's command on the simulated system shows what the page shows", async () => {
  const state = mkdtempSync(join(tmpdir(), "runbook-state-"));
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  const { surroundings, out } = stage({ workingFolder: PROJECT, env: { RUNBOOK_STATE: state } });
  expect(blocksOf("docs/real-systems.md").some(({ text }) => text.trim() === "npx --no-install runbook doctor ccr-rollup.yml --all")).toBe(true);
  expect(await main(["doctor", "ccr-rollup.yml", "--all"], surroundings)).toBe(0);
  const lines = out().trimEnd().split("\n");
  expect(SHOWN).toContainEqual(lines.slice(lines.findIndex((line) => line.startsWith("ok"))));
});
