import { defineBuiltin } from "../../core/builtin.ts";
import { FILE_OUTPUTS, fileAnswer } from "./shared/file-answer.ts";

/** `file.stat`: is a file there, how large is it, what is its hash? */
export const fileStat = defineBuiltin({
  name: "file.stat",
  title: "Look at a file",
  docs: "Size and hash of a file on the target. A file that is not there is an answer (`exists` is false), not a failure. A folder exists, and has neither size nor hash.",
  examples: [
    {
      title: "A marker that must not be there",
      yaml: [
        "- id: no_marker",
        "  uses: file.stat",
        "  target: node_b",
        "  with:",
        "    path: D:\\ur\\hands-off.txt",
        "  expect:",
        "    - that: '!outputs.exists'",
        "      because: Somebody asked to leave the node alone.",
      ].join("\n"),
    },
  ],
  inputs: { path: { type: "string", format: "path", description: "The file, on the target" } },
  outputs: FILE_OUTPUTS,
  codes: {},
  place: "optional",
  timeoutMs: 600_000,
  actions: {
    file: { effect: "reads", title: "Read size and hash of the file", make: (inputs) => ({ kind: "stat", path: inputs.path }) },
  },
  look: () => ({ file: { action: "file" } }),
  decide: (inputs, facts, past) => fileAnswer(inputs.path, facts, past, "stat"),
});
