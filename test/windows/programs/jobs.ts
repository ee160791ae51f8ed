import { readFileSync } from "node:fs";
import type { JobResult } from "../../../src/core/action.ts";
import { readJobs, startLocalJob } from "../../../src/world/local-jobs.ts";

/** A job to start. */
export interface Order {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly log?: string;
}

/** How often a job that runs is looked at. */
const LOOK_AGAIN_MS = 100;

/** Waits until a job does not run any more. */
async function ended(state: string, name: string): Promise<JobResult | undefined> {
  const job = readJobs(state).jobs.find((one) => one.name === name);
  if (job?.state !== "running") return job;
  await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  return ended(state, name);
}

function start(state: string, { name, program, args, log }: Order): ReturnType<typeof startLocalJob> {
  return startLocalJob(state, name, { kind: "job", program, args, ...(log === undefined ? {} : { log }) });
}

/** `start STATE ORDERS`: begins them all at once. `list STATE`. `through STATE ORDERS`: one after the other, each to its end. Prints JSON. */
const [, , verb, state = "", file] = process.argv;
const orders = file === undefined ? [] : JSON.parse(readFileSync(file, "utf8")) as readonly Order[];
const answers: unknown[] = [];
switch (verb) {
  case "start":
    answers.push(...await Promise.all(orders.map((order) => start(state, order))));
    break;
  case "list":
    answers.push(...readJobs(state).jobs);
    break;
  case "through":
    for (const order of orders) {
      const begun = await start(state, order);
      answers.push(begun.kind === "ok" ? await ended(state, order.name) : begun);
    }
    break;
  default:
    throw new Error(`there is no verb ${verb}`);
}
process.stdout.write(JSON.stringify(answers));
