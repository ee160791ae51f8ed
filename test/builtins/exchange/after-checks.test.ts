import { describe, expect, test } from "vitest";
import { exchangeEventLog } from "../../../src/builtins/exchange/event-log.ts";
import { exchangeMailFlow } from "../../../src/builtins/exchange/mail-flow.ts";
import { exchangeReplicationHealth } from "../../../src/builtins/exchange/replication-health.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { failed, LOST, PAIR, records, turn } from "./ccr-pair.ts";

describe("exchange.event_log", () => {
  const SINCE = "2008-03-15T09:00:00.000Z";
  const entry = (changes: JsonObject = {}): JsonObject => ({ TimeGenerated: "2008-03-15T09:30:00.000Z", EntryType: "Error", Source: "MSExchangeIS", EventID: 9877, Message: "The store cannot start.\r\nMore.", ...changes });
  const go = (entries: readonly JsonObject[], inputs: Readonly<Record<string, unknown>> = {}) => turn(exchangeEventLog, { since: SINCE, ...inputs }, { "Get-EventLog": records(...entries) });

  test("asks for the newest entries only, as PowerShell 1.0 can", () => {
    const made = exchangeEventLog.actions["read"]?.make({ since: SINCE, newest: 500, sources: [], ignore: [] }, {});
    expect(made).toMatchObject({ name: "Get-EventLog", parameters: { LogName: "Application", Newest: 500 } });
  });
  test("names the errors of Exchange and of Windows Installer since then, and how to see them", () => {
    const { decision } = go([entry(), entry({ Source: "MsiInstaller", EventID: 1024, TimeGenerated: "2008-03-15T09:10:00.000Z", Message: "" })]);
    expect(decision).toMatchObject({
      kind: "done",
      outputs: {
        clean: false, complete: true, count: 2,
        errors: [{ source: "MsiInstaller", event_id: 1024 }, { source: "MSExchangeIS", event_id: 9877, message: "The store cannot start. More." }],
        summary: `2 errors since ${SINCE}: MsiInstaller 1024; MSExchangeIS 9877 (The store cannot start. More.); \`Get-EventLog Application -Newest 1000\` shows them`,
      },
    });
  });
  test.each<[string, JsonObject, Readonly<Record<string, unknown>>]>([
    ["from before", { TimeGenerated: "2008-03-15T08:59:59.000Z" }, {}],
    ["from that very time", { TimeGenerated: SINCE }, {}],
    ["that only warns", { EntryType: "Warning" }, {}],
    ["that informs", { EntryType: "Information" }, {}],
    ["of another source", { Source: "Userenv" }, {}],
    ["that is known and harmless", { Source: "MSExchange ADAccess", EventID: 2102 }, { ignore: ["msexchange adaccess 2102"] }],
    ["of a source that does not count", {}, { sources: ["MSExchangeRepl"] }],
  ])("an entry %s does not count", (_case, changes, inputs) => {
    expect(go([entry(changes)], inputs).decision).toMatchObject({ outputs: { clean: true, count: 0, errors: [] } });
  });
  test("says where the entries do not reach back far enough", () => {
    expect(go([entry({ EntryType: "Information" })], { newest: 1 }).decision).toMatchObject({ outputs: { clean: true, complete: false, summary: expect.stringContaining("do not reach back") as string } });
    expect(go([entry({ TimeGenerated: "2008-03-15T08:00:00.000Z" })], { newest: 1 }).decision).toMatchObject({ outputs: { complete: true } });
  });
  test("says up to when it has read, so that a later look can go on from there", () => {
    expect(go([entry(), entry({ EntryType: "Information", TimeGenerated: "2008-03-15T09:45:00.000Z" })]).decision).toMatchObject({ outputs: { until: "2008-03-15T09:45:00.000Z" } });
    expect(go([]).decision).toMatchObject({ outputs: { until: SINCE } });
  });
  test("names no more than the last five in its summary", () => {
    const { decision } = go(Array.from({ length: 8 }, (_, index) => entry({ EventID: index, Message: "" })));
    expect(decision).toMatchObject({ outputs: { count: 8, summary: expect.stringContaining("and 3 before") as string } });
  });
  test.each([
    ["an entry without a time", records(entry({ TimeGenerated: "gestern" })), "unreadable"],
    ["an entry without a number", records(entry({ EventID: "x" })), "unreadable"],
    ["a lost channel", LOST, "unreachable"],
    ["a missing right", failed("denied", "no"), "denied"],
  ] as const)("refuses %s", (_case, fact, code) => {
    expect(turn(exchangeEventLog, { since: SINCE }, { "Get-EventLog": fact }).decision).toMatchObject({ kind: "refuse", code });
  });
});

