import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProcess } from "../../src/world/local-process.ts";
import { UNTETHERED } from "../../src/world/tether.ts";
import { options, temporaryFolder, until } from "../world/real-process.ts";
import { appendProject, beside, builtProgram, ONCE, runWords, type BuiltProgram } from "./append-project.ts";

let built: BuiltProgram;
beforeAll(async () => {
  built = await builtProgram();
});
afterAll(() => built.remove());

/** A child that ignores TERM and whose own child does so, too; both hold the pipes of the program, which waits for them. Their ids go to a file, one a line. */
const tree = (file: string): string => `trap "" TERM; (trap "" TERM; sleep 600 & echo $! >> ${file}; wait; sleep 600) & echo $! >> ${file}; echo $$ >> ${file}; wait; wait; sleep 600`;

/** True while a process runs. */
function runs(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** The three ids, as soon as they are there. */
function pidsIn(file: string): Promise<readonly number[]> {
  return until(() => {
    const pids = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number) : [];
    return pids.length === 3 ? pids : undefined;
  });
}

const gone = (pids: readonly number[]): Promise<true> => until(() => (pids.some(runs) ? undefined : true));

test("a limit ends the program, its children and theirs, though all of them ignore TERM and hold its pipes", async () => {
  const file = join(temporaryFolder(), "pids");
  const answer = await runProcess({ kind: "program", program: "sh", args: ["-c", tree(file)] }, options({ limitMs: 3_000 }), UNTETHERED);
  expect(answer).toMatchObject({ kind: "timeout" });
  await gone(await pidsIn(file));
});

test("a cancellation lets the program end by itself; a second one ends its whole tree, and the run ends 130", async () => {
  const file = join(temporaryFolder(), "pids");
  const project = appendProject(tree(file));
  const first = beside(built.program, project, temporaryFolder(), runWords(project));
  const pids = await pidsIn(file);
  first.child.kill("SIGINT");
  expect(pids.every(runs)).toBe(true);
  first.child.kill("SIGTERM");
  expect((await first.ended).code).toBe(130);
  await gone(pids);
  expect(project.made()).toEqual(["one\n", "two\n", "", "", "", ""]);
});

test("the death of the runner ends the tree of its program, and a resume at once waits until the tree is gone before it looks", async () => {
  const file = join(temporaryFolder(), "pids");
  const project = appendProject(tree(file));
  const state = temporaryFolder();
  const first = beside(built.program, project, state, runWords(project));
  const pids = await pidsIn(file);
  first.child.kill("SIGKILL");
  await first.ended;
  expect(pids.every(runs)).toBe(true);
  const [run = ""] = readdirSync(join(state, "runs"));
  const second = await beside(built.program, project, state, ["resume", run]).ended;
  expect(pids.filter(runs)).toEqual([]);
  expect(second.code).toBe(0);
  expect(second.text).toContain("what the runner left behind is being ended on this machine");
  expect(project.made()).toEqual(ONCE);
});
