import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A project in a folder of its own, with files by their path. */
export function projectWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "runbook-cli-")));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A runbook that asks its one input for a file's name and makes that file on this machine. */
export const TOUCH = `runbook: 1
name: touch_file
title: Make {{inputs.file}}
inputs:
  file: { format: path, description: The file to be made, examples: [/tmp/x] }
steps:
  - id: make
    title: Make the file
    uses: run.program
    target: local
    with:
      program: touch
      args: ["{{inputs.file}}"]
      effect: changes
      done-when: { uses: file.stat, with: { path: "{{inputs.file}}" }, that: outputs.exists }
postconditions:
  - id: is_there
    title: Is it there?
    uses: file.stat
    target: local
    with: { path: "{{inputs.file}}" }
    expect:
      - that: outputs.exists
        because: The file is not there.
`;

/** A runbook with a misspelt key. */
export const MISSPELT = TOUCH.replace("steps:", "stepps:");
