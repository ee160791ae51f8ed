import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { lockFiles } from "../../src/world/lock-file.ts";
import { temporaryFolder, until } from "./real-process.ts";

/** Another process that takes locks, keeps nothing of them but their being held, and collects its garbage. */
async function holder(folder: string, names: readonly string[]) {
  const from = JSON.stringify(new URL("../../src/world/lock-file.ts", import.meta.url).href);
  const text = `import { lockFiles } from ${from}; const { kind } = lockFiles(${JSON.stringify(folder)}).acquire(${JSON.stringify(names)}, "other"); setImmediate(() => { gc(); console.log(kind); }); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "--expose-gc", "--input-type=module", "-e", text], { stdio: ["ignore", "pipe", "inherit"] });
  const got = await new Promise<string>((resolve) => child.stdout.once("data", (line: Buffer) => resolve(line.toString().trim())));
  return { got, die: () => new Promise((resolve) => child.once("exit", resolve).kill("SIGKILL")) };
}

test("a lock is held by one run at a time, and free after its release", () => {
  const lock = lockFiles(temporaryFolder());
  const first = lock.acquire(["exclus1"], "run1");
  expect(lock.acquire(["exclus1"], "run2")).toMatchObject({ kind: "taken", holder: { lock: "exclus1", run: "run1" } });
  if (first.kind === "held") first.release();
  expect(lock.acquire(["exclus1"], "run2").kind).toBe("held");
});

test("locks are taken all or none", () => {
  const lock = lockFiles(temporaryFolder());
  lock.acquire(["nodeb"], "run1");
  expect(lock.acquire(["nodea", "nodeb", "nodec"], "run2")).toMatchObject({ kind: "taken", holder: { lock: "nodeb" } });
  expect(lock.acquire(["nodec", "nodea"], "run3").kind).toBe("held");
});

test("a name that is given twice is one lock", () => {
  expect(lockFiles(temporaryFolder()).acquire(["a", "a"], "run1").kind).toBe("held");
});

test("names that no file could have are locks", () => {
  const lock = lockFiles(temporaryFolder());
  const names = ["../../etc", "a/b", "con", "x".repeat(5_000), "日本", ""];
  expect(lock.acquire(names, "run1").kind).toBe("held");
  expect(lock.acquire(["x".repeat(5_000)], "run2").kind).toBe("taken");
});

test("another process cannot take it, and it is free when its holder is killed", async () => {
  const folder = temporaryFolder();
  const other = await holder(folder, ["exclus1", "nodea"]);
  expect(other.got).toBe("held");
  const lock = lockFiles(folder);
  expect(lock.acquire(["nodea"], "mine")).toMatchObject({ kind: "taken", holder: { lock: "nodea", run: "other" } });
  await other.die();
  expect(await until(() => (lock.acquire(["exclus1", "nodea"], "mine").kind === "held" ? true : undefined))).toBe(true);
});

test("a release is made once: a second one frees nobody else's lock", () => {
  const lock = lockFiles(temporaryFolder());
  const first = lock.acquire(["a"], "run1");
  if (first.kind === "held") first.release();
  lock.acquire(["a"], "run2");
  if (first.kind === "held") first.release();
  expect(lock.acquire(["a"], "run3")).toMatchObject({ kind: "taken", holder: { run: "run2" } });
});
