import { expect, test } from "vitest";
import { postgresReplication } from "../../../src/builtins/postgres/replication.ts";
import { turn } from "../pacemaker-pair.ts";
import { printed } from "../turns.ts";
import { DOWN, primary, standby } from "./servers.ts";

const INPUTS = { port: 5432, account: "postgres", max_lag: "16MiB" };

test("a primary tells who receives from it", () => {
  expect(turn(postgresReplication, INPUTS, { server: primary() }).decision).toEqual({
    kind: "done", because: "the server is the primary; node2 is streaming, 0B behind",
    outputs: { role: "primary", in_sync: true, timeline: 1, receives: false, paused: false, standbys: [{ name: "node2", address: "10.77.1.12", state: "streaming", sync: "async", behind: "0B" }] },
  });
});

test.each([
  ["a primary without a standby", primary({ standbys: [] }), false],
  ["a primary whose standby catches up", primary({ standbys: [{ name: "node2", state: "catchup", behind: 10 }] }), false],
  ["a primary whose standby is far behind", primary({ standbys: [{ name: "node2", state: "streaming", behind: 17_000_000_000 }] }), false],
  ["a primary whose standby has not told yet", primary({ standbys: [{ name: "node2", state: "streaming" }] }), false],
  ["a standby that keeps up", standby({ behind: 4096 }), true],
  ["a standby that is far behind", standby({ behind: 17_000_000_000 }), false],
  ["a standby that receives from nobody", standby({ receiver: null, behind: null }), false],
  ["a standby whose replay is paused", standby({ paused: true }), false],
  ["a server that is down", DOWN, false],
])("%s: in sync is %s", (_case, server, in_sync) => {
  expect(turn(postgresReplication, INPUTS, { server }).decision).toMatchObject({ kind: "done", outputs: { in_sync } });
});

test.each([["no JSON", printed("t|f\n")], ["another row", printed('{"a":1}\n')], ["an error", printed("", 1, "ERROR: permission denied for function pg_control_checkpoint")]])("%s is refused", (_case, server) => {
  expect(turn(postgresReplication, INPUTS, { server }).decision.kind).toBe("refuse");
});
