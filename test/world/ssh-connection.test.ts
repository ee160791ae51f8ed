import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Outcome } from "../../src/core/port.ts";
import { kernelText, options, runs, temporaryFolder, until } from "./real-process.ts";
import { configWith, pidsFrom, run, serverForTests, waysTo } from "./ssh-kit.ts";
import { childrenOf, endProcess, SSHD } from "./sshd.ts";

/** Processes of the OpenSSH client that this process started. */
function clients(): readonly number[] {
  return childrenOf(process.pid).filter((pid) => kernelText(`/proc/${pid}/comm`).trim() === "ssh" && runs(pid));
}

describe.skipIf(SSHD === undefined)("a connection by ssh", () => {
  const server = serverForTests();

  test("is opened once for an address, however much runs at once and one after the other", async () => {
    const before = server().acceptedCount();
    const ways = waysTo(server());
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => run(ways.to(i % 2 === 0 ? "node1" : "NODE1"), "echo", [String(i)])));
    expect(answers.map((answer) => answer.kind === "ok" && answer.value.stdout)).toEqual(Array.from({ length: 30 }, (_, i) => `${i}\n`));
    for (let i = 0; i < 10; i += 1) expect(await run(ways.to("node1"), "true", [])).toMatchObject({ kind: "ok" });
    expect(server().acceptedCount() - before).toBe(1);
  });

  test("that is not needed is not opened, and one that is closed leaves no process here or there", async () => {
    const before = server().acceptedCount();
    const ways = waysTo(server());
    ways.to("node1");
    ways.close();
    expect(server().acceptedCount()).toBe(before);
    const pids: number[] = [];
    const other = waysTo(server());
    const running = run(other.to("node1"), "sh", ["-c", "echo $$; sleep 600"], {}, { onOutput: pidsFrom(pids) });
    await until(() => (pids.length > 0 ? true : undefined));
    other.close();
    expect(await running).toMatchObject({ kind: "lost" });
    await until(() => (pids.some(runs) || clients().length > 0 ? undefined : true));
  });

  const cuts: readonly (readonly [string, () => void])[] = [["the server's process is killed", () => server().cut()], ["the client that holds it is killed", () => endProcess(clients()[0] ?? 0)]];
  test.each(cuts)("is lost where %s: what ran is lost, its tree ends there, and the next call connects anew", async (_title, cut) => {
    const before = server().acceptedCount();
    const pids: number[] = [];
    const node = waysTo(server()).to("node1");
    const running = [0, 1].map(() => run(node, "sh", ["-c", "sleep 600 & echo $$ $!; wait"], {}, { onOutput: pidsFrom(pids) }));
    await until(() => (pids.length === 4 ? true : undefined));
    cut();
    for (const one of running) expect(await one).toEqual({ kind: "lost", because: "the connection to node1 was lost while sh ran" });
    expect(await run(node, "sh", ["-c", "exit 255"])).toMatchObject({ kind: "ok", value: { exitCode: 255 } });
    await until(() => (pids.some(runs) ? undefined : true));
    expect(server().acceptedCount() - before).toBe(2);
  });

  test("over which nothing comes any more is lost, and its target ends what ran", async () => {
    const pids: number[] = [];
    const node = waysTo(server(), {}, { beatMs: 200 }).to("node1");
    const running = run(node, "sh", ["-c", "sleep 600 & echo $$ $!; wait"], {}, { onOutput: pidsFrom(pids) });
    await until(() => (pids.length === 2 ? true : undefined));
    // As a network that was cut: both ends live, and nothing arrives.
    const halves = [...server().connections(), ...clients()];
    for (const pid of halves) process.kill(pid, "SIGSTOP");
    onTestFinished(() => halves.forEach(endProcess));
    expect(await running).toMatchObject({ kind: "lost" });
    await until(() => (pids.some(runs) ? undefined : true));
  });

  test("is made to room for another where the inventory limits their number", async () => {
    const before = server().acceptedCount();
    const ways = waysTo(server(), { maxConnections: 1 });
    const both = ["node1", "node2", "node1"];
    for (const address of both) expect(await run(ways.to(address), "true", [])).toMatchObject({ kind: "ok" });
    expect(server().acceptedCount() - before).toBe(3);
    const answers = await Promise.all(["node1", "node2", "node3"].map((address) => run(ways.to(address), "echo", [address])));
    expect(answers.map((answer) => answer.kind === "ok" && answer.value.stdout)).toEqual(["node1\n", "node2\n", "node3\n"]);
  });

  test("whose socket was cleared away with the temporary files carries on, and is made again for what needs a second session", async () => {
    const [before, folder] = [server().acceptedCount(), temporaryFolder()];
    vi.stubEnv("TMPDIR", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const node = waysTo(server()).to("node1");
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
    expect(server().acceptedCount() - before).toBe(1);
    expect(await node.put({ kind: "put", from: "/etc/hostname", to: join(folder, "a") }, options())).toMatchObject({ kind: "ok" });
    expect(server().acceptedCount() - before).toBe(2);
  });

  test("shows no secret among the arguments of any process", async () => {
    const secret = "s3cret-5f1c";
    const pids: number[] = [];
    const node = waysTo(server()).to("node1");
    const running = run(node, "sh", ["-c", "echo $$; sleep 600"], { stdin: secret, env: { TOKEN: secret } }, { onOutput: pidsFrom(pids), limitMs: 5_000 });
    await until(() => (pids.length > 0 ? true : undefined));
    const lines = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((pid) => kernelText(`/proc/${pid}/cmdline`));
    expect(lines.filter((line) => line.includes("sleep")).length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    await running;
  });
});

