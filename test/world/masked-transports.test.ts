import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Secrets } from "../../src/core/secrets.ts";
import { sha256 } from "../../src/core/digest.ts";
import { localTransports } from "../../src/world/local-transport.ts";
import { maskedTransports } from "../../src/world/masked-transports.ts";

async function fetched(content: string | Buffer, limitBytes = 1_000) {
  const folder = mkdtempSync(join(tmpdir(), "runbook-fetch-"));
  const from = join(folder, "a.log");
  writeFileSync(from, content);
  const secrets = new Secrets();
  secrets.add("pw", "hunter2hunter3");
  const transports = maskedTransports(localTransports({ state: folder, fetched: join(folder, "fetched") }), secrets);
  const outcome = await transports.to("local").get({ kind: "get", from, limitBytes }, { limitMs: 10_000, onOutput: () => undefined, signal: new AbortController().signal });
  if (outcome.kind !== "ok") throw new Error(JSON.stringify(outcome));
  expect(readdirSync(join(folder, "fetched"))).toHaveLength(1);
  return { ...outcome.value, bytesThere: readFileSync(outcome.value.path) };
}

describe("a file that is fetched", () => {
  test("holds no secret, and its size and hash are those of what is kept", async () => {
    const { bytesThere, bytes, sha256: hash } = await fetched("pw=hunter2hunter3\nend\n");
    expect(bytesThere.toString()).toBe("pw=***\nend\n");
    expect([bytes, hash]).toEqual([bytesThere.length, sha256(bytesThere.toString())]);
  });

  test("holds no rest of one at its beginning, where only its end was fetched", async () => {
    expect((await fetched("x".repeat(90) + "hunter2hunter3 and the end", 20)).bytesThere.toString()).toBe("*** and the end");
  });

  test("in UTF-16 holds none either", async () => {
    expect((await fetched(Buffer.from("The password is hunter2hunter3.", "utf16le"))).bytesThere.toString()).toBe("The password is ***.");
  });

  test("without one stays as it is, byte for byte", async () => {
    const bytes = Buffer.from([0, 255, 254, 128, 10, 65]);
    expect((await fetched(bytes)).bytesThere).toEqual(bytes);
  });
});
