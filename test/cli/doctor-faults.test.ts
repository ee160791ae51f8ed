import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { DoctorDocument } from "../../src/views/documents.ts";
import { kernelText, runs, temporaryFolder, until } from "../world/real-process.ts";
import { serverForTests } from "../world/ssh-kit.ts";
import { childrenOf, SSHD, startSshd, type Sshd } from "../world/sshd.ts";
import { doctored, doctorIn, found, inventoryOf, targetOf } from "./doctor-kit.ts";
import { projectWith } from "./project-fixture.ts";
import { faultsOf } from "./run-case.ts";
import { stage } from "./stage.ts";

const isRoot = process.getuid?.() === 0;
/** The machine as it calls itself: an address of that name is what it claims to be. */
const self = hostname().toLowerCase();

/** Runs what is asked for in a shell that was prepared so. */
function forced(preparation: string): readonly string[] {
  return [`ForceCommand ${preparation} eval "$SSH_ORIGINAL_COMMAND"`];
}

/** The client's configuration of a server for a host of that name, changed. */
function configFor(sshd: Sshd, name: string, change: (text: string) => string = (text) => text): string {
  const path = join(temporaryFolder(), "config");
  writeFileSync(path, change(readFileSync(sshd.config, "utf8").replace("Host node*", `Host ${name} node*`)));
  return path;
}

/** A server that is stopped at the end of the test. */
async function server(lines: readonly string[]): Promise<Sshd> {
  const sshd = await startSshd(lines);
  onTestFinished(sshd.stop);
  return sshd;
}

describe.skipIf(SSHD === undefined)("doctor, of a machine that is well", () => {
  const sshd = serverForTests();

  test("says so in every check, valid against its schema, and ends 0", async () => {
    const { code, out } = await doctorIn({ "inventory.yml": inventoryOf({ [self]: `config: ${configFor(sshd(), self)}` }) }, ["--inventory", "inventory.yml", "--system", "lab", "--json"]);
    expect(code).toBe(0);
    expect(faultsOf("printed-doctor", out)).toEqual([]);
    const document = JSON.parse(out) as Awaited<ReturnType<typeof doctored>>;
    expect(document).toMatchObject({ v: 1, system: "lab", simulated: false, verdict: isRoot ? "ok" : "warning", patterns: [] });
    const { findings, reachedAs } = targetOf(document.targets, self);
    expect(findings.map(({ check }) => check)).toEqual(["reachable", "identity", "versions", "rights", "clock", "space", "shell"]);
    expect(reachedAs).toBe(`${process.env["USER"] ?? "root"}@127.0.0.1 port ${sshd().port}`);
    const key = execFileSync("ssh-keygen", ["-lf", join(sshd().folder, "host.pub")], { encoding: "utf8" }).split(" ")[1];
    expect(found(document, self, "identity")[0]?.says).toBe(`key ssh-ed25519 ${key}, as known_hosts has it; calls itself ${hostname()}`);
    expect(found(document, self, "versions")[0]?.says).toContain("OpenSSH_");
    expect(found(document, self, "clock")[0]?.says).toMatch(/this machine/);
  });

  test("folds what is well on the screen, and shows it with --all", async () => {
    const files = { "inventory.yml": inventoryOf({ [self]: `config: ${configFor(sshd(), self)}`, "*.other": "" }) };
    const words = ["--inventory", "inventory.yml", "--system", "lab"];
    const short = await doctorIn(files, words);
    expect(short.out).toMatch(new RegExp(`^(ok|warning) +${self} +ssh \\S+@127\\.0\\.0\\.1 port ${sshd().port}, `, "m"));
    expect(short.out).toContain("Not looked at: what `*.other` of the inventory stands for.");
    expect(short.out).not.toContain("OpenSSH_");
    expect(short.err).toContain("doctor --inventory inventory.yml --system lab --all");
    expect((await doctorIn(files, [...words, "--all"])).out).toMatch(/^ {2}ok +versions +.*OpenSSH_/ms);
  });
});

