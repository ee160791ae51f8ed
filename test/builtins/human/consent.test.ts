import { describe, expect, test } from "vitest";
import type { PastAnswer } from "../../../src/core/builtin.ts";
import { humanApprove } from "../../../src/builtins/human/approve.ts";
import { humanConfirm } from "../../../src/builtins/human/confirm.ts";
import { acted, answered, pastOf, PLACE } from "../turns.ts";

const inputs = { question: "Go on?", show: ["The copies are healthy."], count: 1, "not-operator": false };

describe.each([["approve", humanApprove], ["confirm", humanConfirm]] as const)("human.%s", (kind, builtin) => {
  test("asks while nobody has answered", () => {
    expect(builtin.decide(inputs, {}, pastOf(), PLACE)).toMatchObject({ kind: "ask", question: { kind, text: "Go on?", show: ["The copies are healthy."] } });
  });

  test("is done after a yes, and says who said it, when and why", () => {
    expect(builtin.decide(inputs, {}, pastOf({ answers: [answered("yes", "change 7")] }), PLACE)).toEqual({
      kind: "done",
      outputs: { by: ["Ann"], at: "2008-03-15T09:00:00.000Z", reason: "change 7" },
      because: "Ann said yes",
    });
  });

  test("a reason that was not given is absent", () => {
    expect(builtin.decide(inputs, {}, pastOf({ answers: [answered("yes")] }), PLACE)).toHaveProperty("outputs", { by: ["Ann"], at: "2008-03-15T09:00:00.000Z" });
  });

  test.each(["no", "", "Yes", "true"])("%j is no yes", (answer) => {
    expect(builtin.decide(inputs, {}, pastOf({ answers: [answered(answer, "too late today")] }), PLACE)).toEqual({ kind: "refuse", code: "declined", because: "Ann said no: too late today" });
  });

  test("stands for as long as it says", () => {
    expect(builtin.decide({ ...inputs, expires: "1h30m" }, {}, pastOf(), PLACE)).toHaveProperty("question.expiresMs", 5_400_000);
  });

  test("a no after something was tried is a failure", () => {
    expect(builtin.decide(inputs, {}, pastOf({ acts: [acted("anything")], answers: [answered("no")] }), PLACE).kind).toBe("fail");
  });
});

describe("human.approve with terms", () => {
  const two = { ...inputs, count: 2, "not-operator": true, approvers: ["ann", "ben@desk", "cleo"] };
  const decide = (answers: readonly PastAnswer[], more: Partial<typeof two> = {}): ReturnType<typeof humanApprove.decide> => humanApprove.decide({ ...two, ...more }, {}, pastOf({ answers }), PLACE);

  test("asks on its terms, and goes on asking until as many accounts have said yes", () => {
    expect(decide([])).toMatchObject({ kind: "ask", question: { terms: { approvers: two.approvers, count: 2, approved: [], notOperator: true } } });
    expect(decide([answered("yes")])).toMatchObject({ kind: "ask", because: "1 of 2 have said yes", question: { terms: { approved: ["ann"] } } });
    expect(decide([answered("yes", "change 7"), answered("yes", "seen", "Ben")])).toMatchObject({ kind: "done", because: "Ann and Ben said yes", outputs: { by: ["Ann", "Ben"], reason: "change 7; seen" } });
  });

  test("an account counts once, whatever name it gives", () => {
    expect(decide([answered("yes"), { ...answered("yes", undefined, "Ben"), account: "ann" }])).toMatchObject({ kind: "ask", question: { terms: { approved: ["ann"] } } });
  });

  test("the answer of an account that is none of the approvers counts for nothing, yes or no", () => {
    expect(decide([answered("yes", undefined, "Eve"), answered("no", undefined, "Eve")])).toMatchObject({ kind: "ask", question: { terms: { approved: [] } } });
    expect(decide([{ ...answered("yes", undefined, "Ben"), host: "elsewhere" }])).toMatchObject({ kind: "ask", question: { terms: { approved: [] } } });
  });

  test.each([[["no", "yes"]], [["yes", "no"]]] as const)("a no of anyone who may answer ends it: %j", ([first, second]) => {
    expect(decide([answered(first), answered(second, "not today", "Cleo")])).toMatchObject({ kind: "refuse", code: "declined" });
  });

  test("terms that nobody could meet are refused before anybody is asked", () => {
    expect(decide([], { approvers: ["ann", "ann"] })).toMatchObject({ kind: "refuse", code: "bad_input", because: "2 different accounts have to say yes, and `approvers` names ann" });
  });
});
