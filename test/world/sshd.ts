import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Where the server of OpenSSH lies as a rule; undefined where this machine has none. */
export const SSHD = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find((path) => existsSync(path));

/** A server of ssh, on the loopback interface if nothing else is said, with keys of its own, and a client's configuration that knows it by any name that begins with `node`. */
export interface Sshd {
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  /** The client's configuration file. */
  readonly config: string;
  readonly knownHosts: string;
  /** The processes of sshd that serve a connection now. */
  readonly connections: () => readonly number[];
  /** Ends every connection, as a server that dies does. */
  readonly cut: () => void;
  /** How many connections were let in so far. */
  readonly acceptedCount: () => number;
  readonly stop: () => void;
}

function key(path: string): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
  return readFileSync(`${path}.pub`, "utf8").split(" ").slice(0, 2).join(" ").trim();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answers(address: string, port: number, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error("sshd does not start");
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address, () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isThere) return;
  }
}

/** Children of a process, as the kernel tells. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter((text) => text.trim() !== "").map(Number));
}

/** All that a process started, and what that started. */
export function descendantsOf(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...(existsSync(`/proc/${child}/task`) ? descendantsOf(child) : [])]);
}

/** Kills a process; one that is gone is gone. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== "ESRCH") throw fault;
  }
}

/** The home of the account that connects: of its own, so that nothing is left in the real one. */
export function home(folder: string): string {
  return join(folder, "home");
}

/** Starts a server; `lines` are added to its configuration, `starter` is a program with arguments that starts it: `unshare --mount` gives it file systems of its own. `address` is where it listens, of the network in which the starter puts it. */
export async function startSshd(lines: readonly string[] = [], starter: (folder: string) => readonly string[] = () => [], address = "127.0.0.1"): Promise<Sshd> {
  if (SSHD === undefined) throw new Error("this machine has no sshd");
  const folder = mkdtempSync(join(tmpdir(), "runbook-sshd-"));
  chmodSync(folder, 0o711);
  mkdirSync(home(folder));
  mkdirSync("/run/sshd", { recursive: true });
  const port = await freePort();
  const host = key(join(folder, "host"));
  writeFileSync(join(folder, "authorized_keys"), `${key(join(folder, "id"))}\n`);
  const knownHosts = join(folder, "known_hosts");
  writeFileSync(knownHosts, `the-host ${host}\n`);
  const config = join(folder, "config");
  writeFileSync(config, [
    "Host node* NODE*", `  HostName ${address}`, `  Port ${port}`, `  User ${userInfo().username}`, `  IdentityFile ${join(folder, "id")}`, "  IdentitiesOnly yes",
    `  UserKnownHostsFile ${knownHosts}`, "  GlobalKnownHostsFile /dev/null", "  HostKeyAlias the-host", "",
  ].join("\n"));
  const log = join(folder, "log");
  writeFileSync(join(folder, "sshd_config"), [
    // The first value of a keyword counts, and of this one the last.
    "MaxStartups 100", ...lines, `Port ${port}`, `ListenAddress ${address}`, `HostKey ${join(folder, "host")}`, `AuthorizedKeysFile ${join(folder, "authorized_keys")}`, "PidFile none", "StrictModes no",
    `SetEnv HOME=${home(folder)}`, "UsePAM no", "PasswordAuthentication no", "PermitRootLogin prohibit-password", "LogLevel VERBOSE", "Subsystem sftp internal-sftp", "",
  ].join("\n"));
  writeFileSync(log, "");
  const [program = SSHD, ...words] = [...starter(folder), SSHD, "-D", "-f", join(folder, "sshd_config"), "-E", log];
  const server = spawn(program, words, { stdio: "ignore" });
  await answers(address, port, server);
  return {
    folder, address, port, config, knownHosts,
    connections: () => childrenOf(server.pid ?? 0),
    acceptedCount: () => readFileSync(log, "utf8").split("\n").filter((line) => line.includes("Accepted publickey")).length,
    cut: () => childrenOf(server.pid ?? 0).forEach(endProcess),
    stop: () => {
      childrenOf(server.pid ?? 0).forEach(endProcess);
      server.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
