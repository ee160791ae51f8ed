import { defineBuiltin } from "../../core/builtin.ts";
import { FILE_OUTPUTS, fileAnswer } from "./shared/file-answer.ts";

/** `file.source`: is a file of this machine there, before anything depends on it? */
export const fileSource = defineBuiltin({
  name: "file.source",
  title: "Look at a file of this machine",
  docs: "Size and hash of a file on the machine that runs the interpreter, such as a package that is to be copied later. It is read from the real disk in a simulated system, too. A file that is not there is an answer (`exists` is false), not a failure.",
  examples: [
    {
      title: "The package must be at hand before anything begins",
      yaml: [
        "- id: package",
        "  uses: file.source",
        "  with:",
        '    path: packages/update.msp',
        "  expect:",
        "    - that: outputs.exists && !outputs.folder",
        "      because: Put update.msp into the folder packages.",
      ].join("\n"),
    },
  ],
  inputs: { path: { type: "string", format: "file", description: "The file, on this machine" } },
  outputs: FILE_OUTPUTS,
  codes: {},
  place: "none",
  timeoutMs: 600_000,
  actions: {
    file: { effect: "reads", title: "Read size and hash of the file", make: (inputs) => ({ kind: "source", path: inputs.path }) },
  },
  look: () => ({ file: { action: "file" } }),
  decide: (inputs, facts, past) => fileAnswer(inputs.path, facts, past, "source"),
});
