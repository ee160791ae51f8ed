import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./eventually.ts";

/** The project's folder. */
export const PROJECT = join(import.meta.dirname, "../..");
/** The laboratory's scripts: `RUNBOOK_LAB`, else beside the project. */
export const SCRIPTS = process.env["RUNBOOK_LAB"] ?? join(PROJECT, "../shared/lab");
/** Where the cluster lives. */
export const LAB_DIR = process.env["LAB_DIR"] ?? join(process.env["TMPDIR"] ?? tmpdir(), "ccr-lab");
/** The client's configuration file, which knows both nodes. */
export const SSH_CONFIG = join(LAB_DIR, "ssh/config");
/** The address that follows the primary. */
export const ADDRESS = `${process.env["LAB_NET"] ?? "10.77.0"}.10`;
/** Names of the nodes. */
export const NODES = ["node1", "node2"] as const;

/** A node by its name. */
export type Node = (typeof NODES)[number];

/** Who leads, and who follows. */
export interface Roles {
  readonly primary: Node;
  readonly standby: Node;
}

/** What a script came to. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A package that takes its time takes ten seconds: long enough to lose a connection, and to get it back. */
const ENVIRONMENT = { ...process.env, LAB_DIR, LAB_STACK: "pacemaker", LAB_SLOW: "10" };

/** Why the cluster cannot be brought up on this machine; undefined where it can. */
export function whyNot(): string | undefined {
  if (process.platform !== "linux" || !existsSync("/etc/debian_version")) return "this is no Debian system";
  if (process.getuid?.() !== 0) return "it needs root";
  return existsSync(join(SCRIPTS, "up")) ? undefined : `there is no laboratory at ${SCRIPTS}; RUNBOOK_LAB names another folder`;
}

function ended(program: string, args: readonly string[], limitMs: number): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { env: ENVIRONMENT, timeout: limitMs, killSignal: "SIGKILL", maxBuffer: 1 << 24 }, (fault, stdout, stderr) => {
      resolve({ exitCode: fault === null ? 0 : typeof fault.code === "number" ? fault.code : 255, stdout, stderr });
    });
  });
}

/** Runs a script of the laboratory, whatever it comes to. */
export function tried(script: string, args: readonly string[] = [], limitMs = 120_000): Promise<Ended> {
  return ended(join(SCRIPTS, script), args, limitMs);
}

/** Runs a script of the laboratory, which must go well, and gives what it printed. */
export async function script(name: string, args: readonly string[] = [], limitMs = 120_000): Promise<string> {
  const { exitCode, stdout, stderr } = await tried(name, args, limitMs);
  if (exitCode !== 0) throw new Error(`${name} ${args.join(" ")} ended with ${exitCode}: ${stderr}${stdout}`);
  return stdout;
}

/** False where nothing is broken that was not mended; an earlier run of the tests may have left something. */
let isBroken = true;

/** Breaks something for real: the kinds stand in the header of the script `fault`. */
export async function fault(...args: readonly string[]): Promise<void> {
  isBroken = true;
  await script("fault", args);
}

/** Fills the disk of a node. Others write at the same time, so it may take more than one try. */
export async function fillDisk(node: Node): Promise<void> {
  isBroken = true;
  const isFull = await eventually(10_000, async () => Number(await script("fault", ["disk-full", node])) < 16);
  if (!isFull) throw new Error(`the disk of ${node} does not get full`);
}

/** Takes away what {@link fault} and {@link fillDisk} have broken. A node that the cluster switches off and on at this moment is waited for. */
export async function clearFaults(): Promise<void> {
  if (!isBroken) return;
  // The script leaves it where the node is off.
  for (const node of NODES) rmSync(join(LAB_DIR, "nodes", node, "root/var/lib/lab-filler"), { force: true });
  let last: Ended | undefined;
  const isClear = await eventually(60_000, async () => {
    last = await tried("fault", ["clear"]);
    return last.exitCode === 0;
  });
  if (!isClear) throw new Error(`the faults cannot be cleared: ${last?.stderr ?? ""}`);
  isBroken = false;
}

/** Runs a text for `sh` on a node, without its network; what it prints. */
export async function onNode(node: Node, text: string): Promise<string> {
  return script("exec", [node, "sh", "-c", text]);
}