describe("exchange.mail_flow", () => {
  const go = (fact: Parameters<typeof turn>[2][string]) => turn(exchangeMailFlow, { identity: "EXCLUS1" }, { "Test-Mailflow": fact }).decision;

  test("tells how long the message took", () => {
    expect(go(records({ TestMailflowResult: "Success", MessageLatencyTime: "00:00:02.1340000" }))).toEqual({
      kind: "done", outputs: { delivered: true, result: "Success", latency: "2s134ms" }, because: "a test message of EXCLUS1 arrived after 2s134ms",
    });
  });
  test.each(["*FAILURE*", "Failure", "失敗"])("takes %j for no delivery", (result) => {
    expect(go(records({ TestMailflowResult: result, MessageLatencyTime: "00:00:00" }))).toMatchObject({ kind: "done", outputs: { delivered: false, result }, because: expect.stringContaining("did not arrive within 30s") as string });
  });
  test("gives the cmdlet the seconds that the message may take", () => {
    expect(exchangeMailFlow.actions["test"]?.make({ identity: "EXCLUS1", within_seconds: 60 }, {})).toMatchObject({ name: "Test-Mailflow", parameters: { Identity: "EXCLUS1", ExecutionTimeout: 60 } });
  });
  test.each([
    ["no result", records({}), "unreadable"],
    ["a latency that is none", records({ TestMailflowResult: "Success", MessageLatencyTime: "soon" }), "unreadable"],
    ["no record", records(), "not_found"],
    ["a missing role", failed("denied", "no role"), "denied"],
  ] as const)("refuses %s", (_case, fact, code) => {
    expect(go(fact)).toMatchObject({ kind: "refuse", code });
  });
});

describe("exchange.replication_health", () => {
  const PASSED = { Check: "ReplayService", Result: "Passed", Error: "" };
  const go = (fact: Parameters<typeof turn>[2][string], changes: Parameters<typeof turn>[2] = {}) => turn(exchangeReplicationHealth, { identity: "EXCLUS1" }, { ...PAIR, "Test-ReplicationHealth": fact, ...changes });

  test("passes where no check failed", () => {
    expect(go(records(PASSED, { ...PASSED, Check: "SomethingNewInSp3" })).decision).toMatchObject({
      kind: "done", outputs: { available: true, passed: true, failed: [], warnings: [], checks: [{ name: "ReplayService", result: "Passed" }, { name: "SomethingNewInSp3" }], summary: "all 2 checks passed" },
    });
  });
  test("names what failed and what warns, with the words of Exchange", () => {
    const { decision } = go(records(PASSED, { Check: "FileShareQuorum", Result: "*FAILED*", Error: "\\\\HUB1\\fsw cannot be reached" }, { Check: "SGInitializing", Result: "Warning", Error: "" }));
    expect(decision).toMatchObject({
      kind: "done",
      outputs: { passed: false, failed: ["FileShareQuorum"], warnings: ["SGInitializing"], summary: "FileShareQuorum Failed: \\\\HUB1\\fsw cannot be reached; SGInitializing Warning" },
    });
  });
  test("is not there before service pack 1, and is not called then", () => {
    const { decision, calls } = go(records(PASSED), { "Get-ExchangeServer": records({ Name: "EXCLUS1", AdminDisplayVersion: "Version 8.0 (Build 685.25)" }) });
    expect(Object.keys(calls)).toEqual(["version"]);
    expect(decision).toMatchObject({ kind: "done", outputs: { available: false, checks: [], summary: expect.stringContaining("service pack 1") as string } });
    expect(decision.kind === "done" && Object.hasOwn(decision.outputs, "passed")).toBe(false);
  });
  test.each([
    ["an unknown result", records({ ...PASSED, Result: "成功" }), "unreadable"],
    ["a check without a name", records({ Result: "Passed" }), "unreadable"],
    ["no check at all", records(), "unreadable"],
    ["tools that are not there", failed("not_found", "The term 'Test-ReplicationHealth' is not recognized"), "not_found"],
  ] as const)("refuses %s", (_case, fact, code) => {
    expect(go(fact).decision).toMatchObject({ kind: "refuse", code });
  });
});
