import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Answer, AskedQuestion, Reply } from "../../src/core/port.ts";
import { nobody } from "../../src/world/nobody.ts";
import { terminalPeople } from "../../src/world/terminal-people.ts";

const ENTER = "\r";
const DOWN = "\u001B[B";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
/** In place of a key: the terminal is closed. */
const GONE = "gone";

/** Someone at a terminal: types each text when what is expected before it has been shown. */
async function asked(question: Partial<AskedQuestion>, typing: readonly (readonly [shown: string, typed: string])[]): Promise<{ readonly reply: Reply; readonly answer: Answer | undefined; readonly screen: string }> {
  const input = new PassThrough();
  // Like a terminal, it cannot be ended.
  const output: PassThrough = Object.assign(new PassThrough(), { end: () => output });
  const left = [...typing];
  let unread = "";
  let screen = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    unread += text;
    const [next] = left;
    if (next === undefined || !unread.includes(next[0])) return;
    left.shift();
    unread = "";
    setImmediate(() => (next[1] === GONE ? input.end() : input.write(next[1])));
  });
  const people = terminalPeople({ input, output, operator: "Ann", account: "ann", host: "desk", fitted: (line, used) => (line.length <= 80 - used ? [line] : [line.slice(0, 40), line.slice(40)]) });
  const reply = await people.ask({ kind: "approve", text: "Go on?", show: [], run: "r", step: "s", digest: "d", ...question }, () => undefined);
  return { reply, answer: reply.kind === "answered" ? reply.answer : undefined, screen };
}

const WHO = { by: "Ann", account: "ann", host: "desk" };

test.each<[string, Partial<AskedQuestion>, readonly (readonly [string, string])[], object]>([
  ["an approval takes a yes and a reason", {}, [["Go on?", `y${ENTER}`], ["Reason", `change 7${ENTER}`]], { answer: "yes", reason: "change 7", ...WHO }],
  ["Enter says no, and gives no reason", {}, [["Go on?", ENTER], ["Reason", ENTER]], { answer: "no", reason: undefined, ...WHO }],
  ["a confirmation asks for no reason after a yes", { kind: "confirm" }, [["Go on?", `y${ENTER}`]], { answer: "yes", reason: undefined, ...WHO }],
  ["a manual step is done or not", { kind: "do", text: "Suspend the backup." }, [["Done?", `y${ENTER}`]], { answer: "yes", reason: undefined, ...WHO }],
  ["a value is asked for again until it can fit", { kind: "ask", value: { type: "integer" } }, [["Go on?", `x${ENTER}`], ["whole number", `\u007F12${ENTER}`]], { answer: "12", reason: undefined, ...WHO }],
  ["Enter gives the default", { kind: "ask", value: { type: "string", default: "quick" } }, [["Go on?", ENTER]], { answer: "quick", reason: undefined, ...WHO }],
  ["a value may be one of several", { kind: "ask", value: { type: "string", enum: ["quick", "full"] } }, [["full", `${DOWN}${ENTER}`]], { answer: "full", reason: undefined, ...WHO }],
  ["a choice has a name and a reason", { kind: "choose", choices: { retry: "try again", stop: "stop here" } }, [["stop", `${DOWN}${ENTER}`], ["Reason", `enough${ENTER}`]], { answer: "stop", reason: "enough", ...WHO }],
])("%s", async (_title, question, typing, answer) => {
  expect((await asked(question, typing)).answer).toEqual(answer);
});

test("a question that does not fit beside the prompt stands above it, broken at words", async () => {
  const { answer, screen } = await asked({ text: "The first forty letters of this question and then many more of them".padEnd(100, "!") }, [["Do you approve?", `y${ENTER}`], ["Reason", ENTER]]);
  expect(screen).toContain("  The first forty letters of this question\n");
  expect(answer?.answer).toBe("yes");
});

test("Ctrl-C is no answer", async () => {
  expect((await asked({}, [["Go on?", CTRL_C]])).reply).toEqual({ kind: "left" });
});

test.each([["Ctrl-D", CTRL_D], ["the end of a terminal that is closed", GONE]])("nor is %s", async (_what, typed) => {
  expect((await asked({}, [["Go on?", typed]])).reply).toEqual({ kind: "left" });
  expect((await asked({}, [["Go on?", `y${ENTER}`], ["Reason", typed]])).reply).toEqual({ kind: "left" });
}, 2_000);

test("what is shown with a question cannot move the cursor or forge a line", async () => {
  const { screen } = await asked({ show: ["one\u001B[2Jtwo\rthree", "a\u202Eb"] }, [["Go on?", CTRL_C]]);
  expect(screen).toContain("  one\uFFFDtwo\n  three\n  a\uFFFDb\n");
  expect(screen).not.toContain("\u001B[2J");
});

test("a choice that waives something is taken only with a reason", async () => {
  const { answer } = await asked({ kind: "choose", choices: { skip: "go on without it" }, reasonFor: ["skip"] }, [["skip", ENTER], ["Reason:", ENTER], ["A reason is needed", `seen by hand${ENTER}`]]);
  expect(answer).toMatchObject({ answer: "skip", reason: "seen by hand" });
});

test("a question that expires while it is shown goes away, with a sentence", async () => {
  const { reply, screen } = await asked({ expires: { at: "2008-03-15T09:00:00.000Z", leftMs: 200 } }, []);
  expect(reply).toEqual({ kind: "expired" });
  expect(screen).toMatch(/It stands for 1s\.[\s\S]*Go on\?[\s\S]*The time for this question is over/u);
});

test("one whose yes would not count is told so, and is not asked", async () => {
  const { reply, screen } = await asked({ terms: { count: 2, approved: ["ann"] } }, []);
  expect(reply).toEqual({ kind: "nobody" });
  expect(screen).toContain("  Go on?\n  2 different accounts have to say yes; ann did.\n");
  expect(screen.replaceAll(/\s+/gu, " ")).toContain("cannot be answered here: the account `ann` has said yes already");
});

test("nobody gives no answer", async () => {
  expect(await nobody().ask({ kind: "approve", text: "?", show: [], run: "r", step: "s", digest: "d" }, () => undefined)).toEqual({ kind: "nobody" });
});
