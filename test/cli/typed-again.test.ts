import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import type { CommandContext } from "../../src/cli/command.ts";
import { OwnIo } from "../../src/cli/own-io.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import type { OpenQuestion } from "../../src/cli/open-questions.ts";
import type { Plan, PlanNode } from "../../src/core/plan.ts";
import { nextCommands, typedAgain, typedWord } from "../../src/cli/typed-again.ts";
import { typedForm } from "../../src/cli/typed-form.ts";
import { stage } from "./stage.ts";

function context(words: readonly string[], env: Readonly<Record<string, string>> = {}): CommandContext {
  const [command] = COMMANDS;
  const parsed = command === undefined ? undefined : parseArguments(command, words);
  if (parsed?.kind !== "ok") throw new Error("the words are wrong");
  return { args: parsed.value, surroundings: stage({ env }).surroundings, typed: typedForm(env), loadBuiltins: () => Promise.resolve(new Map()) };
}

describe("a run that succeeded is said to", () => {
  const leaf = (effect: "reads" | "changes", actions: readonly ("reads" | "changes")[], phase = "step"): PlanNode => ({ kind: "leaf", effect, phase, children: [], actions: actions.map((own) => ({ effect: own })) }) as unknown as PlanNode;
  test.each<[does: string, nodes: readonly PlanNode[]]>([
    ["looks again", [leaf("reads", ["reads"])]],
    ["finds everything done, and changes nothing", [leaf("changes", ["reads", "changes"])]],
    ["runs it once more: a step that cannot look does its work again", [leaf("reads", ["reads"]), leaf("changes", ["changes"])]],
    ["finds everything done, and changes nothing", [leaf("changes", ["changes"]), leaf("reads", ["reads"], "postcondition")]],
  ])("%s", (does, nodes) => {
    const next = nextCommands(context(["a.yml"]), { simulated: false, nodes } as unknown as Plan, "r000000001", { result: "succeeded" }, { open: [], keptOff: undefined, undoable: [], undoes: undefined, givenUp: "no" });
    expect(next).toEqual([{ command: "runbook run a.yml", does }]);
  });
});

describe("a run that was given up is said to", () => {
  const asked: OpenQuestion = { v: 1, seq: 3, at: "2026-11-20T10:00:00.000Z", run: "r000000001", type: "question-asked", step: "go", kind: "do", question: "Did it do its work?", show: [], digest: "d" };
  const commands = (givenUp: "owing" | "wholly", undoes?: string, undoable: readonly string[] = []): readonly string[] =>
    nextCommands(context(["r000000001"]), { simulated: false, nodes: [] } as unknown as Plan, "r000000001", { result: "cancelled" }, { open: [asked], keptOff: undefined, undoable, undoes, givenUp }).map(({ command }) => command);
  test("be given up again where it owes something, and not to be taken up where it owes nothing", () => {
    expect(commands("owing")).toEqual(expect.arrayContaining(["runbook answer r000000001 go --done", "runbook abandon r000000001", "runbook resume r000000001"]));
    expect(commands("wholly").join(" ")).not.toMatch(/answer|abandon|resume/u);
  });

  test("be answered for what undoes it, where that is offered", () => {
    expect(commands("wholly", undefined, ["go"])).toEqual(expect.arrayContaining(["runbook answer r000000001 go --done", "runbook rollback r000000001"]));
  });

  test("be undone anew where it was to undo another one", () => {
    expect(commands("wholly", "r000000002")).toEqual(["runbook rollback r000000002"]);
  });
});

describe("a command typed again", () => {
  test.each<readonly [sentence: string, words: readonly string[], typed: string]>([
    ["has the same file and values", ["a.yml", "--set", "kb=1", "--system", "x"], "runbook run a.yml --set kb=1 --system x"],
    ["is quoted for a shell", ["my file.yml", "--set", "comment=it's time"], "runbook run 'my file.yml' --set 'comment=it'\\''s time'"],
    ["has no flag that belonged to that one run", ["a.yml", "--yes", "--json", "--step", "--pace", "60"], "runbook run a.yml"],
  ])("%s", (_sentence, words, typed) => {
    expect(typedAgain(context(words), "run")).toBe(typed);
  });

  test.each([
    ["C:\\runs\\a.yml", "C:\\runs\\a.yml"],
    ["C:\\my runs", '"C:\\my runs"'],
    ["C:\\my runs\\", '"C:\\my runs\\\\"'],
    ["comment=it's \"time\"", '"comment=it\'s \\"time\\""'],
    ["size=1,2", '"size=1,2"'],
  ])("is quoted on Windows as its shells take it: %s", (text, typed) => {
    expect(typedWord(text, "win32")).toBe(typed);
  });

  test("is npx's where npx started it", () => {
    expect(typedAgain(context(["a.yml"], { npm_command: "exec" }), "plan")).toBe("npx --no-install runbook plan a.yml");
  });
});

test("own reading is waited for before time may pass, whatever it begins in turn", async () => {
  const io = new OwnIo();
  const order: string[] = [];
  const read = async (name: string): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push(name);
  };
  void io.begin(() => read("first")).then(() => io.begin(() => read("second")));
  await io.settled();
  order.push("settled");
  expect(order).toEqual(["first", "second", "settled"]);
});
