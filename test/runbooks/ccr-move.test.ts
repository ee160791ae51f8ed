import { describe, expect, test } from "vitest";
import type { WorldFile } from "../../src/simulator/world-schema.ts";
import { worldWith, type Start } from "./changed-world.ts";
import { baseWorld, clusterOf, type Ran } from "./exchange-world.ts";

const FILE = "runbooks/ccr-move.yml";
const MOVE = "handover/move";
const YES = { kind: "approve", question: "Move EXCLUS1", answer: "yes" } as const;
type PersonAnswer = NonNullable<WorldFile["people"]>[number]["answers"][number];
const people = (...answers: readonly PersonAnswer[]): NonNullable<Start["people"]> => [{ name: "Abe", answers: [YES, ...answers] }];
const onMove = (event: NonNullable<WorldFile["events"]>[number]): NonNullable<WorldFile["events"]> => [{ on: { command: "Move-ClusteredMailboxServer" }, ...event }];
const open = (ran: Ran): readonly string[] => ran.end.openItems.map(({ step }) => step);
const questions = (ran: Ran): readonly string[] => ran.events.flatMap((event) => (event.type === "question-asked" ? [event.question] : []));
const trial = async (start: Start, inputs: Readonly<Record<string, string>> = {}) => {
  const cluster = await clusterOf(worldWith(start));
  return { cluster, first: await cluster.run(FILE, { to: "NODEB", ...inputs }) };
};

describe("a planned move", () => {
  test("is one command after one approval, is measured, and leaves nothing to do", async () => {
    const { cluster, first } = await trial({});
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(first.changed).toEqual([MOVE]);
    expect(first.end.outputs).toEqual({ from: "NODEA", active_node: "NODEB" });
    expect(first.end.outages).toMatchObject([{ probe: "mailbox", step: MOVE, open: false }]);
    expect(questions(first)).toHaveLength(1);
    expect(cluster.world.state.breaches).toEqual([]);
    const again = await cluster.run(FILE, { to: "NODEB" });
    expect(again.end.result).toBe("nothing to do");
    expect(again.events.filter(({ type }) => type === "question-asked")).toEqual([]);
  });

  test("asks nobody where the node serves already", async () => {
    const { first } = await trial({ active: "NODEB", people: [] });
    expect(first.end.result).toBe("nothing to do");
  });

  test("goes either way, to a node of any level unless one is asked for", async () => {
    const { cluster, first } = await trial({ updated: ["NODEA"] });
    expect(first.end.result).toBe("succeeded");
    expect((await cluster.run(FILE, { to: "NODEA", at_least: "8.1.263.1" })).end.result).toBe("succeeded");
    const refused = await cluster.run(FILE, { to: "NODEB", at_least: "8.1.263.1" });
    expect(refused.end.because).toMatch(/handover\/level: NODEB has build 8\.1\.240\.6/);
    expect(refused.changed).toEqual([]);
  });

  test("says which node generates the offline address book where that is another one, with the cure (R13, R31)", async () => {
    const { cluster, first } = await trial({});
    expect(open(first)).toEqual(["address_book"]);
    expect(first.end.openItems[0]?.because).toMatch(/EnableOabGenOnThisNode` on NODEB shows NODEA, and EXCLUS1 is on NODEB.*reg\.exe add HKLM\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeSA\\Parameters\\EXCLUS1 .* \/d NODEB \/f/);
    const back = await cluster.run(FILE, { to: "NODEA" });
    expect(open(back)).toEqual([]);
    const base = baseWorld();
    const elsewhere = await clusterOf({ ...base, mailbox_server: { ...base.mailbox_server, address_book: "NODEB" } });
    expect(open(await elsewhere.run(FILE, { to: "NODEB" }))).toEqual([]);
  });
});

describe("it stops before anything is changed, and before anybody is asked, where", () => {
  test.each<[string, Start, Readonly<Record<string, string>>, RegExp]>([
    ["the server is no CCR", { storage: "scc" }, {}, /is_ccr: `Get-MailboxServer EXCLUS1` shows the storage type Shared/],
    ["the node is none of the two", {}, { to: "NODEC" }, /NODEC/],
    ["another node serves than was thought", { active: "NODEA" }, { from: "NODEC" }, /where: `Get-ClusteredMailboxServerStatus EXCLUS1` shows it on NODEA, not on NODEC/],
    ["a copy has failed", { firstStorageGroup: { copy: "Failed", copy_message: "a log is missing" } }, {}, /First Storage Group is Failed \(a log is missing\)/],
    ["a database is dismounted", { firstStorageGroup: { mounted: false } }, {}, /Get-ClusteredMailboxServerStatus EXCLUS1` shows it Partially Online/],
    ["the witness is away", { witness: "unreachable" }, {}, /witness/],
  ])("%s", async (_case, start, inputs, because) => {
    const { first } = await trial(start, inputs);
    expect(first.end.result).toBe("stopped");
    expect(first.end.because).toMatch(because);
    expect(first.changed).toEqual([]);
    expect(questions(first)).toEqual([]);
  });
});

