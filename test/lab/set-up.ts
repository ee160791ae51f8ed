import type { TestProject } from "vitest/node";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { forgetClients, isHealthy, LAB_DIR, script, SCRIPTS, tried, update, whyNot } from "./cluster.ts";

/** Brings the cluster up before the first test; what it gives back takes it down. One that is up already is used, and left as it is. */
export default async function setUp({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const faults = process.env["RUNBOOK_LAB_FAULTS"] === "all" ? "all" : "chosen";
  const because = whyNot();
  provide("laboratory", { because, faults });
  if (because !== undefined) {
    process.stdout.write(`The cluster cannot be brought up here: ${because}\n`);
    return undefined;
  }
  const isOurs = !existsSync(join(LAB_DIR, "env"));
  process.stdout.write(`The cluster in ${LAB_DIR} is ${isOurs ? `brought up from ${SCRIPTS}` : "up already, and is left up"}\n`);
  if (isOurs) await script("up", [], 900_000);
  if (!isOurs && !(await isHealthy())) process.stdout.write("It is not in health; the first test mends it\n");
  if (!existsSync(update("2.0_all"))) await script("mkdeb");
  forgetClients();
  return async () => {
    if (isOurs) await tried("down", [], 300_000);
  };
}
