import { errorAt, errorWithoutPlace, type Diagnostic } from "../../core/diagnostic.ts";
import { error, ok, type Result } from "../../core/result.ts";
import type { Span } from "../../core/source.ts";
import type { PowershellOptions, SshOptions, TransportOptions } from "../../core/transport.ts";
import { resolvePath } from "./load-path.ts";
import { textAt } from "./lower-declare.ts";
import type { MapNode, Node, ScalarNode } from "./node.ts";

/** How the addresses that a pattern covers are reached. */
export type TransportRule = TransportOptions & {
  readonly pattern: string;
  /** Undefined for `local`, which needs no rule. */
  readonly span: Span | undefined;
};

/** The pattern that covers what no other does. */
const DEFAULT = "default";

/** The rules under `transports`, in the order of the file. What is no rule is left out: the validator has said so. */
export function lowerRules(node: Node | undefined, folder: string): readonly TransportRule[] {
  const entries = node?.kind === "map" ? node.entries : [];
  return entries.flatMap(({ key, value }): readonly TransportRule[] => {
    const options = value.kind === "map" ? lowerOptions(value, folder) : undefined;
    return options === undefined ? [] : [{ ...options, pattern: key.text, span: key.span }];
  });
}

function lowerOptions(node: MapNode, folder: string): TransportOptions | undefined {
  const world = textAt(node, "world");
  switch (textAt(node, "kind")) {
    case "local":
      return { kind: "local" };
    case "ssh":
      return lowerSsh(node, folder);
    case "powershell":
      return lowerPowershell(node);
    case "simulated":
      return world === undefined ? undefined : { kind: "simulated", world: resolvePath(folder, world) };
    default:
      return undefined;
  }
}

function lowerSsh(node: MapNode, folder: string): SshOptions {
  const [host, user, port, become, config, most] = ["host", "user", "port", "become", "config", "max-connections"].map((key) => textAt(node, key));
  return {
    kind: "ssh",
    ...(host === undefined ? {} : { host }),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(become === undefined ? {} : { become }),
    ...(config === undefined ? {} : { config: resolvePath(folder, config) }),
    ...(most === undefined ? {} : { maxConnections: Number(most) }),
  };
}

function lowerPowershell(node: MapNode): PowershellOptions {
  const [host, via, user, port, configuration, executable] = ["host", "via", "user", "port", "configuration", "executable"].map((key) => textAt(node, key));
  return {
    kind: "powershell",
    ...(host === undefined ? {} : { host }),
    ...(via === "ssh" || via === "computer" ? { via } : {}),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(configuration === undefined ? {} : { configuration }),
    ...(executable === undefined ? {} : { executable }),
  };
}

/** WinRM takes another account by its password alone, and a password is nothing for an inventory: so `user` goes with `via: ssh`. */
function checkUsers(rules: readonly TransportRule[]): readonly Diagnostic[] {
  return rules.flatMap((rule) => {
    if (rule.kind !== "powershell" || rule.user === undefined || rule.via === "ssh" || rule.span === undefined) return [];
    return [errorAt(rule.span, "user-without-ssh", "`user` needs `via: ssh`: by computer name the account that runs runbook connects", "leave `user` out and start runbook as that account, or say `via: ssh`")];
  });
}

/** A `host` is one machine, and two addresses that are one machine would have two locks: it stands under one address. */
function checkHosts(rules: readonly TransportRule[]): readonly Diagnostic[] {
  return rules.flatMap((rule) => {
    if ((rule.kind !== "ssh" && rule.kind !== "powershell") || rule.host === undefined || rule.span === undefined || (rule.pattern !== DEFAULT && !rule.pattern.includes("*"))) return [];
    return [errorAt(rule.span, "host-of-many", `\`host: ${rule.host}\` is one machine, and \`${rule.pattern}\` covers many addresses`, "write the address itself in place of the pattern, or leave `host` out: the address is the name that is asked for")];
  });
}

/** Names of machines compare without regard to case: of two rules that differ in nothing else, one would never apply. */
function checkTwice(rules: readonly TransportRule[]): readonly Diagnostic[] {
  return rules.flatMap(({ pattern, span }, index) => {
    const first = rules.slice(0, index).find((other) => other.pattern !== DEFAULT && pattern !== DEFAULT && other.pattern.toLowerCase() === pattern.toLowerCase());
    if (first === undefined || span === undefined) return [];
    return [errorAt(span, "transport-twice", `\`${pattern}\` and \`${first.pattern}\` are one name: case does not count in names of machines`, "keep one of the two rules")];
  });
}

