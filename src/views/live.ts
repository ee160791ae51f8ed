import { Listr } from "listr2";
import type { Event } from "../core/event.ts";
import { closingLines } from "./closing.ts";
import { eventText, type Said } from "./event-text.ts";
import { foldView } from "./fold-view.ts";
import { frameOf, questionHead } from "./live-frame.ts";
import { openingLines, type OpeningPlaces } from "./opening.ts";
import { Redraw, type Terminal } from "./redraw.ts";
import type { View } from "./sink.ts";
import { paint, type Style } from "./style.ts";
import { wrapped } from "./terminal-text.ts";
import { emptyViewState, type ViewState } from "./view-state.ts";

/** How often the list is drawn anew, at most. */
export const REDRAW_MS = 250;

/** What the live view needs of the process around it. */
export interface LiveMeans {
  readonly terminal: Terminal;
  readonly style: () => Style;
  /** The time of the system that the run works on, in ms since 1970. */
  readonly now: () => number;
  /** Calls back again and again; gives the way to end it. */
  readonly every: (intervalMs: number, tick: () => void) => () => void;
  /** Who answers questions: a person on this terminal, who sees them there; or others, and then the questions are written here. */
  readonly answering: "on this terminal" | "elsewhere";
}

/** The renderer of listr2 for a run: it draws the frame of the moment, and draws nothing where nothing changed. */
function rendererFor(draw: () => void, every: LiveMeans["every"]) {
  return class FrameRenderer {
    // Whoever made the view has seen that a terminal is there; listr2 would look at the process's own.
    static readonly nonTTY = true;
    static readonly rendererOptions = {};
    static readonly rendererTaskOptions = {};
    #stop: () => void = () => {};
    render(): void {
      draw();
      this.#stop = every(REDRAW_MS, draw);
    }
    end(): void {
      this.#stop();
    }
  };
}

/**
 * The live list of a terminal: one list of at most 16 rows that is drawn anew at most four times a second. What must stay
 * readable (first screen, questions and answers, failures, outages, last screen) is written above it. While a question is
 * open the list is away and the terminal is the person's.
 */
export function liveView(means: LiveMeans, places: OpeningPlaces): View {
  const state = emptyViewState();
  for (const event of places.before) foldView(state, event);
  const redraw = new Redraw(means.terminal);
  const frame = (): readonly string[] => frameOf(state, Math.max(means.now(), state.nowMs), means.style(), means.terminal.rows());
  let leave: (() => void) | undefined;
  let isClosed = false;
  // listr2 ends its renderer some turns after its task: what ticks meanwhile must not draw.
  const draw = (): void => {
    if (leave !== undefined) redraw.draw(frame());
  };
  const Renderer = rendererFor(draw, means.every);

  const show = (): void => {
    if (leave !== undefined || isClosed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    leave = resolve;
    const list = new Listr([{ title: state.run?.title ?? "", task: () => promise }], { renderer: Renderer, registerSignalListeners: false });
    void list.run();
  };
  const hide = (): void => {
    redraw.clear();
    leave?.();
    leave = undefined;
  };
  const write = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    redraw.clear();
    means.terminal.write(`${lines.join("\n")}\n`);
  };

  return {
    see(event: Event): void {
      if (isClosed) return;
      foldView(state, event);
      const style = means.style();
      if (event.type === "run-started") write(openingLines(event, places, style));
      else if (event.type === "run-resumed") {
        const said = eventText(state, event);
        write([...state.run === undefined ? [] : openingLines(state.run, places, style), ...said === undefined ? [] : saidLines(said, style)]);
      } else if (event.type === "run-finished") {
        redraw.draw(frame());
        redraw.keep();
        hide();
        write(closingLines(state, style));
      } else if (staysReadable(state, event) || (event.type === "question-asked" && means.answering === "elsewhere")) {
        const said = eventText(state, event);
        if (said !== undefined) write(saidLines(said, style));
      }
      if (event.type === "question-asked" && means.answering === "on this terminal") {
        hide();
        write(questionHead(state, event.step, Math.max(means.now(), state.nowMs), style));
      }
      else if (event.type === "plan-made" || event.type === "question-answered" || event.type === "question-expired") show();
    },
    pause: hide,
    resume(): void {
      if (state.run !== undefined && state.finished === undefined) show();
    },
    close(): void {
      hide();
      isClosed = true;
    },
  };
}

function saidLines(said: Said, style: Style): readonly string[] {
  const name = said.level === "detail" && said.step !== undefined ? `${said.step}: ` : "";
  return wrapped(`${name}${said.text}`, style.columns, "", "  ").map((line) => (said.tone === undefined ? line : paint(style, said.tone, line)));
}

/** True for what a list that is drawn over would lose. */
function staysReadable(state: ViewState, event: Event): boolean {
  switch (event.type) {
    case "warning":
    case "invariant-broken":
    case "invariant-restored":
    case "question-answered":
    case "question-expired":
    case "attempt-failed":
      return true;
    case "probe-changed":
      return event.state !== "up" || event.outage !== undefined;
    case "step-finished":
      return (event.status === "failed" || event.status === "unknown") && state.steps.get(event.step)?.phase !== "goal";
    default:
      return false;
  }
}
