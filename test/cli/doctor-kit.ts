import { join } from "node:path";
import { onTestFinished } from "vitest";
import { rmSync } from "node:fs";
import { main } from "../../src/cli/main.ts";
import type { Check, Diagnosis, Finding } from "../../src/core/finding.ts";
import type { DoctorDocument } from "../../src/views/documents.ts";
import { projectWith } from "./project-fixture.ts";
import { stage, type StageOptions } from "./stage.ts";

/** What `doctor` came to. */
export interface Doctored {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `doctor` in a project of its own with these files. */
export async function doctorIn(files: Readonly<Record<string, string>>, words: readonly string[], options: StageOptions = {}): Promise<Doctored> {
  const folder = projectWith({ "runbook.config.yml": "config: 1\n", ...files });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { surroundings, out, err } = stage({ workingFolder: folder, ...options, env: { RUNBOOK_STATE: join(folder, "state"), ...options.env } });
  return { code: await main(["doctor", ...words], surroundings), out: out(), err: err() };
}

/** An inventory of one system, `lab`, whose addresses are reached so. */
export function inventoryOf(transports: Readonly<Record<string, string>>): string {
  return `inventory: 1\ntransports:\n${Object.entries(transports).map(([address, rule]) => `  "${address}": { kind: ssh, ${rule} }\n`).join("")}systems:\n  lab: {}\n`;
}

/** Looks at these addresses, and gives the document. */
export async function doctored(transports: Readonly<Record<string, string>>): Promise<DoctorDocument & { readonly code: number }> {
  const { code, out, err } = await doctorIn({ "inventory.yml": inventoryOf(transports) }, ["--inventory", "inventory.yml", "--system", "lab", "--json"]);
  if (out === "") throw new Error(err);
  return { ...(JSON.parse(out) as DoctorDocument), code };
}

/** What was found at a target about a check. */
export function found({ targets }: DoctorDocument, address: string, check: Check): readonly Finding[] {
  return targetOf(targets, address).findings.filter((finding) => finding.check === check);
}

/** A target by its address. */
export function targetOf(targets: readonly Diagnosis[], address: string): Diagnosis {
  const target = targets.find((one) => one.address === address);
  if (target === undefined) throw new Error(`${address} is no target`);
  return target;
}