test.skipIf(SSHD === undefined)("doctor that is left while it waits ends 130, says nothing of targets, and leaves no client behind", async () => {
  const accepted = Promise.withResolvers<void>();
  const mute = createServer(() => accepted.resolve()).listen(0, "127.0.0.1");
  onTestFinished(() => void mute.close());
  await new Promise((resolve) => mute.once("listening", resolve));
  const address = mute.address();
  const folder = projectWith({ "runbook.config.yml": "config: 1\n", "inventory.yml": inventoryOf({ silent: `host: 127.0.0.1, port: ${typeof address === "object" ? address?.port : 0}` }) });
  const { surroundings, out, signal } = stage({ workingFolder: folder });
  const clients = (): readonly number[] => childrenOf(process.pid).filter((pid) => kernelText(`/proc/${pid}/comm`).trim() === "ssh" && runs(pid));
  const ended = main(["doctor", "--inventory", "inventory.yml", "--system", "lab"], surroundings);
  await accepted.promise;
  expect(clients()).toHaveLength(1);
  signal("SIGINT");
  expect(await ended).toBe(130);
  expect(out()).toBe("");
  await until(() => (clients().length === 0 ? true : undefined));
});

test.skipIf(SSHD === undefined)("doctor keeps to the limit of connections of a rule, and opens none twice", async () => {
  const sshd = await server([]);
  const inventory = `inventory: 1\ntransports: { "node*": { kind: ssh, config: ${sshd.config}, max-connections: 1 } }\nsystems:\n  lab: { inputs: { nodes: [node1, node2, node3] } }\n`;
  const runbook = 'runbook: 1\nname: all\ntitle: Look at all\ninputs: { nodes: { type: list, items: { format: hostname }, description: The machines } }\ntargets:\n  nodes: { addresses: "{{inputs.nodes}}" }\nchecks:\n  - { id: look, title: Look, for-each: targets.nodes.addresses, as: node, target: "{{node}}", uses: run.query, with: { program: "true" } }\n';
  const { out, err } = await doctorIn({ "inventory.yml": inventory, "all.yml": runbook }, ["all.yml", "--inventory", "inventory.yml", "--system", "lab", "--json"]);
  expect(err).toBe("");
  expect((JSON.parse(out) as DoctorDocument).targets.map(({ findings }) => findings[0]?.verdict)).toEqual(["ok", "ok", "ok"]);
  expect(sshd.acceptedCount()).toBe(3);
});

