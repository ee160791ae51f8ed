/** How an address is reached, as an inventory says it: a kind with its closed list of options (language.md section 4). */
export type TransportOptions = LocalOptions | SshOptions | PowershellOptions | SimulatedOptions;

/** This machine. */
export interface LocalOptions {
  readonly kind: "local";
}

/** A model of a system. */
export interface SimulatedOptions {
  readonly kind: "simulated";
  /** The world file; absolute. */
  readonly world: string;
}

/** The system's OpenSSH client with its own configuration. What is absent is what that configuration says. */
export interface SshOptions {
  readonly kind: "ssh";
  /** The name that is given to the client, and that its configuration knows; the address where absent. */
  readonly host?: string;
  readonly user?: string;
  readonly port?: number;
  /** The account that everything is done as, by `sudo` without a password. */
  readonly become?: string;
  /** A configuration file of the client in place of the user's; absolute. */
  readonly config?: string;
  /** So many addresses of this rule are connected at once at most; what is idle is disconnected to make room. No limit where absent. */
  readonly maxConnections?: number;
}

/** A PowerShell of this machine, and its remoting. */
export interface PowershellOptions {
  readonly kind: "powershell";
  /** The name that PowerShell is given; the address where absent. Over SSH it asks for it in lower case. */
  readonly host?: string;
  /** `computer` (where absent): by computer name, over WinRM, as the account that runs us; `ssh`: through the system's OpenSSH client. */
  readonly via?: "computer" | "ssh";
  /** The account that connects; `ssh` only. */
  readonly user?: string;
  readonly port?: number;
  /** An endpoint of the target by name; over SSH a subsystem of its server. */
  readonly configuration?: string;
  /** The PowerShell of this machine that does it: a program's name or path. The one that is there, where absent. */
  readonly executable?: string;
}
