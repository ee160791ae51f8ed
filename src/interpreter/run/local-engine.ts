import type { Event } from "../../core/event.ts";
import type { Journal, People } from "../../core/port.ts";
import { ok } from "../../core/result.ts";
import type { Engine, Intent } from "./engine.ts";

/** What the local engine is built over. */
export interface LocalEngineParts {
  readonly journal: Journal;
  readonly people: People;
  /** Reads every event after it was kept: screens. */
  readonly onEvent: (event: Event) => void;
  /** Asked before each change; where it is absent every change that the plan shows may be made. */
  readonly permit: ((intent: Intent) => Promise<"go" | "stop">) | undefined;
}

/** The engine of one process: events go into the journal first and then to the screens; questions go to the people who are there. */
export function localEngine(parts: LocalEngineParts): Engine {
  const { journal, people, onEvent, permit } = parts;
  return {
    record: (event) => {
      journal.append(event);
      onEvent(event);
    },
    sync: () => journal.sync(),
    ask: (question, warn) => people.ask(question, warn),
    answersTake: people.presence === "simulated" ? "system" : "own",
    permit: permit ?? (async () => "go"),
    queries: "go",
  };
}

/**
 * An engine that looks and never changes: it permits no change and asks nobody. The run over it goes as far as today's looks can
 * tell, step by step, and ends before the first change or question: a preview. Programs that read by their author's word run only
 * where `queries` says so.
 */
export function previewEngine(onEvent: (event: Event) => void, queries: "go" | "stop" = "stop"): Engine {
  return { queries, record: onEvent, sync: async () => ok(undefined), ask: async () => ({ kind: "nobody" }), answersTake: "own", permit: async () => "stop" };
}