/** Undefined where not one node leads and the other follows. */
async function rolesNow(): Promise<Roles | undefined> {
  const { stdout } = await tried("status", ["--json"]);
  const seen = /^\[.*\]$/m.exec(stdout);
  const nodes = seen === null ? [] : (JSON.parse(seen[0]) as readonly { readonly node: Node; readonly role: string }[]);
  const [primary, standby] = ["primary", "standby"].map((role) => nodes.find((one) => one.role === role)?.node);
  return primary === undefined || standby === undefined ? undefined : { primary, standby };
}

/** Who leads now. One that nobody can tell is a broken laboratory. */
export async function roles(): Promise<Roles> {
  const seen = await rolesNow();
  if (seen === undefined) throw new Error("not one node leads and the other follows");
  return seen;
}

/** True where one node leads with the address, the other follows and could take over. */
export async function isHealthy(): Promise<boolean> {
  return (await tried("status")).exitCode === 0;
}

/** Version and state of the package on a node, as dpkg says it. */
export async function packageOn(node: Node): Promise<string> {
  return (await onNode(node, "dpkg-query --show --showformat='${Version} ${db:Status-Status}' labsvc 2>/dev/null || true")).trim();
}

/** How the two services of the package stand on a node: `enabled active` twice where all is well. */
export async function servicesOn(node: Node): Promise<string> {
  return (await onNode(node, "for u in labsvc-store labsvc-web; do echo $(systemctl is-enabled $u) $(systemctl is-active $u); done")).trim();
}

/** Services that run, and will after a restart. */
export const ALL_WELL = "enabled active\nenabled active";

/** Nothing of earlier runs on a node, and version 1.0 of the package. */
const RESET = `
systemctl kill --signal=KILL --kill-whom=all 'runbook-*' 2>/dev/null
dbnode resume >/dev/null 2>&1
dpkg --purge --force-all labsvc >/dev/null 2>&1
rm -rf /run/reboot-required* /var/lib/labsvc /var/tmp/labsvc* /root/.local/state/runbook
crm_attribute --name standby --delete --node $(crm_node -n) --lifetime forever >/dev/null 2>&1
instupd /var/updates/labsvc_1.0_all.deb >/dev/null
: >/var/log/dpkg.log
`;

/** No rule of a move, and no failure that the cluster keeps something stopped for. Forgetting makes it look at everything anew, for some seconds, so it is done where there is something to forget. */
const FORGET = `
crm_resource --clear --resource db-clone
crm_resource --clear --resource core
crm_mon --one-shot --output-as=xml | grep -q '<failure ' && crm_resource --cleanup
true
`;

async function switchOn(node: Node): Promise<void> {
  if ((await tried("boot", ["--is-on", node])).exitCode !== 0) await script("boot", [node]);
}

/** What an operator does after a fault: takes its cause away, switches on what is off, and lets the cluster try again. True once the pair is in health. */
export async function mend(): Promise<boolean> {
  await clearFaults();
  await Promise.all(NODES.map(switchOn));
  return eventually(120_000, async () => {
    await tried("exec", [NODES[0], "sh", "-c", FORGET]);
    return eventually(10_000, isHealthy);
  });
}

async function resetNode(node: Node): Promise<void> {
  const updates = join(LAB_DIR, "nodes", node, "root/var/updates");
  mkdirSync(updates, { recursive: true });
  copyFileSync(update("1.0_all"), join(updates, "labsvc_1.0_all.deb"));
  await onNode(node, RESET);
  if (await servicesOn(node) !== ALL_WELL) throw new Error(`${node} does not begin as it should`);
}

/** Both nodes in health, with version 1.0 of the package and nothing of earlier runs. Gives who leads. */
export async function begin(): Promise<Roles> {
  if (!(await mend())) {
    await script("down", [], 300_000);
    await script("up", [], 600_000);
  }
  await Promise.all(NODES.map(resetNode));
  if (!(await eventually(60_000, isHealthy))) throw new Error("the cluster is not in health at the beginning");
  const now = await roles();
  // The agent's look at the log (`pg_waldump --path`) fails, and it refuses every promotion, while a segment lies there that was made
  // ready and not begun. In a fresh segment none is made ready for the next minutes.
  await onNode(now.primary, 'cd / && runuser -u postgres -- psql --quiet --command "select pg_switch_wal()" >/dev/null');
  return now;
}

/** The file of an update that `mkdeb` made: `2.0_all`, `2.0_fail` … */
export function update(variant: string): string {
  return join(LAB_DIR, "updates", `labsvc_${variant}.deb`);
}

/** What earlier runs of the client left. */
export function forgetClients(): void {
  const folder = join(LAB_DIR, "client");
  if (existsSync(folder)) for (const name of readdirSync(folder)) rmSync(join(folder, name));
}
