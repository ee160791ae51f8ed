import { describe, expect, test } from "vitest";
import type { RunFinished } from "../../src/core/event.ts";
import { closingLines } from "../../src/views/closing.ts";
import { foldView } from "../../src/views/fold-view.ts";
import { jsonLine } from "../../src/views/json.ts";
import { PLAIN } from "../../src/views/style.ts";
import { emptyViewState } from "../../src/views/view-state.ts";
import { worldLines } from "../../src/views/world-text.ts";
import { expectScreen } from "./golden.ts";
import { recording, type Recording } from "./recording.ts";
import { handover, opening } from "./rollup-recording.ts";

const END: RunFinished = { type: "run-finished", result: "stopped", exitCode: 1, because: "it stopped", outages: [], outputs: {}, openItems: [], passedOver: [], owed: [], next: [] };

function closingOf(record: (tape: Recording) => void): readonly string[] {
  const tape = recording();
  record(tape);
  const state = emptyViewState();
  for (const event of tape.events) foldView(state, event);
  return closingLines(state, PLAIN);
}

describe("the last screen", () => {
  test("names an outage that is not over, what is owed, what was passed over, and a change that failed", async () => {
    const lines = closingOf((tape) => {
      opening(tape);
      handover(tape, "until the outage");
      tape.put({ type: "step-finished", step: "handover/move", status: "unknown", code: "lost", because: "the channel broke", attempts: 1, ms: 82_000 });
      tape.put({
        ...END, result: "failed", because: "the mailbox server did not come back", owed: ["handover"], passedOver: ["is_ccr"],
        outages: [{ probe: "mailbox", ms: 74_000, upperMs: 82_000, since: "2007-11-20T12:18:28.000Z", open: true }, { probe: "mailbox", step: "handover/move", ms: 6_000, upperMs: 9_000, since: "2007-11-20T12:10:00.000Z", open: false }],
      });
    });
    await expectScreen("closing-failed", lines);
  });

  test("tells the cure of what was passed over once, and not where it stands above", () => {
    const refused = (name: string): string => `${name} cannot be reached: nothing answers. Does it run? ssh ${name}`;
    const passedOver = ["others[web1]", "others[web2]"];
    const closing = (because: string): string => closingOf((tape) => {
      for (const [index, step] of passedOver.entries()) {
        tape.put({ type: "step-started", step, kind: "leaf", phase: "step", attempt: 1, title: "Look", uses: "run.query", effect: "reads", limitMs: 1_000 });
        tape.put({ type: "step-finished", step, status: "failed", code: "unreachable", because: refused(`web${index + 1}`), attempts: 1, ms: 1 });
      }
      tape.put({ ...END, because, passedOver });
    }).join(" ").replaceAll(/\s+/g, " ");
    expect(closing("it stopped")).toContain("others[web1] web1 cannot be reached: nothing answers. Does it run? ssh web1 others[web2] web2 cannot be reached: nothing answers");
    expect(closing(`others[web2]: ${refused("web2")}`).split("Does it run?")).toHaveLength(2);
  });

  test("shows the beginning of a long output, never half of a letter, and says where the whole is", () => {
    const shown = closingOf((tape) => {
      tape.put({ ...END, outputs: { long: `${"x".repeat(999)}😀${"y".repeat(2_000)}`, fits: "z".repeat(1_000) } });
    }).join("\n");
    const text = shown.replaceAll(/\s+/g, "");
    expect(text).toContain(`${"x".repeat(999)}\uFFFD…and2,001morecharacters:runbookshowRUN--json`);
    expect(text).not.toContain("y");
    expect(text).toContain("z".repeat(1_000));
  });

  test("says how long a process carried it out, in how many sessions, and how much of that was waiting for people; what passed between them is none of it", () => {
    const asked = (tape: Recording, step: string): void => void tape.put({ type: "question-asked", step, kind: "approve", question: "Go on?", show: [], digest: step });
    const resumed = (tape: Recording, lastAt: string): void => void tape.put({ type: "run-resumed", to: "go-on", after: "waiting", lastAt, digest: "d", givenBack: 0, again: [], unwatched: [], operator: "ada", account: "ada", host: "desk", tool: "runbook" });
    const lines = closingOf((tape) => {
      // The opening takes 3 s.
      opening(tape);
      tape.pass(57);
      asked(tape, "one");
      asked(tape, "two");
      tape.pass(30);
      tape.put({ type: "question-answered", step: "one", digest: "one", answer: "yes", by: "ada", account: "ada", host: "desk" });
      tape.pass(30);
      tape.put({ ...END, result: "waiting" });
      const lastAt = tape.events.at(-1)?.at ?? "";
      tape.pass(36_000);
      resumed(tape, lastAt);
      tape.pass(10);
      tape.put(END);
    });
    expect(lines[1]).toBe("stopped: it stopped (2m10s in 2 sessions, 1m of it waiting for an answer)");
  });

  test("of a run that has not finished is empty", () => {
    expect(closingOf(opening)).toEqual([]);
  });

  test("does not speak of outages where nothing was watched", () => {
    const lines = closingOf((tape) => {
      tape.put(END);
    });
    expect(lines.join("\n")).not.toContain("Outages");
  });
});

test("a line of JSON cannot move the cursor either", () => {
  expect(jsonLine({ a: "\u009B2J\u2028" })).toBe('{"a":"\\u009b2J\\u2028"}');
});

test("a world of which little is known is shown as far as it is", () => {
  expect(worldLines("s", {}, "all", PLAIN)[0]).toBe("s (simulated), world –");
});
