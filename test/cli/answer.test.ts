import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { leaveAnswer } from "../../src/world/inbox.ts";
import { APPROVE, AnswerTrial, has, ME } from "./answer-trial.ts";
import { ROOT } from "./terminal-kit.ts";

const CONFIRM = '{ id: seen, uses: human.confirm, with: { question: "Is it quiet?" } }';
const TICKET = "{ id: ticket, uses: human.ask, with: { question: \"Which ticket?\", pattern: '^CHG[0-9]+$' } }";
const NUMBER = '{ id: nodes, uses: human.ask, with: { question: "How many?", type: integer } }';
const DEPTH = '{ id: depth, uses: human.ask, with: { question: "How deep?", enum: [quick, full] } }';
const HAND = '{ id: hand, uses: human.do, with: { instructions: "Suspend the backup." } }';
const FAILS = '{ id: fails, uses: check, with: { that: "1 > 2", because: "One is not more." }, on-failure: ask }';

describe("an answer", () => {
  test.each<[what: string, step: string, words: readonly string[], told: string, result: string]>([
    ["yes to an approval", APPROVE, ["--yes", "--by", "Grace"], `answered yes by Grace (account ${ME}`, "succeeded:"],
    ["no to an approval", APPROVE, ["go", "--no", "--reason", "too late"], "answered no", "stopped: go: "],
    ["yes to a confirmation", CONFIRM, ["--yes"], "answered yes", "succeeded:"],
    ["a value", TICKET, ["--value", "CHG12"], "answered CHG12", "succeeded:"],
    ["a whole number", NUMBER, ["--value", "2"], "answered 2", "succeeded:"],
    ["done", HAND, ["--done"], "answered yes", "succeeded:"],
    ["not done", HAND, ["--not-done"], "answered no", "stopped: hand: "],
    ["a choice that waives something, with its reason", FAILS, ["--choose", "skip", "--reason", "seen by hand"], "answered skip", "succeeded:"],
    ["a choice", FAILS, ["--choose", "stop"], "answered stop", "stopped: fails"],
  ])("%s is left, and taken when the run is resumed", async (_what, step, words, told, result) => {
    const trial = await new AnswerTrial(step).waits();
    expect(await trial.typed("answer", "RUN", ...words)).toEqual([0, has(told)]);
    expect(await trial.typed("resume", "--due")).toEqual([expect.any(Number), has(result)]);
    expect(readdirSync(trial.inbox)).toEqual([]);
    expect(await trial.typed("resume", "--due")).toEqual([0, has("No run is due")]);
  });

  test.each<[what: string, step: string, words: readonly string[], error: string, hint: string]>([
    ["none", APPROVE, [], "no answer is given", "it takes --yes, or --no"],
    ["several", APPROVE, ["--yes", "--done"], "several answers are given: --yes, --done", "it takes --yes, or --no"],
    ["one of another kind, to an approval", APPROVE, ["--done"], "--done is no answer to “Go on?”", "it takes --yes, or --no"],
    ["one of another kind, to a manual step", HAND, ["--yes"], "--yes is no answer to “Suspend the backup.”", "it takes --done, or --not-done"],
    ["one of another kind, to a value", TICKET, ["--yes"], "--yes is no answer", "it takes --value TEXT that matches ^CHG[0-9]+$"],
    ["a value that does not match", TICKET, ["--value", "7"], '"7" does not match ^CHG[0-9]+$', "it takes --value TEXT"],
    ["a value that is no number", NUMBER, ["--value", "two"], '"two" is no whole number', "a whole number"],
    ["a value that is none of several", DEPTH, ["--value", "deep"], '"deep" is none of quick, full', "--value quick, or --value full"],
    ["no choice", FAILS, ["--choose", "wait"], "`wait` is none of the choices", "--choose retry: try the step again"],
    ["a waiver without a reason", FAILS, ["--choose", "skip"], "is taken only with a reason", "--reason TEXT"],
    ["an empty name", APPROVE, ["--yes", "--by", " "], "--by is empty", "leave it out"],
    ["one to an unknown step", APPROVE, ["og", "--yes"], "has no step `og` that asks", "`go`"],
  ])("%s is refused, with what the question takes", async (_what, step, words, error, hint) => {
    const trial = await new AnswerTrial(step).waits();
    const [code, told] = await trial.typed("answer", "RUN", ...words);
    expect([code, told]).toEqual([2, has(error)]);
    expect(told).toContain(hint);
    expect(await trial.typed("resume", "--due")).toEqual([0, has("No run is due")]);
  });

  test("is refused where the run waits for nobody, and where the question was answered", async () => {
    const trial = await new AnswerTrial(APPROVE, CONFIRM).waits();
    await trial.typed("answer", "RUN", "--yes");
    await trial.typed("resume", "RUN");
    expect(await trial.typed("answer", "RUN", "go", "--no")).toEqual([2, has(`\`go\` was answered yes by ${ME}`)]);
    await trial.typed("answer", "RUN", "--yes");
    expect(await trial.typed("resume", "RUN")).toEqual([0, has("succeeded:")]);
    expect(await trial.typed("answer", "RUN", "--yes")).toEqual([2, has("waits for nobody: it ended succeeded")]);
  });

  test("of the same account takes the place of its first, and says so; the last one counts", async () => {
    const trial = await new AnswerTrial(APPROVE).waits();
    await trial.typed("answer", "RUN", "--yes");
    expect(await trial.typed("answer", "RUN", "--no")).toEqual([0, has("in place of the yes of ")]);
    expect(await trial.typed("resume", "RUN")).toEqual([1, has("said no")]);
  });

  test("to what was approved does not count for what is asked in its place", async () => {
    const trial = await new AnswerTrial(APPROVE).waits();
    leaveAnswer(trial.inbox, { step: "go", digest: "0".repeat(64), answer: "yes", by: "Eve", account: ME, host: "desk", at: new Date().toISOString() });
    expect(await trial.typed("resume", "RUN")).toEqual([5, has("waiting: go")]);
  });

  test("to a question at which the runner died is left, makes the run due, and is taken as if the run had waited", async () => {
    const trial = await new AnswerTrial(APPROVE).waits();
    const journal = join(trial.state, "runs", trial.run, "journal.jsonl");
    const asked = readFileSync(journal, "utf8").split("\n").findIndex((record) => record.includes('"question-asked"'));
    writeFileSync(journal, readFileSync(journal, "utf8").split("\n").slice(0, asked + 1).concat("").join("\n"));
    expect(await trial.typed("runs")).toEqual([0, has("interrupted")]);
    expect(await trial.typed("show", "RUN")).toEqual([0, has("go --yes")]);
    expect(await trial.typed("resume", "--due")).toEqual([0, has("No run is due")]);
    expect(await trial.typed("answer", "RUN", "--yes", "--by", "Grace")).toEqual([0, has("answered yes by Grace")]);
    expect(await trial.typed("resume", "--due")).toEqual([0, has("succeeded:")]);
  });

  test("that is no answer counts for nothing", async () => {
    const trial = await new AnswerTrial(APPROVE).waits();
    await trial.typed("answer", "RUN", "--yes");
    const [name = ""] = readdirSync(trial.inbox);
    for (const text of ["{", "[]", '{"step":"go","answer":true}']) {
      writeFileSync(join(trial.inbox, name), text);
      expect((await trial.typed("resume", "RUN"))[0]).toBe(5);
    }
  });
});

