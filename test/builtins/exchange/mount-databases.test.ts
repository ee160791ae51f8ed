import { describe, expect, test } from "vitest";
import { exchangeMountDatabases } from "../../../src/builtins/exchange/mount-databases.ts";
import type { Fact, PastAct } from "../../../src/core/builtin.ts";
import { act, DATABASE, failed, LOST, ON_A, PAIR, past, printed, records, status, turn } from "./ccr-pair.ts";

const STATUS = "Get-ClusteredMailboxServerStatus";
const ONE = "First Storage Group\\Mailbox Database";
const TWO = "Second Storage Group\\Archive Database";
const BOTH = { databases: [ONE, TWO] };
const mounts = (one: boolean, two: boolean): Fact => records({ ...DATABASE, Mounted: one }, { ...DATABASE, Name: "Archive Database", StorageGroupName: "Second Storage Group", Mounted: two });
const here = (state: string, ...failedResources: readonly string[]): Fact => status(state, ["NODEA <Quorum Owner>", "NODEB <Active>"], failedResources);
const tried = (outcome: PastAct["outcome"], database = TWO): PastAct => act("mount", outcome, { fill: { database }, ...(outcome === "failed" ? { failure: { code: "cmdlet_error", because: "a log is missing" } } : {}) });

function go(databases: Fact, acts: readonly PastAct[] = [], changes: Readonly<Record<string, Fact>> = {}, inputs: { readonly databases: readonly string[] } = BOTH) {
  return turn(exchangeMountDatabases, { identity: "EXCLUS1", ...inputs }, { ...PAIR, [STATUS]: here("Partially Online"), "Get-MailboxDatabase": databases, ...changes }, past({ acts }));
}

describe("a database that was mounted before", () => {
  test("is mounted once, by its full name, and without force", () => {
    const { decision, actions } = go(mounts(true, false));
    expect(decision).toMatchObject({ kind: "act", because: `dismounted on NODEB, and mounted before: ${TWO}` });
    expect(actions).toEqual([{ kind: "cmdlet", name: "Mount-Database", parameters: { Identity: `EXCLUS1\\${TWO}` }, properties: [] }]);
    expect(exchangeMountDatabases.actions["mount"]?.atMost ?? 1).toBe(1);
  });
  test("is left alone where it is mounted", () => {
    expect(go(mounts(true, true), [], { [STATUS]: here("Online") }).decision).toEqual({ kind: "done", outputs: { mounted: [], left: [] }, because: "what was mounted before is mounted on NODEB" });
  });
  test("is named when it was mounted", () => {
    expect(go(mounts(true, true), [tried("ok")]).decision).toMatchObject({ kind: "done", outputs: { mounted: [TWO] } });
  });
  test("is done, too, where the cmdlet's answer was lost or was bad and the database is mounted", () => {
    for (const outcome of ["lost", "failed", "in-doubt"] as const) expect(go(mounts(true, true), [tried(outcome)]).decision.kind).toBe("done");
  });
  test("does not keep the others from their one try when it is refused", () => {
    expect(go(mounts(false, false), [tried("failed")]).actions).toMatchObject([{ parameters: { Identity: `EXCLUS1\\${ONE}` } }]);
  });
  test("that does not mount is for a person: never forced, never tried again by itself", () => {
    expect(go(mounts(true, false), [tried("failed")]).decision).toEqual({
      kind: "fail", code: "mount_refused",
      because: `\`Mount-Database\` did not mount ${TWO}: a log is missing. Look at the Application log of NODEB (MSExchangeIS, ESE) before you try again; do not force it, and leave the other node as it is meanwhile`,
    });
  });
  test("is tried again in the next attempt, when somebody has looked", () => {
    expect(turn(exchangeMountDatabases, { identity: "EXCLUS1", ...BOTH }, { ...PAIR, [STATUS]: here("Partially Online"), "Get-MailboxDatabase": mounts(true, false) }, past({ attempt: 2, acts: [tried("failed")] })).decision.kind).toBe("act");
  });
});

test("a database that was dismounted before stays so, and is named", () => {
  const { decision } = go(mounts(true, false), [], {}, { databases: [ONE.toUpperCase()] });
  expect(decision).toEqual({ kind: "done", outputs: { mounted: [], left: [TWO] }, because: `what was mounted before is mounted on NODEB; dismounted before, and left so: ${TWO}` });
});

test("its input takes only what was remembered", () => {
  expect(exchangeMountDatabases.inputs.databases.remember).toBe(true);
});

test.each([["Online Pending"], ["Offline Pending"]])("it waits while the server is %s", (state) => {
  expect(go(mounts(false, false), [], { [STATUS]: here(state) }).decision).toMatchObject({ kind: "wait", because: `\`Get-ClusteredMailboxServerStatus EXCLUS1\` shows it ${state} on NODEB; nothing is mounted while it is pending` });
});

test.each<[string, Readonly<Record<string, Fact>>, string]>([
  ["on the node that has the copies", { [STATUS]: ON_A }, "not_active"],
  ["where another machine answers", { "hostname.exe": printed("NODEA\r\n") }, "not_active"],
  ["where the store does not run", { [STATUS]: here("Failed") }, "not_online"],
  ["where the server is offline", { [STATUS]: here("Offline") }, "not_online"],
  ["where no node is active", { [STATUS]: status("Partially Online", ["NODEA", "NODEB"]) }, "not_online"],
  ["where a database is gone", { "Get-MailboxDatabase": records(DATABASE) }, "database_missing"],
  ["where the state cannot be read", { [STATUS]: LOST }, "unreachable"],
  ["where the databases cannot be read", { "Get-MailboxDatabase": failed("denied", "no role") }, "denied"],
])("it mounts nothing %s", (_case, changes, code) => {
  expect(go(mounts(true, false), [], changes).decision).toMatchObject({ kind: "refuse", code });
});
