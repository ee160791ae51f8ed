import { isDeepStrictEqual } from "node:util";
import { Dice } from "../kit/dice.ts";
import { copiesAt, killAndTakeUp, takeUp, type Left, type Taken, type Unkilled } from "./killed-runner.ts";

/** Instants in an order of chance, the same ones each time, so that the first of them are a fair sample. */
export function shuffled(instants: number, seed: number): readonly number[] {
  const dice = new Dice(seed);
  return Array.from({ length: instants }, (_, index) => ({ instant: index + 1, weight: dice.next() })).toSorted((a, b) => a.weight - b.weight).map(({ instant }) => instant);
}

/** What differs from the run that nobody killed; empty where nothing may not be. */
function problemsOf(whole: Left, { left, inDoubt }: Pick<Taken, "left" | "inDoubt">): readonly string[] {
  const problems: string[] = [];
  if (left.result !== whole.result) problems.push(`it ended ${left.result}`);
  if (!isDeepStrictEqual(left.world, whole.world)) problems.push("the system is not what it would have been");
  if (!isDeepStrictEqual(left.befell, whole.befell)) problems.push(`this befell the system: ${left.befell.join("; ")}`);
  if (left.remains.length > 0) problems.push(`the nodes keep jobs of a run that is over: ${left.remains.join(", ")}`);
  const twice = left.changes.filter((change, index) => left.changes.indexOf(change) !== index && count(left.changes, change) > count(whole.changes, change));
  if (twice.length > 0) problems.push(`done twice: ${twice.join(", ")}`);
  // What was in doubt and was found done is not done again: its outcome is in no record.
  const missing = whole.changes.filter((change) => !left.changes.includes(change));
  if (missing.length > inDoubt) problems.push(`not recorded: ${missing.join(", ")}`);
  return problems;
}

function count(changes: readonly string[], change: string): number {
  return changes.filter((other) => other === change).length;
}

/** What an instant is, for counting. */
export type InstantKind = "after a record" | "about a change of the system" | "before a call to the disk";

/** What an instant is, by the call that the program was about to make. */
export function kindOf(instant: string): InstantKind {
  if (instant.startsWith("record ")) return "after a record";
  return /(worlds|claims)$/.test(instant) || instant.startsWith("fdatasync") ? "about a change of the system" : "before a call to the disk";
}

/** Counts what deaths came to. */
class KillTally {
  readonly #counts = new Map<string, number>();
  #kills = 0;

  add(kind: InstantKind, { how, inDoubt, cutBytes }: Taken): void {
    this.#kills += 1;
    for (const word of [how, kind, ...(inDoubt > 0 ? ["with a change in doubt"] : []), ...(cutBytes > 0 ? ["with a torn record"] : [])]) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  /** `40 deaths: 38 resumed, …`. */
  text(): string {
    return `${this.#kills} deaths: ${[...this.#counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([word, times]) => `${times} ${word}`).join(", ")}`;
  }
}

/** What so many deaths came to. */
export interface Deaths {
  readonly counts: string;
  /** All that may not be. */
  readonly problems: readonly string[];
}

/** How a death at an instant is taken up. */
type TakeUpAt = (instant: number) => Promise<Taken>;

/** Collects what deaths came to. */
class Reckoning implements Deaths {
  readonly #whole: Unkilled;
  readonly #tally = new KillTally();
  readonly problems: string[] = [];

  constructor(whole: Unkilled) {
    this.#whole = whole;
  }

  get counts(): string {
    return this.#tally.text();
  }

  async take(instant: number, takeUpAt: TakeUpAt): Promise<void> {
    const what = this.#whole.instants[instant - 1] ?? "";
    try {
      const taken = await takeUpAt(instant);
      this.#tally.add(kindOf(what), taken);
      this.problems.push(...problemsOf(this.#whole.left, taken).map((problem) => `instant ${instant}, ${what}: ${problem}`));
    } catch (fault) {
      this.problems.push(`instant ${instant}, ${what}: ${fault instanceof Error ? fault.message : String(fault)}`);
    }
  }
}

/** Kills the program at each of these instants and takes its run up, two at a time. */
export async function killAtEach(program: string, whole: Unkilled, chosen: readonly number[]): Promise<Deaths> {
  const reckoning = new Reckoning(whole);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let instant = chosen[next++]; instant !== undefined; instant = chosen[next++]) await reckoning.take(instant, (at) => killAndTakeUp(program, at));
  };
  await Promise.all([worker(), worker()]);
  return reckoning;
}

/** A run costs as much as it takes to come to an instant; so one run is copied at so many of them. */
const COPIES_A_RUN = 100;

/** Takes up what a death at each of these instants would leave, of runs that are copied at each and not killed. Tells the counts after each run. */
export async function takeUpAtEach(program: string, whole: Unkilled, chosen: readonly number[], tell: (deaths: Deaths) => void): Promise<Deaths> {
  const reckoning = new Reckoning(whole);
  for (let from = 0; from < chosen.length; from += COPIES_A_RUN) {
    const some = chosen.slice(from, from + COPIES_A_RUN);
    await copiesAt(program, some, async (folderOf) => {
      for (const instant of some) await reckoning.take(instant, (at) => takeUp(folderOf(at)));
    });
    tell(reckoning);
  }
  return reckoning;
}
