import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Call } from "../../src/core/port.ts";
import { BOOTSTRAP } from "../../src/world/ssh-agent.ts";
import { requestOf } from "../../src/world/ssh-program.ts";
import { SshSession, type RequestEnd } from "../../src/world/ssh-session.ts";
import { onOneLine } from "../../src/world/ssh-shell-text.ts";
import { options } from "./real-process.ts";

/** The shells that are a target's `sh`: Debian's, Red Hat's and macOS's, Alpine's. Each is given what the login shell gives to `sh`. */
const SHELLS: readonly (readonly [string, string, readonly string[]])[] = [["dash", "/bin/dash", []], ["bash", "/bin/bash", ["--posix"]], ["busybox", "/bin/busybox", ["sh"]]];

const isThere = (path: string): boolean => existsSync(path) || existsSync(`/usr${path}`);

/** A target that has no setsid, as macOS has none: the agent finds what it needs in one folder, perl among it. */
const TOOLS = ["sh", "cat", "sleep", "true", "printenv", "perl"].filter((name) => isThere(`/bin/${name}`));
const tools = mkdtempSync(join(tmpdir(), "runbook-tools-"));
afterAll(() => rmSync(tools, { recursive: true, force: true }));
for (const name of TOOLS) symlinkSync(existsSync(`/usr/bin/${name}`) ? `/usr/bin/${name}` : `/bin/${name}`, join(tools, name));
const WITHOUT_SETSID = ["dash where perl stands in for setsid", "/usr/bin/env", [`PATH=${tools}`, "/bin/dash"]] as const;

/** Any text that a program can be given: letters of every kind, bytes that mean something to a shell, no NUL. */
const value = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.array(fc.constantFrom("'", '"', "\\", "$", "`", "$(id)", "${x}", "\n", "\r", "\t", " ", "!", "*", "-", "--", ";", "&", "|", "%s", "%", "\u0001", "\u0081", "\u007f", "日本", "ク", "\u{1F600}", "rb_l", '"$rb_l"', "\\n", "\\c", "#", "~", "="), { maxLength: 30 }).map((parts) => parts.join("")),
).map((text) => text.toWellFormed().replaceAll("\0", ""));

/** The bytes that a program printed on standard output, and how its request ended. */
async function answer(session: SshSession, call: Call<"program">): Promise<{ readonly end: RequestEnd; readonly bytes: Buffer }> {
  const chunks: Buffer[] = [];
  const end = await session.run(requestOf(call), { stdout: (bytes) => chunks.push(Buffer.from(bytes)), stderr: () => undefined }, options());
  return { end, bytes: Buffer.concat(chunks) };
}

describe.each([...SHELLS.filter(([, path]) => isThere(path)), ...(isThere("/bin/dash") && TOOLS.includes("perl") ? [WITHOUT_SETSID] : [])])("values of any kind arrive unchanged through %s", (_name, path, args) => {
  let session: SshSession;
  beforeAll(async () => {
    session = new SshSession(path, [...args, "-c", BOOTSTRAP.replace(/^exec sh -c '(.*)'$/, "$1")], 10_000);
    expect(await session.opened).toEqual({ kind: "opened" });
  });
  afterAll(() => session.close());

  test("as arguments", async () => {
    await fc.assert(fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 6 }), async (values) => {
      const { end, bytes } = await answer(session, { kind: "program", program: "/usr/bin/printf", args: ["%s\\0", ...values] });
      expect(end).toEqual({ kind: "exited", exitCode: 0 });
      expect(bytes.toString("utf8").split("\0").slice(0, -1)).toEqual(values);
    }), { numRuns: 60 });
  });

  test("as standard input, with NUL", async () => {
    await fc.assert(fc.asyncProperty(fc.array(value, { maxLength: 4 }), async (values) => {
      const stdin = values.join("\0");
      expect((await answer(session, { kind: "program", program: "cat", args: [], stdin })).bytes.toString("utf8")).toBe(stdin);
    }), { numRuns: 60 });
  });

  test("as the environment, and as a folder's name that is not there", async () => {
    await fc.assert(fc.asyncProperty(value, async (text) => {
      expect((await answer(session, { kind: "program", program: "printenv", args: ["A_1"], env: { A_1: text } })).bytes.toString("utf8")).toBe(`${text}\n`);
      expect((await answer(session, { kind: "program", program: "true", args: [], folder: `/no/${text}` })).end).toEqual({ kind: "refused", word: "no_folder" });
    }), { numRuns: 40 });
  });

  test("of 100 kB, as an argument and as input", async () => {
    for (const text of ["x".repeat(100_000), "'\n".repeat(50_000), "ク".repeat(33_000)]) {
      expect((await answer(session, { kind: "program", program: "/usr/bin/printf", args: ["%s", text] })).bytes.toString("utf8")).toBe(text);
      expect((await answer(session, { kind: "program", program: "cat", args: [], stdin: text })).bytes.toString("utf8")).toBe(text);
    }
  });

  test("and a limit ends the tree there, too", async () => {
    const call: Call<"program"> = { kind: "program", program: "sh", args: ["-c", "sleep 4711 & (sleep 4712 &) ; (setsid sh -c 'setsid sleep 4713 &' &); wait"] };
    const end = await session.run(requestOf(call), { stdout: () => undefined, stderr: () => undefined }, options({ limitMs: 300 }));
    expect(end).toEqual({ kind: "limit", isGone: true });
    expect(execFileSync("ps", ["-eo", "stat=,args="], { encoding: "utf8" }).split("\n").filter((line) => /^[^Z].*sleep 471[123]/.test(line))).toEqual([]);
  });
});

test("a text of the shell is joined to one line as its grammar wants it", () => {
  expect(onOneLine("a() {\n  # a note\n  if b; then\n    c &\n  fi\n  d |\n    e\n}\nf")).toBe("a() { if b; then c & fi; d | e; }; f");
});
