import type { Check } from "./finding.ts";

/** The way to an address as its kind of transport knows it, beside what programs there say: known after a first call there, whatever came of it. */
export type Way = LocalWay | SshWay | PowershellWay;

/** There is none: it is this machine. */
export interface LocalWay {
  readonly kind: "local";
  /** The folder in which jobs are kept; absolute, not sure to exist. */
  readonly jobsFolder: string;
}

/** Through the system's OpenSSH client. */
export interface SshWay {
  readonly kind: "ssh";
  /** The command with which a person goes the same way by hand; safe to copy. */
  readonly byHand: string;
  /** The account that everything is done as by sudo; absent where it is the one that connects. */
  readonly become?: string;
  /** What the client tells of its connection. */
  readonly log: SshLog;
  /** What the account's login shell printed on standard output before it was asked for anything; "" for nothing. */
  readonly printed: string;
  /** Why there is no connection; absent where there is one. */
  readonly fault?: SshFault;
}

/** By PowerShell remoting. */
export interface PowershellWay {
  readonly kind: "powershell";
  /** `computer`: over WinRM, as the account that runs us. */
  readonly via: "computer" | "ssh";
  /** The name that PowerShell is given. */
  readonly host: string;
  /** The account that connects, where the inventory names one. */
  readonly account?: string;
  readonly port?: number;
}

/** What the log of an OpenSSH client tells of a connection. A field is absent where the connection did not come so far. */
export interface SshLog {
  /** The account, the host and the port that the client's own configuration came to. */
  readonly account?: string;
  readonly host?: string;
  readonly port?: number;
  /** Software of the server: `OpenSSH_9.2p1 Debian-2+deb12u10`. */
  readonly server?: string;
  /** Of this machine's client: `OpenSSH_9.2p1 Debian-2+deb12u10`. */
  readonly client?: string;
  /** The key that the server showed: `ssh-ed25519 SHA256:…`. */
  readonly hostKey?: string;
  /** What the key was known by; absent where it was not known, or not looked at. */
  readonly knownBy?: "known_hosts" | "certificate" | "dns" | "loopback";
  /** True if the account was let in. */
  readonly isLetIn: boolean;
}

/** Why there is no connection. */
export interface SshFault {
  readonly code: "denied" | "unreachable" | "not_found";
  /** What does not hold. */
  readonly check: Check;
  /** Without a full stop, and without the address. */
  readonly cause: string;
  /** One or more sentences; the last has no full stop. */
  readonly cure: string;
  /** It was refused before anything was sent, and may pass by itself: worth another try. */
  readonly mayPass?: true;
}
