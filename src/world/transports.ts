import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertNever } from "../core/assert-never.ts";
import type { Transport, Transports } from "../core/port.ts";
import type { PowershellOptions, SshOptions, TransportOptions } from "../core/transport.ts";
import { ConnectionLimit } from "./connection-limit.ts";
import { localTransport, readSource, type LocalFolders } from "./local-transport.ts";
import { powershellTransport, type ClosableTransport } from "./powershell-transport.ts";
import { SshConnection } from "./ssh-connection.ts";
import { sshTransport } from "./ssh-transport.ts";
import { Tether } from "./tether.ts";

/** Connections that are being opened at once, at most: sshd begins to refuse at ten (MaxStartups), and all of them may go through one jump host. */
const MOST_OPENING = 8;

/** The ways of a real system, which are open until they are closed. */
export interface OpenTransports extends Transports {
  /** Ends every connection: what was tethered to one ends on its target, jobs go on. */
  readonly close: () => void;
}

/** What a real system is made of. */
export interface RealSystem {
  readonly folders: LocalFolders;
  /** How an address of the run is reached. One object for each rule of the inventory: addresses that share it share its limits. */
  readonly ruleFor: (address: string) => TransportOptions;
  /** A sign of life is given to every target, and asked for, this often; after four without an answer a connection is lost, and after about five a target ends what ran for it. */
  readonly beatMs?: number;
}

const BEAT_MS = 10_000;

/** Every address by the way that its rule names. A connection is opened when it is first needed, once for the whole run. */
export function realTransports({ folders, ruleFor, beatMs = BEAT_MS }: RealSystem): OpenTransports {
  const tether = new Tether(folders.watchers);
  const local = localTransport(folders, tether);
  const known = new Map<string, Transport>();
  const ssh = sshConnections(beatMs);
  const powershell = powershellTransports(folders.fetched, tether);

  function open(address: string, options: TransportOptions): Transport {
    switch (options.kind) {
      case "local":
        return local;
      case "ssh":
        return sshTransport(address, ssh.connectionTo(address, options), folders.fetched, beatMs);
      case "powershell":
        return powershell.open(address, options);
      case "simulated":
        throw new Error("a real system has a simulated address");
      default:
        return assertNever(options);
    }
  }

  return {
    to: (address) => {
      // Names of machines compare without regard to case: one machine, one connection.
      const key = address.toLowerCase();
      const transport = known.get(key) ?? open(address, ruleFor(address));
      known.set(key, transport);
      return transport;
    },
    source: readSource,
    simulated: false,
    close: () => {
      ssh.close();
      powershell.close();
    },
  };
}

function powershellTransports(fetched: string, tether: Tether) {
  const opened: ClosableTransport[] = [];
  return {
    open: (address: string, options: PowershellOptions): Transport => {
      const transport = powershellTransport(address, options, { fetched, tether });
      opened.push(transport);
      return transport;
    },
    close: () => opened.forEach((transport) => transport.close()),
  };
}

function sshConnections(beatMs: number) {
  const connections: SshConnection[] = [];
  const limits = new Map<SshOptions, ConnectionLimit>();
  const opening = new ConnectionLimit(MOST_OPENING);
  let folder: string | undefined;
  let number = 0;

  function connectionTo(address: string, options: SshOptions): SshConnection {
    const limit = limits.get(options) ?? new ConnectionLimit(options.maxConnections ?? Number.POSITIVE_INFINITY);
    limits.set(options, limit);
    const connection: SshConnection = new SshConnection(address, options, {
      program: "ssh",
      beatMs,
      // A socket's path must be short.
      folder: () => (folder ??= mkdtempSync(join(tmpdir(), "runbook-"))),
      number: () => (number += 1),
      enter: () => limit.enter(connection),
      stir: () => limit.stir(),
      open: () => opening.enter({ isIdle: false, close: () => undefined }),
    });
    connections.push(connection);
    return connection;
  }

  return {
    connectionTo,
    close: () => {
      for (const connection of connections) connection.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}
