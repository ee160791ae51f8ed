import { describe, expect, test } from "vitest";
import { humanApprove } from "../../../src/builtins/human/approve.ts";
import { humanConfirm } from "../../../src/builtins/human/confirm.ts";
import { acted, answered, pastOf, PLACE } from "../turns.ts";

const inputs = { question: "Go on?", show: ["The copies are healthy."] };

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

  test("the last answer counts", () => {
    expect(builtin.decide(inputs, {}, pastOf({ answers: [answered("no"), answered("yes")] }), PLACE).kind).toBe("done");
  });

  test("a no after something was tried is a failure", () => {
    expect(builtin.decide(inputs, {}, pastOf({ acts: [acted("anything")], answers: [answered("no")] }), PLACE).kind).toBe("fail");
  });
});
