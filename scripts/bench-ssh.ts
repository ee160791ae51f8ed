// Prints, as ratios in one run, what 20 hosts of ten steps each cost over ssh beside Ansible, tuned (pipelining, persistent masters,
// as many forks as hosts). One server on loopback stands for all hosts, so its work is in both figures. Cases run in turn; connections
// are cold in every round. As many bare clients that run one program each (`ssh HOST true`, eight at a time, as ours opens them) stand beside
// both: what connections alone cost, the key exchange above all, which no tool that goes through the user's own client gets below. Needs root, sshd and ansible-playbook (Debian: openssh-server, ansible-core).
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SSHD, startSshd } from "../test/world/sshd.ts";
import { bundle } from "./build.ts";

const [HOSTS, STEPS, ROUNDS] = [20, 10, 3];
const PLAYBOOK = ["/usr/bin/ansible-playbook", "/usr/local/bin/ansible-playbook"].find((path) => existsSync(path));
const MARKS = { raw: 1 / 3, command: 1 / 15 } as const;

if (SSHD === undefined || PLAYBOOK === undefined) {
  process.stdout.write(`not measured: this machine has no ${SSHD === undefined ? "sshd" : "ansible-playbook"}\n`);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), "runbook-bench-"));
const { program } = await bundle(join(folder, "dist"));
const flags = /^#!.* node (.*)$/m.exec(readFileSync(program, "utf8"))?.[1]?.split(" ") ?? [];
const sshd = await startSshd(["MaxStartups 1000:30:1000", "MaxSessions 1000"]);
const names = Array.from({ length: HOSTS }, (_, i) => `node${i + 1}`);
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const inventory = write("inventory.yml", `inventory: 1\ntransports: { "node*": { kind: ssh, config: ${sshd.config} } }\nsystems:\n  fleet:\n    inputs: { nodes: [${names.join(", ")}] }\n`);
const runbook = write("fleet.yml", [
  "runbook: 1", "name: fleet", "title: Ten steps on each host", "inputs:", "  nodes: { type: list, items: string, description: The hosts }", "targets:", '  nodes: { addresses: "{{inputs.nodes}}" }',
  "steps:", "  - id: each", "    for-each: targets.nodes.addresses", "    as: node", `    max-parallel: ${HOSTS}`, "    block:",
  ...Array.from({ length: STEPS }, (_, i) => `      - { id: s${i}, uses: run.program, target: "{{node}}", with: { program: "true", effect: changes, repeatable: true } }`), "",
].join("\n"));
const ansibleHosts = write("hosts", `[fleet]\n${names.join("\n")}\n[fleet:vars]\nansible_python_interpreter=/usr/bin/python3\n`);
const play = (module: string): string => write(`${module}.yml`, `- hosts: fleet\n  gather_facts: false\n  tasks:\n${Array.from({ length: STEPS }, () => `    - ${module}: "true"\n`).join("")}`);
const plays = { raw: play("raw"), command: play("command") };

/** Time on the clock of one run, in ms. */
function timed(command: string, args: readonly string[], env: Readonly<Record<string, string>>): number {
  const begun = process.hrtime.bigint();
  const done = spawnSync(command, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} ended ${String(done.status)}: ${done.stderr.toString()}`);
  return Number(process.hrtime.bigint() - begun) / 1e6;
}

function ours(): number {
  const before = sshd.acceptedCount();
  const ms = timed(process.execPath, [...flags, program, "run", runbook, "--yes", "--inventory", inventory, "--system", "fleet"], { RUNBOOK_STATE: mkdtempSync(join(folder, "state-")) });
  const opened = sshd.acceptedCount() - before;
  if (opened !== HOSTS) throw new Error(`${opened} connections were opened for ${HOSTS} hosts`);
  return ms;
}

function ansible(module: keyof typeof plays): number {
  const paths = mkdtempSync(join(folder, "cp-"));
  const ms = timed(PLAYBOOK ?? "", ["-i", ansibleHosts, plays[module]], {
    ANSIBLE_SSH_ARGS: `-F ${sshd.config} -o ControlMaster=auto -o ControlPersist=60s`, ANSIBLE_PIPELINING: "True", ANSIBLE_FORKS: String(HOSTS),
    ANSIBLE_SSH_CONTROL_PATH_DIR: paths, ANSIBLE_GATHERING: "explicit", ANSIBLE_NOCOLOR: "1", ANSIBLE_LOCAL_TEMP: join(folder, "tmp"),
  });
  // The next round begins without connections, as ours does.
  sshd.cut();
  return ms;
}

/** One client for each host, and nothing else. */
function bare(): number {
  return timed("sh", ["-c", 'config=$1; shift; printf "%s\\n" "$@" | xargs -P 8 -I NAME ssh -n -F "$config" -T -x -o BatchMode=yes NAME true', "sh", sshd.config, ...names], {});
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

try {
  ours();
  const rounds = Array.from({ length: ROUNDS }, () => ({ ours: ours(), bare: bare(), raw: ansible("raw"), command: ansible("command") }));
  process.stdout.write(`${HOSTS} hosts of ${STEPS} steps over ssh, time on the clock, medians of ${ROUNDS} rounds; ${HOSTS} connections each\n`);
  const tell = (text: string, part: (round: (typeof rounds)[number]) => number, note: string, times: (round: (typeof rounds)[number]) => string): void => {
    process.stdout.write(`${text.padEnd(58)} ${median(rounds.map(part)).toFixed(3).padStart(9)}   ${note.padEnd(10)}   (${rounds.map(times).join(", ")})\n`);
  };
  for (const module of ["raw", "command"] as const) {
    tell(`against ansible ${module}, pipelining, ${HOSTS} forks`, (round) => round.ours / round[module], `mark ${MARKS[module].toFixed(3)}`, (round) => `${Math.round(round.ours)}/${Math.round(round[module])} ms`);
  }
  tell(`${HOSTS} bare clients against ansible command`, (round) => round.bare / round.command, "the least", (round) => `${Math.round(round.bare)}/${Math.round(round.command)} ms`);
  tell(`against ${HOSTS} bare clients`, (round) => round.ours / round.bare, "", (round) => `${Math.round(round.ours)}/${Math.round(round.bare)} ms`);
} finally {
  sshd.stop();
  rmSync(folder, { recursive: true, force: true });
}
