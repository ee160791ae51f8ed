import type { Json, JsonObject } from "../../core/json.ts";
import { findFile } from "../files.ts";
import { takes } from "../timings.ts";
import { failed, records, textOf, type CmdletCommand } from "./command.ts";

/** `Select-String -Path FILE -Pattern TEXT… -SimpleMatch [-Context BEFORE,AFTER]`: the lines of a file that hold one of the texts, each with those around it. It looks at a file as it is when the command ends. */
export const SELECT_STRING: CmdletCommand = {
  name: "Select-String",
  changes: false,
  parameters: { Path: {}, Pattern: {}, SimpleMatch: {}, Context: {} },
  begin: ({ state, node }, parameters) => ({
    takesMs: takes(state, "program", "Select-String", node?.name ?? "local"),
    end: (later) => {
      const path = textOf(parameters, "Path");
      const text = node === undefined ? undefined : findFile(later, node, path)?.text;
      if (text === undefined) return failed("not_found", `Cannot find path '${path}' because it does not exist.`);
      if (textOf(parameters, "SimpleMatch") !== "true") return failed("cmdlet_error", "the world looks for plain texts only: say SimpleMatch");
      const [before = 0, after = 0] = listOf(parameters["Context"]).map(Number);
      const wanted = listOf(parameters["Pattern"]).map((part) => String(part).toLowerCase());
      const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
      return records(...lines.flatMap((line, index): readonly JsonObject[] => (wanted.some((part) => line.toLowerCase().includes(part))
        ? [{ Path: path, LineNumber: index + 1, Line: line, "Context.PreContext": lines.slice(Math.max(0, index - before), index), "Context.PostContext": lines.slice(index + 1, index + 1 + after) }]
        : [])));
    },
  }),
};

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];
}
