import type { Event } from "../core/event.ts";
import { jsonView } from "../views/json.ts";
import { linesView } from "../views/lines.ts";
import type { View } from "../views/sink.ts";
import type { CommandContext } from "./command.ts";
import { pageStyle } from "./page-style.ts";
import { stdoutStyle } from "./print.ts";

/** What a run's view needs to know of the run. */
export interface RunViewFacts {
  readonly stateFolder: string;
  readonly seenBefore: "plan" | "nothing";
  /** The system's time for a screen, in ms since 1970. */
  readonly shownMs: () => number;
  readonly answering: "on this terminal" | "elsewhere";
  /** Events of a run that is taken up. */
  readonly before: readonly Event[];
}

/** The view that fits: JSON where it is asked for, the live list on a terminal that can move its cursor, plain lines elsewhere. */
export async function runView(context: CommandContext, facts: RunViewFacts): Promise<View> {
  const { surroundings, args } = context;
  const { stdout, env } = surroundings;
  const { stateFolder, seenBefore, before } = facts;
  const places = { stateFolder, seenBefore, before };
  if (args.given.has("json")) return jsonView(stdout);
  if (!stdout.isTerminal || env["TERM"] === "dumb") return linesView(stdout, stdoutStyle(context), places);
  const { liveView } = await import("../views/live.ts");
  return liveView({ terminal: stdout, style: () => pageStyle(stdout, env, args), now: facts.shownMs, every: surroundings.every, answering: facts.answering }, places);
}
