import { existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { documentSchemas } from "../../src/views/document-schemas.ts";
import { lockFiles } from "../../src/world/lock-file.ts";
import { projectWith, TOUCH } from "./project-fixture.ts";
import { stage } from "./stage.ts";

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

function faultsOf(kind: string, text: string): unknown {
  const isValid = ajv.compile(documentSchemas()[kind] ?? false);
  isValid(JSON.parse(text));
  return isValid.errors ?? [];
}

/** Asks before it makes the file, so that without a terminal it waits. */
const ASKING = TOUCH.replace("name: touch_file", "name: ask_first").replace("steps:", "owner: Operations\nreviewed: 2026-11-01\nreferences:\n  - { title: How files are made, published: 2007-11-20 }\nsteps:\n  - { id: approve, title: May it be made?, uses: human.approve, with: { question: May the file be made? } }");

interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A project with one run, and the ways to look at it. */
interface Case {
  readonly folder: string;
  readonly run: string;
  readonly journal: string;
  runbook(...words: readonly string[]): Promise<Done>;
}

async function caseOf(file: "touch.yml" | "ask.yml"): Promise<Case> {
  const folder = projectWith({ "runbook.config.yml": "config: 1\n", "runbooks/touch.yml": TOUCH, "runbooks/ask.yml": ASKING });
  const runbook = async (...words: readonly string[]): Promise<Done> => {
    const { surroundings, out, err } = stage({ workingFolder: folder });
    return { code: await main(words, surroundings), out: out(), err: err() };
  };
  await runbook("run", file, "--set", `file=${folder}/made`, "--yes");
  const [run = ""] = readdirSync(join(folder, ".runbook/runs"));
  return { folder, run, journal: join(folder, ".runbook/runs", run, "journal.jsonl"), runbook };
}

/** Leaves of a journal what stands before the first record that holds a text: as if the runner had died there. */
function cutBefore(journal: string, text: string): number {
  const lines = readFileSync(journal, "utf8").split("\n");
  const records = lines.findIndex((line) => line.includes(text));
  truncateSync(journal, Buffer.byteLength(`${lines.slice(0, records).join("\n")}\n`));
  return records - 1;
}

/** Changes one byte of a record, which keeps its length. */
function changeRecord(journal: string, record: number): number {
  const lines = readFileSync(journal, "utf8").split("\n");
  lines[record] = (lines[record] ?? "").replace(/"(v|journal)":1/, '"$1":2');
  writeFileSync(journal, lines.join("\n"));
  return Buffer.byteLength(`${lines.slice(0, record).join("\n")}\n`);
}

let done: Case;

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

describe("show", () => {
  test("of a run that waits ends with commands that answer it and go on", async () => {
    const { run, runbook, folder } = await caseOf("ask.yml");
    const { code, out } = await runbook("show", run);
    expect(code).toBe(0);
    expect(out).toMatch(/Waits for an answer since .* at approve:\n {2}May the file be made\?/);
    const typed = out.split("\n").map((line) => line.trim().replace(/ {2}.*$/, ""));
    const answer = typed.findLast((line) => line.startsWith(`runbook answer ${run} approve --yes`));
    const resume = typed.findLast((line) => line.startsWith(`runbook resume ${run}`));
    for (const line of [answer, resume]) expect((await runbook(...(line ?? "").split(" ").slice(1))).code).toBe(0);
    expect(existsSync(join(folder, "made"))).toBe(true);
    expect((await runbook("show", run)).out).not.toContain("Waits for an answer");
  });

  test("of a run whose runner died says at which step, since when, what is in doubt, and what to type", async () => {
    const { run, journal, runbook } = await caseOf("touch.yml");
    cutBefore(journal, '"type":"action-finished","step":"make","turn":1,"number":3');
    const { code, out } = await runbook("show", run);
    expect(code).toBe(0);
    expect(out).toMatch(/Interrupted: its runner ended without a word\. Its last record is from 20/);
    expect(out.replaceAll(/\s+/g, " ")).toMatch(/at make: Make the file on local, since 20/);
    expect(out.replaceAll(/\s+/g, " ")).toContain("was begun, and nobody recorded how it ended");
    expect(out).toContain(`runbook resume ${run}`);
    expect(out).toContain(`runbook abandon ${run}`);
    expect((await runbook("runs")).out).toMatch(new RegExp(`^${run} {2}interrupted `));
  });

  test("of a run that a process holds says so, and does not call it interrupted", async () => {
    const { folder, run, journal, runbook } = await caseOf("touch.yml");
    cutBefore(journal, '"type":"run-finished"');
    const held = lockFiles(join(folder, ".runbook")).acquire([`run ${run}`], run);
    try {
      const { out } = await runbook("show", run);
      expect(out).toContain("Running: a process carries it out since");
      expect(out).not.toContain("Interrupted");
      expect(JSON.parse((await runbook("show", run, "--json")).out)).toMatchObject({ standing: "running" });
    } finally {
      if (held.kind === "held") held.release();
    }
  });

  test("of a damaged journal shows what stands before the damage, names it, and ends 1", async () => {
    const { run, journal, runbook } = await caseOf("touch.yml");
    const byte = changeRecord(journal, 8);
    const { code, out, err } = await runbook("show", run);
    expect(code).toBe(1);
    expect(out).toContain("Make ");
    expect(err).toContain(`record 8, at byte ${byte}`);
    const { code: jsonCode, out: json } = await runbook("show", run, "--json");
    expect(jsonCode).toBe(1);
    expect(faultsOf("printed-show", json)).toEqual([]);
    expect((JSON.parse(json) as { readonly events: readonly unknown[] }).events).toHaveLength(7);
  });

  test("with --all tells every event, and with --json is a document of its schema", async () => {
    const short = await done.runbook("show", done.run);
    const all = await done.runbook("show", done.run, "--all");
    expect(all.out).toContain("action 3, changes, on local");
    expect(short.out).not.toContain("action 3, changes, on local");
    expect(faultsOf("printed-show", (await done.runbook("show", done.run, "--json")).out)).toEqual([]);
  });

  test("prints commands with the state folder that was given", async () => {
    const { runbook, run } = await caseOf("ask.yml");
    const { out } = await runbook("show", run, "--state", ".runbook");
    expect(out).toContain(`runbook answer ${run} approve --yes --state .runbook`);
  });

  test("of a run that is not there names those that are, and ends 2", async () => {
    for (const command of ["show", "report"]) {
      const { code, err } = await done.runbook(command, "zzzz");
      expect([code, err.includes(done.run)]).toEqual([2, true]);
    }
  });
});

describe("runs", () => {
  test("lists the one that was begun last first, no line wider than the page, and says what to type for one that can go on", async () => {
    const { runbook, run, folder } = await caseOf("ask.yml");
    await runbook("run", "touch.yml", "--set", `file=${folder}/made`, "--yes");
    const { out } = await runbook("runs");
    const lines = out.split("\n");
    expect(lines[0]).toMatch(/^\w+ {2}succeeded {2}20\d\d-\d\d-\d\d \d\d:\d\dZ {2}touch_file on local$/);
    expect(lines[1]).toMatch(new RegExp(`^${run} {2}waiting `));
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(out).toContain(`runbook show ${run}`);
    expect(faultsOf("printed-runs", (await runbook("runs", "--json")).out)).toEqual([]);
  });

  test("names a damaged journal and does not hide the others", async () => {
    const { runbook, run, folder, journal } = await caseOf("touch.yml");
    await runbook("run", "touch.yml", "--set", `file=${folder}/other`, "--yes");
    changeRecord(journal, 4);
    const { code, out } = await runbook("runs");
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${run} {2}damaged`, "m"));
    expect(out).toContain("succeeded");
    expect(out.replaceAll(/\s+/g, "")).toContain("record4,atbyte");
  });
});
