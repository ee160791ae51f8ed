import { defineBuiltin } from "../../core/builtin.ts";
import { formatSize } from "../../core/quantity.ts";
import { parseReading, withoutReading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";

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
  outputs: {
    exists: { type: "boolean", description: "Something lies there" },
    folder: { type: "boolean", description: "It is a folder" },
    bytes: { type: "size", required: false, description: "Its size; absent for a folder or where nothing is" },
    sha256: { type: "string", format: "sha256", required: false, description: "Its hash; absent for a folder or where nothing is" },
  },
  codes: {},
  place: "optional",
  timeoutMs: 600_000,
  actions: {
    file: { effect: "reads", title: "Read size and hash of the file", make: (inputs) => ({ kind: "stat", path: inputs.path }) },
  },
  look: () => ({ file: { action: "file" } }),
  decide(inputs, facts, past) {
    const file = parseReading(facts, "file", "stat", ok);
    if (file.kind === "error") return withoutReading(past, file.error);
    const { exists, folder, bytes, sha256 } = file.value;
    if (!exists || folder) return { kind: "done", outputs: { exists, folder }, because: exists ? `${inputs.path} is a folder` : `${inputs.path} does not exist` };
    return { kind: "done", outputs: { exists, folder, bytes: formatSize(bytes), sha256 }, because: `${inputs.path} has ${bytes} bytes` };
  },
});
