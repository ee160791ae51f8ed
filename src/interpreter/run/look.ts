import type { Fact, Facts, Past } from "../../core/builtin.ts";
import type { ActionResult } from "../../core/action.ts";
import type { Json } from "../../core/json.ts";
import type { Outcome } from "../../core/port.ts";
import type { Branch, Run } from "./context.ts";
import { issueReading, makeAction, type Issuer } from "./issue.ts";

/** How long one reading may take. */
export const READING_LIMIT_MS = 120_000;
/** How often a look may ask for more after what it saw. */
const ROUNDS = 10;
/** Most characters of one fact in an event. */
const FACT_LIMIT = 4_000;

/**
 * One look: the builtin's readings, in the order it names them, and again for those that depend on what was read. After `untilMs`
 * nothing more is read. Never throws for what the world does.
 */
export async function look(run: Run, branch: Branch, issuer: Issuer, past: Past, turn: number, untilMs: number): Promise<Facts> {
  const facts: Record<string, Fact> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const wanted = Object.entries(issuer.builtin.look(issuer.inputs, facts, past)).filter(([name]) => !Object.hasOwn(facts, name));
    if (wanted.length === 0) return facts;
    for (const [name, call] of wanted) {
      if (call.afterMs !== undefined) await branch.task.sleep(Math.max(0, Math.min(call.afterMs, untilMs - branch.task.now())));
      const leftMs = untilMs - branch.task.now();
      if (leftMs <= 0) {
        facts[name] = { kind: "failed", failure: { code: "timeout", because: "the limit passed before it was read" } };
        continue;
      }
      const made = makeAction(issuer, call);
      if (made.effect !== "reads") throw new Error(`${issuer.builtin.name} looks with an action that does not read: ${made.name}`);
      facts[name] = factOf(await issueReading(run, branch, issuer, { made, turn, limitMs: Math.min(leftMs, READING_LIMIT_MS) }));
    }
  }
  throw new Error(`${issuer.builtin.name} never stops looking`);
}

function factOf(outcome: Outcome<ActionResult>): Fact {
  if (outcome.kind === "timeout") return { kind: "failed", failure: { code: "timeout", because: outcome.because } };
  return outcome;
}

/** Facts as an event holds them: bounded. */
export function toldFacts(facts: Facts): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, toldFact(fact)]));
}

function toldFact(fact: Fact): Json {
  if (fact.kind === "failed") return { failed: fact.failure.code, because: fact.failure.because };
  if (fact.kind === "lost") return { lost: fact.because };
  const text = JSON.stringify(fact.value);
  return text.length <= FACT_LIMIT ? (JSON.parse(text) as Json) : `${text.slice(0, FACT_LIMIT)}…`;
}
