import { failing, warned, well, type Finding } from "../core/finding.ts";
import type { SshWay, Way } from "../core/way.ts";
import type { Examination } from "./examination.ts";

/** The first part of a host's name, in one case; undefined for a number of the network. */
function shortName(name: string): string | undefined {
  return /^[\d.]+$|:/.test(name) ? undefined : name.toLowerCase().split(".")[0];
}

const KNOWN_BY = { known_hosts: "as known_hosts has it", certificate: "by a certificate of a known authority", dns: "as the domain name system has it", loopback: "not looked at on the loopback interface" } as const;

/** Whether the machine is the one that is meant, as far as its key tells. */
function judgeKey({ log, byHand }: SshWay): Finding {
  if (log.knownBy === undefined) {
    return failing("identity", `its host key is taken without being known (${log.hostKey ?? "none was shown"}): anybody could be that host`, `Take \`StrictHostKeyChecking no\` out of the ssh configuration, and compare the fingerprint once by hand: ${byHand}`);
  }
  return well("identity", log.hostKey === undefined ? "key known" : `key ${log.hostKey}, ${KNOWN_BY[log.knownBy]}`);
}

/** What a machine calls itself beside what it is called. */
function judgeName(address: string, name: string, way: Way | undefined, others: readonly Examination[]): Finding {
  const own = shortName(name) ?? name;
  const called = [address, ...(way?.kind === "ssh" && way.log.host !== undefined ? [way.log.host] : [])];
  if (way?.kind === "local" || called.some((one) => shortName(one) === own)) return well("identity", `calls itself ${name}`);
  const swapped = others.find((other) => other.address !== address && shortName(other.address) === own);
  if (swapped !== undefined) {
    return failing("identity", `calls itself ${name}, and the inventory has another address of that name, ${swapped.address}`, `Correct \`host\` of both in the inventory, or the names of the machines: steps for ${swapped.address} would be carried out elsewhere`);
  }
  if (shortName(address) === undefined) return well("identity", `calls itself ${name}`);
  return warned("identity", `calls itself ${name}`, `Is it the machine that \`${address}\` stands for? Log in and look; then call one as the other is called`);
}

/** Other addresses that are the same machine. */
function judgeOthers(examination: Examination, others: readonly Examination[]): readonly Finding[] {
  const mark = examination.self?.mark ?? "";
  const same = mark === "" ? [] : others.filter((other) => other.address !== examination.address && other.self?.mark === mark).map(({ address }) => `\`${address}\``);
  if (same.length === 0) return [];
  return [failing("identity", `is one machine with ${same.join(", ")}`, "Keep one of the addresses: a machine with two names has two locks, and two runs could change it at once")];
}

/** Whether a target is the machine that is meant: its key, its name, and that no other address is the same machine. `all`: the targets of the system, itself included. Nothing where nothing could be asked. */
export function judgeIdentity(examination: Examination, all: readonly Examination[]): readonly Finding[] {
  const { address, way, self } = examination;
  const found = [
    ...(way?.kind === "ssh" ? [judgeKey(way)] : []),
    // PowerShell refuses what it does not know, and says nothing of what it knows.
    ...(way?.kind === "powershell" && way.via === "ssh" ? [well("identity", "its host key is known")] : []),
    ...(self === undefined ? [] : [judgeName(address, self.name, way, all)]),
    ...judgeOthers(examination, all),
  ];
  const wrong = found.filter(({ verdict }) => verdict !== "ok");
  if (wrong.length > 0 || found.length === 0) return wrong;
  return [well("identity", found.map(({ says }) => says).join("; "))];
}
