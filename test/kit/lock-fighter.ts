// A process that takes and releases locks of a state folder as it is told, a line at a time, and answers a line each. It holds what it took until it is told, or dies.
import { createInterface } from "node:readline";
import type { Acquired } from "../../src/core/port.ts";
import { lockFiles } from "../../src/world/lock-file.ts";

const [, , folder = "", name = ""] = process.argv;
const locks = lockFiles(folder);
let held: Acquired | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const [word, ...names] = line.split(" ");
  if (word === "acquire") {
    held = locks.acquire(names, name);
    process.stdout.write(`${"holder" in held ? `${held.kind} ${held.holder.lock} ${held.holder.run}` : held.kind}\n`);
  } else {
    if (held?.kind === "held") held.release();
    held = undefined;
    process.stdout.write("released\n");
  }
}