/** What is wrong with rules that stand in one list, whatever system they are for. */
export function checkList(rules: readonly TransportRule[]): readonly Diagnostic[] {
  return [...checkHosts(rules), ...checkUsers(rules), ...checkTwice(rules)];
}

/** The rules that can apply to a system: its own, and the inventory's where its own may leave an address uncovered. */
function rulesFor(own: readonly TransportRule[], general: readonly TransportRule[]): readonly TransportRule[] {
  return own.some(({ pattern }) => pattern === DEFAULT) ? own : [...own, ...general];
}

/** Which addresses a system's rules name one by one, each once, and which patterns, `default` among them, stand for others: an inventory does not list those. */
export function namedAddresses(own: readonly TransportRule[], general: readonly TransportRule[]): { readonly addresses: readonly string[]; readonly patterns: readonly string[] } {
  const named = rulesFor(own, general).map(({ pattern }) => pattern).filter((pattern, index, all) => all.findIndex((other) => other.toLowerCase() === pattern.toLowerCase()) === index);
  const isPattern = (pattern: string): boolean => pattern === DEFAULT || pattern.includes("*");
  return { addresses: named.filter((pattern) => !isPattern(pattern)), patterns: named.filter(isPattern) };
}

/** A system is simulated whole, in one world, or not at all (language.md section 13). Gives its world; undefined for a real system. */
export function checkRules(name: ScalarNode, own: readonly TransportRule[], general: readonly TransportRule[]): { readonly world: string | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const rules = rulesFor(own, general);
  const simulated = rules.filter((rule) => rule.kind === "simulated");
  const [first] = simulated;
  if (first === undefined) return { world: undefined, diagnostics: [] };
  const real = rules.find((rule) => rule.kind !== "simulated");
  if (real !== undefined) {
    const hint = own.length > 0 && !own.includes(real) ? "give the system a `default` of its own, so that no rule of the inventory applies to it" : "make all its rules `simulated`, or none";
    return { world: undefined, diagnostics: [errorAt(name.span, "half-simulated", `system \`${name.text}\` is simulated under \`${first.pattern}\` and real under \`${real.pattern}\`: a system is simulated whole, or not at all`, hint)] };
  }
  const other = simulated.find(({ world }) => world !== first.world);
  if (other === undefined) return { world: first.world, diagnostics: [] };
  return { world: undefined, diagnostics: [errorAt(name.span, "two-worlds", `system \`${name.text}\` has two worlds, under \`${first.pattern}\` and under \`${other.pattern}\``, "one system lives in one world file")] };
}

/** True if an address is covered by a pattern: `*` stands for any characters. Names of machines compare without regard to case. Linear in both. */
export function coversAddress(pattern: string, address: string): boolean {
  const [head = "", ...rest] = pattern.toLowerCase().split("*");
  const wanted = address.toLowerCase();
  const tail = rest.pop();
  if (tail === undefined) return wanted === head;
  if (!wanted.startsWith(head)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = wanted.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return wanted.length - tail.length >= at && wanted.endsWith(tail);
}

function literalLength(pattern: string): number {
  return pattern.replaceAll("*", "").length;
}

/** The rule of a list for an address: the address itself, else the pattern with the longest literal part, else `default`. Undefined where none covers it; a tie is an error. */
export function ruleIn(rules: readonly TransportRule[], address: string): Result<TransportRule | undefined, Diagnostic> {
  const named = rules.filter(({ pattern }) => pattern !== DEFAULT && coversAddress(pattern, address));
  const exact = named.find(({ pattern }) => !pattern.includes("*"));
  if (exact !== undefined) return ok(exact);
  const longest = Math.max(...named.map(({ pattern }) => literalLength(pattern)));
  const [best, second] = named.filter(({ pattern }) => literalLength(pattern) === longest);
  if (best === undefined) return ok(rules.find(({ pattern }) => pattern === DEFAULT));
  if (second === undefined) return ok(best);
  const message = `\`${address}\` is covered by \`${best.pattern}\` and by \`${second.pattern}\` alike`;
  const hint = `give \`${address}\` a rule of its own, or make one of the patterns longer`;
  return error(second.span === undefined ? errorWithoutPlace("transport-tie", message, hint) : errorAt(second.span, "transport-tie", message, hint));
}
