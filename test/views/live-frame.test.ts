import { describe, expect, test } from "vitest";
import { foldView } from "../../src/views/fold-view.ts";
import { frameOf, MOST_ROWS } from "../../src/views/live-frame.ts";
import { widthOf } from "../../src/views/terminal-text.ts";
import { emptyViewState, type ViewState } from "../../src/views/view-state.ts";
import { expectScreen } from "./golden.ts";
import { recording, type Recording } from "./recording.ts";
import { handover, opening, updateOfB } from "./rollup-recording.ts";

const SIZES = [[80, 24], [120, 40], [40, 24], [80, 8]] as const;

function stateAfter(record: (tape: Recording) => void): ViewState {
  const tape = recording();
  record(tape);
  const state = emptyViewState();
  for (const event of tape.events) foldView(state, event);
  return state;
}

const MOMENTS: Readonly<Record<string, (tape: Recording) => void>> = {
  opening,
  installing: (tape) => {
    opening(tape);
    updateOfB(tape, "until the installer runs");
  },
  outage: (tape) => {
    opening(tape);
    updateOfB(tape, "whole");
    handover(tape, "until the outage");
  },
  "hundred hosts": (tape) => {
    opening(tape);
    tape.put({ type: "step-started", step: "patch", kind: "for-each", phase: "step", attempt: 1, title: "Patch every host", effect: "changes", items: Array.from({ length: 100 }, (_, index) => `host${index}`) });
    for (let index = 0; index < 20; index += 1) {
      tape.put({ type: "step-started", step: `patch[host${index}]`, parent: "patch", kind: "instance", phase: "step", attempt: 1, title: `Patch host${index}`, target: `host${index}`, effect: "changes" });
      tape.pass(3);
      if (index < 10) tape.put({ type: "step-finished", step: `patch[host${index}]`, status: "ok", attempts: 1, ms: 3_000 });
    }
  },
};

describe("the frame of a moment", () => {
  for (const [moment, record] of Object.entries(MOMENTS)) {
    for (const [columns, rows] of SIZES) {
      test(`${moment} at ${columns}x${rows}`, async () => {
        const state = stateAfter(record);
        const lines = frameOf(state, state.nowMs + 7_000, { columns, colour: "none" }, rows);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.length).toBeLessThanOrEqual(Math.min(MOST_ROWS, rows - 1));
        await expectScreen(`frame-${moment.replaceAll(" ", "-")}-${columns}x${rows}`, lines);
      });
    }
  }

  test("tells what unwinds until that has ended", () => {
    const unwinding = (tape: Parameters<typeof opening>[0]): void => {
      opening(tape);
      tape.put({ type: "step-started", step: "outer", kind: "block", phase: "step", attempt: 1, title: "Outer", effect: "changes" });
      tape.put({ type: "unwinding", step: "outer", part: "always", cause: "it failed", main: { kind: "failed", changed: true } });
    };
    const framed = (record: typeof unwinding): string => {
      const state = stateAfter(record);
      return frameOf(state, state.nowMs, { columns: 80, colour: "none" }, 24).join("\n");
    };
    expect(framed(unwinding)).toContain("cleaning up, always of outer: it failed");
    expect(framed((tape) => {
      unwinding(tape);
      tape.put({ type: "step-finished", step: "outer", status: "rescued", attempts: 1, ms: 1 });
    })).not.toContain("cleaning up");
  });

  test("counts the items of a loop that have come to an end, not one that was cut short", () => {
    const state = stateAfter((tape) => {
      opening(tape);
      tape.put({ type: "step-started", step: "each", kind: "for-each", phase: "step", attempt: 1, title: "Each", effect: "changes", items: ["a", "b"] });
      for (const [item, status] of [["a", "ok"], ["b", "interrupted"]] as const) {
        tape.put({ type: "step-started", step: `each[${item}]`, parent: "each", kind: "leaf", phase: "step", attempt: 1, title: "One", effect: "changes" });
        tape.put({ type: "step-finished", step: `each[${item}]`, status, attempts: 1, ms: 1 });
      }
      tape.put({ type: "step-finished", step: "each", status: "interrupted", attempts: 1, ms: 2 });
    });
    expect(frameOf(state, state.nowMs, { columns: 80, colour: "none" }, 24).join("\n")).toMatch(/Each +1 of 2/);
  });

  test("is empty before a run began", () => {
    expect(frameOf(emptyViewState(), 0, { columns: 80, colour: "none" }, 24)).toEqual([]);
  });

  test("says the same with colours", () => {
    const state = stateAfter(MOMENTS["outage"] ?? opening);
    const coloured = frameOf(state, state.nowMs, { columns: 80, colour: "ansi" }, 24).join("\n");
    expect(coloured.replaceAll(/\u001B\[\d+m/gu, "")).toBe(frameOf(state, state.nowMs, { columns: 80, colour: "none" }, 24).join("\n"));
  });

  test("of a run of ten thousand steps is still small", () => {
    const state = stateAfter((tape) => {
      opening(tape);
      for (let index = 0; index < 10_000; index += 1) {
        tape.put({ type: "step-started", step: `s${index}`, kind: "leaf", phase: "step", attempt: 1, title: `Step ${index}`, effect: "reads" });
        tape.put({ type: "step-finished", step: `s${index}`, status: "ok", attempts: 1, ms: 1 });
      }
    });
    expect(frameOf(state, state.nowMs, { columns: 80, colour: "none" }, 24).length).toBeLessThanOrEqual(MOST_ROWS);
  });
});
