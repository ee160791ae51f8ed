import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { options, temporaryFolder } from "./real-process.ts";
import { run, serverForTests, waysTo } from "./ssh-kit.ts";
import { SSHD, startSshd } from "./sshd.ts";

const BYTES = Buffer.from([0, 1, 2, 255, 254, 10, 13]);
const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe.skipIf(SSHD === undefined)("over ssh", () => {
  const server = serverForTests();
  const machine = () => {
    const folder = temporaryFolder();
    return { folder, node: waysTo(server()).to("node1"), path: (name: string) => join(folder, name) };
  };

  test("stat tells size and hash, a folder, and that nothing is there", async () => {
    const { folder, node, path } = machine();
    writeFileSync(path("-a 'b"), BYTES);
    symlinkSync("/no/where", path("dangling"));
    expect(await node.stat({ kind: "stat", path: path("-a 'b") }, options())).toEqual({ kind: "ok", value: { exists: true, bytes: 7, sha256: hashOf(BYTES), folder: false } });
    expect(await node.stat({ kind: "stat", path: folder }, options())).toEqual({ kind: "ok", value: { exists: true, bytes: 0, sha256: "", folder: true } });
    for (const name of ["b/c", "dangling", "-a 'b/c"]) expect(await node.stat({ kind: "stat", path: path(name) }, options())).toEqual({ kind: "ok", value: { exists: false, bytes: 0, sha256: "", folder: false } });
  });

  test("stat does not read what has no end", async () => {
    const { node, path } = machine();
    execFileSync("mkfifo", [path("pipe")]);
    expect(await node.stat({ kind: "stat", path: path("pipe") }, options())).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
  });

  test("put copies a file byte for byte, with its rights, and leaves nothing beside it", async () => {
    const { node, path } = machine();
    const large = Buffer.alloc(3_000_000, "0123456789abcdef\n rb_both end\n");
    writeFileSync(path("a"), large);
    chmodSync(path("a"), 0o751);
    mkdirSync(path("to"));
    const name = "日本 'x'\n.msp";
    expect(await node.put({ kind: "put", from: path("a"), to: join(path("to"), name) }, options())).toEqual({ kind: "ok", value: { exists: true, bytes: large.length, sha256: hashOf(large), folder: false } });
    expect(readdirSync(path("to"))).toEqual([name]);
    expect(readFileSync(join(path("to"), name)).equals(large)).toBe(true);
    expect(statSync(join(path("to"), name)).mode & 0o777).toBe(0o751);
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
  });

  test("put takes the place of a file, and never of a folder", async () => {
    const { node, path } = machine();
    writeFileSync(path("a"), BYTES);
    writeFileSync(path("b"), "old");
    mkdirSync(path("c"));
    expect(await node.put({ kind: "put", from: path("a"), to: path("b") }, options())).toMatchObject({ kind: "ok" });
    expect(readFileSync(path("b")).equals(BYTES)).toBe(true);
    expect(await node.put({ kind: "put", from: path("a"), to: path("c") }, options())).toMatchObject({ kind: "failed", failure: { code: "bad_input", because: expect.stringContaining("is a folder") } });
    expect(readdirSync(path("c"))).toEqual([]);
    execFileSync("mkfifo", [path("pipe")]);
    expect(await node.put({ kind: "put", from: path("a"), to: path("pipe") }, options())).toMatchObject({ kind: "failed", failure: { code: "bad_input", because: expect.stringContaining("neither a file nor a folder") } });
    expect(statSync(path("pipe")).isFIFO()).toBe(true);
    const longest = `${"ク".repeat(84)}.sh`;
    expect(await node.put({ kind: "put", from: path("a"), to: path(longest) }, options())).toMatchObject({ kind: "ok" });
    expect(readFileSync(path(longest)).equals(BYTES)).toBe(true);
  });

  test.each([
    ["where the folder is not there", "a", "no/b", "not_found"],
    ["where the source is not there", "no", "b", "not_found"],
    ["of a folder", ".", "b", "bad_input"],
    ["to a name that is too long", "a", "x".repeat(300), "bad_input"],
  ])("put %s is a failure, changes nothing, and runs nothing of the file", async (_title, from, to, code) => {
    const { node, path } = machine();
    writeFileSync(path("a"), `touch ${path("danger")}\n`.repeat(20_000));
    expect(await node.put({ kind: "put", from: path(from), to: path(to) }, options())).toMatchObject({ kind: "failed", failure: { code } });
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
    expect(existsSync(path("danger"))).toBe(false);
    expect(readdirSync(path("."))).toEqual(["a"]);
  });

  test("put on a full disk says so and leaves nothing", async ({ skip }) => {
    const { node, path } = machine();
    mkdirSync(path("small"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=100k", "tmpfs", path("small")], { stdio: "ignore" });
    } catch {
      skip("no file system can be mounted here");
    }
    try {
      writeFileSync(path("a"), Buffer.alloc(1_000_000));
      expect(await node.put({ kind: "put", from: path("a"), to: path("small/a") }, options())).toMatchObject({ kind: "failed", failure: { code: "no_space" } });
      expect(readdirSync(path("small"))).toEqual([]);
    } finally {
      execFileSync("umount", [path("small")]);
    }
  });

  test("get fetches a file, and of a long one its end", async () => {
    const { node, path } = machine();
    writeFileSync(path("a"), BYTES);
    const whole = await node.get({ kind: "get", from: path("a"), limitBytes: 100 }, options());
    expect(whole).toMatchObject({ kind: "ok", value: { bytes: 7, sha256: hashOf(BYTES) } });
    expect(whole.kind === "ok" && readFileSync(whole.value.path).equals(BYTES)).toBe(true);
    expect(await node.get({ kind: "get", from: path("a"), limitBytes: 3 }, options())).toMatchObject({ kind: "ok", value: { bytes: 3, sha256: hashOf(BYTES.subarray(4)) } });
  });

  test.each([["nothing", "no", "not_found"], ["a folder", ".", "bad_input"]])("get of %s is a failure", async (_title, from, code) => {
    const { node, path } = machine();
    expect(await node.get({ kind: "get", from: path(from), limitBytes: 10 }, options())).toMatchObject({ kind: "failed", failure: { code } });
  });

  test("a copy whose connection is lost leaves the goal as it was and nothing beside it", async () => {
    const { node, path } = machine();
    await run(node, "true", []);
    writeFileSync(path("a"), Buffer.alloc(200_000_000));
    mkdirSync(path("to"));
    writeFileSync(path("to/a"), "old");
    const copying = node.put({ kind: "put", from: path("a"), to: path("to/a") }, options());
    while (readdirSync(path("to")).length < 2) await new Promise((resolve) => setImmediate(resolve));
    server().cut();
    expect(await copying).toMatchObject({ kind: "lost" });
    while (readdirSync(path("to")).length > 1) await new Promise((resolve) => setImmediate(resolve));
    expect(readFileSync(path("to/a"), "utf8")).toBe("old");
  });
});

describe.skipIf(SSHD === undefined)("over ssh, where sh is", () => {
  test.for(["dash", "bash", "busybox"])("%s, a file is put, looked at and fetched", async (shell, { skip }) => {
    if (!existsSync(join("/usr/bin", shell))) skip(`${shell} is not installed`);
    const folder = temporaryFolder();
    symlinkSync(join("/usr/bin", shell), join(folder, "sh"));
    const sshd = await startSshd([`SetEnv PATH=${folder}:/usr/bin:/bin HOME=${folder}`]);
    onTestFinished(sshd.stop);
    const node = waysTo(sshd).to("node1");
    const path = (name: string): string => join(folder, name);
    expect(await run(node, "sh", ["-c", "readlink /proc/$$/exe; exit"])).toMatchObject({ kind: "ok", value: { stdout: `${join("/usr/bin", shell)}\n` } });
    writeFileSync(path("a"), Buffer.alloc(1_000_000, BYTES));
    const sha256 = hashOf(readFileSync(path("a")));
    expect(await node.put({ kind: "put", from: path("a"), to: path("b") }, options())).toMatchObject({ kind: "ok", value: { sha256 } });
    expect(await node.stat({ kind: "stat", path: path("b") }, options())).toMatchObject({ kind: "ok", value: { sha256, bytes: 1_000_000 } });
    expect(await node.get({ kind: "get", from: path("b"), limitBytes: 2_000_000 }, options())).toMatchObject({ kind: "ok", value: { sha256 } });
    expect(readdirSync(folder).toSorted()).toEqual(["a", "b", "sh"]);
    expect(await node.startJob("job-s", { kind: "job", program: "true", args: [] }, options())).toMatchObject({ kind: "ok", value: { name: "job-s" } });
  });
});
