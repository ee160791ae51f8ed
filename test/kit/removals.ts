import { dirname, join } from "node:path";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { PROJECT } from "../docs/project.ts";

/** A place in the tree of a YAML file. */
export type TreePath = readonly (string | number)[];

/** A part of a runbook that might be taken out. */
export interface Removal {
  /** `parts/hand-over.yml steps.move.with.at_least`: stable as long as the part is called so. */
  readonly id: string;
  /** From the project's folder. */
  readonly file: string;
  readonly path: TreePath;
}

type Tree = Readonly<Record<string, unknown>>;

const FLAGSHIP = "runbooks/ccr-rollup.yml";
const SECTIONS = ["preconditions", "checks", "steps", "postconditions", "block", "rescue", "always"] as const;
/** Keys of a step that can be left out, and would then guard nothing. */
const STEP_KEYS = ["if", "wait-until", "retry", "timeout", "on-failure", "remember", "always", "rescue"] as const;
/** Inputs of builtins that are guards. */
const GUARD_INPUTS = ["at_least", "done-when", "max_copy_queue", "max_replay_queue"] as const;

/** The files of the procedure: the flagship and what it calls, at any depth. */
export function filesOfProcedure(): readonly string[] {
  const found: string[] = [];
  const visit = (file: string): void => {
    if (found.includes(file)) return;
    found.push(file);
    for (const called of callsIn(treeOf(file))) visit(join(dirname(file), called));
  };
  visit(FLAGSHIP);
  return found;
}

/** The tree of a file as plain values, anchors resolved: what two steps share stands in each. */
export function treeOf(file: string): Tree {
  return parse(readFileSync(join(PROJECT, file), "utf8")) as Tree;
}

function callsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(callsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "call" && typeof inner === "string" ? [inner] : callsIn(inner)));
}

/** Every step and every guard of the procedure, file by file in the order of its text. */
export function removalsOf(files: readonly string[] = filesOfProcedure()): readonly Removal[] {
  return files.flatMap((file) => {
    const tree = treeOf(file);
    const short = file.replace(/^runbooks\//, "");
    const found: Removal[] = [];
    const add = (path: TreePath, name: string): void => void found.push({ id: `${short} ${name}`, file, path });
    if (tree["lock"] !== undefined) add(["lock"], "lock");
    for (const [name, input] of entriesOf(tree["inputs"])) if (entriesOf(input).some(([key]) => key === "pattern")) add(["inputs", name, "pattern"], `inputs.${name}.pattern`);
    for (const [name, probe] of entriesOf(tree["probes"])) {
      add(["probes", name], `probes.${name}`);
      for (const [key] of entriesOf(probe)) if (key === "down-only-during" || key === "outage-budget") add(["probes", name, key], `probes.${name}.${key}`);
    }
    listOf(tree["invariants"]).forEach((invariant, index) => add(["invariants", index], `invariants.${String(invariant["id"])}`));
    for (const section of SECTIONS) addSteps(tree[section], [section], section, add);
    return found;
  });
}

type Add = (path: TreePath, name: string) => void;

function addSteps(value: unknown, at: TreePath, name: string, add: Add): void {
  listOf(value).forEach((step, index) => {
    const path = [...at, index];
    const own = `${name}.${String(step["id"])}`;
    add(path, own);
    for (const key of STEP_KEYS) if (step[key] !== undefined) add([...path, key], `${own}.${key}`);
    for (const key of GUARD_INPUTS) if (entriesOf(step["with"]).some(([input]) => input === key)) add([...path, "with", key], `${own}.with.${key}`);
    listOf(step["expect"]).forEach((condition, place) => add([...path, "expect", place], `${own}.expect ${String(condition["that"])}`));
    for (const section of ["block", "rescue", "always"]) addSteps(step[section], [...path, section], `${own}.${section}`, add);
  });
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function listOf(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? (value as readonly Tree[]) : [];
}
