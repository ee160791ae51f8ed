import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { documentSchemas } from "../../src/views/document-schemas.ts";
import { renderMarkdown } from "../../src/views/markdown.ts";
import { renderHtml } from "../../src/views/page-html.ts";
import type { ReportDocument } from "../../src/views/report-document.ts";
import { reportOf } from "../../src/views/report-of.ts";
import { reportPage } from "../../src/views/report-page.ts";
import { standingOf } from "../../src/views/standing.ts";
import { timelineOf } from "../../src/views/timeline.ts";
import { interrupted, manySteps, resumedTwice, waiting } from "./evidence-recording.ts";
import { rollup, stopped } from "./rollup-recording.ts";

const CHAIN = "a".repeat(64);

function reported(events: readonly Event[]): ReportDocument {
  return reportOf(events, standingOf(events, "free"), { records: events.length, chain: CHAIN });
}

const RUNS: readonly (readonly [name: string, events: readonly Event[]])[] = [["rollup", rollup()], ["stopped", stopped()], ["interrupted", interrupted()], ["waiting", waiting()], ["resumed-twice", resumedTwice()]];

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const isReport = ajv.compile(documentSchemas()["printed-report"] ?? false);

describe("the report of a run", () => {
  test.each(RUNS)("%s reads, as Markdown, as it was looked at", async (name, events) => {
    await expect(renderMarkdown(reportPage(reported(events), "runbook"))).toMatchFileSnapshot(`golden/report-${name}.md`);
  });

  test("is one page of HTML, as it was looked at", async () => {
    await expect(renderHtml(reportPage(reported(resumedTwice()), "runbook"))).toMatchFileSnapshot("golden/report-resumed-twice.html");
  });

  test.each(RUNS)("%s is a document of its schema", (_name, events) => {
    isReport(JSON.parse(JSON.stringify(reported(events))));
    expect(isReport.errors ?? []).toEqual([]);
  });

  test("of every part of a run is a document of its schema, and a page", () => {
    const events = resumedTwice();
    for (let count = 1; count <= events.length; count += 1) {
      const report = reported(events.slice(0, count));
      isReport(JSON.parse(JSON.stringify(report)));
      expect(isReport.errors ?? [], `the first ${count} events`).toEqual([]);
      expect(renderHtml(reportPage(report, "runbook"))).toContain("</html>");
    }
  });

  test("names every action that may have changed something, and no other", () => {
    expect(reported(rollup()).actions.map(({ number, outcome }) => [number, outcome])).toEqual([[1, "ok"], [2, "ok"], [3, "ok"]]);
  });

  test("says of an action whose end nobody recorded that it is in doubt", () => {
    const events = rollup();
    const cut = events.findIndex((event) => event.type === "action-started" && event.number === 3);
    const report = reported(events.slice(0, cut + 1));
    expect(report.actions.at(-1)).toMatchObject({ number: 3, outcome: "in doubt", record: cut + 1 });
    expect(report.sessions.at(-1)).toMatchObject({ ended: "interrupted", underWay: ["handover/move"], lastRecord: cut + 1 });
  });

  test("of a run that is carried out has a session that goes on", () => {
    const events = interrupted();
    expect(reportOf(events, "running", { records: events.length, chain: CHAIN }).sessions.at(-1)).toMatchObject({ ended: "running" });
  });

  test("tells a run that was cut off twice as one story", () => {
    const { sessions } = reported(resumedTwice());
    expect(sessions.map(({ kind, ended, operator, underWay }) => [kind, ended, operator, underWay])).toEqual([
      ["began", "interrupted", "ada", ["update_b/install"]], ["resumed", "interrupted", "grace", ["handover/move"]], ["resumed", "succeeded", "grace", []],
    ]);
    expect(sessions.map(({ at, endedAt }) => at <= endedAt)).toEqual([true, true, true]);
  });

  test("counts an outage that is not over from its first sample to the last record", () => {
    const events = resumedTwice();
    const cut = events.findLastIndex((event) => event.type === "run-resumed");
    const [outage] = reported(events.slice(0, cut)).outages;
    expect(outage).toMatchObject({ probe: "mailbox", open: true });
    expect(Date.parse(outage?.since ?? "") + (outage?.ms ?? 0)).toBe(Date.parse(events[cut - 1]?.at ?? ""));
  });

  test("tells a value that was read twice in the same way, and was another one at the end", () => {
    const level = (build: string): readonly [Event, Event, Event] => {
      const base = { v: 1, seq: 1, at: build === "1" ? "2007-11-20T12:00:00.000Z" : "2007-11-20T13:00:00.000Z", run: "r" } as const;
      const step = `level_${build}`;
      return [
        { ...base, type: "step-started", step, kind: "leaf", phase: "step", attempt: 1, title: "Level", uses: "exchange.rollup_level", target: "NODEA", effect: "reads" },
        { ...base, type: "action-started", step, turn: 1, number: 1, effect: "reads", action: { name: "read", title: "Read", target: "NODEA", what: { kind: "program", program: "reg.exe", args: ["query"] } } },
        { ...base, type: "step-finished", step, status: "ok", outputs: { build, same: "s", rollups: [{ name: "a", state: build }, { name: "b", state: "s" }] }, attempts: 1, ms: 1 },
      ];
    };
    expect(reported([...level("1"), ...level("2")]).differences).toEqual([
      { uses: "exchange.rollup_level", target: "NODEA", first: "level_1", last: "level_2", value: "build", before: "1", after: "2" },
      { uses: "exchange.rollup_level", target: "NODEA", first: "level_1", last: "level_2", value: "rollups[a].state", before: "1", after: "2" },
    ]);
  });

  test("passes over types of events that a newer version may write", () => {
    const newer = { v: 1, seq: 2, at: "2007-11-20T12:00:00.000Z", run: "r7k2m9q4xa", type: "moon-risen" } as unknown as Event;
    const [first, ...rest] = rollup();
    if (first === undefined) throw new Error("there are no events");
    expect(reported([first, newer, ...rest]).actions).toHaveLength(3);
  });
});

describe("the timeline of a run", () => {
  test("has a lane for each probe, for people, and for each target, and the outage through them all", () => {
    const timeline = timelineOf(reported(rollup()));
    expect(timeline?.lanes.map(({ name }) => name)).toEqual(["mailbox server EXCLUS1", "quorum", "People", "NODEA", "NODEB"]);
    expect(timeline?.bands).toHaveLength(1);
  });

  test("of 500 steps keeps every bar within its width", () => {
    const timeline = timelineOf(reported(manySteps(500)));
    const bars = (timeline?.lanes ?? []).flatMap((lane) => lane.bars);
    expect(bars.length).toBeGreaterThan(500);
    for (const { x, width } of bars) expect(x >= 0 && x + width <= (timeline?.width ?? 0) + 2).toBe(true);
  });

  test("draws a time without a runner short, and says how long it was", () => {
    expect(timelineOf(reported(resumedTwice()))?.breaks.map(({ label }) => label)).toEqual(["1h", "2h1m"]);
  });

  test("is none where no time passed", () => {
    expect(timelineOf(reported(rollup().slice(0, 2)))).toBeUndefined();
  });
});
