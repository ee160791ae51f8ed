import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Failure } from "../../src/core/failure.ts";
import { kernelText, options, runs, temporaryFolder, until } from "./real-process.ts";
import { configWith, run, serverForTests, waysTo } from "./ssh-kit.ts";
import { descendantsOf, home, SSHD, startSshd, type Sshd } from "./sshd.ts";

/** Why a program of an address does not run. */
async function refusal(sshd: Sshd, config: string, limitMs?: number): Promise<Failure> {
  const outcome = await run(waysTo(sshd, { config }).to("node1"), "true", [], {}, limitMs === undefined ? {} : { limitMs });
  if (outcome.kind !== "failed") throw new Error(JSON.stringify(outcome));
  return outcome.failure;
}

/** A port on which somebody listens and never says a word. */
async function mutePort(): Promise<number> {
  const mute = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void mute.close());
  await new Promise((resolve) => mute.once("listening", resolve));
  const address = mute.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe.skipIf(SSHD === undefined)("behind a jump host", () => {
  const server = serverForTests();
  const asking = serverForTests(["PasswordAuthentication yes", "PubkeyAuthentication no"]);

  /** A configuration in which `node1` is reached through `jump`, whose lines are those of the server, changed. */
  function through(change: (text: string) => string = (text) => text, target: (text: string) => string = (text) => text): string {
    const own = readFileSync(server().config, "utf8");
    return configWith(server(), () => `${change(own.replace("Host node* NODE*", "Host jump"))}\nHost node1\n  ProxyJump jump\n${target(own)}`);
  }

  test("an address is reached, over one connection to each", async () => {
    const before = server().acceptedCount();
    const node = waysTo(server(), { config: through() }).to("node1");
    for (const word of ["a", "b"]) expect(await run(node, "echo", [word])).toMatchObject({ kind: "ok", value: { stdout: `${word}\n`, stderr: "" } });
    expect(server().acceptedCount() - before).toBe(2);
  });

  test.each<[string, Failure["code"], RegExp, (text: string) => string]>([
    ["does not answer on its port", "unreachable", /it says `ssh: connect to host 127\.0\.0\.1 port 1: Connection refused`\. Does sshd run on the jump host, and is its port the right one/, (text) => text.replace(/Port \d+/, "Port 1")],
    ["has no name", "unreachable", /it says `ssh: Could not resolve hostname no-such-host\.invalid.*`\. Correct the jump host's name .*this must work: ssh -F \S+ node1$/, (text) => text.replace("127.0.0.1", "no-such-host.invalid")],
    ["lets nobody in", "denied", /it says `\S+@127\.0\.0\.1: Permission denied \(publickey.*\)\.`\. The jump host must let the account in without any question, too: ssh -F \S+ node1$/, (text) => text.replace(/\/id\n/, "/host\n")],
    ["has a key that is not known", "denied", /it says `Host key verification failed\.`\. Connect once by hand, and compare the jump host's fingerprint/, (text) => text.replace(/UserKnownHostsFile \S+/, "UserKnownHostsFile /dev/null")],
  ])("that %s, the failure has the jump host's own words", async (_title, code, because, change) => {
    const failure = await refusal(server(), through(change));
    expect(failure.code).toBe(code);
    expect(failure.because).toMatch(/^node1 cannot be reached by ssh: the jump host or proxy of the ssh configuration does not lead to it: /);
    expect(failure.because).toMatch(because);
  });

  test("that finds nothing on the target's port, the failure says what it found", async () => {
    const failure = await refusal(server(), through((text) => text, (text) => text.replace(/Port \d+/, "Port 1")));
    expect(failure).toMatchObject({ code: "unreachable", because: expect.stringMatching(/it says `channel 0: open failed: connect failed: Connection refused`\. Does sshd run there/) });
  });

  test("that asks for a password, nobody is asked, not by a window either", async () => {
    const asked = join(temporaryFolder(), "asked");
    const window = join(temporaryFolder(), "askpass");
    writeFileSync(window, `#!/bin/sh\ntouch ${asked}\n`);
    chmodSync(window, 0o755);
    const before = { ...process.env };
    onTestFinished(() => {
      process.env = before;
    });
    Object.assign(process.env, { SSH_ASKPASS: window, SSH_ASKPASS_REQUIRE: "force", DISPLAY: ":9" });
    const failure = await refusal(server(), through((text) => text.replace(/Port \d+/, `Port ${asking().port}`).replace(/UserKnownHostsFile \S+/, `UserKnownHostsFile ${asking().knownHosts}`)));
    expect(failure).toMatchObject({ code: "denied", because: expect.stringMatching(/it says `\S+: Permission denied \(password/) });
    expect(existsSync(asked)).toBe(false);
  });

  test("that never answers, the limit ends the wait and every process of it", async () => {
    const port = await mutePort();
    const refused = refusal(server(), through((text) => text.replace(/Port \d+/, `Port ${port}`)), 2_000);
    const pids = await until(() => {
      const clients = descendantsOf(process.pid).filter((pid) => kernelText(`/proc/${pid}/comm`) === "ssh\n");
      return clients.some((pid) => kernelText(`/proc/${pid}/cmdline`).includes("-W")) ? clients : undefined;
    });
    expect(await refused).toMatchObject({ code: "unreachable", because: expect.stringContaining("it does not answer: no shell there after") });
    await until(() => (pids.some(runs) ? undefined : true));
  });

  test("that is a program of the user's, the failure has its words", async () => {
    const proxy = join(temporaryFolder(), "proxy");
    writeFileSync(proxy, "#!/bin/sh\necho 'no ticket: log in at the gateway first' >&2\nexit 3\n");
    chmodSync(proxy, 0o755);
    const failure = await refusal(server(), configWith(server(), (text) => `Host node1\n  ProxyCommand ${proxy}\n${text}`));
    expect(failure).toMatchObject({ code: "unreachable", because: expect.stringContaining("it says `no ticket: log in at the gateway first`") });
  });

  test("that is a program which ends without a word, the failure says that, and not that there are too many connections", async () => {
    const failure = await refusal(server(), configWith(server(), (text) => `Host node1\n  ProxyCommand true\n${text}`), 1_500);
    expect(failure).toMatchObject({ code: "unreachable", because: expect.stringMatching(/the jump host or proxy of the ssh configuration ended without a word, or what is behind it did.*\. This must work: ssh -F \S+ node1$/) });
  });
});

describe.skipIf(SSHD === undefined)("the ssh client of this machine", () => {
  const server = serverForTests();

  test("that refuses its configuration says which file, or which option of it", async () => {
    const missing = join(temporaryFolder(), "no.config");
    expect(await refusal(server(), missing)).toMatchObject({ code: "unreachable", because: expect.stringContaining(`the ssh configuration is refused: \`Can't open user config file ${missing}: `) });
    expect(await refusal(server(), configWith(server(), (text) => `Hots node1\n${text}`))).toMatchObject({ code: "unreachable", because: expect.stringMatching(/the ssh configuration is refused: `.*line 1: Bad configuration option: hots`\. This must work: ssh -F/) });
  });

  test("that takes no such name is the inventory's fault, and nobody is told to type a name that would be an option", async () => {
    const outcome = await run(waysTo(server(), { config: server().config }).to("-oProxyCommand=true"), "true", []);
    expect(outcome).toEqual({ kind: "failed", failure: { code: "unreachable", because: "-oProxyCommand=true cannot be reached by ssh: `-oProxyCommand=true` is no name that ssh takes. Correct the address, or `host` in the inventory: letters, digits, dots and hyphens, and no hyphen first" } });
  });

  test("that takes no such account names the account, and shows no command with it", async () => {
    const outcome = await run(waysTo(server(), { config: server().config, user: "-oProxyCommand=true" }).to("node1"), "true", []);
    expect(outcome).toEqual({ kind: "failed", failure: { code: "unreachable", because: "node1 cannot be reached by ssh: `-oProxyCommand=true` is no name of an account that ssh takes. Correct `user` in the inventory" } });
  });
});

describe.skipIf(SSHD === undefined)("a server of ssh", () => {
  const full = serverForTests(["MaxStartups 1:100:1", "LoginGraceTime 600"]);
  const few = serverForTests(["MaxStartups 5:100:5"]);
  const asking = serverForTests(["PasswordAuthentication yes", "PubkeyAuthentication no"]);
  const telling = serverForTests(["Banner /etc/passwd", "PrintMotd yes"]);
  const server = serverForTests();

  test("that takes no further connection now says so, and takes one later", async () => {
    const other = connect(full().port, "127.0.0.1");
    onTestFinished(() => void other.destroy());
    await until(() => (full().connections().length > 0 ? true : undefined));
    await new Promise((resolve) => other.once("data", resolve));
    const node = waysTo(full()).to("node1");
    expect(await run(node, "true", [])).toMatchObject({ kind: "failed", failure: { code: "unreachable", because: expect.stringMatching(/it ended the connection before anybody was let in, each of 5 times\. Too many connections at once \(`MaxStartups` in its sshd_config; `max-connections`/) } });
    const refusals = (): number => readFileSync(join(full().folder, "log"), "utf8").split("MaxStartups").length;
    const cancelled = new AbortController();
    const given = [refusals(), run(node, "true", [], {}, { signal: cancelled.signal })] as const;
    await until(() => (refusals() > given[0] ? true : undefined));
    cancelled.abort();
    expect(await given[1]).toMatchObject({ kind: "failed", failure: { code: "cancelled", because: "true was not begun, because the run is cancelled" } });
    const before = refusals();
    const waiting = run(node, "true", []);
    await until(() => (refusals() > before ? true : undefined));
    other.destroy();
    expect(await waiting).toMatchObject({ kind: "ok" });
  });

  test("that lets in fewer at once than are opened lets all in, one after the other", async () => {
    const ways = waysTo(few());
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => run(ways.to(`node${index}`), "true", [])));
    expect(answers.map(({ kind }) => kind)).toEqual(Array(8).fill("ok"));
  });

  test("is asked for a name of NetBIOS in small letters, as its `Host` in the client's configuration is written", async () => {
    const config = configWith(server(), (text) => text.replace("Host node* NODE*", "Host node*"));
    expect(await run(waysTo(server(), { config }).to("NODE1"), "echo", ["a"])).toMatchObject({ kind: "ok" });
    expect(await run(waysTo(server(), { config, host: "NODE1", port: 1 }).to("NODE1"), "true", [])).toMatchObject({ kind: "failed", failure: { because: expect.stringMatching(/ NODE1$/) } });
  });

  test("that wants a password is a denial, without a question", async () => {
    expect(await refusal(asking(), asking().config)).toMatchObject({ code: "denied", because: expect.stringMatching(/does not let this account in, and no password is asked for\. This must work without any question: ssh/) });
  });

  test("that shows a banner spoils no answer", async () => {
    expect(await run(waysTo(telling()).to("node1"), "echo", ["a"])).toMatchObject({ kind: "ok", value: { stdout: "a\n", stderr: "" } });
  });

  test("whose key is another one when the connection is made again is denied", async () => {
    const config = configWith(server(), (text) => text);
    const known = join(temporaryFolder(), "known_hosts");
    writeFileSync(known, readFileSync(server().knownHosts));
    writeFileSync(config, readFileSync(config, "utf8").replace(server().knownHosts, known));
    const node = waysTo(server(), { config }).to("node1");
    const [before, running] = [server().acceptedCount(), run(node, "sleep", ["600"])];
    await until(() => (server().acceptedCount() > before ? true : undefined));
    writeFileSync(known, `the-host ${readFileSync(join(server().folder, "id.pub"), "utf8")}`);
    server().cut();
    expect(["lost", "failed"]).toContain((await running).kind);
    expect(await run(node, "true", [])).toMatchObject({ kind: "failed", failure: { code: "denied", because: expect.stringContaining("its host key is another one than is known") } });
  });

  test("that the user's own client keeps a master of is reached by a connection of ours, which outlasts that master", async () => {
    const socket = join(temporaryFolder(), "master");
    const config = configWith(server(), (text) => `Host node1\n  ControlMaster auto\n  ControlPath ${socket}\n  ControlPersist 600\n${text}`);
    execFileSync("ssh", ["-F", config, "-f", "-N", "node1"], { stdio: "ignore" });
    const node = waysTo(server(), { config }).to("node1");
    const before = server().acceptedCount();
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
    execFileSync("ssh", ["-F", config, "-O", "exit", "node1"], { stdio: "ignore" });
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
    expect(server().acceptedCount() - before).toBe(1);
    expect(existsSync(socket)).toBe(false);
  });

  test.for(["fish", "tcsh", "dash", "bash", "busybox"])("whose account has %s for its shell runs programs and copies files", async (shell, { skip }) => {
    if (!existsSync(join("/usr/bin", shell))) skip(`${shell} is not installed`);
    const sshd = await startSshd([`ForceCommand exec ${join("/usr/bin", shell)}${shell === "busybox" ? " sh" : ""} -c "$SSH_ORIGINAL_COMMAND"`]);
    onTestFinished(sshd.stop);
    const node = waysTo(sshd).to("node1");
    const folder = temporaryFolder();
    expect(await run(node, "printf", ["%s", "a $HOME `id` !x 'y'\n"])).toMatchObject({ kind: "ok", value: { stdout: "a $HOME `id` !x 'y'\n", stderr: "" } });
    expect(await node.put({ kind: "put", from: "/etc/passwd", to: join(folder, "a b") }, options())).toMatchObject({ kind: "ok" });
    expect(readFileSync(join(folder, "a b"), "utf8")).toBe(readFileSync("/etc/passwd", "utf8"));
  });

  test("whose account has a home without room says so when a job is begun, and begins none", async ({ skip }) => {
    const sshd = await startSshd();
    onTestFinished(sshd.stop);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", home(sshd.folder)], { stdio: "ignore" });
    } catch {
      skip("no file system can be mounted here");
    }
    onTestFinished(() => void execFileSync("umount", ["-l", home(sshd.folder)]));
    const node = waysTo(sshd).to("node1");
    execFileSync("sh", ["-c", 'head -c 1M /dev/zero >"$0/filler" 2>/dev/null || true', home(sshd.folder)]);
    const began = join(temporaryFolder(), "began");
    const call = { kind: "job", program: "touch", args: [began] } as const;
    expect(await node.startJob("job-a", call, options())).toMatchObject({ kind: "failed", failure: { code: "no_space", because: expect.stringMatching(/^node1 has no space left for its jobs .*Free some space there, then try again$/) } });
    expect(existsSync(began)).toBe(false);
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
    execFileSync("rm", [join(home(sshd.folder), "filler")]);
    expect(await node.startJob("job-a", call, options())).toMatchObject({ kind: "ok", value: { name: "job-a" } });
    await until(() => (existsSync(began) ? true : undefined));
  });
});
