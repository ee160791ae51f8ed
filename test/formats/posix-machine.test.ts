import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import type { ProgramResult } from "../../src/core/action.ts";
import { parsePosixHour, parsePosixMachine, posixMachineLook } from "../../src/formats/posix-machine.ts";

function printed(stdout: string, exitCode = 0, stderr = ""): ProgramResult {
  return { exitCode, stdout, stderr, droppedBytes: 0 };
}

/** What the look prints in a shell of this machine. */
function lookIn(shell: readonly string[], env: Readonly<Record<string, string>> = {}): ReturnType<typeof parsePosixMachine> {
  const [program = "", ...args] = [...shell, ...posixMachineLook("").args];
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: "utf8", env: { ...process.env, ...env } });
  expect(stderr).toBe("");
  return parsePosixMachine(printed(stdout, status ?? 1));
}

/** The shells that this machine has. */
const SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "sh"]].filter(([program = ""]) => spawnSync(program, ["-c", ":"]).error === undefined);

describe.skipIf(process.platform === "win32")("what a machine says of itself", () => {
  test.each(SHELLS)("is the same in %s", (...shell) => {
    expect(lookIn(shell, { HOME: "/", LC_ALL: "C.UTF-8" })).toMatchObject({
      kind: "ok",
      value: { name: hostname(), uid: process.getuid?.(), home: "/", locale: "C.UTF-8", missing: [], spaces: [{ place: "jobs", path: "/" }, { place: "/" }, { place: "/var" }, { place: "/tmp" }] },
    });
  });

  test("keeps to one line each, whatever a variable holds", () => {
    expect(lookIn(["sh"], { HOME: "/nowhere\nuid 12345" })).toMatchObject({ kind: "ok", value: { home: "/nowhere uid 12345", uid: process.getuid?.() } });
  });

  test("cannot be read where a shell said something else", () => {
    expect(parsePosixMachine(printed("Account locked\n", 1))).toMatchObject({ kind: "error", error: { code: "unreadable", because: expect.stringContaining("Account locked") } });
  });
});

test("free space is read from df, also where files are not counted", () => {
  const text = "name a\nuid 0\nspace jobs /home/my user\nblocks /dev/sda1 1000 400 600 40% /home/my user\ninodes /dev/sda1 0 0 0 - /home/my user\nspace / /\nblocks tmpfs 10 9 1 90% /\ninodes tmpfs 50 49 1 98% /\n";
  expect(parsePosixMachine(printed(text))).toMatchObject({
    value: { spaces: [{ place: "jobs", path: "/home/my user", mount: "/home/my user", freeBytes: 614_400 }, { place: "/", freeBytes: 1_024, freeFiles: 1 }] },
  });
});

test.each<[string, unknown]>([
  ["1764528600.250000000\n", { ms: 1_764_528_600_250, withinMs: 0 }],
  ["1764528600.N\n", { ms: 1_764_528_600_500, withinMs: 500 }],
  ["1764528600.\n", { ms: 1_764_528_600_500, withinMs: 500 }],
])("the hour %j", (text, value) => {
  expect(parsePosixHour(printed(text))).toEqual({ kind: "ok", value });
});

test("a date that is none cannot be read", () => {
  expect(parsePosixHour(printed("Mon Nov 30\n"))).toMatchObject({ kind: "error", error: { code: "unreadable" } });
});
