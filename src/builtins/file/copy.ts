import { defineBuiltin, type Past } from "../../core/builtin.ts";
import { giveUp } from "../../core/facts.ts";
import { formatSize } from "../../core/quantity.ts";
import { allRead, parseReading, withoutReading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";

/** What the last copy of this attempt came to, where it did not bring the file over. A lost one is simply made again. */
function failedCopy(past: Past, { from, to }: { readonly from: string; readonly to: string }): { readonly code: string; readonly because: string } | undefined {
  const act = past.acts.findLast(({ attempt }) => attempt === past.attempt);
  if (act?.outcome === "failed") return act.failure ?? { code: "copy_differs", because: "the copy failed" };
  if (act?.outcome === "ok") return { code: "copy_differs", because: `${from} was copied, and other bytes lie at ${to}: they were damaged on the way, or something else writes there. \`certutil.exe -hashfile "${to}" SHA256\` on the target shows the hash. See what scans or writes that folder, and whether the network loses data, then go on` };
  return undefined;
}

/** `file.copy`: a file of this machine lies on the target, byte for byte. */
export const fileCopy = defineBuiltin({
  name: "file.copy",
  title: "Copy a file to the target",
  docs: [
    "Copies a file of the machine that runs the runbook to the target, over a temporary name, and compares the hashes. Where the same file lies there already nothing is done.",
    "",
    "`to` is the whole path of the copy, not a folder. A different file under that path is replaced.",
  ].join("\n"),
  examples: [
    {
      title: "A package",
      yaml: [
        "- id: copy_package",
        "  uses: file.copy",
        "  target: node_b",
        "  with:",
        "    from: packages/Exchange2007-KB945684-x64-EN.msp",
        "    to: D:\\ur\\Exchange2007-KB945684-x64-EN.msp",
      ].join("\n"),
    },
  ],
  inputs: {
    from: { type: "string", format: "file", description: "The file, on this machine" },
    to: { type: "string", format: "path", description: "Where it is to lie on the target, with its name" },
  },
  outputs: {
    path: { type: "string", format: "path", description: "Where it lies on the target" },
    bytes: { type: "size", description: "Its size" },
    sha256: { type: "string", format: "sha256", description: "Its hash, the same on both sides" },
  },
  codes: {
    is_folder: "a folder stands where a file is needed",
    copy_differs: "the file was copied, and what lies on the target is another one",
  },
  place: "optional",
  timeoutMs: 1_800_000,
  undo: { kind: "steps", how: "Delete the copy. A file that it replaced is not kept." },
  actions: {
    source: { effect: "reads", title: "Read size and hash of the file on this machine", make: (inputs) => ({ kind: "source", path: inputs.from }) },
    target: { effect: "reads", title: "Read size and hash of the file on the target", make: (inputs) => ({ kind: "stat", path: inputs.to }) },
    copy: { effect: "changes", title: "Copy the file", make: (inputs) => ({ kind: "put", from: inputs.from, to: inputs.to }) },
  },
  look: () => ({ source: { action: "source" }, target: { action: "target" } }),
  decide(inputs, facts, past) {
    const seen = allRead({ source: parseReading(facts, "source", "source", ok), target: parseReading(facts, "target", "stat", ok) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { source, target } = seen.value;
    if (!source.exists) return giveUp(past, "not_found", `${inputs.from} does not exist on this machine`);
    if (source.folder) return giveUp(past, "is_folder", `${inputs.from} is a folder; name the file in it`);
    if (target.exists && target.folder) return giveUp(past, "is_folder", `${inputs.to} is a folder on the target; write the whole path, with the name of the copy`);
    if (target.exists && target.sha256 === source.sha256) {
      return { kind: "done", outputs: { path: inputs.to, bytes: formatSize(target.bytes), sha256: target.sha256 }, because: `the same file lies at ${inputs.to}` };
    }
    const failed = failedCopy(past, inputs);
    if (failed !== undefined) return { kind: "fail", ...failed };
    return { kind: "act", actions: [{ action: "copy" }], because: target.exists ? `another file lies at ${inputs.to}` : `nothing lies at ${inputs.to}` };
  },
});
