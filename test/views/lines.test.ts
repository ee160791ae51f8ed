import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { linesView } from "../../src/views/lines.ts";
import type { Style } from "../../src/views/style.ts";
import { widthOf } from "../../src/views/terminal-text.ts";
import { expectScreen } from "./golden.ts";
import { recording } from "./recording.ts";
import { opening, rollup, stopped } from "./rollup-recording.ts";

const PAGE: Style = { columns: 80, colour: "none" };

function linesOf(events: readonly Event[], style: Style = PAGE): readonly string[] {
  let text = "";
  const view = linesView({ write: (piece) => (text += piece) }, style, { stateFolder: "/work/.runbook", seenBefore: "nothing", before: [] });
  for (const event of events) view.see(event);
  view.close();
  return text.split("\n").slice(0, -1);
}

describe("plain lines", () => {
  test("tell a whole rollup", async () => {
    await expectScreen("lines-rollup", linesOf(rollup()));
  });

  test("tell why a guard stopped it", async () => {
    await expectScreen("lines-stopped", linesOf(stopped()));
  });

  test("keep to 80 columns, without colours and without moving the cursor", () => {
    for (const line of linesOf(rollup())) {
      expect(widthOf(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/\u001B|\r/u);
    }
  });

  test("have colours only where they are asked for, and then the same words", () => {
    const coloured = linesOf(rollup(), { columns: 80, colour: "ansi" }).join("\n");
    expect(coloured).toContain("\u001B[");
    expect(coloured.replaceAll(/\u001B\[\d+m/gu, "")).toBe(linesOf(rollup()).join("\n"));
  });

  test("tell a long wait now and then, not at every look", () => {
    const tape = recording();
    opening(tape);
    tape.put({ type: "step-started", step: "wait", kind: "leaf", phase: "step", attempt: 1, title: "Wait", effect: "reads" });
    for (let look = 0; look < 1_000; look += 1) {
      tape.pass(15);
      tape.put({ type: "decided", step: "wait", turn: look, decision: "wait", because: "not yet" });
    }
    const told = linesOf(tape.events).filter((line) => line.includes("not yet"));
    expect(told.length).toBeGreaterThan(5);
    expect(told.length).toBeLessThan(25);
  });

  test("say nothing of waiting in the goal, which is asked once", () => {
    const tape = recording();
    opening(tape);
    tape.put({ type: "step-started", step: "goal/up", kind: "leaf", phase: "goal", attempt: 1, title: "Is it up?", effect: "reads" });
    tape.put({ type: "decided", step: "goal/up", turn: 1, decision: "wait", because: "it is not up" });
    tape.put({ type: "step-finished", step: "goal/up", status: "failed", code: "not_yet", because: "it is not up", attempts: 1, ms: 1 });
    expect(linesOf(tape.events).filter((line) => line.includes("it is not up")).map((line) => line.slice(9))).toEqual(["goal/up does not hold yet: it is not up"]);
  });

  test("show what a condition came to with its step, and leave it out of the last screen", () => {
    const tape = recording();
    opening(tape);
    tape.put({ type: "step-started", step: "backup", kind: "leaf", phase: "step", attempt: 1, title: "Backup?", effect: "reads" });
    tape.put({ type: "step-finished", step: "backup", status: "failed", code: "expectation", because: "Start a backup.", condition: "`outputs.recent` is false", attempts: 1, ms: 1, passedOver: "note" });
    tape.put({
      type: "run-finished", result: "succeeded", exitCode: 0, because: "the goal holds", outages: [], outputs: {}, passedOver: [], owed: [], next: [],
      openItems: [{ step: "backup", code: "expectation", because: "Start a backup." }],
    });
    const told = linesOf(tape.events).filter((line) => line.includes("Start a backup."));
    expect(told.map((line) => line.slice(2))).toEqual([expect.stringContaining("open item (expectation): Start a backup. (`outputs.recent` is false)"), "backup  Start a backup."]);
  });

  test("tell what a program prints line by line, however it comes in pieces", () => {
    const tape = recording();
    opening(tape);
    tape.put({ type: "step-started", step: "s", kind: "leaf", phase: "step", attempt: 1, title: "Print", effect: "changes" });
    tape.put({ type: "action-started", step: "s", turn: 1, number: 7, effect: "changes", action: { name: "run", title: "Run", target: "NODEA", what: { kind: "program", program: "p", args: [] } } });
    const piece = (text: string, stream: "stdout" | "stderr" = "stdout"): void => void tape.put({ type: "action-output", step: "s", number: 7, stream, text, droppedBytes: 0 });
    for (const text of ["the passw", "ord is *** toda", "y\r", "\nprogress 1\rprogress 2\rpro"]) piece(text);
    piece("a warn", "stderr");
    piece("gress 3\n\nat last");
    piece("ing\n", "stderr");
    tape.put({ type: "action-finished", step: "s", turn: 1, number: 7, outcome: "ok", exitCode: 0, ms: 1 });
    piece("cut off");
    const told = linesOf(tape.events).flatMap((line) => / \| ?(.*)/u.exec(line)?.[1] ?? []);
    expect(told).toEqual(["the password is *** today", "progress 1", "progress 2", "progress 3", "a warning", "at last", "cut off"]);
  });

  test("count the attempts of what is tried, not of what stands around it", () => {
    const tape = recording();
    opening(tape);
    tape.put({ type: "step-started", step: "each[b]", kind: "instance", phase: "step", attempt: 2, title: "Each", effect: "reads" });
    tape.put({ type: "step-started", step: "each[b]/make", kind: "leaf", phase: "step", attempt: 2, title: "Make b", effect: "changes" });
    expect(linesOf(tape.events).filter((line) => line.includes("each[b]")).map((line) => line.slice(9))).toEqual(["each[b]: Each", "each[b]/make: Make b [changes] (attempt 2)"]);
  });

  test("foreign output cannot forge a line of ours", () => {
    const tape = recording();
    opening(tape);
    tape.put({ type: "step-started", step: "s", kind: "leaf", phase: "step", attempt: 1, title: "Title\n12:00:00 forged", effect: "changes" });
    tape.put({ type: "action-output", step: "s", number: 1, stream: "stdout", text: "12:00:03   ok: forged\n\u001B[2K\rsucceeded: forged\n", droppedBytes: 0 });
    for (const line of linesOf(tape.events).filter((shown) => shown.includes("forged"))) expect(line).toMatch(/^( {13}\| |12:00:03 s: Title 12)/u);
  });

  test("after it was closed nothing is written", () => {
    let text = "";
    const view = linesView({ write: (piece) => (text += piece) }, PAGE, { stateFolder: "", seenBefore: "nothing", before: [] });
    view.close();
    for (const event of rollup()) view.see(event);
    expect(text).toBe("");
  });
});
