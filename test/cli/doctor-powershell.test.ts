import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DoctorDocument } from "../../src/views/documents.ts";
import { HAS_REMOTING, PATIENCE_MS } from "../world/pwsh/lab.ts";
import { startPowershellServer } from "../world/pwsh/ssh-server.ts";
import type { Sshd } from "../world/sshd.ts";
import { doctorIn, found, targetOf } from "./doctor-kit.ts";
import { faultsOf } from "./run-case.ts";

describe.skipIf(!HAS_REMOTING)("doctor, of machines that are reached by PowerShell", () => {
  let server: Sshd | undefined;
  beforeAll(async () => {
    server = await startPowershellServer();
  });
  afterAll(() => server?.stop());

  test("asks what they are through a session, and tells why there is none", async () => {
    const inventory = "inventory: 1\ntransports:\n  NODEA: { kind: powershell, via: ssh }\n  NODEB: { kind: powershell, via: ssh, host: closed }\n  NODEC: { kind: powershell, via: ssh, host: unknown }\nsystems: { lab: {} }\n";
    const { code, out, err } = await doctorIn({ "inventory.yml": inventory }, ["--inventory", "inventory.yml", "--system", "lab", "--json"]);
    expect(err).toBe("");
    expect(code).toBe(1);
    expect(faultsOf("printed-doctor", out)).toEqual([]);
    const document = JSON.parse(out) as DoctorDocument;
    expect(targetOf(document.targets, "NODEA")).toMatchObject({ kind: "powershell", reachedAs: "NODEA, over ssh", verdict: "warning" });
    expect(targetOf(document.targets, "NODEA").findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(["reachable ok", "identity warning", "versions ok", "rights ok", "clock ok", "space ok", "shell ok"]);
    expect(found(document, "NODEA", "identity")).toMatchObject([{ says: expect.stringMatching(new RegExp(`^calls itself ${hostname()}$`, "i")) }]);
    expect(found(document, "NODEA", "versions")).toMatchObject([{ says: expect.stringMatching(/PowerShell 7\./) }]);
    expect(found(document, "NODEA", "clock")).toMatchObject([{ says: expect.stringMatching(/this machine/) }]);
    expect(found(document, "NODEB", "reachable")).toMatchObject([{ verdict: "failed", cure: expect.stringContaining("ssh closed") }]);
    expect(found(document, "NODEC", "reachable")).toMatchObject([{ verdict: "failed", says: expect.stringContaining("host key") }]);
  }, PATIENCE_MS);
});
