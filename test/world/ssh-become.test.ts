import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { SshOptions } from "../../src/core/transport.ts";
import { connectFault, openFault, sshFailure } from "../../src/world/ssh-fault.ts";
import { run, serverForTests, waysTo } from "./ssh-kit.ts";
import { SSHD } from "./sshd.ts";

const hasSudo = existsSync("/usr/bin/sudo");

describe.skipIf(SSHD === undefined || !hasSudo)("become", () => {
  const server = serverForTests();

  test("runs everything as the account that is named, with its tree under the limit", async () => {
    const node = waysTo(server(), { become: "nobody" }).to("node1");
    expect(await run(node, "id", ["-un"])).toMatchObject({ kind: "ok", value: { stdout: "nobody\n" } });
    expect(await run(node, "sh", ["-c", "sleep 600 & wait"], {}, { limitMs: 500 })).toMatchObject({ kind: "timeout", because: "sh took longer than 500ms and was ended" });
    expect(await run(node, "true", [])).toMatchObject({ kind: "ok" });
  });

  test("of an account that is not there is denied, in the words of sudo", async () => {
    const node = waysTo(server(), { become: "no_such_account" }).to("node1");
    expect(await run(node, "id", ["-un"])).toMatchObject({ kind: "failed", failure: { code: "denied", because: expect.stringMatching(/^node1 cannot be reached by ssh: sudo does not let the account become no_such_account \(sudo: .*no_such_account.*\)/) } });
  });
});

const ROOT: SshOptions = { kind: "ssh", become: "root" };

test.each<[string, SshOptions, string, object]>([
  ["a password", ROOT, "sudo: a password is required\n", { code: "denied", because: expect.stringContaining("NOPASSWD") }],
  ["a terminal", ROOT, "sudo: sorry, you must have a tty to run sudo\nsudo: no tty present", { code: "denied", because: expect.stringContaining("NOPASSWD") }],
  ["rights", ROOT, "deploy is not in the sudoers file.\nsudo: refused", { code: "denied", because: expect.stringContaining("does not let the account become root") }],
  ["an account that is there", ROOT, "sudo: unknown user admin\nsudo: error initializing audit plugin", { code: "denied", because: expect.stringContaining("Correct `become` in the inventory") }],
  ["sudo (dash)", ROOT, "sh: 1: exec: sudo: not found\n", { code: "not_found", because: "db1 cannot be reached by ssh: it has no sudo, by which the account would become root. Install sudo there, or connect as root (`user` in the inventory)" }],
  ["sudo (tcsh)", ROOT, "sudo: Command not found.\n", { code: "not_found" }],
  ["sudo (zsh)", ROOT, "zsh:1: command not found: sudo\n", { code: "not_found" }],
  ["sudo (fish)", ROOT, "fish: Unknown command: sudo\n", { code: "not_found" }],
  ["a POSIX shell", { kind: "ssh" }, "'exec' is not recognized as an internal or external command\r\n", { code: "unreachable", because: expect.stringContaining("no POSIX shell") }],
])("a target that wants %s says what to do", (_what, options, noise, failure) => {
  expect(sshFailure("db1", openFault("db1", options, noise))).toMatchObject(failure);
});

test("what the client says cannot move the cursor or forge a line, and the command to try is safe to copy", () => {
  const { because } = sshFailure("db1", connectFault("db1", { kind: "ssh", config: "/tmp/a b's", user: "me" }, "kex failed\u001b[2J\u0007", ""));
  expect(because).toBe("db1 cannot be reached by ssh: ssh says `kex failed\uFFFD\uFFFD`. This must work: ssh -F '/tmp/a b'\\''s' -l me db1");
});
