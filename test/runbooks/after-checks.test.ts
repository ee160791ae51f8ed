import { describe, expect, test } from "vitest";
import type { WorldFile } from "../../src/simulator/world-schema.ts";
import { worldWith } from "./changed-world.ts";
import { clusterOf } from "./exchange-world.ts";

const FILE = "test/runbooks/after-checks.yml";
const MOVE = "Move-ClusteredMailboxServer";
type Does = NonNullable<NonNullable<WorldFile["events"]>[number]["does"]>;

/** A world in which that comes to pass half a minute after the move begins. */
const afterTheMove = (...does: Does): WorldFile["events"] => [{ on: { command: MOVE }, after: "30s", does }];
const STORE_ERROR = { log_event: { node: "NODEB", source: "MSExchangeIS", id: 9877, message: "The store struggles" } } as const;
const answering = (answer: string): NonNullable<WorldFile["people"]> => [{ name: "Abe", answers: [{ kind: "choose", question: "served", answer, reason: "It is known" }] }];

describe("after a move that succeeded (F41)", () => {
  test("nothing is asked where mail flows and nothing was logged", async () => {
    const ran = await (await clusterOf(worldWith({ people: [] }))).run(FILE);
    expect(ran.end.result).toBe("succeeded");
    expect(ran.end.openItems).toEqual([]);
  });

  test("an error from before does not count, and one of the passive node neither", async () => {
    const world = worldWith({ people: [], events: afterTheMove({ log_event: { ...STORE_ERROR.log_event, node: "NODEA" } }) });
    const nodes = { ...world.nodes, NODEB: { event_log: [{ before: "1h", source: "MSExchangeIS", id: 9877 }] } };
    expect((await (await clusterOf({ ...world, nodes })).run(FILE)).end.result).toBe("succeeded");
  });

  test.each<[string, Does, string]>([
    ["mail does not flow", [{ mail_flow: "failing" }], "`Test-Mailflow EXCLUS1` shows it"],
    ["Exchange logs an error", [STORE_ERROR], "MSExchangeIS 9877 (The store struggles)"],
    ["the witness is gone", [{ witness: "unreachable" }], "FileShareQuorum Failed"],
  ])("a person is asked where %s, and told the way back", async (_case, does, because) => {
    const ran = await (await clusterOf(worldWith({ people: [], events: afterTheMove(...does) }))).run(FILE);
    expect(ran.end.result).toBe("waiting");
    const asked = ran.events.find((event) => event.type === "question-asked");
    expect(asked?.step).toBe("served_well_b");
    expect(JSON.stringify(asked)).toContain(because.replaceAll("\\", "\\\\"));
    expect(JSON.stringify(asked)).toContain("Hand it back to NODEA, which is still old.");
  });

  test("a finding that a person passed over is an open item, and is not asked about again at the end", async () => {
    const ran = await (await clusterOf(worldWith({ people: answering("skip"), events: afterTheMove(STORE_ERROR) }))).run(FILE);
    expect(ran.end.result).toBe("succeeded");
    expect(ran.end.openItems.map(({ step }) => step)).toEqual(["served_well_b"]);
    expect(ran.statuses.get("served_well")).toBe("ok");
  });

  test("the policy can stop the run, or note an open item", async () => {
    const stopped = await (await clusterOf(worldWith({ people: [], events: afterTheMove(STORE_ERROR) }))).run(FILE, { after_checks: "stop" });
    expect(stopped.end.result).toBe("stopped");
    expect(stopped.statuses.get("served_well_b")).toBe("failed");
    const noted = await (await clusterOf(worldWith({ people: [], events: afterTheMove(STORE_ERROR) }))).run(FILE, { after_checks: "note" });
    expect(noted.end.result).toBe("succeeded");
    expect(noted.end.openItems.map(({ step }) => step)).toContain("served_well_b");
  });
});
