import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { canMakeNetwork, farWay, makeNetwork, type Network } from "./network.ts";
import { kernelText, options, runs, temporaryFolder, until } from "./real-process.ts";
import { configWith, pidsFrom, run, waysTo } from "./ssh-kit.ts";
import { childrenOf, SSHD, startSshd, type Sshd } from "./sshd.ts";

/** Signs of life that make a lost connection a matter of two seconds, and a target that was left alone one of eight. */
const QUICK = { beatMs: 300, connectMs: 2_000 };

/** True while this process has a client of OpenSSH. */
function hasClient(): boolean {
  return childrenOf(process.pid).some((pid) => kernelText(`/proc/${pid}/comm`) === "ssh\n" && runs(pid));
}

describe.skipIf(SSHD === undefined || !canMakeNetwork())("over a network", () => {
  let network: Network;
  let server: Sshd;

  beforeAll(async () => {
    network = makeNetwork();
    server = await startSshd([], () => network.starter, network.address);
  });
  afterEach(() => network.mend());
  afterAll(() => {
    server.stop();
    network.remove();
  });

  test("that is cut under a program, it is lost, its tree is gone when it is said to be, and the next call waits no longer than a connection may", async () => {
    const before = server.acceptedCount();
    const pids: number[] = [];
    const node = waysTo(server, {}, QUICK).to("node1");
    const running = run(node, "sh", ["-c", "sleep 600 & echo $$ $!; wait"], {}, { onOutput: pidsFrom(pids) });
    await until(() => (pids.length === 2 ? true : undefined));
    network.cut();
    expect(await running).toEqual({ kind: "lost", because: "the connection to node1 was lost while sh ran" });
    const lostAt = performance.now();
    expect(node.ending(0)).toMatch(/^node1 ends what was cut off within /);
    expect(await run(node, "true", [])).toMatchObject({ kind: "failed", failure: { code: "unreachable", because: expect.stringMatching(/it does not answer: no shell there after 2 s\. Is it switched on/) } });
    await until(() => (pids.some(runs) ? undefined : true));
    expect(node.ending(performance.now() - lostAt)).toBeDefined();
    network.mend();
    expect(await run(node, "echo", ["back"])).toMatchObject({ kind: "ok", value: { stdout: "back\n" } });
    expect(server.acceptedCount() - before).toBe(2);
  });

  test("that is cut, a limit ends the wait for a program all the same, and what is asked next is told that nobody answers", async () => {
    const pids: number[] = [];
    const node = waysTo(server, {}, { beatMs: 5_000, connectMs: 2_000 }).to("node1");
    const running = run(node, "sh", ["-c", "echo $$; sleep 600"], {}, { onOutput: pidsFrom(pids), limitMs: 3_000 });
    await until(() => (pids.length > 0 ? true : undefined));
    network.cut();
    expect(await running).toEqual({ kind: "timeout", because: "sh took longer than 3s; node1 was told to end it and has not said that it did" });
    expect(await run(node, "true", [])).toMatchObject({ kind: "failed", failure: { code: "unreachable", because: expect.stringContaining("it does not answer: no shell there after 2 s") } });
    network.mend();
    await until(() => (pids.some(runs) ? undefined : true));
    // The system tries an old connection again more and more seldom: that may take longer than a connection may here.
    await until(async () => ((await run(node, "true", [])).kind === "ok" ? true : undefined));
  });

  test("that is cut for a moment, a program goes on, is run once, and its answer is whole", async () => {
    const before = server.acceptedCount();
    const folder = temporaryFolder();
    const [ticks, go] = [join(folder, "ticks"), join(folder, "go")];
    const running = run(waysTo(server, {}, { beatMs: 2_000 }).to("node1"), "sh", ["-c", 'echo begin; while [ ! -f "$1" ]; do echo x >>"$0"; sleep 0.1; done; echo end; exit 7', ticks, go]);
    const ticked = (): number => (existsSync(ticks) ? readFileSync(ticks, "utf8").length / 2 : 0);
    await until(() => (ticked() > 1 ? true : undefined));
    network.cut();
    const then = ticked();
    await until(() => (ticked() > then + 10 ? true : undefined));
    writeFileSync(go, "");
    network.mend();
    expect(await running).toMatchObject({ kind: "ok", value: { exitCode: 7, stdout: "begin\nend\n", stderr: "" } });
    expect(server.acceptedCount() - before).toBe(1);
  });

  test("that is cut while nothing runs, the connection is given up, and made again when it is needed", async () => {
    const before = server.acceptedCount();
    const node = waysTo(server, {}, QUICK).to("node1");
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
    network.cut();
    await until(() => (hasClient() ? undefined : true));
    network.mend();
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
    expect(server.acceptedCount() - before).toBe(2);
  });

  test("that is cut under a copy, the goal stays as it was, the target removes what came, and the copy can be made again", async () => {
    const folder = temporaryFolder();
    const [from, to] = [join(folder, "a"), join(folder, "to/a")];
    writeFileSync(from, Buffer.alloc(200_000_000));
    mkdirSync(join(folder, "to"));
    writeFileSync(to, "old");
    const node = waysTo(server, {}, QUICK).to("node1");
    await run(node, "true", []);
    const copying = node.put({ kind: "put", from, to }, options());
    await until(() => (readdirSync(join(folder, "to")).length > 1 ? true : undefined));
    network.cut();
    expect(await copying).toEqual({ kind: "lost", because: `the connection to node1 was lost while the copy of ${to} ran` });
    await until(() => (readdirSync(join(folder, "to")).length > 1 ? undefined : true));
    expect(readFileSync(to, "utf8")).toBe("old");
    network.mend();
    writeFileSync(from, "new");
    expect(await node.put({ kind: "put", from, to }, options())).toMatchObject({ kind: "ok", value: { bytes: 3 } });
    expect(readFileSync(to, "utf8")).toBe("new");
  });

  test("that is cut as a job begins, it is begun once, goes on, and is found again with its end", async () => {
    const folder = temporaryFolder();
    const [began, go] = [join(folder, "began"), join(folder, "go")];
    const call = { kind: "job", program: "sh", args: ["-c", 'echo x >>"$0"; while [ ! -f "$1" ]; do sleep 0.1; done; echo done; exit 5', began, go] } as const;
    const node = waysTo(server, {}, QUICK).to("node1");
    const starting = node.startJob("job-cut", call, options());
    await until(() => (existsSync(began) ? true : undefined));
    network.cut();
    // The answer may have been on its way already.
    expect(["ok", "lost"]).toContain((await starting).kind);
    expect(await node.jobs({ kind: "jobs" }, options())).toMatchObject({ kind: expect.stringMatching(/^(?:lost|failed)$/) });
    network.mend();
    await until(async () => ((await node.startJob("job-cut", call, options())).kind === "ok" ? true : undefined));
    writeFileSync(go, "");
    const job = await until(async () => {
      const seen = await node.jobs({ kind: "jobs" }, options());
      return seen.kind === "ok" ? seen.value.jobs.find(({ name, state }) => name === "job-cut" && state === "ended") : undefined;
    });
    expect(job).toMatchObject({ exitCode: 5, logTail: "done\n" });
    expect(readFileSync(began, "utf8")).toBe("x\n");
  });

  test("that is cut as a job's start is on its way, the start that is said again begins it once", async () => {
    const began = join(temporaryFolder(), "began");
    const call = { kind: "job", program: "sh", args: ["-c", 'echo x >>"$0"', began] } as const;
    const node = waysTo(server, {}, QUICK).to("node1");
    await run(node, "true", []);
    network.cut();
    expect(await node.startJob("job-late", call, options())).toMatchObject({ kind: "lost" });
    network.mend();
    await until(async () => ((await node.startJob("job-late", call, options())).kind === "ok" ? true : undefined));
    await until(() => (existsSync(began) ? true : undefined));
    expect(await node.startJob("job-late", call, options())).toMatchObject({ kind: "ok" });
    expect(readFileSync(began, "utf8")).toBe("x\n");
  });

  test("of 200 ms each way that loses five of a hundred packets, everything works over one connection", async () => {
    const before = server.acceptedCount();
    const far = await farWay(server.address, server.port, 200);
    onTestFinished(far.close);
    network.lose(5);
    const config = configWith(server, (text) => text.replace(`HostName ${server.address}`, "HostName 127.0.0.1").replace(/Port \d+/, `Port ${far.port}`));
    const node = waysTo(server, { config }).to("node1");
    const folder = temporaryFolder();
    const bytes = randomBytes(1_000_000);
    writeFileSync(join(folder, "a"), bytes);
    for (let i = 0; i < 5; i += 1) expect(await run(node, "sh", ["-c", "cat; exit 255"], { stdin: `${i}` })).toMatchObject({ kind: "ok", value: { exitCode: 255, stdout: `${i}` } });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(await node.put({ kind: "put", from: join(folder, "a"), to: join(folder, "b") }, options())).toMatchObject({ kind: "ok", value: { sha256 } });
    expect(await node.get({ kind: "get", from: join(folder, "b"), limitBytes: 2_000_000 }, options())).toMatchObject({ kind: "ok", value: { sha256 } });
    expect(await node.startJob("job-far", { kind: "job", program: "true", args: [] }, options())).toMatchObject({ kind: "ok" });
    expect(server.acceptedCount() - before).toBe(1);
  });
});
