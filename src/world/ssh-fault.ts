import type { Failure } from "../core/failure.ts";
import type { SshOptions } from "../core/transport.ts";
import type { SshFault } from "../core/way.ts";
import { complaintsIn } from "../formats/ssh-log.ts";
import { plainLine } from "./plain-text.ts";

/** The name that the client is given for an address. A name of NetBIOS, which is in capitals whatever was typed, is given in small letters, as a client's configuration has it: its `Host` tells them apart. */
export function hostOf(address: string, options: SshOptions): string {
  return options.host ?? (NETBIOS.test(address) ? address.toLowerCase() : address);
}

/** Capitals alone. */
const NETBIOS = /^[A-Z0-9-]*[A-Z][A-Z0-9-]*$/;

/** The command with which a person makes the same connection by hand; safe to copy. */
export function byHand(address: string, options: SshOptions): string {
  return ["ssh", ...flagsOf(options), hostOf(address, options)].map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`)).join(" ");
}

/** What the inventory says of the connection, as flags of the client. */
export function flagsOf({ user, port, config }: SshOptions): readonly string[] {
  return [...(config === undefined ? [] : ["-F", config]), ...(user === undefined ? [] : ["-l", user]), ...(port === undefined ? [] : ["-p", String(port)])];
}

/** A fault as the failure of a call. */
export function sshFailure(address: string, { code, cause, cure }: SshFault): Failure {
  return { code, because: `${address} cannot be reached by ssh: ${cause}. ${cure}` };
}

interface Known extends Omit<SshFault, "cure"> {
  readonly says: RegExp;
  readonly cure: (hand: string) => string;
  /** The cure where a jump host's client says it of the jump host; the same if it is absent. */
  readonly jumpCure?: (hand: string) => string;
  /** Its own line says more than the cause: which file, which option. */
  readonly isQuoted?: true;
}

/** How the client refuses a name, an option in the place of one too, before it writes any log (OpenSSH 7.6 to 9.9). */
const REFUSED_NAME = /^hostname contains invalid characters\s*$/m;
/** The same for the name of an account (OpenSSH 9.6 to 9.9, and older ones with its fix). */
const REFUSED_USER = /^remote username contains invalid characters\s*$/m;

/** What OpenSSH says when there is no connection, most telling first (OpenSSH 7.6 to 9.9; its messages are not translated). */
const KNOWN: readonly Known[] = [
  { says: /REMOTE HOST IDENTIFICATION HAS CHANGED/, code: "denied", check: "identity", cause: "its host key is another one than is known", cure: (hand) => `Find out why before anything else: was it installed anew, or is it not that host? Then correct known_hosts, and connect once by hand: ${hand}` },
  { says: /Host key verification failed|No \S+ host key is known/, code: "denied", check: "identity", cause: "its host key is not known here", cure: (hand) => `Connect once by hand, and compare the fingerprint before you say yes: ${hand}`, jumpCure: (hand) => `Connect once by hand, and compare the jump host's fingerprint before you say yes: ${hand}` },
  { says: /Permission denied \(|Too many authentication failures|No more authentication methods/, code: "denied", check: "rights", cause: "it does not let this account in, and no password is asked for", cure: (hand) => `This must work without any question: ${hand}`, jumpCure: (hand) => `The jump host must let the account in without any question, too: ${hand}` },
  { says: /Could not resolve hostname/, code: "unreachable", check: "reachable", cause: "its name is not known", cure: (hand) => `Correct \`host\` in the inventory or the ssh configuration; this must work: ${hand}`, jumpCure: (hand) => `Correct the jump host's name in the ssh configuration; this must work: ${hand}` },
  { says: /Connection refused/, code: "unreachable", check: "reachable", cause: "nothing answers on its ssh port", cure: (hand) => `Does sshd run there, and is the port the right one? ${hand}`, jumpCure: (hand) => `Does sshd run on the jump host, and is its port the right one? ${hand}` },
  { says: /No route to host|Network is unreachable/, code: "unreachable", check: "reachable", cause: "the network has no way to it", cure: () => "Is it switched on, and is this network the right one?", jumpCure: () => "Is the jump host switched on, and is this network the right one?" },
  { says: /Connection timed out|Operation timed out|Connection to \S+ port \d+ timed out/, code: "unreachable", check: "reachable", cause: "it does not answer", cure: () => "Is it switched on, and does a firewall let ssh through?", jumpCure: () => "Is the jump host switched on, and does a firewall let ssh through?" },
  { says: /kex_exchange_identification|Connection closed by|Connection reset|banner exchange/, code: "unreachable", check: "reachable", cause: "it ended the connection before anybody was let in", cure: (hand) => `Too many connections at once (\`MaxStartups\` in its sshd_config; \`max-connections\` in the inventory), or a block list: ${hand}`, jumpCure: (hand) => `Too many connections at once through the jump host (\`MaxStartups\` in its sshd_config; \`max-connections\` in the inventory), or a block list: ${hand}`, mayPass: true },
  { says: /Bad configuration option|Can't open user config|Bad owner or permissions/, code: "unreachable", check: "reachable", cause: "the ssh configuration is refused", cure: (hand) => `This must work: ${hand}`, isQuoted: true },
];

/** The client's side of a connection that ended before the target said anything. */
const ENDED_EARLY = /kex_exchange_identification|UNKNOWN port 65535/;

/** What a jump host says of the way from there to the target. */
const BEYOND = /^channel \d+: /;

/** Why what the user's configuration goes through did not come to the target: `words` are its own, of a jump host's client or a proxy; undefined where there are none. */
function proxyFault(words: string, hand: string): SshFault | undefined {
  const lines = complaintsIn(words).split("\n").filter((line) => line.trim() !== "");
  const known = KNOWN.find(({ says }) => lines.some((line) => says.test(line)));
  const line = lines.find((text) => known?.says.test(text)) ?? lines.at(-1);
  if (line === undefined) return undefined;
  const cure = (BEYOND.test(line) ? undefined : known?.jumpCure) ?? known?.cure ?? ((by: string) => `This must work: ${by}`);
  return {
    code: known?.code ?? "unreachable", check: "reachable", cause: `the jump host or proxy of the ssh configuration does not lead to it: it says \`${plainLine(line.trim())}\``, cure: cure(hand),
    ...(known?.mayPass === true ? { mayPass: true } : {}),
  };
}

/** True if the other end closed the connection before it said anything, and nobody on the way did: it is the target, or a proxy, if there is one. */
export function isClosedWithoutWord(log: string, noise: string): boolean {
  const said = complaintsIn(log).trim();
  return (said === "" || ENDED_EARLY.test(said)) && complaintsIn(noise).trim() === "";
}

/** Why there is no connection where a jump host's client or a proxy closed it without a word. */
export function silentProxyFault(address: string, options: SshOptions): SshFault {
  return { code: "unreachable", check: "reachable", cause: "the jump host or proxy of the ssh configuration ended without a word, or what is behind it did", cure: `This must work: ${byHand(address, options)}`, mayPass: true };
}

/** Why there is no connection, from what the client wrote into its log; `noise` is what came on its streams, where the words of a jump host's client stand. */
export function connectFault(address: string, options: SshOptions, log: string, noise: string): SshFault {
  const hand = byHand(address, options);
  const said = complaintsIn(log);
  const proxied = ENDED_EARLY.test(said) ? proxyFault(noise, hand) : undefined;
  if (proxied !== undefined) return proxied;
  const known = KNOWN.find(({ says }) => says.test(said));
  if (known !== undefined) {
    const line = known.isQuoted === true ? said.split("\n").find((text) => known.says.test(text)) : undefined;
    return { code: known.code, check: known.check, cause: line === undefined ? known.cause : `${known.cause}: \`${plainLine(line.trim())}\``, cure: known.cure(hand), ...(known.mayPass === true ? { mayPass: true } : {}) };
  }
  const [line] = said.split("\n").filter((text) => text.trim() !== "").slice(-1);
  return { code: "unreachable", check: "reachable", cause: line === undefined ? "ssh does not say why" : `ssh says \`${plainLine(line)}\``, cure: `This must work: ${hand}` };
}

/** Why there is no connection where nothing was said within the limit. */
export function silentFault(address: string, options: SshOptions, limitMs: number): SshFault {
  return { code: "unreachable", check: "reachable", cause: `it does not answer: no shell there after ${Math.round(limitMs / 1000)} s`, cure: `Is it switched on, and does a firewall let ssh through? This must work: ${byHand(address, options)}` };
}

/** Why the account that connected cannot do anything: what its shell or sudo printed in place of the agent. */
export function openFault(address: string, options: SshOptions, noise: string): SshFault {
  const { become, user } = options;
  // No command to be typed: the name could be an option there, and do something.
  if (REFUSED_NAME.test(noise)) return { code: "unreachable", check: "reachable", cause: `\`${plainLine(hostOf(address, options))}\` is no name that ssh takes`, cure: "Correct the address, or `host` in the inventory: letters, digits, dots and hyphens, and no hyphen first" };
  if (REFUSED_USER.test(noise)) return { code: "unreachable", check: "reachable", cause: user === undefined ? "the ssh configuration names an account that ssh does not take" : `\`${plainLine(user)}\` is no name of an account that ssh takes`, cure: user === undefined ? "Correct `User` in the ssh configuration" : "Correct `user` in the inventory" };
  const lines = noise.trim().split("\n");
  // The first word of sudo is its own, the last word of a shell.
  const said = plainLine(lines.find((line) => become !== undefined && line.startsWith("sudo:")) ?? lines.at(-1) ?? "");
  if (become !== undefined && /sudo|askpass|a password is required/i.test(noise)) return becomeFault(become, noise, said);
  return { code: "unreachable", check: "shell", cause: `it starts no POSIX shell for the account that connects (${said === "" ? "it says nothing" : said})`, cure: `This must print ok: ${byHand(address, options)} 'exec sh -c "echo ok"'` };
}

/** Shells of every kind where there is no sudo: dash, bash, busybox, tcsh; zsh; fish. */
const NO_SUDO = /sudo: (?:command )?not found|command not found: sudo|unknown command:? sudo/i;

/** Why sudo does not make another account of the one that connects. */
function becomeFault(become: string, noise: string, said: string): SshFault {
  const orConnect = `or connect as ${become} (\`user\` in the inventory)`;
  if (NO_SUDO.test(noise)) return { code: "not_found", check: "rights", cause: `it has no sudo, by which the account would become ${become}`, cure: `Install sudo there, ${orConnect}` };
  if (/unknown user/.test(noise)) return { code: "denied", check: "rights", cause: `sudo does not let the account become ${become} (${said})`, cure: "Correct `become` in the inventory: there is no such account" };
  // What may be done without a password for some programs alone is asked for one for others.
  if (/password is required|no tty|terminal is required/.test(noise)) return { code: "denied", check: "rights", cause: `sudo asks for a password to become ${become}, and none is given to it`, cure: `Allow every program without one (\`NOPASSWD: ALL\` in sudoers), ${orConnect}` };
  return { code: "denied", check: "rights", cause: `sudo does not let the account become ${become} (${said})`, cure: `Allow every program in sudoers, without a password (\`NOPASSWD: ALL\`), ${orConnect}` };
}

/** Why the agent cannot work there. */
export function agentFault(word: string): SshFault {
  return word === "no_group"
    ? { code: "not_found", check: "shell", cause: "it has neither setsid nor perl, so no program could be ended with its tree", cure: "Install util-linux, or busybox with setsid" }
    : { code: "not_found", check: "shell", cause: "its sh has no printf of its own, so a secret would stand among the arguments of a program", cure: "Let sh be dash, bash or busybox" };
}

/** This machine cannot connect to anything. */
export function noClientFault(program: string): SshFault {
  return { code: "not_found", check: "reachable", cause: `this machine has no OpenSSH client (${program})`, cure: "Install one: openssh-client" };
}
