import type { Failure } from "../core/failure.ts";
import type { SshOptions } from "../core/transport.ts";
import { plainLine } from "./plain-text.ts";

/** The name that the client is given for an address. */
export function hostOf(address: string, options: SshOptions): string {
  return options.host ?? address;
}

/** The command with which a person makes the same connection by hand; safe to copy. */
export function byHand(address: string, { user, port, config, host }: SshOptions): string {
  const name = host ?? address;
  const parts = ["ssh", ...(config === undefined ? [] : ["-F", config]), ...(user === undefined ? [] : ["-l", user]), ...(port === undefined ? [] : ["-p", String(port)]), name];
  return parts.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`)).join(" ");
}

interface Known {
  readonly says: RegExp;
  readonly code: "denied" | "unreachable" | "not_found";
  /** What follows "ADDRESS cannot be reached by ssh: ". */
  readonly because: (hand: string) => string;
}

/** What OpenSSH says when there is no connection, most telling first (OpenSSH 7.6 to 9.9; its messages are not translated). */
const KNOWN: readonly Known[] = [
  { says: /REMOTE HOST IDENTIFICATION HAS CHANGED/, code: "denied", because: (hand) => `its host key is another one than is known. Find out why before anything else: was it installed anew, or is it not that host? Then correct known_hosts, and connect once by hand: ${hand}` },
  { says: /Host key verification failed|No \S+ host key is known/, code: "denied", because: (hand) => `its host key is not known here. Connect once by hand, and compare the fingerprint before you say yes: ${hand}` },
  { says: /Permission denied \(|Too many authentication failures|No more authentication methods/, code: "denied", because: (hand) => `it does not let this account in, and no password is asked for. This must work without any question: ${hand}` },
  { says: /Could not resolve hostname/, code: "unreachable", because: (hand) => `its name is not known. Correct \`host\` in the inventory or the ssh configuration; this must work: ${hand}` },
  { says: /Connection refused/, code: "unreachable", because: (hand) => `nothing answers on its ssh port. Does sshd run there, and is the port the right one? ${hand}` },
  { says: /No route to host|Network is unreachable/, code: "unreachable", because: () => "the network has no way to it. Is it switched on, and is this network the right one?" },
  { says: /Connection timed out|Operation timed out|Connection to \S+ port \d+ timed out/, code: "unreachable", because: () => "it does not answer. Is it switched on, and does a firewall let ssh through?" },
  { says: /kex_exchange_identification|Connection closed by|Connection reset|banner exchange/, code: "unreachable", because: (hand) => `it ended the connection before anybody was let in. Too many connections at once (\`max-connections\` in the inventory), or a block list: ${hand}` },
  { says: /Bad configuration option|Can't open user config|Bad owner or permissions/, code: "unreachable", because: (hand) => `the ssh configuration is refused; this must work: ${hand}` },
];

/** Why there is no connection, from what the client wrote into its log. */
export function connectFailure(address: string, options: SshOptions, log: string): Failure {
  const hand = byHand(address, options);
  const known = KNOWN.find(({ says }) => says.test(log));
  if (known !== undefined) return { code: known.code, because: `${address} cannot be reached by ssh: ${known.because(hand)}` };
  const [line] = log.split("\n").filter((text) => text.trim() !== "").slice(-1);
  return { code: "unreachable", because: `${address} cannot be reached by ssh${line === undefined ? "" : ` (${plainLine(line)})`}; this must work: ${hand}` };
}

/** Why the account that connected cannot do anything: what its shell or sudo printed in place of the agent. */
export function openFailure(address: string, options: SshOptions, noise: string): Failure {
  const { become } = options;
  const lines = noise.trim().split("\n");
  // The first word of sudo is its own, the last word of a shell.
  const said = plainLine(lines.find((line) => become !== undefined && line.startsWith("sudo:")) ?? lines.at(-1) ?? "");
  if (become !== undefined && /sudo|askpass|a password is required/i.test(noise)) {
    const because = /password is required|no tty|terminal is required/.test(noise)
      ? `sudo on ${address} asks for a password to become ${become}, and none is given to it: allow it without one (NOPASSWD in sudoers), or connect as ${become} (\`user\` in the inventory)`
      : `sudo on ${address} does not let the account become ${become} (${said})`;
    return { code: "denied", because };
  }
  return { code: "unreachable", because: `${address} starts no POSIX shell for the account that connects by ssh (${said === "" ? "it says nothing" : said}); this must print ok: ${byHand(address, options)} 'exec sh -c "echo ok"'` };
}

/** Why the agent cannot work there. */
export function agentFailure(address: string, word: string): Failure {
  const because = word === "no_group"
    ? `${address} has neither setsid (util-linux, busybox) nor perl, so no program could be ended with its tree`
    : `the sh of ${address} has no printf of its own, so a secret would stand among the arguments of a program`;
  return { code: "not_found", because };
}
