import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readJournal } from "../../src/world/journal-reading.ts";
import { temporaryFolder } from "../world/real-process.ts";
import { appendProject, asProcess, builtProgram, command, ONCE, onlyRun, runWords, STEPS, type BuiltProgram } from "./append-project.ts";

/** True where this account may mount a file system of its own. */
const MAY_MOUNT = ((): boolean => {
  const folder = "/tmp/runbook-may-mount";
  mkdirSync(folder, { recursive: true });
  const may = process.getuid?.() === 0 && spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status === 0;
  if (may) spawnSync("umount", [folder]);
  return may;
})();

let built: BuiltProgram;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

/** A small file system of its own for the state, of so many kB and files. */
function smallDisk(kb: number, files = 1_000): { readonly state: string; readonly grow: () => void } {
  const state = temporaryFolder();
  const mount = (options: string): void => expect(spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", state]).status).toBe(0) as undefined;
  mount(`size=${kb}k,nr_inodes=${files}`);
  onTestFinished(() => void spawnSync("umount", ["-l", state]));
  return { state, grow: () => mount("remount,size=64m,nr_inodes=1000") };
}

/** Steps whose change the journal tells. */
function intendedIn(state: string): readonly string[] {
  const journal = readJournal(join(state, "runs", onlyRun(state)));
  return journal.kind === "error" ? [] : journal.value.events.flatMap((event) => (event.type === "action-started" && event.effect !== "reads" ? [event.step] : []));
}

/** How many rows the last screen has under “Changed”. */
function changedIn(screen: string): number {
  const [, under = ""] = screen.split("\nChanged\n");
  return (under.split("\n\n")[0] ?? "").split("\n").filter((line) => /^ {2}\S/.test(line)).length;
}

describe.skipIf(!MAY_MOUNT)("a state folder on a disk of its own (this account may mount one)", () => {
  test("that is full, wherever that comes, stops the run before its next change, and with space again it goes on: nothing is done twice", async () => {
    const ends = { "never began": 0, stopped: 0, "went through": 0 };
    for (let kb = 16; kb <= 240 && ends["went through"] === 0; kb += 8) {
      const project = appendProject();
      const { state, grow } = smallDisk(kb);
      const { code, out, err } = await command(project, state, runWords(project));
      const made = STEPS.filter((_, index) => project.made()[index] !== "");
      const known = readdirSync(state).includes("runs") && readdirSync(join(state, "runs")).length > 0;
      expect(known ? intendedIn(state) : [], `${kb} kB`).toEqual(expect.arrayContaining(made));
      if (code === 0) ends["went through"] += 1;
      else {
        expect(`${out}${err}`.replaceAll(/\s+/g, " "), `${kb} kB`).toMatch(/no space left|disk is full/);
        expect([1, 2], `${kb} kB: ${err}`).toContain(code);
        expect(changedIn(out), `${kb} kB: ${out}`).toBe(made.length);
      }
      grow();
      const resumed = known ? await command(project, state, ["resume", onlyRun(state)]) : undefined;
      if (code !== 0) ends[resumed?.code === 0 ? "stopped" : "never began"] += 1;
      if (resumed?.code !== 0 && code !== 0) {
        expect(made, `${kb} kB`).toEqual([]);
        expect((await command(project, state, runWords(project))).code, `${kb} kB`).toBe(0);
      }
      expect(project.made(), `${kb} kB`).toEqual(ONCE);
    }
    expect(Math.min(...Object.values(ends)), JSON.stringify(ends)).toBeGreaterThan(0);
    process.stdout.write(`full disk: ${Object.entries(ends).map(([end, count]) => `${count} ${end}`).join(", ")}\n`);
  }, 180_000);

  test("that has room for the journal and not for the claim stops the run before its first change, and nothing says that it changed anything", async () => {
    let stopped = 0;
    for (let files = 6; files <= 24 && stopped === 0; files += 1) {
      const project = appendProject();
      const { state, grow } = smallDisk(1_000, files);
      const { code, out } = await command(project, state, runWords(project));
      if (code !== 1 || !out.includes("was not begun")) continue;
      stopped += 1;
      const run = onlyRun(state);
      expect(out.replaceAll(/\s+/g, " ")).toMatch(/action \d was not begun: .*no space left/);
      const [shown, report] = [await command(project, state, ["show", run]), await command(project, state, ["report", run])];
      expect([changedIn(out), changedIn(shown.out)]).toEqual([0, 0]);
      expect(report.out).toContain("Nothing was changed.");
      grow();
      expect((await command(project, state, ["resume", run])).code).toBe(0);
      expect(project.made()).toEqual(ONCE);
    }
    expect(stopped).toBe(1);
  });

  test("that is read-only is refused with 2, and a run that died there goes on once it can be written again", async () => {
    const { state, grow } = smallDisk(1_000);
    const project = appendProject("kill -9 $PPID");
    expect(asProcess(built.program, project, state, runWords(project)).signal).toBe("SIGKILL");
    const run = onlyRun(state);
    spawnSync("mount", ["-o", "remount,ro", state]);
    for (const words of [runWords(project), ["resume", run]]) {
      const { code, out, err } = await command(project, state, words);
      expect(`${out}${err}`.replaceAll(/\s+/g, " ")).toMatch(/is on a file system that can only be read|locks cannot be taken: .*(readonly|unable to open)/);
      expect([1, 2]).toContain(code);
    }
    expect((await command(project, state, ["runs"])).out).toContain("interrupted");
    expect(project.made()).toEqual(["one\n", "two\n", "", "", "", ""]);
    spawnSync("mount", ["-o", "remount,rw", state]);
    grow();
    expect((await command(project, state, ["resume", run])).code).toBe(0);
    expect(project.made()).toEqual(ONCE);
  }, 60_000);
});
