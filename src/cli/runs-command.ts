import { errorWithoutPlace } from "../core/diagnostic.ts";
import type { RunsDocument } from "../views/documents.ts";
import { linesView } from "../views/lines.ts";
import { runsLines } from "../views/runs-text.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { stateFolderOf } from "./prepare.ts";
import { print, printDocument, refuse, stdoutStyle } from "./print.ts";
import { openProject } from "./project.ts";
import { openQuestions } from "./answer-command.ts";
import { eventsOf } from "./resume-command.ts";
import { runStore } from "./run-store.ts";

/** `runs`: every run of the state folder, the newest first, and how each stands. */
export async function runsCommand(context: CommandContext): Promise<number> {
  const project = openProject(context.surroundings.workingFolder);
  if (project.kind === "error") return refuse(context, project.error);
  const stateFolder = await stateFolderOf(context, project.value);
  if (stateFolder.kind === "error") return refuse(context, stateFolder.error);
  const document: RunsDocument = { v: 1, runs: await runStore(stateFolder.value).list() };
  if (context.args.given.has("json")) printDocument(context, document);
  else print(context, runsLines(document, context.typed, stdoutStyle(context)));
  return EXIT.ok;
}

/** `show RUN`: one run, from its first event to its last. */
export async function showCommand(context: CommandContext): Promise<number> {
  const kept = await eventsOf(context, context.args.operands[0] ?? "");
  if (kept.kind === "error") return refuse(context, kept.error);
  const { run, events, stateFolder } = kept.value;
  if (context.args.given.has("json")) {
    printDocument(context, { v: 1, run, events });
    return EXIT.ok;
  }
  const view = linesView(context.surroundings.stdout, stdoutStyle(context), { stateFolder, seenBefore: "nothing", before: [] });
  for (const event of events) view.see(event);
  view.close();
  const isOver = events.at(-1)?.type === "run-finished";
  if (!isOver) print(context, ["", "It was interrupted here.", `${context.typed} resume ${run}  goes on from what is true in its system`]);
  for (const question of openQuestions(events)) print(context, ["", `It waits for an answer: ${question.question}`, `${context.typed} answer ${run} ${question.step} --yes  or what else is an answer (--help)`]);
  return events.length === 0 ? refuse(context, [errorWithoutPlace("empty-run", `the run ${run} never began`)]) : EXIT.ok;
}
