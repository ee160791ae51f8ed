import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.ts";
import { readJournal } from "../../src/world/journal-reading.ts";
import { buildProgram, hasScript, newState, onTerminal, Started } from "./terminal-kit.ts";

/** A folder with a runbook whose first program waits until it is let go, writes a line, and is followed by an `always` and another step. */
interface Site {
  readonly folder: string;
  readonly state: string;
  /** The lines that programs wrote, in their order. */
  readonly lines: () => readonly string[];
  /** Resolves when the program has begun, with what holds it: it goes on when that is closed. */
  readonly begun: () => Promise<FileHandle>;
  /** Resolves when the program that had begun is gone, however it ended. */
  readonly programGone: () => Promise<void>;
  readonly events: () => readonly Event[];
}

const hasFifo = spawnSync("mkfifo", ["--version"]).status === 0;
let program = "";

beforeAll(async () => {
  if (hasFifo) program = await buildProgram();
}, 60_000);

function newSite(): Site {
  const folder = mkdtempSync(join(tmpdir(), "runbook-signals-"));
  const state = newState();
  const at = (name: string): string => join(folder, name);
  execFileSync("mkfifo", [at("gate")]);
  writeFileSync(at("lines"), "");
  const line = (id: string, script: string, more = ""): string => `{ id: ${id}, uses: run.program, target: local, with: { program: sh, args: [-c, '${script}'], effect: changes${more} } }`;
  writeFileSync(at("slow.yml"), [
    "runbook: 1", "name: slow", "title: A slow change", "steps:", "  - id: around", "    block:",
    `      - ${line("slow", `echo $$ > ${at("pid")}; echo begun; cat ${at("gate")}; echo slow >> ${at("lines")}`)}`,
    "    always:",
    `      - ${line("tidy", `echo tidy >> ${at("lines")}`, ", repeatable: true")}`,
    `  - ${line("after", `echo after >> ${at("lines")}`, ", repeatable: true")}`, "",
  ].join("\n"));
  return {
    folder, state,
    lines: () => readFileSync(at("lines"), "utf8").split("\n").filter((text) => text !== ""),
    begun: () => open(at("gate"), "w"),
    programGone: () => gone(readFileSync(at("pid"), "utf8").trim()),
    events: () => {
      const [run = ""] = readdirSync(join(state, "runs"));
      const journal = readJournal(join(state, "runs", run));
      if (journal.kind === "error") throw new Error(journal.error.because);
      return journal.value.events;
    },
  };
}

const typed = ({ folder, state }: Site, line: string): Started => new Started(process.execPath, [program, ...line.split(" "), "--state", state], { folder });
const runOf = ({ state }: Site): string => readdirSync(join(state, "runs"))[0] ?? "";

/** Resolves when a process that is no child of ours has ended. */
async function gone(pid: string): Promise<void> {
  const watching = spawn("tail", [`--pid=${pid}`, "-f", "/dev/null"], { stdio: "ignore" });
  await new Promise((done) => watching.on("close", done));
}

/** `always` that is owed cannot run while what its block did is open. */
function resultOf(site: Site): readonly unknown[] {
  const end = site.events().at(-1);
  return end?.type === "run-finished" ? [end.result, end.exitCode, end.owed] : [end?.type];
}