describe("what is no file with an answer", () => {
  test.each<[what: string, make: (path: string, answer: string) => void]>([
    ["a folder", (path) => mkdirSync(path)],
    ["a pipe, which would keep a reader waiting", (path) => void execFileSync("mkfifo", [path])],
    ["a link to an answer of somebody else", (path, answer) => symlinkSync(answer, path)],
    ["a link to itself", (path) => symlinkSync(path, path)],
    ["a file that never ends", (path, answer) => writeFileSync(path, readFileSync(answer, "utf8").padEnd(200_000))],
  ])("%s counts for nothing in an inbox", async (_what, make) => {
    const trial = await new AnswerTrial(APPROVE).waits();
    await trial.typed("answer", "RUN", "--yes");
    const [name = ""] = readdirSync(trial.inbox);
    const elsewhere = join(trial.folder, "answer.json");
    renameSync(join(trial.inbox, name), elsewhere);
    make(join(trial.inbox, name), elsewhere);
    expect(await trial.typed("resume", "--due")).toEqual([0, has("No run is due")]);
    expect((await trial.typed("resume", "RUN"))[0]).toBe(5);
  });
});

describe("in advance", () => {
  test("a value is left, and taken when the run comes to the question", async () => {
    const trial = await new AnswerTrial(APPROVE, TICKET).waits();
    expect(await trial.typed("answer", "RUN", "ticket", "--value", "CHG1")).toEqual([0, has("is answered before it is asked; whether the value fits is seen then")]);
    await trial.typed("answer", "RUN", "go", "--yes");
    expect(await trial.typed("resume", "RUN")).toEqual([0, has("answered CHG1 by")]);
  });

  test("a value that turns out not to fit is asked for again", async () => {
    const trial = await new AnswerTrial(APPROVE, TICKET).waits();
    await trial.typed("answer", "RUN", "ticket", "--value", "7");
    await trial.typed("answer", "RUN", "go", "--yes");
    expect(await trial.typed("resume", "RUN")).toEqual([5, has('Asked again: "7" does not match')]);
  });

  test.each([[CONFIRM, "seen", "--yes"], [HAND, "hand", "--done"], [TICKET, "ticket", "--yes"]])("nothing else is answered: %s", async (step, id, flag) => {
    const trial = await new AnswerTrial(APPROVE, step).waits();
    expect(await trial.typed("answer", "RUN", id, flag)).toEqual([2, has(`\`${id}\` is not asked now`)]);
  });
});

