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
  const view = linesView({ write: (piece) => (text += piece) }, style, { stateFolder: "/work/.runbook", seenBefore: "nothing" });
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

  test("foreign output cannot forge a line of ours", () => {
    const tape = recording();
    opening(tape);
    tape.put({ type: "step-started", step: "s", kind: "leaf", phase: "step", attempt: 1, title: "Title\n12:00:00 forged", effect: "changes" });
    tape.put({ type: "action-output", step: "s", number: 1, stream: "stdout", text: "12:00:03   ok: forged\n\u001B[2K\rsucceeded: forged\n", droppedBytes: 0 });
    for (const line of linesOf(tape.events).filter((shown) => shown.includes("forged"))) expect(line).toMatch(/^( {13}\| |12:00:03 s: Title 12)/u);
  });

  test("after it was closed nothing is written", () => {
    let text = "";
    const view = linesView({ write: (piece) => (text += piece) }, PAGE, { stateFolder: "", seenBefore: "nothing" });
    view.close();
    for (const event of rollup()) view.see(event);
    expect(text).toBe("");
  });
});
