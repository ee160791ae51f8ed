import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { CmdletResult } from "../../../src/core/action.ts";
import type { Json } from "../../../src/core/json.ts";
import type { CallOptions, Outcome } from "../../../src/core/port.ts";
import type { PowershellOptions } from "../../../src/core/transport.ts";
import { powershellTransport, type ClosableTransport } from "../../../src/world/powershell-transport.ts";
import { UNTETHERED } from "../../../src/world/tether.ts";
import { options } from "../real-process.ts";
import type { Sshd } from "../sshd.ts";
import { startPowershellServer } from "./ssh-server.ts";

/** NODEA, reached by a real PowerShell over a real SSH server. */
export interface Remote {
  readonly server: Sshd;
  /** A transport to it; ended with the tests of the file. */
  readonly open: (parts?: Partial<PowershellOptions>) => ClosableTransport;
  /** The one that most tests share. */
  readonly node: ClosableTransport;
  readonly cmdlet: (name: string, parameters: Readonly<Record<string, Json>>, properties?: readonly string[], parts?: Partial<CallOptions>) => Promise<Outcome<CmdletResult>>;
  /** What a line of PowerShell gives on NODEA as `{ value: … }`. */
  readonly value: (line: string) => Promise<Json>;
}

/** Calls a cmdlet of any transport. */
export function cmdletOf(transport: ClosableTransport): Remote["cmdlet"] {
  return (name, parameters, properties = [], parts = {}) => transport.cmdlet({ kind: "cmdlet", name, parameters, properties }, options(parts));
}

/** Starts the server before the tests of a file and ends it after them. */
export function remote(): Remote {
  const opened: ClosableTransport[] = [];
  let server: Sshd | undefined;
  let node: ClosableTransport | undefined;
  const open = (parts: Partial<PowershellOptions> = {}): ClosableTransport => {
    const transport = powershellTransport("NODEA", { kind: "powershell", via: "ssh", ...parts }, { fetched: mkdtempSync(join(tmpdir(), "runbook-")), tether: { ...UNTETHERED, isEnding: () => false } });
    opened.push(transport);
    return transport;
  };
  beforeAll(async () => {
    server = await startPowershellServer();
    node = open();
  });
  afterAll(() => {
    for (const transport of opened) transport.close();
    server?.stop();
  });
  const started = <T>(what: T | undefined): T => {
    if (what === undefined) throw new Error("the server is started before the tests");
    return what;
  };
  return {
    get server() {
      return started(server);
    },
    get node() {
      return started(node);
    },
    open,
    cmdlet: (...call) => cmdletOf(started(node))(...call),
    value: async (line) => {
      const answer = await cmdletOf(started(node))("Invoke-Expression", { Command: `@{ value = ${line} }` }, ["value"]);
      if (answer.kind !== "ok") throw new Error(JSON.stringify(answer));
      return answer.value.records[0]?.["value"] ?? null;
    },
  };
}
