import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { PROJECT } from "../docs/project.ts";

const LOCKS = ["x", "y", "z"] as const;
const NAMES = ["first", "second"] as const;
type Name = (typeof NAMES)[number];

/** What one of the two is told. `fight`: both want locks at the same instant; `doomed` is killed while it tries. */
type Command =
  | { readonly kind: "acquire" | "release" | "die"; readonly who: Name; readonly locks: readonly string[] }
  | { readonly kind: "fight"; readonly wants: Readonly<Record<Name, readonly string[]>>; readonly doomed?: Name };

/** What schedules came to. */
export interface FightCounts {
  schedules: number;
  acquired: number;
  refused: number;
  fights: number;
  kills: number;
}

/** A process that takes locks; a new one takes the place of one that died. */
class Fighter {
  readonly #folder: string;
  readonly name: Name;
  #child: ChildProcess;
  #answers: ((line: string) => void)[] = [];
  /** What it holds, as the model knows. */
  holds: readonly string[] = [];

  constructor(folder: string, name: Name) {
    this.#folder = folder;
    this.name = name;
    this.#child = this.#start();
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(PROJECT, "test/kit/lock-fighter.ts"), this.#folder, this.name], { stdio: ["pipe", "pipe", "inherit"] });
    let rest = "";
    child.stdout.on("data", (piece: Buffer) => {
      const lines = (rest + piece.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#answers.shift()?.(line);
    });
    return child;
  }

  tell(line: string): Promise<string> {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      this.#child.stdin?.write(`${line}\n`);
    });
  }

  /** Killed, seen to be gone, and replaced. What it was about to answer is never heard. */
  async die(): Promise<void> {
    const child = this.#child;
    await new Promise((resolve) => child.once("close", resolve).kill("SIGKILL"));
    for (const waiting of this.#answers.splice(0)) waiting("died");
    this.holds = [];
    this.#child = this.#start();
  }

  end(): Promise<unknown> {
    return new Promise((resolve) => this.#child.once("close", resolve).kill("SIGKILL"));
  }
}

const someLocks = fc.subarray([...LOCKS], { minLength: 1 });
const who = fc.constantFrom(...NAMES);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("acquire", "release"), who, locks: someLocks }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("fight" as const), wants: fc.record({ first: someLocks, second: someLocks }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("die" as const), who, locks: someLocks }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("fight" as const), wants: fc.record({ first: someLocks, second: someLocks }), doomed: who }) },
);

/** Two processes fight for the same locks on so many schedules of chance. Throws at the first on which both held one, or neither got what nobody held, with the schedule. */
export async function fight(schedules: number, seed: number): Promise<FightCounts> {
  const folder = mkdtempSync(join(tmpdir(), "runbook-locks-"));
  const fighters: Readonly<Record<Name, Fighter>> = { first: new Fighter(folder, "first"), second: new Fighter(folder, "second") };
  const counts: FightCounts = { schedules: 0, acquired: 0, refused: 0, fights: 0, kills: 0 };
  try {
    await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 8 }), async (commands) => {
      for (const name of NAMES) await release(fighters[name]);
      for (const next of commands) await carryOut(fighters, next, counts);
      counts.schedules += 1;
    }), { numRuns: schedules, seed, endOnFailure: false });
    return counts;
  } finally {
    await Promise.all(NAMES.map((name) => fighters[name].end()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function release(fighter: Fighter): Promise<void> {
  await fighter.tell("release");
  fighter.holds = [];
}

async function carryOut(fighters: Readonly<Record<Name, Fighter>>, next: Command, counts: FightCounts): Promise<void> {
  if (next.kind === "fight") return together(fighters, next.wants, next.doomed, counts);
  const [fighter, other] = next.who === "first" ? [fighters.first, fighters.second] : [fighters.second, fighters.first];
  switch (next.kind) {
    case "release":
      return release(fighter);
    case "die":
      counts.kills += 1;
      return fighter.die();
    case "acquire": {
      await release(fighter);
      const answer = await fighter.tell(`acquire ${next.locks.join(" ")}`);
      const inTheWay = next.locks.filter((lock) => other.holds.includes(lock));
      const expected = inTheWay.length === 0 ? "held" : `taken ${inTheWay.toSorted()[0] ?? ""} ${other.name}`;
      if (answer !== expected) throw new Error(`${fighter.name} was answered "${answer}", and "${expected}" was true`);
      note(fighter, next.locks, answer, counts);
    }
  }
}

/** Both at once, from nothing: who shares a lock with the other may be refused, both never. */
async function together(fighters: Readonly<Record<Name, Fighter>>, wants: Readonly<Record<Name, readonly string[]>>, doomed: Name | undefined, counts: FightCounts): Promise<void> {
  counts.fights += 1;
  for (const name of NAMES) await release(fighters[name]);
  const asked = NAMES.map((name) => fighters[name].tell(`acquire ${wants[name].join(" ")}`));
  if (doomed !== undefined) {
    counts.kills += 1;
    await fighters[doomed].die();
  }
  const [first = "", second = ""] = await Promise.all(asked);
  const shared = wants.first.filter((lock) => wants.second.includes(lock));
  if (doomed === undefined) {
    if (first === "held" && second === "held" && shared.length > 0) throw new Error(`both hold ${shared.join(", ")}`);
    if (first !== "held" && second !== "held") throw new Error(`nobody got what nobody held: "${first}", "${second}"`);
    if (shared.length === 0 && (first !== "held" || second !== "held")) throw new Error(`they want different locks, and were answered "${first}", "${second}"`);
    note(fighters.first, wants.first, first, counts);
    note(fighters.second, wants.second, second, counts);
    return;
  }
  const survivor: Name = doomed === "first" ? "second" : "first";
  const answer = survivor === "first" ? first : second;
  note(fighters[survivor], wants[survivor], answer, counts);
  // Whoever was refused because of one that is dead now gets it at the next try.
  if (answer === "held") return;
  const again = await fighters[survivor].tell(`acquire ${wants[survivor].join(" ")}`);
  if (again !== "held") throw new Error(`${survivor} was answered "${again}" after the other had died`);
  note(fighters[survivor], wants[survivor], again, counts);
}

function note(fighter: Fighter, locks: readonly string[], answer: string, counts: FightCounts): void {
  if (answer === "held") {
    fighter.holds = locks;
    counts.acquired += 1;
  } else counts.refused += 1;
}
