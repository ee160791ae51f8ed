import { termsText, whyNotEntitled } from "../core/approval.ts";
import { errorWithoutPlace, type Diagnostic } from "../core/diagnostic.ts";
import type { Event } from "../core/event.ts";
import { nameHint } from "../core/names.ts";
import type { PlanNode } from "../core/plan.ts";
import { error, ok, type Result } from "../core/result.ts";
import { dayAndHourOf, timeMs, timeText } from "../core/time.ts";
import { typedAnswer } from "../builtins/human/shared/typed-answer.ts";
import { currentAccount, type Account } from "../world/account.ts";
import { fileFailure } from "../world/file-fault.ts";
import { leaveAnswer, type LeftAnswer } from "../world/inbox.ts";
import { systemClock } from "../world/system-clock.ts";
import { valueOf, type CommandContext } from "./command.ts";
import { EXIT } from "./exit-code.ts";
import { answersLeft, OpenQuestions, waysText, type OpenQuestion } from "./open-questions.ts";
import { print, refuse } from "./print.ts";
import { eventsOf } from "./resume-command.ts";
import { whyOver } from "./run-standing.ts";
import { inboxOf, runStore } from "./run-store.ts";
import { runCommandLine } from "./typed-again.ts";

/** What is answered: an open question, or one that the run has yet to come to. */
type Meant = { readonly kind: "open"; readonly question: OpenQuestion } | { readonly kind: "in-advance"; readonly step: string };

/** `answer RUN STEP`: leaves an answer for a run that waits. The run takes it when it is resumed. */
export async function answerCommand(context: CommandContext): Promise<number> {
  const [typedRun = "", typedStep] = context.args.operands;
  const kept = await eventsOf(context, typedRun);
  if (kept.kind === "error") return refuse(context, kept.error);
  const { run, events, stateFolder } = kept.value;
  const isUnderWay = !hasEnded(events) && runStore(stateFolder).heldSince(run) !== undefined;
  const meant = meantBy(events, run, typedStep, { givesValue: valueOf(context.args, "value") !== undefined, isUnderWay });
  if (meant.kind === "error") return refuse(context, [meant.error]);
  const answer = answerOf(context, meant.value);
  if (answer.kind === "error") return refuse(context, [answer.error]);
  const seen = currentAccount();
  const inbox = inboxOf(stateFolder, run);
  const at = timeText(systemClock().now());
  const left = await answersLeft(inbox, events);
  const refused = meant.value.kind === "open" ? whyRefused(events, meant.value.question, left, seen, answer.value, at) : undefined;
  if (refused !== undefined) return refuse(context, [refused]);
  const step = meant.value.kind === "open" ? meant.value.question.step : meant.value.step;
  const digest = meant.value.kind === "open" ? meant.value.question.digest : undefined;
  const reason = valueOf(context.args, "reason");
  const by = valueOf(context.args, "by") ?? seen.account;
  const mine = left.find((other) => other.step === step && other.digest === digest && other.account === seen.account);
  try {
    leaveAnswer(inbox, { step, ...(digest === undefined ? {} : { digest }), answer: answer.value, by, ...seen, at, ...(reason === undefined ? {} : { reason }) });
  } catch (fault) {
    return refuse(context, [errorWithoutPlace("inbox", `the answer cannot be left: ${fileFailure(inbox, fault).because}`, "whoever owns the state folder shares it with a group: see `docs/running.md`")]);
  }
  print(context, [
    `${step}: ${meant.value.kind === "open" ? meant.value.question.question : "is answered before it is asked; whether the value fits is seen then"}`,
    `answered ${answer.value} by ${by} (account ${seen.account} on ${seen.host})${mine === undefined ? "" : `, in place of the ${mine.answer} of ${dayAndHourOf(mine.at)}`}`,
    ...(meant.value.kind === "open" ? stillWanted(meant.value.question, left, seen, answer.value) : []),
    // What was given up is not gone on with, and can still be undone.
    `${runCommandLine(context, whyOver(events) === undefined ? "resume" : "rollback", run)}  takes it`,
  ]);
  return EXIT.ok;
}

/** `isUnderWay`: a process carries the run out, and asks on its own terminal. */
function meantBy(events: readonly Event[], run: string, step: string | undefined, { givesValue, isUnderWay }: { readonly givesValue: boolean; readonly isUnderWay: boolean }): Result<Meant, Diagnostic> {
  const open = new OpenQuestions(events).list;
  const steps = open.map((question) => question.step);
  const found = step === undefined && open.length === 1 ? open[0] : open.find((question) => question.step === step);
  // One whose runner died at the question asks the same again, under the same digest.
  if (found !== undefined) return isUnderWay ? error(errorWithoutPlace("run-under-way", `the run ${run} is under way, and asks this where it runs`, "whoever sits at it answers there")) : ok({ kind: "open", question: found });
  if (step === undefined) return error(open.length === 0 ? errorWithoutPlace("no-question", `the run ${run} waits for nobody: ${standing(events)}`) : errorWithoutPlace("which-step", `the run ${run} waits for several answers`, `name the step: ${steps.join(", ")}`));
  const answered = events.findLast((event) => event.type === "question-answered" && event.step === step);
  const plan = events.findLast((event) => event.type === "plan-made");
  const planned = plan?.type === "plan-made" ? leavesOf(plan.nodes).find(({ path }) => path === step) : undefined;
  if (answered?.type === "question-answered") return error(errorWithoutPlace("answered-already", `\`${step}\` was answered ${answered.answer} by ${answered.by} (account ${answered.account} on ${answered.host}) at ${answered.at}`));
  const over = whyOver(events);
  if (over !== undefined) return error(errorWithoutPlace("no-question", `the run ${run} waits for nobody: it ${over}`));
  if (planned?.uses === "human.ask" && givesValue) return ok({ kind: "in-advance", step });
  if (planned?.uses?.startsWith("human.") === true) return error(errorWithoutPlace("not-asked", `\`${step}\` is not asked now`, planned.uses === "human.ask" ? "only a value can be left in advance: --value" : "what is approved or confirmed must have been shown first: only `human.ask` is answered in advance"));
  return error(errorWithoutPlace("unknown-step", planned === undefined ? `the run ${run} has no step \`${step}\` that asks` : `\`${step}\` asks nobody`, steps.length === 0 ? "no question is open" : nameHint(step, steps) ?? `open: ${steps.join(", ")}`));
}