describe.skipIf(SSHD === undefined)("an address that cannot be reached by ssh", () => {
  const server = serverForTests();
  const failureOf = (outcome: Outcome<unknown>): unknown => (outcome.kind === "failed" ? outcome.failure : outcome);
  const tried = async (config: string, address = "node1"): Promise<unknown> => failureOf(await run(waysTo(server(), { config }).to(address), "true", []));

  test("because its host key is not known says how to make it known, and makes it known to nobody", async () => {
    const known = join(temporaryFolder(), "known_hosts");
    writeFileSync(known, "");
    const config = configWith(server(), (text) => text.replace(server().knownHosts, known));
    expect(await tried(config)).toMatchObject({ code: "denied", because: expect.stringMatching(/host key is not known here\. Connect once by hand.*: ssh -F \S+ node1$/) });
    expect(readFileSync(known, "utf8")).toBe("");
  });

  test("because its host key is another one says so", async () => {
    const known = join(temporaryFolder(), "known_hosts");
    writeFileSync(known, `the-host ${readFileSync(join(server().folder, "id.pub"), "utf8")}`);
    expect(await tried(configWith(server(), (text) => text.replace(server().knownHosts, known)))).toMatchObject({ code: "denied", because: expect.stringContaining("its host key is another one than is known") });
  });

  test("because no key of the account is taken says so", async () => {
    expect(await tried(configWith(server(), (text) => text.replace(/IdentityFile \S+/, `IdentityFile ${join(server().folder, "host")}`)))).toMatchObject({ code: "denied", because: expect.stringContaining("does not let this account in") });
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ["nothing listens", (text) => text.replace(/Port \d+/, "Port 1"), /nothing answers on its ssh port/],
    ["the name is not known", (text) => text.replace("127.0.0.1", "no-such-host.invalid"), /its name is not known/],
    ["the configuration is wrong", (text) => `${text}\n  NoSuchOption yes\n`, /ssh configuration is refused/],
  ])("because %s says so", async (_title, change, because) => {
    expect(await tried(configWith(server(), change))).toMatchObject({ code: "unreachable", because: expect.stringMatching(because) });
  });

  test("because it never answers says so when the limit passes", async () => {
    const mute = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void mute.close());
    await new Promise((resolve) => mute.once("listening", resolve));
    const address = mute.address();
    const config = configWith(server(), (text) => text.replace(/Port \d+/, `Port ${typeof address === "object" ? address?.port : 0}`));
    const outcome = await run(waysTo(server(), { config }).to("node1"), "true", [], {}, { limitMs: 1_500 });
    expect(failureOf(outcome)).toMatchObject({ code: "unreachable", because: expect.stringContaining("it does not answer: no shell there after") });
  });

  test("is asked again by the next call", async () => {
    const config = configWith(server(), (text) => text.replace(/Port \d+/, "Port 1"));
    const node = waysTo(server(), { config }).to("node1");
    expect(await run(node, "true", [])).toMatchObject({ kind: "failed" });
    writeFileSync(config, readFileSync(server().config, "utf8"));
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
  });
});

describe.skipIf(SSHD === undefined)("a login shell", () => {
  const noisy = serverForTests([`ForceCommand echo 'motd'; echo noise >&2; eval "$SSH_ORIGINAL_COMMAND"`]);
  const none = serverForTests(["ForceCommand echo This account is not available.; exit 1"]);
  const narrow = serverForTests(["MaxSessions 1"]);

  test("that prints at every login does not spoil the first answer", async () => {
    expect(await run(waysTo(noisy()).to("node1"), "echo", ["a"])).toMatchObject({ kind: "ok", value: { stdout: "a\n", stderr: "" } });
  });

  test("that is none says what it printed", async () => {
    expect(await run(waysTo(none()).to("node1"), "echo", ["a"])).toMatchObject({ kind: "failed", failure: { code: "unreachable", because: expect.stringContaining("This account is not available.") } });
  });

  test("of which a connection may carry only one is shared, and what needs two says so", async () => {
    const node = waysTo(narrow()).to("node1");
    const answers = await Promise.all([1, 2, 3].map((i) => run(node, "echo", [String(i)])));
    expect(answers.map((answer) => answer.kind === "ok" && answer.value.stdout)).toEqual(["1\n", "2\n", "3\n"]);
    expect(await node.put({ kind: "put", from: "/etc/hostname", to: join(temporaryFolder(), "a") }, options())).toMatchObject({ kind: "failed", failure: { code: "unreachable", because: expect.stringContaining("MaxSessions") } });
    expect(narrow().acceptedCount()).toBe(1);
  });
});
