import { spawnSync } from "node:child_process";
import { chmodSync, chownSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { APPROVE, AnswerTrial, has } from "./answer-trial.ts";
import { buildProgram, ENV, hasScript, onTerminal } from "./terminal-kit.ts";

/** Accounts that every Debian has; another account's command can be run by root alone. */
const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot || !hasScript)("two accounts", () => {
  let program = "";
  beforeAll(async () => {
    program = await buildProgram();
    // Other accounts run it too.
    chmodSync(join(program, "..", "..", ".."), 0o755);
  }, 60_000);

  const TWO = '{ id: go, uses: human.approve, with: { question: "Go on?", count: 2 } }';
  const GROUP = 1;

  /** A state folder that the group of the account `daemon` may look into. */
  function shared(trial: AnswerTrial): void {
    chownSync(trial.state, 0, GROUP);
    chmodSync(trial.state, 0o2750);
    chmodSync(trial.folder, 0o755);
  }

  function asDaemon(trial: AnswerTrial, groups: "of daemon" | "of nobody", ...words: readonly string[]): readonly [number | null, string] {
    const [uid, gid] = groups === "of daemon" ? [1, GROUP] : [65_534, 65_534];
    const done = spawnSync(process.execPath, [program, ...words.map((word) => (word === "RUN" ? trial.run : word)), "--state", trial.state], { uid, gid, cwd: trial.folder, encoding: "utf8", env: ENV });
    return [done.status, `${done.stdout}${done.stderr}`];
  }

  test("on one terminal one of them answers; the other leaves its answer through the state folder that is shared", async () => {
    const trial = new AnswerTrial(TWO);
    shared(trial);
    const first = onTerminal(`${process.execPath} ${program} run ask.yml --yes --state ${trial.state}`, { folder: trial.folder });
    await first.shows("Go on?");
    first.type("y\r");
    await first.shows("Reason");
    first.type("\r");
    await first.shows("cannot be answered here: the account");
    expect(await first.ended).toBe(5);
    expect(first.screen).toContain(`answer ${trial.run} go --yes`);
    expect(await trial.typed("answer", "RUN", "--yes")).toEqual([2, has("has said yes already, and 2 different accounts have to")]);
    expect(asDaemon(trial, "of daemon", "runs")).toEqual([0, has(`${trial.run}  waiting`)]);
    expect(asDaemon(trial, "of daemon", "show", "RUN")).toEqual([0, has("2 different accounts have to say yes")]);
    expect(asDaemon(trial, "of daemon", "answer", "RUN", "--yes", "--by", "Dee")).toEqual([0, has("2 have said yes: no more are wanted")]);
    expect(await trial.typed("resume", "--due")).toEqual([0, has("answered yes by Dee (account daemon")]);
  }, 60_000);

  test("a no of one counts, although another said yes before", async () => {
    const trial = new AnswerTrial(APPROVE);
    shared(trial);
    await trial.waits();
    await trial.typed("answer", "RUN", "--yes");
    expect(asDaemon(trial, "of daemon", "answer", "RUN", "--yes")).toEqual([2, has("`go` was answered yes by root")]);
    expect(asDaemon(trial, "of daemon", "answer", "RUN", "--no", "--reason", "backup runs")).toEqual([0, has("answered no by daemon")]);
    expect(await trial.typed("resume", "RUN")).toEqual([1, has("daemon said no: backup runs")]);
  }, 60_000);

  test("an account with which the state folder is not shared is told so", async () => {
    const trial = new AnswerTrial(APPROVE);
    shared(trial);
    await trial.waits();
    expect(asDaemon(trial, "of nobody", "answer", "RUN", "--yes")).toEqual([2, has("its owner shares it with a group")]);
  }, 60_000);
});
