import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, inject } from "vitest";
import { runbook } from "./installed.ts";
import { onWindows } from "./setting.ts";
import { freshFolder, PROJECT, seenHere } from "./windows.ts";

/** A project on drive C: the one of this repository, with the line ends that an editor on Windows writes. */
let project = "";

beforeAll(() => {
  if (inject("withoutWindows") !== undefined) return;
  project = freshFolder();
  for (const part of ["runbook.config.yml", "runbooks", "examples"]) cpSync(join(PROJECT, part), join(seenHere(project), part), { recursive: true });
  for (const file of readdirSync(seenHere(project), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".yml")) continue;
    const path = join(seenHere(project), file);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
  }
});

onWindows("the installed program starts and tells its version", async () => {
  const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { readonly version: string };
  expect(await runbook(["--version"], project)).toEqual({ exitCode: 0, stdout: `runbook ${version}\n`, stderr: "" });
});

onWindows("files with the line ends of Windows are legal, by a path with backslashes or without", async () => {
  expect(await runbook(["validate", "runbooks\\ccr-rollup.yml", "runbooks/ccr-rollup-undo.yml"], project)).toEqual({ exitCode: 0, stdout: "2 files: legal\n", stderr: "" });
});

onWindows("a fault in a file is shown with its place", async () => {
  writeFileSync(join(seenHere(project), "faulty.yml"), "runbook: 1\r\nname: faulty\r\ntitle: Faulty\r\nsteps:\r\n  - id: one\r\n    title: One\r\n    uses: run.progam\r\n");
  const { exitCode, stdout, stderr } = await runbook(["validate", "faulty.yml"], project);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "1 file: 1 with an error\n" });
  expect(stderr).toBe("faulty.yml:7:11  error  there is no builtin `run.progam`\n  7 |     uses: run.progam\n    |           ^^^^^^^^^^\n  hint: did you mean `run.program`?\n");
});

onWindows("plan, run and a second run of the CCR procedure on a simulated system end as they do anywhere", async () => {
  const state = ["--state", `${project}\\state of runs`];
  const plan = await runbook(["plan", "ccr-rollup.yml", ...state], project);
  expect({ exitCode: plan.exitCode, stderr: plan.stderr }).toMatchObject({ exitCode: 0 });
  expect(plan.stdout).toContain("would act      update_b/groups");
  const first = await runbook(["run", "ccr-rollup.yml", "--yes", ...state], project);
  expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("\nsucceeded") as string });
  const second = await runbook(["run", "ccr-rollup.yml", "--yes", ...state], project);
  expect(second).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("\nnothing to do") as string });
});