describe.skipIf(!hasFifo)("a run that is asked to end", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("by %s once begins nothing more, waits for the change at hand, cleans up, and can be taken up", async (signal) => {
    const site = newSite();
    const first = typed(site, "run slow.yml --yes");
    const gate = await site.begun();
    first.child.kill(signal);
    await first.shows("Ending: no further change is begun.");
    await gate.close();
    expect(await first.ended).toBe(130);
    expect(first.screen).toContain(`cancelled: the signal ${signal} came`);
    expect(site.lines()).toEqual(["slow", "tidy"]);
    expect(resultOf(site)).toEqual(["cancelled", 130, []]);
    const again = typed(site, `resume ${runOf(site)}`);
    expect([await again.ended, again.screen]).toEqual([0, expect.stringContaining("succeeded:")]);
  }, 60_000);

  test("twice ends its own programs with their tree; what is owed stays owed, and what became of the change only a person can say", async () => {
    const site = newSite();
    const first = typed(site, "run slow.yml --yes");
    const gate = await site.begun();
    first.child.kill("SIGTERM");
    await first.shows("Ending: no further change is begun.");
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(130);
    await gate.close();
    expect(site.lines()).toEqual([]);
    expect(resultOf(site)).toEqual(["cancelled", 130, ["around"]]);
    expect(first.screen).toContain("Still owed");

    const asks = typed(site, `resume ${runOf(site)}`);
    expect(await asks.ended).toBe(1);
    expect(asks.screen).toMatch(/asks \(do\): sh was begun, and its outcome was lost\. Did it do its\s+work\?[\s\S]*stopped: slow/u);
    const answers = typed(site, `answer ${runOf(site)} slow --done --by Ann`);
    expect([await answers.ended, answers.screen]).toEqual([0, expect.stringContaining("answered yes by Ann")]);
    const again = typed(site, "resume --due");
    expect([await again.ended, again.screen]).toEqual([0, expect.stringContaining("succeeded:")]);
    expect(site.lines()).toEqual(["tidy", "after"]);
  }, 60_000);

  test("by a runner that is killed is interrupted; the program ends with it, and a person who found nothing done has it run again", async () => {
    const site = newSite();
    const first = typed(site, "run slow.yml --yes");
    // What it printed has come to the runner: from then on it ends with it.
    await first.shows("| begun");
    const gate = await site.begun();
    first.child.kill("SIGKILL");
    await first.ended;
    await site.programGone();
    const listed = typed(site, "runs");
    expect([await listed.ended, listed.screen]).toEqual([0, expect.stringContaining("interrupted")]);
    const asks = typed(site, `resume ${runOf(site)}`);
    expect([await asks.ended, asks.screen]).toEqual([1, expect.stringContaining("Did it do its")]);
    await gate.close();
    expect(site.lines()).toEqual([]);
    expect(await typed(site, `answer ${runOf(site)} --not-done`).ended).toBe(0);
    const again = typed(site, "resume --due");
    await (await site.begun()).close();
    expect(await again.ended).toBe(0);
    expect(site.lines()).toEqual(["slow", "tidy", "after"]);
  }, 60_000);

  test.skipIf(!hasScript)("by a terminal that closes ends as after any signal, although nobody sees it", async () => {
    const site = newSite();
    const first = onTerminal(`${process.execPath} ${program} run slow.yml --yes --state ${site.state}`, { folder: site.folder });
    const gate = await site.begun();
    const pid = /pid (\d+)/u.exec(first.screen)?.[1] ?? "";
    first.child.kill("SIGKILL");
    await gate.close();
    await gone(pid);
    expect(site.lines()).toEqual(["slow", "tidy"]);
    expect(resultOf(site)).toEqual(["cancelled", 130, []]);
    expect(await typed(site, `resume ${runOf(site)}`).ended).toBe(0);
  }, 60_000);
});

describe.skipIf(!hasScript)("a run that is asked to end while it asks a person", () => {
  const asking = (site: Site): void => writeFileSync(join(site.folder, "ask.yml"), 'runbook: 1\nname: ask\ntitle: A question\nsteps:\n  - { id: go, uses: human.approve, with: { question: "Go on?" } }\n');

  test("by SIGTERM takes the prompt away, and is cancelled", async () => {
    const site = newSite();
    asking(site);
    const first = onTerminal(`${process.execPath} ${program} run ask.yml --yes --state ${site.state}`, { folder: site.folder });
    await first.shows("Go on?");
    process.kill(Number(/pid (\d+)/u.exec(first.screen)?.[1]), "SIGTERM");
    expect(await first.ended).toBe(130);
    expect(resultOf(site)).toEqual(["cancelled", 130, []]);
  }, 60_000);

  test("by a terminal that closes is cancelled, and asks again when it is taken up", async () => {
    const site = newSite();
    asking(site);
    const first = onTerminal(`${process.execPath} ${program} run ask.yml --yes --state ${site.state}`, { folder: site.folder });
    await first.shows("Go on?");
    first.child.kill("SIGKILL");
    await gone(/pid (\d+)/u.exec(first.screen)?.[1] ?? "");
    expect(resultOf(site)).toEqual(["cancelled", 130, []]);
    expect(await typed(site, `resume ${runOf(site)}`).ended).toBe(5);
  }, 60_000);
});
