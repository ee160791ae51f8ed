import { findFile } from "../files.ts";
import { takes } from "../timings.ts";
import { printed, type ProgramCommand } from "./command.ts";

/** `findstr.exe /i /c:TEXT … FILE`: the lines of a file that contain one of the texts, with their numbers for `/n`. Exit code 1 where none does, or the file cannot be opened. */
export const FINDSTR_EXE: ProgramCommand = {
  name: "findstr.exe",
  changes: () => false,
  begin: ({ state, node }, args) => ({
    takesMs: takes(state, "program", "findstr.exe", node?.name ?? "local"),
    end: (later) => {
      const path = args.findLast((arg) => !arg.startsWith("/")) ?? "";
      const has = (option: string): boolean => args.some((arg) => arg.toLowerCase() === option);
      const fold = (text: string): string => (has("/i") ? text.toLowerCase() : text);
      const wanted = args.filter((arg) => /^\/c:/i.test(arg)).map((arg) => fold(arg.slice(3)));
      const text = node === undefined ? undefined : findFile(later, node, path)?.text;
      if (text === undefined) return printed(1, "", `FINDSTR: Cannot open ${path}\n`);
      const lines = text.split(/\r?\n/).flatMap((line, index) => (wanted.some((part) => fold(line).includes(part)) ? [`${has("/n") ? `${index + 1}:` : ""}${line}\n`] : []));
      return printed(lines.length === 0 ? 1 : 0, lines.join(""));
    },
  }),
};