describe("a move that fails late (F29)", () => {
  const late = onMove({ move: { dismounted: ["Archive Database"] } });

  test("is noticed at once, and what was mounted before is mounted once, within the minute", async () => {
    const { cluster, first } = await trial({ events: late });
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(first.changed).toEqual([MOVE, "handover/mount"]);
    const [outage] = cluster.world.state.outages;
    expect((outage?.toMs ?? Infinity) - (outage?.fromMs ?? 0)).toBeLessThan(5 * 60_000);
    expect(cluster.world.state.breaches).toEqual([]);
  });

  const stuck = [...late, { on: { command: "Mount-Database", times: 9 }, reply: { fail: { code: "cmdlet_error", because: "the database was not shut down cleanly" } } } as const];

  test("is for a person where a database does not mount: one try, no force, and nobody goes on", async () => {
    const { first } = await trial({ events: stuck });
    expect(first.end.result).toBe("waiting");
    expect(first.changed).toEqual([MOVE, "handover/mount"]);
    expect(first.events.filter((event) => event.type === "action-started" && event.effect !== "reads" && event.step === "handover/mount")).toHaveLength(1);
    expect(questions(first).at(-1)).toMatch(/Archive Database.*the database was not shut down cleanly.*do not force it/s);
  });

  test("is gone on with when the person has mounted it by hand", async () => {
    const { first } = await trial({ events: stuck, people: people({ kind: "choose", question: "Archive Database", answer: "retry", does: [{ mount: "Archive Database" }] }) });
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(first.changed).toEqual([MOVE, "handover/mount"]);
  });

  test("ends there where the person says stop, and the next run is refused until the database is mounted", async () => {
    const { cluster, first } = await trial({ events: stuck, people: people({ kind: "choose", question: "Archive Database", answer: "stop" }) });
    expect(first.end.result).toBe("stopped");
    const second = await cluster.run(FILE, { to: "NODEB" });
    expect(second.end.because).toMatch(/Get-ClusteredMailboxServerStatus EXCLUS1` shows it Partially Online/);
    expect(second.changed).toEqual([]);
  });
});

describe("a move that takes its time (F30)", () => {
  const pending = onMove({ move: { online_pending: "20m" } });

  test("is waited for within the budget, and what is pending is said", async () => {
    const { first } = await trial({ events: pending }, { outage_budget: "30m" });
    expect(first.end.because).toBe("every step is done and the goal holds");
  });

  test("ends the run before its next change where the budget is spent, and says what is not online", async () => {
    const { cluster, first } = await trial({ events: pending });
    expect(first.end.result).toBe("failed");
    expect(first.end.because).toMatch(/longer than its outage budget of 10m.*Online Pending on NODEB; not online: .*Mailbox Database/);
    expect((await cluster.run(FILE, { to: "NODEB" })).end.result).toBe("nothing to do");
  });

  test("is made once, whatever becomes of the cmdlet's answer", async () => {
    for (const reply of [{ lost: true }, { slow: "40m" }, { effect: "done", fail: { code: "cmdlet_error", because: "The operation timed out." } }] as const) {
      const { cluster, first } = await trial({ events: onMove({ reply }) });
      expect(first.end.because).toBe("every step is done and the goal holds");
      expect(cluster.world.state.outages).toHaveLength(1);
    }
  });
});

describe("a server that does not stay (F31)", () => {
  test("stops the run, and the node that it left is named as suspect", async () => {
    const { first } = await trial({ events: onMove({ after: "150s", does: [{ fail_over: "NODEA" }] }) });
    expect(first.end.result).toBe("stopped");
    expect(first.end.because).toMatch(/EXCLUS1 is Online on NODEA\. It came back by itself.*NODEB is suspect.*update nothing meanwhile/);
  });

  test("was moved to the wanted node by somebody else meanwhile: nothing is done", async () => {
    const { first } = await trial({ people: [{ name: "Abe", answers: [{ ...YES, after: "10m", does: [{ hand_over: "NODEB" }] }] }] });
    expect(first.statuses.get(MOVE)).toBe("unchanged");
  });
});

describe("a refusal (F28)", () => {
  test("is final: nothing else is tried, and the next run makes the move", async () => {
    const { cluster, first } = await trial({ events: onMove({ reply: { fail: { code: "cmdlet_error", because: "the replay of a log cannot be verified" } } }) });
    expect(first.end.because).toMatch(/NODEA still owns EXCLUS1 \(Online\).*remove the cause, and do not move it with cluster\.exe.*the replay of a log cannot be verified/);
    expect(first.changed).toEqual([MOVE]);
    expect((await cluster.run(FILE, { to: "NODEB" })).end.result).toBe("succeeded");
  });

  test("comes from the gate where a backup begins during the approval, is waited for, and none is killed (I10)", async () => {
    const { cluster, first } = await trial({ people: [{ name: "Abe", answers: [{ ...YES, does: [{ backup: { for: "40m" } }] }] }] });
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(cluster.world.state.breaches).toEqual([]);
  });
});

describe("a backup that begins between the last look and the move (domain page, 11.12)", () => {
  test("is seen afterwards, and is an open item that says what to do", async () => {
    const { cluster, first } = await trial({ events: onMove({ does: [{ backup: { for: "1h" } }] }) });
    expect(first.end.result).toBe("succeeded");
    expect(open(first)).toEqual(["handover/cut_short", "address_book"]);
    expect(first.end.openItems[0]?.because).toMatch(/on NODEA shows ESE 214: a backup was stopped since the approval\. Start it again\. 2 errors/);
    expect([...new Set(cluster.world.state.breaches.map(({ invariant }) => invariant))]).toEqual(["I10"]);
  });
});

describe("copies that never come up in the new direction (F33)", () => {
  test("are a goal that does not hold: the server serves with one leg", async () => {
    const { first } = await trial({ events: onMove({ move: { copies: "Failed" } }) });
    expect(first.end.result).toBe("failed");
    expect(first.end.because).toMatch(/way_back: `Get-StorageGroupCopyStatus -Server EXCLUS1` shows: First Storage Group is Failed.*serves with one leg/);
  });
});

describe("the wizard (R14)", () => {
  const WIZARD = { move_by: "wizard" } as const;
  const done = (does: PersonAnswer["does"]): PersonAnswer => ({ kind: "do", question: "On NODEB, open the Exchange Management Console", answer: "yes", ...(does === undefined ? {} : { does }) });

  test("is verified by where the server is", async () => {
    const { first } = await trial({ people: people(done([{ hand_over: "NODEB" }])) }, WIZARD);
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect([first.statuses.get(MOVE), first.statuses.get("handover/move_by_hand")]).toEqual(["skipped", "ok"]);
  });

  test("is not there before service pack 1: nobody is asked, and the cmdlet is named", async () => {
    const base = baseWorld();
    const cluster = await clusterOf({ ...base, packages: [], mailbox_server: { ...base.mailbox_server, version: "8.0.685.25" } });
    const ran = await cluster.run(FILE, { to: "NODEB", ...WIZARD });
    expect([ran.end.result, ran.end.because]).toEqual(["stopped", expect.stringMatching(/^handover\/wizard: `Get-ExchangeServer EXCLUS1.*shows 8\.0\.685\.25.*--set move_by=shell/)]);
    expect([ran.changed, questions(ran)]).toEqual([[], []]);
    expect((await cluster.run(FILE, { to: "NODEB" })).end.because).toBe("every step is done and the goal holds");
  });

  test("was not used although somebody says so: asked again with what is seen, three times, then stopped", async () => {
    const { first } = await trial({ people: people(done(undefined)) }, WIZARD);
    expect(first.end.result).toBe("stopped");
    expect(first.end.because).toMatch(/handover\/move_by_hand: it was said to be done 3 times, and is not: .*NODEA/);
    const shown = first.events.flatMap((event) => (event.type === "question-asked" && event.step === "handover/move_by_hand" ? [event.show.at(-1) ?? ""] : []));
    expect(shown).toHaveLength(3);
    expect(shown[1]).toMatch(/^It was said to be done, and is not seen yet: .*NODEA/);
  });

  test("leaves a database dismounted: it is mounted as after the cmdlet", async () => {
    const { first } = await trial({ people: people(done([{ hand_over: "NODEB" }, { dismount: "Archive Database" }])) }, WIZARD);
    expect(first.end.because).toBe("every step is done and the goal holds");
    expect(first.changed).toEqual(["handover/mount"]);
  });
});
