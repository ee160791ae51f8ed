import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { caseOf, changeRecord, faultsOf, type RunCase } from "./run-case.ts";

let done: RunCase;

beforeAll(async () => {
  done = await caseOf("touch.yml");
});

describe("report", () => {
  test("is Markdown on standard output, and nothing else there", async () => {
    const { code, out, err } = await done.runbook("report", done.run);
    expect(code).toBe(0);
    expect(err).toBe("");
    expect(out).toMatch(/^# Make /);
    expect(out).toContain("`touch ");
  });

  test("of a run that never began says that there is nothing to check, and 1", async () => {
    const { run, journal, runbook } = await caseOf("touch.yml");
    truncateSync(journal, 0);
    const { code, out } = await runbook("report", run, "--verify");
    expect([code, out.includes("DAMAGED")]).toEqual([1, false]);
    expect(out.replaceAll(/\s+/g, " ")).toMatch(/^There is nothing to check: .*the run never began: its journal has no header\. Nothing was done; run it anew\./);
    const json = await runbook("report", run, "--digest", "0".repeat(64), "--format", "json");
    expect(faultsOf("printed-verify", json.out)).toEqual([]);
    expect(JSON.parse(json.out)).toMatchObject({ whole: false, neverBegan: expect.stringContaining("never began"), journal: { records: 0 } });
    expect((await runbook("report", run, "--digest", "0".repeat(64))).out).toContain("No record has the digest that was given");
  });

  test("with --format json is a document of its schema, that names every input with its origin and every change with its result", async () => {
    const { out } = await done.runbook("report", done.run, "--format", "json");
    expect(faultsOf("printed-report", out)).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({
      standing: "succeeded", inputs: [{ name: "file", value: `${done.folder}/made`, origin: "--set" }],
      actions: [{ step: "make", target: "local", outcome: "ok", exitCode: 0, command: `touch ${done.folder}/made` }],
    });
  });

  test.each([["k.html", "<!doctype html>"], ["k.md", "# Make"], ["k.json", "{\"v\":1"]])("with --output %s is what that name ends with", async (name, beginning) => {
    const { code, out, err } = await done.runbook("report", done.run, "--output", name);
    expect([code, out]).toEqual([0, ""]);
    expect(err).toContain(join(done.folder, name));
    expect(readFileSync(join(done.folder, name), "utf8").startsWith(beginning)).toBe(true);
    expect(existsSync(join(done.folder, `${name}.part`))).toBe(false);
  });

  test("that cannot be written says where and what to do, and ends 2", async () => {
    mkdirSync(join(done.folder, "taken"), { recursive: true });
    for (const name of ["nowhere/k.html", "taken"]) {
      const { code, err } = await done.runbook("report", done.run, "--output", name);
      expect(code).toBe(2);
      expect(err).toContain(join(done.folder, name));
      expect(err).toContain("--output FILE");
    }
  });

  test("tells who answers for the procedure, and where it comes from", async () => {
    const { run, runbook } = await caseOf("ask.yml");
    expect(JSON.parse((await runbook("report", run, "--format", "json")).out)).toMatchObject({ runbook: { owner: "Operations", reviewed: "2026-11-01", references: [{ title: "How files are made", published: "2007-11-20" }] } });
  });

  test("of a damaged journal is none, and 1", async () => {
    const { run, journal, runbook } = await caseOf("touch.yml");
    const byte = changeRecord(journal, 5);
    const { code, out, err } = await runbook("report", run);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(`record 5, at byte ${byte}`);
  });
});

describe("report --verify", () => {
  test("of a whole journal counts its records and names the last digest, which the report names too", async () => {
    const { code, out } = await done.runbook("report", done.run, "--verify");
    expect(code).toBe(0);
    const { journal } = JSON.parse((await done.runbook("report", done.run, "--format", "json")).out) as { readonly journal: { readonly records: number; readonly chain: string } };
    expect(out).toContain(journal.chain);
    expect(out).toMatch(new RegExp(`records +${journal.records}\\n`));
    expect(journal.records).toBe(readFileSync(done.journal, "utf8").split("\n").length - 2);
    expect((await done.runbook("report", done.run, "--digest", journal.chain)).out.replaceAll(/\s+/g, " ")).toContain("nothing came since");
  });

  test("with the digest of an earlier report says how much came since", async () => {
    const { run, runbook } = await caseOf("ask.yml");
    const { journal } = JSON.parse((await runbook("report", run, "--format", "json")).out) as { readonly journal: { readonly records: number; readonly chain: string } };
    await runbook("answer", run, "approve", "--yes");
    expect((await runbook("resume", run)).code).toBe(0);
    const { code, out } = await runbook("report", run, "--digest", journal.chain);
    expect(code).toBe(0);
    expect(out.replaceAll("\n", " ")).toContain(`Record ${journal.records} has the digest that was given`);
  });

  test("with a digest that no record has ends 1", async () => {
    const { code, out } = await done.runbook("report", done.run, "--digest", "0".repeat(64));
    expect(code).toBe(1);
    expect(out).toContain("No record has the digest");
  });

  test("finds a change in any record, and names it with its byte", async () => {
    const records = readFileSync(done.journal, "utf8").split("\n").length - 2;
    for (const record of [0, 1, 2, Math.floor(records / 2), records]) {
      const { run, journal, runbook } = await caseOf("touch.yml");
      changeRecord(journal, record);
      const { code, out } = await runbook("report", run, "--verify");
      expect([record, code]).toEqual([record, 1]);
      expect(out.replaceAll(/\s+/g, " ")).toContain(`record ${record}, `);
      expect(out).toContain("DAMAGED");
    }
  });

  test("finds a record that was left out", async () => {
    const { run, journal, runbook } = await caseOf("touch.yml");
    const lines = readFileSync(journal, "utf8").split("\n");
    writeFileSync(journal, lines.toSpliced(4, 1).join("\n"));
    expect((await runbook("report", run, "--verify")).code).toBe(1);
  });

  test("of a journal whose last record was torn is whole up to it, and says so", async () => {
    const { run, journal, runbook } = await caseOf("touch.yml");
    truncateSync(journal, Buffer.byteLength(readFileSync(journal, "utf8")) - 10);
    const { code, out } = await runbook("report", run, "--verify");
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, " ")).toContain("bytes of a record that was not written to its end");
  });

  test("with --format json is a document of its schema, whole or not", async () => {
    const whole = await done.runbook("report", done.run, "--verify", "--format", "json");
    expect(faultsOf("printed-verify", whole.out)).toEqual([]);
    const { run, journal, runbook } = await caseOf("touch.yml");
    changeRecord(journal, 3);
    const { out } = await runbook("report", run, "--digest", "0".repeat(64), "--format", "json");
    expect(faultsOf("printed-verify", out)).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({ whole: false, journal: { records: 2 } });
  });

  test.each([
    [["--verify", "--format", "html"], "--verify makes none"],
    [["--verify", "--output", "x.md"], "--verify makes none"],
    [["--digest", "abc"], "64 hexadecimal digits"],
    [["--format", "pdf"], "markdown, json, html are possible"],
  ])("%j is answered with what is possible, and 2", async (words, message) => {
    const { code, err } = await done.runbook("report", done.run, ...words);
    expect([code, err.includes(message)]).toEqual([2, true]);
  });
});
