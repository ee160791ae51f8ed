import { describe, expect, test } from "vitest";
import type { ActionFinished, ActionStarted } from "../../src/core/step-event.ts";
import { AtWork } from "../../src/views/at-work.ts";
import { recording, type Recording } from "./recording.ts";

const COPY: ActionStarted = {
  type: "action-started", step: "copy", turn: 1, number: 1, effect: "changes",
  action: { name: "put", title: "Copy the file", target: "NODEB", what: { kind: "put", from: "/a", to: "C:\\a" } },
};
const INSTALL: ActionStarted = {
  type: "action-started", step: "install", turn: 1, number: 2, effect: "disrupts",
  action: { name: "install", title: "Install the rollup", target: "NODEB", what: { kind: "job", program: "msiexec.exe", args: [] } },
};
const LOOK: ActionStarted = { ...COPY, number: 3, effect: "reads" };

function ended(number: number, outcome: ActionFinished["outcome"] = "ok"): ActionFinished {
  return { type: "action-finished", step: number === 1 ? "copy" : "install", turn: 1, number, outcome, ms: 1 };
}

function sentencesAfter(record: (tape: Recording) => void): readonly string[] {
  const tape = recording();
  record(tape);
  const atWork = new AtWork();
  for (const event of tape.events) atWork.see(event);
  return atWork.sentences();
}

describe("what is at work when a run is asked to end", () => {
  test("is an action until it ends", () => {
    expect(sentencesAfter((tape) => tape.put(COPY))).toEqual(["“Copy the file” on NODEB is waited for."]);
    expect(sentencesAfter((tape) => [COPY, ended(1)].forEach((event) => tape.put(event)))).toEqual([]);
  });

  test("is a job until its step ends: it was started, and goes on", () => {
    const [sentence = ""] = sentencesAfter((tape) => [INSTALL, ended(2)].forEach((event) => tape.put(event)));
    expect(sentence).toContain("“Install the rollup” on NODEB is a job there: it goes on without this run");
    expect(sentencesAfter((tape) => {
      tape.put(INSTALL);
      tape.put(ended(2));
      tape.put({ type: "step-finished", step: "install", status: "ok", attempts: 1, ms: 1 });
    })).toEqual([]);
  });

  test("is no job that could not be started, and nothing that only looks", () => {
    expect(sentencesAfter((tape) => [INSTALL, ended(2, "failed"), LOOK].forEach((event) => tape.put(event)))).toEqual([]);
  });
});
