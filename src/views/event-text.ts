import { termsText } from "../core/approval.ts";
import { assertNever } from "../core/assert-never.ts";
import type { Event, ProbeChanged, QuestionAsked, RunResumed } from "../core/event.ts";
import type { ActionFinished, Decided, StepFinished, StepStarted } from "../core/step-event.ts";
import { commandLine } from "./command-line.ts";
import { lengthOf } from "./outage-lines.ts";
import type { Tone } from "./style.ts";
import { oneLine, safeLines } from "./terminal-text.ts";
import { dayAndHourOf } from "../core/time.ts";
import { aboutDuration } from "./time-text.ts";
import type { StepView, ViewState } from "./view-state.ts";

/** What is said of an event on plain lines. */
export interface Said {
  /** The path of the step that it is about; undefined where it is about the run. */
  readonly step: string | undefined;
  /** `head`: begins something; `detail`: tells of what was begun. */
  readonly level: "head" | "detail";
  /** Safe, on one line. */
  readonly text: string;
  readonly tone?: Tone;
  /** Lines of others, each safe, that are set below behind a mark. */
  readonly quote?: readonly string[];
  /** The mark of the quote; `|` where none is said. */
  readonly mark?: string;
}

/** To what a run is taken up, as it is said of it. */
const RESUMED: Readonly<Record<RunResumed["to"], string>> = { "go-on": "goes on", abandon: "is abandoned", rollback: "comes to rest, to be undone," };

/** How many steps a run that is taken up need not do again, for a sentence. */
export function takenText(givenBack: number): string {
  return `${givenBack === 0 ? "no step is" : givenBack === 1 ? "1 step is" : `${givenBack} steps are`} taken as recorded`;
}

/** What plain lines say of an event that was just folded into the state; undefined where they say nothing. */
export function eventText(state: ViewState, event: Event): Said | undefined {
  switch (event.type) {
    case "run-started":
    case "plan-made":
    case "looked":
    case "watch-stopped":
    case "run-finished":
      return undefined;
    case "run-resumed":
      return about(`${RESUMED[event.to]} after it ${event.after === "interrupted" ? "was interrupted" : `ended ${oneLine(event.after)}`} at ${dayAndHourOf(event.lastAt)}: ${takenText(event.givenBack)}${event.again.length === 0 ? "" : `, entered again ${oneLine(event.again.join(", "))}`}${event.unwatched.length === 0 ? "" : `; nobody watched meanwhile: ${oneLine(event.unwatched.join(", "))}`}`, "warn");
    case "step-started":
      return event.phase === "goal" ? undefined : startedText(event);
    case "decided":
      return decidedText(state.steps.get(event.step), event, state.nowMs);
    case "action-started":
      if (event.effect === "reads") return undefined;
      return detail(event.step, `action ${event.number}, ${event.effect}, on ${oneLine(event.action.target)}: ${oneLine(event.action.title)}`, { quote: [commandLine(event.action.what)], mark: "$" });
    case "action-output":
      if (!state.changes.has(event.number)) return undefined;
      return outputText(event.step, event.text, event.droppedBytes);
    case "action-finished":
      return state.changes.has(event.number) ? actionFinishedText(event) : undefined;
    case "attempt-failed":
      return detail(event.step, `attempt ${event.attempt} failed (${oneLine(event.code)}): ${oneLine(event.because)}; again in ${aboutDuration(event.delayMs)}`, { tone: "warn" });
    case "step-finished":
      return finishedText(state, state.steps.get(event.step), event);
    case "unwinding":
      return detail(event.step, `${event.part === "rescue" ? "begins the rescue" : "cleans up (always)"}: ${oneLine(event.cause)}`, { tone: "warn" });
    case "watch-started":
      return about(`watching ${oneLine(event.title || event.probe)} every ${aboutDuration(event.everyMs)}${event.budgetMs === undefined ? "" : `, an outage may last ${aboutDuration(event.budgetMs)}`}`);
    case "probe-changed":
      return probeText(state, event);
    case "invariant-broken":
      return about(`INVARIANT BROKEN, ${oneLine(event.invariant)}: ${oneLine(event.because)}`, "bad");
    case "invariant-restored":
      return about(`invariant holds again, ${oneLine(event.invariant)}: ${oneLine(event.because)}`, "good");
    case "question-asked":
      return questionText(event);
    case "question-answered":
      return detail(event.step, `answered ${oneLine(event.answer)} by ${oneLine(event.by)} (account ${oneLine(event.account)} on ${oneLine(event.host)})${event.reason === undefined ? "" : `, because ${oneLine(event.reason)}`}`);
    case "question-expired":
      return detail(event.step, "the question has expired", { tone: "warn" });
    case "warning":
      return { step: event.step, level: event.step === undefined ? "head" : "detail", text: `warning (${oneLine(event.code)}): ${oneLine(event.message)}`, tone: "warn" };
    case "rollback-started":
      return about(`the run ${oneLine(event.by)} begins to undo it; it is not taken up any more`, "warn");
    case "rolled-back":
      return about(`rolled back: the run ${oneLine(event.by)} has undone what it did`, "good");
    default:
      return assertNever(event);
  }
}

function about(text: string, tone?: Tone): Said {
  return { step: undefined, level: "head", text, ...(tone === undefined ? {} : { tone }) };
}

function detail(step: string, text: string, rest: Partial<Pick<Said, "tone" | "quote" | "mark">> = {}): Said {
  return { step, level: "detail", text, ...rest };
}

