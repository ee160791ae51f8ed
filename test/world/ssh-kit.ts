import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { ProgramResult } from "../../src/core/action.ts";
import type { Call, CallOptions, Outcome, Transport } from "../../src/core/port.ts";
import type { SshOptions } from "../../src/core/transport.ts";
import { realTransports, type OpenTransports } from "../../src/world/transports.ts";
import { options, temporaryFolder } from "./real-process.ts";
import { startSshd, type Sshd } from "./sshd.ts";

/** A server for the tests of a file; `lines` are added to its configuration. */
export function serverForTests(lines: readonly string[] = []): () => Sshd {
  let server: Sshd | undefined;
  beforeAll(async () => {
    server = await startSshd(lines);
  });
  afterAll(() => server?.stop());
  return () => {
    if (server === undefined) throw new Error("the server is not there yet");
    return server;
  };
}

/** The server's configuration for the client, changed: the path of a file of its own. */
export function configWith(sshd: Sshd, change: (text: string) => string): string {
  const path = join(temporaryFolder(), "config");
  writeFileSync(path, change(readFileSync(sshd.config, "utf8")));
  return path;
}

/** The ways to the addresses of a test, closed at its end. */
export function waysTo(sshd: Sshd, parts: Partial<SshOptions> = {}, more: { readonly beatMs?: number; readonly connectMs?: number } = {}): OpenTransports {
  const rule: SshOptions = { kind: "ssh", config: sshd.config, ...parts };
  const folder = temporaryFolder();
  const ways = realTransports({ folders: { state: join(folder, "state"), fetched: join(folder, "fetched") }, ruleFor: () => rule, ...more });
  onTestFinished(ways.close);
  return ways;
}

/** Runs a program. */
export function run(node: Transport, program: string, args: readonly string[], parts: Partial<Call<"program">> = {}, changed: Partial<CallOptions> = {}): Promise<Outcome<ProgramResult>> {
  return node.run({ kind: "program", program, args, ...parts }, options(changed));
}

/** Takes the numbers of processes that a program prints, as they come. */
export function pidsFrom(into: number[]): CallOptions["onOutput"] {
  return (_stream, text) => into.push(...text.trim().split(/\s+/).map(Number).filter((pid) => pid > 1));
}