describe.skipIf(SSHD === undefined)("doctor, of a way that does not lead there", () => {
  const sshd = serverForTests();

  test("tells what is wrong at each address, all at once, within a bounded time, and ends 1", async () => {
    const mute = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void mute.close());
    await new Promise((resolve) => mute.once("listening", resolve));
    const address = mute.address();
    const [known, careless] = [join(temporaryFolder(), "known_hosts"), join(temporaryFolder(), "known_hosts")];
    writeFileSync(known, "");
    const changed = join(temporaryFolder(), "known_hosts");
    writeFileSync(changed, `the-host ${readFileSync(join(sshd().folder, "id.pub"), "utf8")}`);
    const document = await doctored({
      node1: `config: ${configFor(sshd(), self)}`,
      node_unknown: `config: ${configFor(sshd(), self, (text) => text.replace(sshd().knownHosts, known))}`,
      node_changed: `config: ${configFor(sshd(), self, (text) => text.replace(sshd().knownHosts, changed))}`,
      node_careless: `config: ${configFor(sshd(), self, (text) => `${text.replace(sshd().knownHosts, careless)}\n  StrictHostKeyChecking no\n`)}`,
      node_account: `config: ${sshd().config}, user: no_such_account`,
      node_refused: "host: 127.0.0.1, port: 1",
      node_silent: `host: 127.0.0.1, port: ${typeof address === "object" ? address?.port : 0}`,
      node_nameless: "host: no-such-host.invalid",
    });
    expect(document.code).toBe(1);
    expect(document.verdict).toBe("failed");
    const key = execFileSync("ssh-keygen", ["-lf", join(sshd().folder, "host.pub")], { encoding: "utf8" }).split(" ")[1] ?? "";
    const [unknown] = found(document, "node_unknown", "identity");
    expect(unknown).toMatchObject({ verdict: "failed", says: expect.stringContaining(`its host key is not known here; it shows ssh-ed25519 ${key}`), cure: expect.stringContaining("compare the fingerprint") });
    expect(found(document, "node_unknown", "reachable")).toMatchObject([{ verdict: "ok", says: expect.stringMatching(/^OpenSSH_\S+.* answers$/) }]);
    expect(found(document, "node_changed", "identity")).toMatchObject([{ verdict: "failed", says: expect.stringContaining("its host key is another one than is known"), cure: expect.stringContaining("Find out why before anything else") }]);
    expect(found(document, "node_careless", "identity")).toContainEqual(expect.objectContaining({ verdict: "failed", says: expect.stringContaining("taken without being known"), cure: expect.stringContaining("StrictHostKeyChecking") }));
    expect(found(document, "node_account", "rights")).toMatchObject([{ verdict: "failed", says: expect.stringContaining("does not let this account in") }]);
    expect(found(document, "node_account", "identity")).toMatchObject([{ verdict: "ok" }]);
    expect(found(document, "node_refused", "reachable")).toMatchObject([{ verdict: "failed", says: "nothing answers on its ssh port", cure: expect.stringContaining("ssh -p 1 127.0.0.1") }]);
    expect(found(document, "node_silent", "reachable")).toMatchObject([{ verdict: "failed", says: "it does not answer: no shell there after 15 s" }]);
    expect(found(document, "node_nameless", "reachable")).toMatchObject([{ verdict: "failed", says: "its name is not known" }]);
    for (const one of ["node_unknown", "node_changed", "node_account", "node_refused", "node_silent"]) expect(found(document, one, "clock")).toEqual([]);
  }, 60_000);
});

