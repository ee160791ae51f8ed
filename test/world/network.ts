import { execFileSync, spawnSync } from "node:child_process";
import { connect, createServer, type Socket } from "node:net";

/** A network of two, this machine and one other: a namespace with an address of its own. */
export interface Network {
  /** Of the other. */
  readonly address: string;
  /** The program with arguments that starts another one there. */
  readonly starter: readonly string[];
  /** From now on nothing arrives, either way, and neither end is told. */
  readonly cut: () => void;
  /** Of a hundred packets to the other so many do not arrive. */
  readonly lose: (percent: number) => void;
  /** Everything arrives again. */
  readonly mend: () => void;
  readonly remove: () => void;
}

/** True where a network can be made: by root, with ip (iproute2) and nft (nftables). */
export function canMakeNetwork(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0 && [["unshare", "--net", "true"], ["ip", "-V"], ["unshare", "--net", "nft", "add", "table", "inet", "t"]]
    .every(([program = "", ...args]) => spawnSync(program, args, { stdio: "ignore" }).status === 0);
}

/** Makes a network, with names and addresses that follow from the number of this process; the addresses are those for benchmarks (RFC 2544). */
export function makeNetwork(): Network {
  const name = `rb${process.pid}`;
  const first = (process.pid % 32_768) * 4;
  const numbered = (host: number): string => `198.${18 + (first >> 16)}.${(first >> 8) & 255}.${(first & 255) + host}`;
  const ip = (...args: readonly string[]): void => void execFileSync("ip", args, { stdio: ["ignore", "ignore", "inherit"] });
  const rules = (text: string): void => void execFileSync("ip", ["netns", "exec", name, "nft", "-f", "-"], { input: `table inet test\ndelete table inet test\n${text}`, stdio: ["pipe", "ignore", "inherit"] });
  ip("netns", "add", name);
  ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
  ip("address", "add", `${numbered(1)}/30`, "dev", name);
  ip("link", "set", name, "up");
  ip("-n", name, "address", "add", `${numbered(2)}/30`, "dev", "eth0");
  ip("-n", name, "link", "set", "eth0", "up");
  return {
    address: numbered(2),
    starter: ["ip", "netns", "exec", name],
    cut: () => rules("table inet test { chain in { type filter hook input priority 0; policy drop; }; chain out { type filter hook output priority 0; policy drop; }; }"),
    lose: (percent) => rules(`table inet test { chain in { type filter hook input priority 0; numgen random mod 100 < ${percent} drop; }; }`),
    mend: () => rules(""),
    remove: () => {
      // A namespace lives as long as a process in it: the link goes first.
      ip("link", "delete", name);
      ip("netns", "delete", name);
    },
  };
}

/** A way of `ms` each way to a port: what connects to the answered port of this machine is led there, late. The kernel's own (netem) is not everywhere. */
export function farWay(address: string, port: number, ms: number): Promise<{ readonly port: number; readonly close: () => void }> {
  const lead = (from: Socket, to: Socket): void => {
    from.on("data", (bytes: Buffer) => setTimeout(() => void to.write(bytes), ms));
    from.on("close", () => setTimeout(() => to.destroy(), ms));
    from.on("error", () => undefined);
  };
  const server = createServer((here) => {
    const there = connect({ host: address, port, noDelay: true });
    lead(here.setNoDelay(), there);
    lead(there, here);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const at = server.address();
      resolve({ port: typeof at === "object" && at !== null ? at.port : 0, close: () => void server.close() });
    });
  });
}
