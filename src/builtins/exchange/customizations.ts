import { defineBuiltin, type ActionCall, type Facts } from "../../core/builtin.ts";
import { allRead, parseReading, unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { formatSize } from "../../core/quantity.ts";
import { ok } from "../../core/result.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { fingerprintOf, HOOK_SCRIPT, HOOK_SECTIONS, OWA_FILES, sectionsIn, type CustomizedFile } from "./shared/customized-files.ts";
import { exchangeFolderIn, READ_EXCHANGE_FOLDER } from "./shared/exchange-folder.ts";

/** Every name that is looked at, each once. */
function namesOf(also: readonly string[]): readonly string[] {
  const names = [HOOK_SCRIPT, ...OWA_FILES, ...also.map((name) => name.replaceAll("/", "\\"))];
  return names.filter((name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index);
}

/** The reading of the n-th name. */
function readingOf(index: number): string {
  return `file_${index}`;
}

/** The readings `file_0` and so on: those of the names that lie there. */
function filesIn(facts: Facts, names: readonly string[]): Reading<readonly CustomizedFile[]> {
  const files: CustomizedFile[] = [];
  for (const [index, name] of names.entries()) {
    const stat = parseReading(facts, readingOf(index), "stat", ok);
    if (stat.kind === "error") return stat;
    if (stat.value.exists && !stat.value.folder) files.push({ name, bytes: stat.value.bytes, sha256: stat.value.sha256 });
  }
  return ok(files);
}

function hasHook(facts: Facts): boolean {
  const hook = parseReading(facts, readingOf(0), "stat", ok);
  return hook.kind === "ok" && hook.value.exists && !hook.value.folder;
}

/** The reading `sections`: what the hook script has; undefined where there is none. */
function hookIn(facts: Facts): Reading<readonly string[] | undefined> {
  if (!hasHook(facts)) return ok(undefined);
  return parseReading(facts, "sections", "program", ({ exitCode, stdout, stderr }) => {
    // Exit code 1 is "no such line", and "cannot open the file" too: that one is told on standard error.
    if (exitCode > 1 || stderr.trim() !== "") return unreadable(HOOK_SCRIPT, `findstr.exe ended with ${exitCode}: ${excerpt(stderr)}`);
    return ok(sectionsIn(stdout));
  });
}

const FILE = {
  name: { type: "string", description: "Relative to the folder of Exchange" },
  bytes: { type: "size", description: "Its size" },
  sha256: { type: "string", format: "sha256", description: "Its hash" },
} as const;

/** `exchange.customizations`: files below Exchange's folder that a rollup can replace, and the script that setup runs. */
export const exchangeCustomizations = defineBuiltin({
  name: "exchange.customizations",
  title: "Find and hash files of Exchange that were changed by hand",
  docs: `Looks on the node that is the target for the pages of Outlook Web Access that are changed by hand most often, for setup's hook
script, and for the files that \`also\` names. A rollup can replace such files: what was changed must be done again afterwards.
Whether a page was changed cannot be told by looking. But a clustered mailbox server has no Client Access role; where one of its
pages lies there, it was put there.

The hook script is \`${HOOK_SCRIPT}\`. From service pack 2 on setup runs
it. It needs its three sections (${HOOK_SECTIONS.map((name) => `\`${name}\``).join(", ")}); where one is missing
setup ignores the whole file and says nothing: \`state\` is \`ignored\` then. Setup does not see what the script gives back.

\`fingerprint\` is the same on two nodes with the same files.

Source: domain page, 4.6 (T15); the names of the pages from memory.`,
  examples: [{
    title: "What a rollup may replace on NodeB",
    yaml: `- id: customizations
  uses: exchange.customizations
  target: node_b
  with:
    also: ['Bin\\MSExchangeTransport.exe.config']`,
  }],
  inputs: { also: { type: "list", items: { type: "string", pattern: "^[^:*?\"<>|]+$" }, default: [], description: "More files, relative to the folder of Exchange" } },
  outputs: {
    folder: { type: "string", format: "path", description: "The folder of Exchange" },
    files: { type: "list", description: "The files that are there", items: { type: "object", properties: FILE } },
    owa_files: { type: "list", items: { type: "string" }, description: "Names of those that belong to Outlook Web Access" },
    fingerprint: { type: "string", format: "sha256", description: "The same for the same names and hashes" },
    hook_script: {
      type: "object",
      required: false,
      description: "The script that setup runs; absent where there is none",
      properties: {
        ...FILE,
        sections: { type: "list", items: { type: "string" }, description: "Its mandatory sections that are there" },
        state: { type: "string", enum: ["complete", "ignored"], description: "`ignored`: a section is missing" },
      },
    },
  },
  codes: {},
  place: "required",
  timeoutMs: 300_000,
  actions: {
    read_setup_path: READ_EXCHANGE_FOLDER,
    stat: { effect: "reads", title: "Read size and hash of a file", fills: { path: "the file" }, make: (_inputs, fill) => ({ kind: "stat", path: fill["path"] ?? "" }) },
    find_sections: {
      effect: "reads",
      title: "Find the sections of the hook script",
      fills: { path: "the hook script" },
      make: (_inputs, fill) => ({ kind: "program", program: "findstr.exe", args: ["/i", ...HOOK_SECTIONS.map((section) => `/c:${section}`), fill["path"] ?? ""] }),
    },
  },
  look: (inputs, facts) => {
    const look: Record<string, ActionCall> = { setup_path: { action: "read_setup_path" } };
    const folder = exchangeFolderIn(facts);
    if (folder.kind === "error") return look;
    for (const [index, name] of namesOf(inputs.also).entries()) look[readingOf(index)] = { action: "stat", fill: { path: `${folder.value}\\${name}` } };
    if (hasHook(facts)) look["sections"] = { action: "find_sections", fill: { path: `${folder.value}\\${HOOK_SCRIPT}` } };
    return look;
  },
  decide(inputs, facts, past) {
    const folder = exchangeFolderIn(facts);
    if (folder.kind === "error") return withoutReading(past, folder.error);
    const seen = allRead({ files: filesIn(facts, namesOf(inputs.also)), sections: hookIn(facts) });
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { files, sections } = seen.value;
    const shown = files.map((file) => ({ ...file, bytes: formatSize(file.bytes) }));
    const hook = shown.find(({ name }) => name === HOOK_SCRIPT);
    const state: "complete" | "ignored" = sections?.length === HOOK_SECTIONS.length ? "complete" : "ignored";
    return {
      kind: "done",
      outputs: {
        folder: folder.value,
        files: shown,
        owa_files: files.map(({ name }) => name).filter((name) => OWA_FILES.includes(name)),
        fingerprint: fingerprintOf(files),
        ...(hook === undefined || sections === undefined ? {} : { hook_script: { ...hook, sections, state } }),
      },
      because: files.length === 0 ? "no file that is usually changed by hand is there" : `${files.map(({ name }) => name).join(", ")} ${files.length === 1 ? "is" : "are"} there`,
    };
  },
});
