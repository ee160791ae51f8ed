import { describe, expect, test } from "vitest";
import { liveView } from "../../src/views/live.ts";
import { recording } from "./recording.ts";
import { handover, opening, rollup, updateOfB } from "./rollup-recording.ts";
import { VirtualTerminal } from "./virtual-terminal.ts";

interface Stage {
  readonly terminal: VirtualTerminal;
  readonly tick: () => void;
  readonly timers: () => number;
  readonly view: ReturnType<typeof liveView>;
}

function stage(columns: number, rows: number, answering: "on this terminal" | "elsewhere" = "on this terminal"): Stage {
  const terminal = new VirtualTerminal(columns, rows);
  const ticks = new Set<() => void>();
  const view = liveView(
    {
      terminal, style: () => ({ columns: terminal.columns(), colour: "none" }), now: () => 0, answering,
      every: (_ms, tick) => {
        ticks.add(tick);
        return () => void ticks.delete(tick);
      },
    },
    { stateFolder: "/work/.runbook", seenBefore: "nothing", before: [] },
  );
  return { terminal, view, tick: () => ticks.forEach((tick) => tick()), timers: () => ticks.size };
}

describe("the live view", () => {
  test("draws the list over itself, at ticks only", () => {
    const { terminal, view, tick } = stage(80, 40);
    const tape = recording();
    opening(tape);
    for (const event of tape.events) view.see(event);
    const writes = terminal.writes;
    const before = tape.events.length;
    updateOfB(tape, "until the installer runs");
    for (const event of tape.events.slice(before)) view.see(event);
    expect(terminal.writes).toBe(writes);
    tick();
    tick();
    expect(terminal.writes).toBe(writes + 1);
    expect(terminal.screen().filter((line) => line.includes("Update NODEB")).length).toBe(1);
    expect(terminal.screen().join("\n")).toContain("waiting 5m of at most 1h");
  });

  test("leaves the terminal to the person while a question is open, and begins anew after it", async () => {
    const { terminal, view, tick, timers } = stage(80, 40);
    const tape = recording();
    opening(tape);
    updateOfB(tape, "whole");
    handover(tape, "until the outage");
    const asked = tape.events.findIndex((event) => event.type === "question-asked");
    for (const event of tape.events.slice(0, asked + 1)) view.see(event);
    await Promise.resolve();
    tick();
    expect(terminal.screen().join("\n")).not.toContain("▸");
    expect(terminal.isCursorHidden).toBe(false);
    for (const event of tape.events.slice(asked + 1)) view.see(event);
    tick();
    expect(terminal.screen().join("\n")).toContain("▸ Hand the mailbox server over");
    view.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(timers()).toBe(0);
  });

  test("says above a question of which step it is, how long the run has gone on, and how the probes stand", () => {
    const { terminal, view } = stage(80, 40);
    const tape = recording();
    opening(tape);
    updateOfB(tape, "whole");
    handover(tape, "until the outage");
    const asked = tape.events.findIndex((event) => event.type === "question-asked");
    for (const event of tape.events.slice(0, asked + 1)) view.see(event);
    const question = tape.events[asked];
    const step = question?.type === "question-asked" ? question.step : "";
    const screen = terminal.screen();
    const at = screen.findIndex((line) => line.startsWith(`  ${step}`));
    expect(screen[at - 1]).toMatch(/exclus1 \(simulated\) {2}\d+m/u);
    expect(screen.slice(at).join("\n")).toContain("mailbox server EXCLUS1: up");
  });

  test("shows questions that are answered elsewhere above the list", () => {
    const { terminal, view } = stage(80, 60, "elsewhere");
    for (const event of rollup()) view.see(event);
    expect(terminal.screen().join("\n")).toContain("May EXCLUS1 be moved to NODEB now?");
  });

  test("ends with the last state of the list and the result below it, and gives the cursor back", () => {
    const { terminal, view } = stage(80, 60);
    for (const event of rollup()) view.see(event);
    view.close();
    const screen = terminal.screen();
    expect(screen.findIndex((line) => line.startsWith("✓ Preconditions"))).toBeLessThan(screen.findIndex((line) => line.startsWith("succeeded:")));
    expect(terminal.isCursorHidden).toBe(false);
  });

  test.each([[60, 20], [40, 40], [30, 30]])("leaves no remains when the terminal changes to %dx%d", (columns, rows) => {
    const { terminal, view, tick } = stage(120, 40);
    const tape = recording();
    opening(tape);
    updateOfB(tape, "until the installer runs");
    for (const event of tape.events) view.see(event);
    tick();
    terminal.resize(columns, rows);
    tick();
    tick();
    expect(terminal.screen().filter((line) => line.startsWith("✓ Precond")).length).toBe(1);
  });

  test("once closed draws nothing", () => {
    const { terminal, view, tick } = stage(80, 24);
    view.close();
    for (const event of rollup()) view.see(event);
    tick();
    expect(terminal.writes).toBe(0);
  });
});
