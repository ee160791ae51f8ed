import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { localTransport, readSource } from "../../src/world/local-transport.ts";
import { options, temporaryFolder } from "./real-process.ts";

const BYTES = Buffer.from([0, 1, 2, 255, 254, 10, 13]);
const HASH = createHash("sha256").update(BYTES).digest("hex");

function machine() {
  const folder = temporaryFolder();
  return { folder, local: localTransport({ state: join(folder, "state"), fetched: join(folder, "fetched") }), path: (name: string) => join(folder, name) };
}

describe("stat", () => {
  test("tells size and hash, a folder, and that nothing is there", async () => {
    const { folder, local, path } = machine();
    writeFileSync(path("a"), BYTES);
    expect(await local.stat({ kind: "stat", path: path("a") }, options())).toEqual({ kind: "ok", value: { exists: true, bytes: 7, sha256: HASH, folder: false } });
    expect(await local.stat({ kind: "stat", path: folder }, options())).toEqual({ kind: "ok", value: { exists: true, bytes: 0, sha256: "", folder: true } });
    expect(await local.stat({ kind: "stat", path: path("b/c") }, options())).toEqual({ kind: "ok", value: { exists: false, bytes: 0, sha256: "", folder: false } });
    expect(await readSource(path("a"))).toMatchObject({ value: { sha256: HASH } });
  });

  test("does not read what has no end", async () => {
    const { local, path } = machine();
    execFileSync("mkfifo", [path("pipe")]);
    expect(await local.stat({ kind: "stat", path: path("pipe") }, options())).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
  });

  test("is lost when the run is cancelled", async () => {
    const { local, path } = machine();
    writeFileSync(path("a"), BYTES);
    expect(await local.stat({ kind: "stat", path: path("a") }, options({ signal: AbortSignal.abort() }))).toMatchObject({ kind: "lost" });
  });
});

describe("put", () => {
  test("copies a file byte for byte, with its rights, and leaves nothing beside it", async () => {
    const { folder, local, path } = machine();
    writeFileSync(path("a"), BYTES);
    chmodSync(path("a"), 0o755);
    mkdirSync(path("to"));
    expect(await local.put({ kind: "put", from: path("a"), to: path("to/b") }, options())).toEqual({ kind: "ok", value: { exists: true, bytes: 7, sha256: HASH, folder: false } });
    expect(readFileSync(path("to/b"))).toEqual(BYTES);
    expect(statSync(path("to/b")).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(folder, "to"))).toEqual(["b"]);
  });

  test("replaces what lies there", async () => {
    const { local, path } = machine();
    writeFileSync(path("a"), BYTES);
    writeFileSync(path("b"), "something longer than that");
    await local.put({ kind: "put", from: path("a"), to: path("b") }, options());
    expect(readFileSync(path("b"))).toEqual(BYTES);
  });

  test.each([["the folder is not there", "no/b"], ["a folder lies there", "."]])("leaves no part behind where %s", async (_title, to) => {
    const { folder, local, path } = machine();
    writeFileSync(path("a"), BYTES);
    expect(await local.put({ kind: "put", from: path("a"), to: path(to) }, options())).toMatchObject({ kind: "failed" });
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  test("takes a name as long as a name may be, and no other place than that of a file", async () => {
    const { local, path } = machine();
    writeFileSync(path("a"), BYTES);
    const name = `${"ク".repeat(84)}.sh`;
    expect(await local.put({ kind: "put", from: path("a"), to: path(name) }, options())).toMatchObject({ kind: "ok" });
    expect(readFileSync(path(name))).toEqual(BYTES);
    execFileSync("mkfifo", [path("pipe")]);
    expect(await local.put({ kind: "put", from: path("a"), to: path("pipe") }, options())).toMatchObject({ kind: "failed", failure: { code: "bad_input", because: expect.stringContaining("neither a file nor a folder") } });
    expect(statSync(path("pipe")).isFIFO()).toBe(true);
  });

  test("of a file that is not there is not found", async () => {
    const { local, path } = machine();
    expect(await local.put({ kind: "put", from: path("a"), to: path("b") }, options())).toMatchObject({ kind: "failed", failure: { code: "not_found" } });
  });
});

describe("get", () => {
  test("fetches a file into the folder of the run", async () => {
    const { folder, local, path } = machine();
    writeFileSync(path("a b.log"), BYTES);
    const fetched = await local.get({ kind: "get", from: path("a b.log"), limitBytes: 100 }, options());
    expect(fetched).toMatchObject({ kind: "ok", value: { bytes: 7, sha256: HASH } });
    const file = fetched.kind === "ok" ? fetched.value.path : "";
    expect(file).toMatch(/a_b\.log$/);
    expect(file.startsWith(join(folder, "fetched"))).toBe(true);
    expect(readFileSync(file)).toEqual(BYTES);
  });

  test("keeps the end of a file that is too long", async () => {
    const { local, path } = machine();
    writeFileSync(path("a"), "begin-end");
    const fetched = await local.get({ kind: "get", from: path("a"), limitBytes: 3 }, options());
    expect(readFileSync(fetched.kind === "ok" ? fetched.value.path : "", "utf8")).toBe("end");
  });

  test.skipIf(!existsSync("/proc/version"))("fetches what has no size before it is read, and nothing that has no end", async () => {
    const { local, path } = machine();
    const fetched = await local.get({ kind: "get", from: "/proc/version", limitBytes: 10_000 }, options());
    expect(readFileSync(fetched.kind === "ok" ? fetched.value.path : "", "utf8")).toBe(readFileSync("/proc/version", "utf8"));
    const end = await local.get({ kind: "get", from: "/proc/version", limitBytes: 5 }, options());
    expect(readFileSync(end.kind === "ok" ? end.value.path : "", "utf8")).toBe(readFileSync("/proc/version", "utf8").slice(-5));
    execFileSync("mkfifo", [path("pipe")]);
    expect(await local.get({ kind: "get", from: path("pipe"), limitBytes: 5 }, options())).toMatchObject({ kind: "failed", failure: { code: "bad_input" } });
  });

  test("fetches an empty file", async () => {
    const { local, path } = machine();
    writeFileSync(path("a"), "");
    expect(await local.get({ kind: "get", from: path("a"), limitBytes: 3 }, options())).toMatchObject({ kind: "ok", value: { bytes: 0 } });
  });
});
