import type { RunsDocument } from "../views/documents.ts";
import { runsLines } from "../views/runs-text.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { stateFolderOf } from "./prepare.ts";
import { print, printDocument, refuse, stdoutStyle } from "./print.ts";
import { openProject } from "./project.ts";
import { runStore } from "./run-store.ts";
import { runCommandLine } from "./typed-again.ts";

/** `runs`: every run of the state folder, the newest first, and how each stands. */
export async function runsCommand(context: CommandContext): Promise<number> {
  const project = openProject(context.surroundings.workingFolder);
  if (project.kind === "error") return refuse(context, project.error);
  const stateFolder = await stateFolderOf(context, project.value, "of any account");
  if (stateFolder.kind === "error") return refuse(context, stateFolder.error);
  const document: RunsDocument = { v: 1, runs: await runStore(stateFolder.value).list() };
  if (context.args.given.has("json")) printDocument(context, document);
  else print(context, runsLines(document, (command, run) => runCommandLine(context, command, run), stdoutStyle(context)));
  return EXIT.ok;
}
