import { expect, test } from "vitest";
import { fileCopy } from "../../../src/builtins/file/copy.ts";
import type { Fact, PastAct } from "../../../src/core/builtin.ts";
import { acted, LOST, pastOf, PLACE, read, refused } from "../turns.ts";

const inputs = { from: "/src/a.msp", to: "D:\\ur\\a.msp" };
const FILE = read({ exists: true, bytes: 7, sha256: "ab", folder: false });
const OTHER = read({ exists: true, bytes: 7, sha256: "cd", folder: false });
const NOTHING = read({ exists: false, bytes: 0, sha256: "", folder: false });
const FOLDER = read({ exists: true, bytes: 0, sha256: "", folder: true });
const copied = (outcome: PastAct["outcome"]): readonly PastAct[] => [acted("copy", { outcome, ...(outcome === "failed" ? { failure: { code: "no_space", because: "the disk is full" } } : {}) })];

test.each<[string, Fact, Fact, readonly PastAct[], object]>([
  ["the same file is left alone", FILE, FILE, [], { kind: "done", outputs: { path: inputs.to, bytes: "7B", sha256: "ab" } }],
  ["nothing there is copied", FILE, NOTHING, [], { kind: "act", actions: [{ action: "copy" }] }],
  ["another file there is replaced", FILE, OTHER, [], { kind: "act", because: expect.stringContaining("another file") }],
  ["a copy is believed only when it is seen", FILE, FILE, copied("ok"), { kind: "done" }],
  ["a copy that says ok and is not seen has failed", FILE, OTHER, copied("ok"), { kind: "fail", code: "copy_differs" }],
  ["a failed copy fails with the world's reason", FILE, NOTHING, copied("failed"), { kind: "fail", code: "no_space", because: "the disk is full" }],
  ["a failed copy that lies there nevertheless is done", FILE, FILE, copied("failed"), { kind: "done" }],
  ["a lost copy is made again", FILE, NOTHING, copied("lost"), { kind: "act" }],
  ["a copy in doubt that is seen is done", FILE, FILE, copied("in-doubt"), { kind: "done" }],
  ["a file that is not there is refused", NOTHING, NOTHING, [], { kind: "refuse", code: "not_found", because: "/src/a.msp does not exist on this machine" }],
  ["a folder is no source", FOLDER, NOTHING, [], { kind: "refuse", code: "is_folder" }],
  ["a folder is no goal, even an empty hash is none", FILE, FOLDER, [], { kind: "refuse", code: "is_folder", because: expect.stringContaining("with the name of the copy") }],
  ["a source that vanished after a try is a failure", NOTHING, NOTHING, copied("lost"), { kind: "fail", code: "not_found" }],
  ["a target that does not answer is refused at first", FILE, LOST, [], { kind: "refuse", code: "unreachable" }],
  ["a target that does not answer after a try is waited for", FILE, LOST, copied("lost"), { kind: "wait" }],
  ["a refusal is passed on", FILE, refused("denied", "no"), [], { kind: "refuse", code: "denied" }],
])("%s", (_title, source, target, acts, decision) => {
  expect(fileCopy.decide(inputs, { source, target }, pastOf({ acts }), PLACE)).toMatchObject(decision);
});

test("a failure of an earlier attempt does not count in the next", () => {
  const acts = copied("failed");
  expect(fileCopy.decide(inputs, { source: FILE, target: NOTHING }, pastOf({ attempt: 2, acts }), PLACE).kind).toBe("act");
});

test("the source is read here, and the goal there", () => {
  const made = Object.values(fileCopy.actions).map((action) => action.make(inputs, {}));
  expect(made).toEqual([
    { kind: "source", path: "/src/a.msp" },
    { kind: "stat", path: "D:\\ur\\a.msp" },
    { kind: "put", from: "/src/a.msp", to: "D:\\ur\\a.msp" },
  ]);
});
