import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertNever } from "../core/assert-never.ts";
import type { Clock, Transport, Transports } from "../core/port.ts";
import type { PowershellOptions, SshOptions, TransportOptions } from "../core/transport.ts";
import type { PowershellWay, Way } from "../core/way.ts";
import { ConnectionLimit } from "./connection-limit.ts";
import { jobsFolder } from "./job-files.ts";
import { localTransport, readSource, type LocalFolders } from "./local-transport.ts";
import { powershellTransport, type ClosableTransport } from "./powershell-transport.ts";
import { SshConnection } from "./ssh-connection.ts";
import type { SshSurroundings } from "./ssh-surroundings.ts";
import { sshTransport } from "./ssh-transport.ts";
import { systemClock } from "./system-clock.ts";
import { Tether } from "./tether.ts";

/** Connections that are being opened at once, at most: sshd begins to refuse at ten (MaxStartups), and all of them may go through one jump host. */
const MOST_OPENING = 8;

/** The ways of a real system, which are open until they are closed. */
export interface OpenTransports extends Transports {
  /** What is known of the way to an address once something was asked there. */
  wayTo(address: string): Way;
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
  /** A connection that is not there after this long is given up. */
  readonly connectMs?: number;
  /** For pauses between tries to connect; the system's own if it is absent. */
  readonly clock?: Clock;
  /** What the clients of connections write into their logs, which {@link OpenTransports.wayTo} reads: what is wrong, or how they connected too. */
  readonly logs?: "errors" | "everything";
}

const BEAT_MS = 5_000;
const CONNECT_MS = 60_000;

/** Every address by the way that its rule names. A connection is opened when it is first needed, once for the whole run. */
export function realTransports({ folders, ruleFor, beatMs = BEAT_MS, connectMs = CONNECT_MS, clock = systemClock(), logs = "errors" }: RealSystem): OpenTransports {
  const tether = new Tether(folders.watchers);
  const local: OpenedWay = { transport: localTransport(folders, tether), way: () => ({ kind: "local", jobsFolder: jobsFolder(folders.state) }) };
  const known = new Map<string, OpenedWay>();
  const ssh = sshConnections({ beatMs, connectMs, clock, logs });
  const powershell = powershellTransports(folders.fetched, tether);

  function open(address: string, options: TransportOptions): OpenedWay {
    switch (options.kind) {
      case "local":
        return local;
      case "ssh": {
        const connection = ssh.connectionTo(address, options);
        return { transport: sshTransport(address, connection, folders.fetched, beatMs), way: () => connection.way() };
      }
      case "powershell":
        return { transport: powershell.open(address, options), way: () => powershellWay(address, options) };
      case "simulated":
        throw new Error("a real system has a simulated address");
      default:
        return assertNever(options);
    }
  }

  function opened(address: string): OpenedWay {
    // Names of machines compare without regard to case: one machine, one connection.
    const key = address.toLowerCase();
    const one = known.get(key) ?? open(address, ruleFor(address));
    known.set(key, one);
    return one;
  }

  return {
    to: (address) => opened(address).transport,
    wayTo: (address) => opened(address).way(),
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

function powershellWay(address: string, { host = address, via = "computer", user, port }: PowershellOptions): PowershellWay {
  return { kind: "powershell", via, host, ...(user === undefined ? {} : { account: user }), ...(port === undefined ? {} : { port }) };
}

/** An address that something was asked of. */
interface OpenedWay {
  readonly transport: Transport;
  readonly way: () => Way;
}

function sshConnections(settings: Pick<SshSurroundings, "beatMs" | "connectMs" | "clock" | "logs">) {
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
      ...settings,
      // A socket's path must be short. Temporary files may be cleared away while a run waits.
      folder: () => (folder = folder !== undefined && existsSync(folder) ? folder : mkdtempSync(join(tmpdir(), "runbook-"))),
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