function startedText(event: StepStarted): Said {
  const place = event.target === undefined || event.target === "" ? [] : [`on ${oneLine(event.target)}`];
  const effect = event.kind === "leaf" && event.effect !== "reads" ? [event.effect] : [];
  const marks = [...place, ...effect];
  // A block, a loop or a call is entered again for what stands in it; only a leaf is tried.
  const again = event.kind === "leaf" && event.attempt > 1 ? ` (attempt ${event.attempt})` : "";
  const irreversible = event.irreversible === undefined ? [] : [`cannot be undone: ${oneLine(event.irreversible)}`];
  const why = event.why === undefined || event.why === "" ? [] : [oneLine(event.why)];
  return { step: event.step, level: "head", text: `${oneLine(event.step)}: ${oneLine(event.title)}${marks.length === 0 ? "" : ` [${marks.join(", ")}]`}${again}`, tone: "strong", quote: [...why, ...irreversible], mark: "-" };
}

function decidedText(step: StepView | undefined, event: Decided, nowMs: number): Said | undefined {
  switch (event.decision) {
    case "done":
    case "refuse":
    case "fail":
    case "ask":
      return undefined;
    case "act":
      return detail(event.step, `acts: ${oneLine(event.because)}`);
    case "wait": {
      // The goal is asked once, whatever it would wait for later.
      if (step?.phase === "goal") return undefined;
      const waitedMs = step?.waitingSinceMs === undefined ? 0 : nowMs - step.waitingSinceMs;
      const limit = step?.limitMs === undefined || waitedMs === 0 ? "" : ` of at most ${aboutDuration(step.limitMs)}`;
      return detail(event.step, `${waitedMs === 0 ? "waits" : `waiting, ${aboutDuration(waitedMs)}`}${limit}: ${oneLine(event.because)}`);
    }
    default:
      return assertNever(event.decision);
  }
}

function outputText(step: string, text: string, droppedBytes: number): Said {
  const dropped = droppedBytes > 0 ? [`(${droppedBytes} bytes were not kept)`] : [];
  return detail(step, "output", { quote: [...safeLines(text.trimEnd()), ...dropped] });
}

function actionFinishedText(event: ActionFinished): Said | undefined {
  const took = `after ${aboutDuration(event.ms)}`;
  const because = event.because === undefined ? "" : `: ${oneLine(event.because)}`;
  switch (event.outcome) {
    case "ok":
      return detail(event.step, `action ${event.number} ended ${took}${event.exitCode === undefined ? "" : ` with exit code ${event.exitCode}`}`);
    case "failed":
      return detail(event.step, `action ${event.number} failed ${took}${event.code === undefined ? "" : ` (${oneLine(event.code)})`}${because}`, { tone: "warn" });
    case "lost":
      return detail(event.step, `action ${event.number}: nobody knows how it ended, the channel broke ${took}${because}`, { tone: "warn" });
    case "timeout":
      return detail(event.step, `action ${event.number} reached its limit ${took}${because}`, { tone: "warn" });
    case "not-begun":
      return detail(event.step, `action ${event.number} was not begun${because}`, { tone: "warn" });
    default:
      return assertNever(event.outcome);
  }
}

function finishedText(state: ViewState, step: StepView | undefined, event: StepFinished): Said | undefined {
  const given = event.because ?? step?.because ?? "";
  if (step?.phase === "goal") return goalText(step, event, given);
  // A block that ends for the reason of a step in it does not tell it again.
  const because = step?.children.some((path) => state.steps.get(path)?.because === given) === true ? "" : given;
  const code = event.code === undefined ? "" : ` (${oneLine(event.code)})`;
  const isBad = event.status === "failed" || event.status === "unknown";
  const word = event.passedOver === "note" ? "open item" : isBad ? event.status.toUpperCase() : event.status;
  const took = event.ms >= 1_000 ? ` in ${aboutDuration(event.ms)}` : "";
  const condition = event.condition === undefined || because === "" ? "" : ` (${oneLine(event.condition)})`;
  const passed = event.passedOver === undefined || event.passedOver === "note" ? "" : `; passed over (${event.passedOver})`;
  return detail(event.step, `${word}${code}${took}${because === "" ? "" : `: ${oneLine(because)}`}${condition}${passed}`, { tone: isBad ? (event.passedOver === undefined ? "bad" : "warn") : event.status === "ok" ? "good" : "quiet" });
}

/** The goal is asked first of all, and mostly does not hold yet: a line for each leaf. */
function goalText(step: StepView, event: StepFinished, because: string): Said | undefined {
  if (step.kind !== "leaf") return undefined;
  const says = event.status === "ok" || event.status === "unchanged" ? "holds" : event.status === "skipped" ? "skipped" : "does not hold yet";
  return { step: undefined, level: "head", text: `${oneLine(event.step)} ${says}${because === "" ? "" : `: ${oneLine(because)}`}`, tone: "quiet" };
}

function probeText(state: ViewState, event: ProbeChanged): Said {
  const title = oneLine(state.probes.get(event.probe)?.title || event.probe);
  const because = oneLine(event.because);
  if (event.outage !== undefined) return about(`UP again after ${lengthOf(event.outage)}, ${title}: ${because}`, "good");
  if (event.state === "down") return about(`DOWN, ${title}: ${because}`, "bad");
  if (event.state === "unknown") return about(`cannot be read, ${title}: ${because}`, "warn");
  return about(`up, ${title}: ${because}`);
}

function questionText(event: QuestionAsked): Said {
  const choices = Object.entries(event.choices ?? {}).map(([name, meaning]) => `${oneLine(name)}: ${oneLine(meaning)}`);
  const terms = [...termsText(event.terms), ...(event.expires === undefined ? [] : [`Expires at ${dayAndHourOf(event.expires)}`])].map((line) => oneLine(line));
  return detail(event.step, `asks (${event.kind}): ${oneLine(event.question)}`, { tone: "warn", quote: [...event.show.flatMap((text) => safeLines(text)), ...choices, ...terms], mark: ">" });
}
