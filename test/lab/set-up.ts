import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { lockFiles } from "../../src/world/lock-file.ts";
import { forgetClients, LAB_DIR, script, SCRIPTS, tried, update, whyNot } from "./cluster.ts";

/** Brings the cluster up, with the updates to install; why it cannot be, or undefined. One that came up half is taken down. */
async function bringUp(isUp: boolean): Promise<string | undefined> {
  const { exitCode, stderr } = isUp ? { exitCode: 0, stderr: "" } : await tried("up", [], 900_000);
  if (exitCode !== 0) {
    await tried("down", [], 300_000);
    return `\`up\` ended with ${exitCode}: ${stderr.trim().split("\n").at(-1) ?? ""}`;
  }
  if (!existsSync(update("2.0_all"))) await script("mkdeb");
  forgetClients();
  return undefined;
}

let isOurs = false;

/** Brings the cluster up before the first test. One that is up already is used, and left as it is. */
export async function setup({ provide }: TestProject): Promise<void> {
  const faults = process.env["RUNBOOK_LAB_FAULTS"] === "all" ? "all" : "chosen";
  const isUp = existsSync(join(LAB_DIR, "env"));
  let because = whyNot();
  if (because === undefined) {
    mkdirSync(LAB_DIR, { recursive: true });
    if (lockFiles(LAB_DIR).acquire(["tests"], String(process.pid)).kind === "taken") because = "other tests use it at this moment";
  }
  if (because === undefined) {
    process.stdout.write(`The cluster in ${LAB_DIR} is ${isUp ? "up already, and is left up" : `brought up from ${SCRIPTS}`}\n`);
    because = await bringUp(isUp);
  }
  isOurs = because === undefined && !isUp;
  provide("laboratory", { because, faults });
  if (because !== undefined) process.stdout.write(`There is no cluster to test on, so its tests are skipped: ${because}\n`);
  else if (faults === "chosen") process.stdout.write("Faults that stand for the others are tried; `npm run test:lab -- --all` tries all\n");
}

/** Takes down what was brought up here. */
export async function teardown(): Promise<void> {
  if (isOurs) await script("down", [], 300_000);
}
