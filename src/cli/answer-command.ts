import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import type { Event, QuestionAsked } from "../core/event.ts";
import { nameHint } from "../core/names.ts";
import { error, ok, type Result } from "../core/result.ts";
import { timeText } from "../core/time.ts";
import { matchesPattern } from "../interpreter/language/convert-pattern.ts";
import { currentAccount } from "../world/account.ts";
import { leaveAnswer } from "../world/inbox.ts";
import { systemClock } from "../world/system-clock.ts";
import { valueOf, type CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { print, refuse } from "./print.ts";
import { eventsOf } from "./resume-command.ts";
import { inboxOf } from "./run-store.ts";

type Open = Event & QuestionAsked;

/** `answer RUN STEP`: leaves an answer for a run that waits. The run takes it when it is resumed. */
export async function answerCommand(context: CommandContext): Promise<number> {
  const [typedRun = "", typedStep] = context.args.operands;
  const kept = await eventsOf(context, typedRun);
  if (kept.kind === "error") return refuse(context, kept.error);
  const { run, events, stateFolder } = kept.value;
  const open = openQuestions(events);
  const question = questionOf(open, run, typedStep);
  if (question.kind === "error") return refuse(context, [question.error]);
  const answer = answerOf(context, question.value);
  if (answer.kind === "error") return refuse(context, [answer.error]);
  const { account, host } = currentAccount();
  const reason = valueOf(context.args, "reason");
  leaveAnswer(inboxOf(stateFolder, run), {
    step: question.value.step, digest: question.value.digest, answer: answer.value, by: valueOf(context.args, "by") ?? account, account, host,
    at: timeText(systemClock().now()), ...(reason === undefined ? {} : { reason }),
  });
  print(context, [`${question.value.step}: ${question.value.question}`, `answered ${answer.value}; the run takes it when it goes on`, `${context.typed} resume ${run}`]);
  return EXIT.ok;
}

/** The questions of a run that nobody has answered yet, in the order in which they were asked. */
export function openQuestions(events: readonly Event[]): readonly Open[] {
  const open = new Map<string, Open>();
  for (const event of events) {
    if (event.type === "question-asked") open.set(event.step, event);
    else if (event.type === "question-answered" || event.type === "step-finished") open.delete(event.step);
    else if (event.type === "run-resumed") open.clear();
  }
  return [...open.values()];
}

function questionOf(open: readonly Open[], run: string, step: string | undefined): Result<Open, Diagnostic> {
  if (open.length === 0) return error(errorWithoutPlace("no-question", `the run ${run} waits for nobody`));
  const [only] = open;
  if (step === undefined && open.length === 1 && only !== undefined) return ok(only);
  const found = open.find((question) => question.step === step);
  if (found !== undefined) return ok(found);
  return error(errorWithoutPlace("unknown-step", step === undefined ? `the run ${run} waits for several answers: name the step` : `no question of \`${step}\` is open`, nameHint(step ?? "", open.map((question) => question.step))));
}

/** The answer that the flags give, if it is one to this question. */
function answerOf({ args }: CommandContext, question: Open): Result<string, Diagnostic> {
  const given = ["yes", "no", "done", "not-done"].filter((flag) => args.given.has(flag));
  const [choice, value] = [valueOf(args, "choice"), valueOf(args, "value")];
  if (given.length + (choice === undefined ? 0 : 1) + (value === undefined ? 0 : 1) !== 1) return error(errorWithoutPlace("which-answer", "give one answer", waysOf(question)));
  const wrong = error(errorWithoutPlace("wrong-answer", `that is no answer to “${question.question}”`, waysOf(question)));
  if (question.choices !== undefined) {
    const named = choice ?? given[0];
    return named !== undefined && Object.hasOwn(question.choices, named) ? ok(named) : wrong;
  }
  if (question.kind === "ask") return value === undefined || (question.value?.pattern !== undefined && matchesPattern(question.value.pattern, value) !== true) || (question.value?.enum !== undefined && !question.value.enum.includes(value)) ? wrong : ok(value);
  if (args.given.has("yes") || args.given.has("done")) return ok("yes");
  return args.given.has("no") || args.given.has("not-done") ? ok("no") : wrong;
}

/** The flags that answer a question, each with what it means. */
export function waysToAnswer({ kind, choices, value }: Open): readonly { readonly flags: string; readonly does: string }[] {
  if (choices !== undefined) return Object.entries(choices).map(([name, does]) => ({ flags: `--choice ${name}`, does }));
  if (kind === "ask") return value?.enum === undefined ? [{ flags: "--value TEXT", does: "answers with this value" }] : value.enum.map((item) => ({ flags: `--value ${item}`, does: "is one answer" }));
  return [{ flags: "--yes", does: "says yes" }, { flags: "--no --reason TEXT", does: "says no, and why" }];
}

function waysOf({ kind, choices, value }: Open): string {
  if (choices !== undefined) return Object.entries(choices).map(([name, meaning]) => `--choice ${name}: ${meaning}`).join("; ");
  if (kind !== "ask") return "--yes, or --no --reason TEXT";
  return value?.enum === undefined ? "--value TEXT" : `--value with one of ${value.enum.join(", ")}`;
}