function leavesOf(nodes: readonly PlanNode[]): readonly PlanNode[] {
  return nodes.flatMap((node) => (node.children.length === 0 ? [node] : leavesOf(node.children)));
}

function hasEnded(events: readonly Event[]): boolean {
  return events.at(-1)?.type === "run-finished";
}

function standing(events: readonly Event[]): string {
  const last = events.at(-1);
  return last?.type === "run-finished" ? `it ended ${last.result}` : "it has not ended";
}

/** The answer that the flags give, if it is one to this question. */
function answerOf({ args }: CommandContext, meant: Meant): Result<string, Diagnostic> {
  const question = meant.kind === "open" ? meant.question : undefined;
  const ways = question === undefined ? "it takes --value TEXT" : waysText(question);
  const plain = ["yes", "no", "done", "not-done"].filter((flag) => args.given.has(flag));
  const [choice, value] = [valueOf(args, "choose"), valueOf(args, "value")];
  const given = [...plain, ...(choice === undefined ? [] : ["choose"]), ...(value === undefined ? [] : ["value"])];
  if (given.length !== 1) return error(errorWithoutPlace("which-answer", given.length === 0 ? "no answer is given" : `several answers are given: ${given.map((flag) => `--${flag}`).join(", ")}`, ways));
  for (const flag of ["by", "reason"]) if (valueOf(args, flag)?.trim() === "") return error(errorWithoutPlace("empty-text", `--${flag} is empty`, "leave it out, or say it"));
  const [flag = ""] = given;
  const wrong = error(errorWithoutPlace("wrong-answer", `--${flag} is no answer to “${question?.question ?? ""}”`, ways));
  if (question === undefined) return ok(value ?? "");
  switch (question.kind) {
    case "approve":
    case "confirm":
      return flag === "yes" || flag === "no" ? ok(flag) : wrong;
    case "do":
      return flag === "done" ? ok("yes") : flag === "not-done" ? ok("no") : wrong;
    case "ask": {
      if (value === undefined) return wrong;
      const typed = typedAnswer(value, question.value ?? { type: "string" });
      return typed.kind === "ok" ? ok(value) : error(errorWithoutPlace("wrong-answer", typed.error, ways));
    }
    case "choose":
      if (choice === undefined || !Object.hasOwn(question.choices ?? {}, choice)) return choice === undefined ? wrong : error(errorWithoutPlace("wrong-answer", `\`${choice}\` is none of the choices`, ways));
      if (question.reasonFor?.includes(choice) === true && valueOf(args, "reason") === undefined) return error(errorWithoutPlace("reason-needed", `--choose ${choice} waives something, and is taken only with a reason`, "add --reason TEXT: it is kept with the answer"));
      return ok(choice);
  }
}

/** Why an answer is refused at once: its account may not give it, it comes too late, or others answered before. */
function whyRefused(events: readonly Event[], question: OpenQuestion, left: readonly LeftAnswer[], seen: Account, answer: string, at: string): Diagnostic | undefined {
  const { terms, step, digest, expires } = question;
  const notEntitled = whyNotEntitled(terms, seen, answer === "yes" ? "yes" : "no");
  if (notEntitled !== undefined) return errorWithoutPlace("not-entitled", notEntitled, termsText(terms).join("; "));
  const isSimulated = events.some((event) => event.type === "run-started" && event.simulated);
  if (expires !== undefined && !isSimulated && timeMs(at) > timeMs(expires)) return errorWithoutPlace("expired", `the question expired at ${expires}`, "`runbook resume` ends the step; resumed once more, it asks again");
  const others = left.filter((other) => other.step === step && other.digest === digest && other.account !== seen.account);
  // Anyone who may answer can still say no to an approval.
  if (question.kind === "approve" && answer === "no") return undefined;
  const wanted = (terms?.count ?? 1) - (terms?.approved.length ?? 0);
  const [first] = others;
  if (first === undefined || others.length < wanted) return undefined;
  return errorWithoutPlace("answered-already", `\`${step}\` was answered ${others.map((other) => `${other.answer} by ${other.by} (account ${other.account}) at ${other.at}`).join(", ")}`, "the run takes that when it is resumed");
}

function stillWanted({ terms, digest }: OpenQuestion, left: readonly LeftAnswer[], seen: Account, answer: string): readonly string[] {
  if (terms === undefined || terms.count === 1 || answer !== "yes") return [];
  const yes = new Set([...terms.approved, seen.account, ...left.filter((other) => other.digest === digest && other.answer === "yes").map((other) => other.account)]);
  return [yes.size >= terms.count ? `${terms.count} have said yes: no more are wanted` : `${yes.size} of ${terms.count} have said yes`];
}
