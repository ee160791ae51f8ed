import { spawn } from "node:child_process";
import { join } from "node:path";
import { LAB_DIR, SCRIPTS } from "./cluster.ts";

/** What the client counted. */
export interface Counted {
  /** Rows whose commit the server acknowledged. */
  readonly acked: number;
  /** Acknowledged rows that are not in the table. */
  readonly lost: number;
  readonly outagesMs: readonly number[];
}

/** A client that writes rows through the address that follows the primary, until it is stopped. */
export interface Client {
  /** Ends it, and compares what was acknowledged with what is in the table. */
  readonly stop: () => Promise<Counted>;
}

/** Reads what the client printed at its end; `from` is the script that ran it. */
export function countedIn(printed: string, from: string): Counted {
  const line = printed.split("\n").findLast((text) => text.startsWith("{") && text.includes('"acked"'));
  if (line === undefined) throw new Error(`${from} counted nothing: ${printed}`);
  const { acked, lost, outages } = JSON.parse(line) as { readonly acked: number; readonly lost: number; readonly outages: readonly { readonly ms: number }[] };
  return { acked, lost, outagesMs: outages.map(({ ms }) => ms) };
}

let number = 0;

/** Starts a client. Ends only its own process. */
export function startClient(): Client {
  number += 1;
  const child = spawn(process.execPath, [join(SCRIPTS, "client.mjs"), "run", "--quiet", "--id", `t${process.pid}-${number}`], { env: { ...process.env, LAB_DIR }, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => void (printed += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => void (printed += chunk.toString("utf8")));
  const closed = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  return {
    stop: async () => {
      child.kill("SIGINT");
      await closed;
      return countedIn(printed, "the client");
    },
  };
}