describe.skipIf(SSHD === undefined)("doctor, of what is wrong on the machine", () => {
  /** What was found there. */
  async function at(lines: readonly string[], rule = ""): Promise<Awaited<ReturnType<typeof doctored>>> {
    return doctored({ [self]: `config: ${configFor(await server(lines), self)}${rule}` });
  }

  test("warns of a start-up file that prints, and of nothing else there", async () => {
    const document = await at(forced("echo 'Welcome to the machine'; echo aside >&2;"));
    expect(document.code).toBe(0);
    expect(found(document, self, "shell")).toMatchObject([{ verdict: "warning", says: expect.stringContaining("prints (`Welcome to the machine`)"), cure: expect.stringContaining("case $- in") }]);
  });

  test("says that there is no shell, with what was printed in its place", async () => {
    const document = await at(["ForceCommand echo This account is not available.; exit 1"]);
    expect(document.code).toBe(1);
    expect(found(document, self, "shell")).toMatchObject([{ verdict: "failed", says: expect.stringContaining("This account is not available.") }]);
    expect(found(document, self, "reachable")).toMatchObject([{ verdict: "ok" }]);
  });

  test("measures how far a clock is off, and warns above five seconds", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "bin"));
    const date = (seconds: number): void => writeFileSync(join(folder, "bin/date"), `#!/bin/sh\nexec /bin/date -d '${seconds} seconds ago' "$@"\n`, { mode: 0o755 });
    date(61);
    const lines = forced(`PATH=${folder}/bin:$PATH; export PATH;`);
    const document = await at(lines);
    expect(document.code).toBe(0);
    const [clock] = found(document, self, "clock");
    expect(clock).toMatchObject({ verdict: "warning", says: expect.stringMatching(/^6[01]\.\d s behind this machine \(± \d+\.\d+ s\)$/), cure: expect.stringContaining("chrony") });
    date(2);
    expect(found(await at(lines), self, "clock")).toMatchObject([{ verdict: "ok", says: expect.stringMatching(/^[12]\.\d s behind this machine/) }]);
  });

  test("warns of a path that holds the folder at hand", async () => {
    const document = await at(forced(`PATH=.:/usr/bin:/usr/sbin:/bin; export PATH;`));
    expect(found(document, self, "shell").map(({ says }) => says)).toContainEqual(expect.stringContaining("PATH holds `.`"));
  });

  test("takes a machine that calls itself otherwise for a warning, and one that is called as another address is for a failure", async () => {
    const sshd = await server([]);
    const alone = await doctored({ "node1.lab.example": `config: ${sshd.config}` });
    expect(alone.code).toBe(0);
    expect(found(alone, "node1.lab.example", "identity")).toMatchObject([{ verdict: "warning", says: `calls itself ${hostname()}`, cure: expect.stringContaining("node1.lab.example") }]);
    const swapped = await doctored({ node1: `config: ${sshd.config}`, [self]: "host: 127.0.0.1, port: 1" });
    expect(found(swapped, "node1", "identity")).toMatchObject([{ verdict: "failed", says: expect.stringContaining(`another address of that name, ${self}`) }]);
  });

  test("says that two addresses are one machine", async () => {
    const sshd = await server([]);
    const document = await doctored({ node1: `config: ${sshd.config}`, node2: `config: ${sshd.config}` });
    expect(document.code).toBe(1);
    expect(found(document, "node1", "identity")).toContainEqual(expect.objectContaining({ verdict: "failed", says: "is one machine with `node2`" }));
    expect(found(document, "node2", "identity")).toContainEqual(expect.objectContaining({ verdict: "failed", says: "is one machine with `node1`" }));
  });
});

describe.skipIf(SSHD === undefined || !isRoot)("doctor, of accounts and disks", () => {
  const asNobody = `exec setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent sh -c "$SSH_ORIGINAL_COMMAND"; :`;

  test("says that sudo wants a password, and how to do without", async () => {
    const sshd = await server(forced(asNobody));
    const document = await doctored({ [self]: `config: ${configFor(sshd, self)}, become: root` });
    expect(document.code).toBe(1);
    expect(found(document, self, "rights")).toMatchObject([{ verdict: "failed", says: "sudo asks for a password to become root, and none is given to it", cure: expect.stringContaining("NOPASSWD") }]);
  });

  test("says who is not root, and that such an account cannot keep jobs where it has no home", async () => {
    const sshd = await server(forced(asNobody));
    const document = await doctored({ [self]: `config: ${configFor(sshd, self)}` });
    expect(found(document, self, "rights")).toMatchObject([{ verdict: "warning", says: expect.stringContaining("nobody, who is not root"), cure: expect.stringContaining("become: root") }]);
    expect(found(document, self, "space")).toMatchObject([{ verdict: "failed", says: "the account cannot write into /, where jobs are kept" }]);
  });

  test("takes a full disk for a failure where jobs are kept", async () => {
    const disk = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=20m", "tmpfs", disk]);
    onTestFinished(() => void execFileSync("umount", [disk]));
    writeFileSync(join(disk, "filler"), Buffer.alloc(16 * 1024 * 1024));
    const document = await doctored({ [self]: `config: ${configFor(await server([`SetEnv HOME=${disk}`]), self)}` });
    expect(document.code).toBe(1);
    expect(found(document, self, "space")).toMatchObject([{ verdict: "failed", says: `4.19 MB free below ${disk}: jobs keep their record and output there`, cure: expect.stringContaining(`du -xh ${disk}`) }]);
  });
});
