import type { Clock } from "../core/port.ts";

/** What all connections of a run share. */
export interface SshSurroundings {
  /** Path of the OpenSSH client. */
  readonly program: string;
  /** A private folder for sockets and logs of the client; its path is short. */
  readonly folder: () => string;
  /** A sign of life is given, and asked for, this often. */
  readonly beatMs: number;
  /** A connection that is not there after this long is given up. */
  readonly connectMs: number;
  /** What the client writes into its log: what is wrong, or how it connected too. */
  readonly logs: "errors" | "everything";
  /** For pauses between tries to connect. */
  readonly clock: Clock;
  /** A number that no other connection has. */
  readonly number: () => number;
  /** Waits until one more connection may be opened, and gives the way to give its place back. */
  readonly enter: () => Promise<() => void>;
  /** The connection became idle: another one may take its place. */
  readonly stir: () => void;
  /** Waits until one more may be opened at the same time, and gives the way to say that it is open. */
  readonly open: () => Promise<() => void>;
}