describe("a question that expired while the run waited", () => {
  const SHORT = '{ id: go, uses: human.approve, with: { question: "Go on?", expires: 1s } }';

  /** Resolves when a time has passed on this machine's clock, to the run's own resume: a run is due from then on. */
  async function due(trial: AnswerTrial): Promise<readonly [number, string]> {
    for (;;) {
      const told = await trial.typed("resume", "--due");
      if (!told[1].includes("No run is due")) return told;
    }
  }

  test("makes the run due, ends the step `expired`, and is asked again by a resume after that", async () => {
    const trial = await new AnswerTrial(SHORT).waits();
    expect(await due(trial)).toEqual([1, has("FAILED (expired): nobody answered within 1s: Go on?")]);
    expect(await trial.typed("answer", "RUN", "go", "--yes")).toEqual([2, has("`go` is not asked now")]);
    expect(await trial.typed("resume", "RUN")).toEqual([5, has("waiting: go")]);
  });

  test("is answered by an answer that was left in its time, however late the run is resumed", async () => {
    const trial = await new AnswerTrial('{ id: go, uses: human.confirm, with: { question: "Go on?", expires: 1s } }').waits();
    expect((await trial.typed("answer", "RUN", "--yes"))[0]).toBe(0);
    const late = await new AnswerTrial(SHORT).waits();
    await due(late);
    expect(await trial.typed("resume", "RUN")).toEqual([0, has("succeeded:")]);
  });

  test("takes no answer any more", async () => {
    const trial = await new AnswerTrial(SHORT).waits();
    const late = await new AnswerTrial(SHORT).waits();
    await due(late);
    expect(await trial.typed("answer", "RUN", "--yes")).toEqual([2, has("the question expired at ")]);
  });
});

test("in a simulated system a question expires in the world's time, which stands still while nothing drives it", async () => {
  const trial = new AnswerTrial('{ id: go, uses: human.approve, with: { question: "Go on?", expires: 30s } }');
  const place = ["--inventory", join(ROOT, "examples", "inventory.yml"), "--system", "no_people"];
  expect((await trial.typed("run", "ask.yml", "--yes", ...place))[0]).toBe(5);
  const { run } = trial;
  expect(await trial.typed("resume", "--due")).toEqual([0, has("No run is due")]);
  expect((await trial.typed("run", join(ROOT, "runbooks", "ccr-preflight.yml"), "--yes", ...place))[0]).toBe(0);
  expect(await trial.typed("resume", "--due")).toEqual([1, has("FAILED (expired): nobody answered within 30s: Go on?")]);
  expect((await trial.typed("resume", run))[0]).toBe(5);
  expect((await trial.typed("answer", run, "--yes"))[0]).toBe(0);
  expect(await trial.typed("resume", run)).toEqual([0, has("succeeded:")]);
});

describe("whose answer counts", () => {
  test.each([
    ["the account that started the run does not, where it may not", ", not-operator: true", `the account \`${ME}\` started the run`],
    ["an account that is no approver does not, whatever name it gives", ", approvers: [grace]", "is none of those who may answer: grace"],
  ])("%s, and is told so at once", async (_what, terms, because) => {
    const trial = await new AnswerTrial(`{ id: go, uses: human.approve, with: { question: "Go on?"${terms} } }`).waits();
    for (const flag of ["--yes", "--no"]) expect(await trial.typed("answer", "RUN", flag, "--by", "grace")).toEqual([2, has(because)]);
    expect((await trial.typed("resume", "RUN"))[0]).toBe(5);
  });

  test("a file that somebody put there says nothing about who they are: its owner counts", async () => {
    const trial = await new AnswerTrial('{ id: go, uses: human.approve, with: { question: "Go on?", approvers: [grace] } }').waits();
    await trial.typed("runs");
    const shown = await trial.typed("show", "RUN", "--json");
    const digest = /"digest":"([0-9a-f]{64})","terms"/u.exec(shown[1].replaceAll(/\s/gu, ""))?.[1] ?? "";
    leaveAnswer(trial.inbox, { step: "go", digest, answer: "yes", by: "Grace", account: "grace", host: "desk", at: new Date().toISOString() });
    expect((await trial.typed("resume", "RUN"))[0]).toBe(5);
  });
});
