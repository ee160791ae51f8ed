import { termsText } from "../core/approval.ts";
import type { Event } from "../core/event.ts";
import { linesView } from "../views/lines.ts";
import type { ShowDocument } from "../views/documents.ts";
import { reportOf } from "../views/report-of.ts";
import { showLines, type Shown } from "../views/show-text.ts";
import { dayAndHourOf } from "../core/time.ts";
import type { CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import type { LeftAnswer } from "../world/inbox.ts";
import { answersLeft, isForAnother, leftText, OpenQuestions, waysToAnswer, whyNotTaken, type OpenQuestion } from "./open-questions.ts";
import { note, print, printDocument, refuse, stdoutStyle } from "./print.ts";
import { readRun, type ReadRun } from "./read-run.ts";
import { inboxOf } from "./run-store.ts";
import { givenUpText } from "./run-summary.ts";
import { answerCommandLine, runCommandLine } from "./typed-again.ts";

/** `show RUN`: one run in short, and where it stands; with `--all` from its first event to its last. Of a damaged journal, what stands before the damage. */
export async function showCommand(context: CommandContext): Promise<number> {
  const read = await readRun(context, context.args.operands[0] ?? "");
  if (read.kind === "error") return refuse(context, read.error);
  const { run, events, damage, cutBytes, standing, heldSince, journal, givenUp } = read.value;
  if (context.args.given.has("json")) {
    const document: ShowDocument = { v: 1, run, standing, ...(heldSince === undefined ? {} : { heldSince }), ...(damage === undefined ? {} : { damage }), journal, events };
    printDocument(context, document);
    return damage === undefined ? EXIT.ok : EXIT.stopped;
  }
  if (context.args.given.has("all")) showAll(context, read.value);
  else print(context, showLines(shownOf(context, read.value, await answersLeft(inboxOf(read.value.stateFolder, run), events)), stdoutStyle(context)));
  if (cutBytes > 0 && standing !== "running") note(context, `Behind record ${journal.records} lie ${cutBytes} bytes of one that was not written to its end: they are left out.`);
  if (givenUp !== undefined) note(context, `The run ${run} was ${givenUpText(givenUp)}, and keeps nobody off.`);
  if (damage === undefined) return EXIT.ok;
  note(context, events.length === 0 ? damage : `${damage}\nWhat is shown stands before it.`);
  return EXIT.stopped;
}

function showAll(context: CommandContext, { events, stateFolder }: ReadRun): void {
  const view = linesView(context.surroundings.stdout, stdoutStyle(context), { stateFolder, seenBefore: "nothing", before: [] });
  for (const event of events) view.see(event);
  view.close();
}

function shownOf(context: CommandContext, { run, events, stateFolder, standing, journal, heldSince }: ReadRun, left: readonly LeftAnswer[]): Shown {
  const commandLine = (command: string, ...words: readonly string[]): string => runCommandLine(context, command, run, ...words);
  const open = new OpenQuestions(events).list;
  return {
    left: left.filter((answer) => !open.some(({ step }) => step === answer.step)).map((answer) => ({ step: answer.step, said: `${leftText(answer)}. ${answer.digest === undefined ? "It is taken once it is asked for" : "It is taken only if the very same is asked again"}.` })),
    events, report: reportOf(events, standing, journal), stateFolder, heldSince,
    commands: { resume: commandLine("resume"), abandon: commandLine("abandon"), rollback: commandLine("rollback"), all: commandLine("show", "--all") },
    questions: open.map((question) => ({
      step: question.step, question: question.question, show: [...question.show, ...termsOf(question), ...leftFor(question, left, events)], askedAt: question.at,
      ways: [
        ...waysToAnswer(question).map(({ flags, does }) => ({ command: answerCommandLine(context, run, question, flags), does })),
        { command: commandLine("resume"), does: "goes on with the answer" },
      ],
    })),
  };
}

/** Whose answer counts, and until when. */
function termsOf({ terms, expires }: OpenQuestion): readonly string[] {
  return [...termsText(terms).map((line) => `${line}.`), ...(expires === undefined ? [] : [`Expires at ${dayAndHourOf(expires)}.`])];
}

/** What was answered and not taken yet, and whether it will be. */
function leftFor(question: OpenQuestion, left: readonly LeftAnswer[], events: readonly Event[]): readonly string[] {
  return left.flatMap((answer) => {
    if (isForAnother(answer, question)) return [`Answered ${leftText(answer)}. It is not taken: ${whyNotTaken(answer, events)}.`];
    return answer.step === question.step && answer.digest === question.digest ? [`Answered ${leftText(answer)}. It is taken when the run goes on.`] : [];
  });
}
