import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Action } from "../../../../src/core/action.ts";
import { freshWorld } from "../../../kit/ccr-kit.ts";
import { HAS_REMOTING, PATIENCE_MS } from "../lab.ts";
import { behindPowershell, type Behind } from "./behind.ts";
import { driven, drivenDirectly, type Ask } from "./driven.ts";

const WORLD = "test/worlds/move-answer-lost.world.yml";

const MOVE: Action = { kind: "cmdlet", name: "Move-ClusteredMailboxServer", parameters: { Identity: "EXCLUS1", TargetMachine: "NODEB", MoveComment: "it's \"$(time)\"", Confirm: false }, properties: [] };
const STATUS: Action = { kind: "cmdlet", name: "Get-ClusteredMailboxServerStatus", parameters: { Identity: "EXCLUS1" }, properties: ["State", "OperationalMachines"] };

describe.runIf(HAS_REMOTING)("over real PowerShell remoting, as without,", { timeout: PATIENCE_MS }, () => {
  let behind: Behind;
  let ways: readonly Ask[];
  beforeAll(async () => {
    const world = await freshWorld(WORLD);
    behind = await behindPowershell(world);
    ways = [driven(world, behind), drivenDirectly(await freshWorld(WORLD))];
  }, PATIENCE_MS);
  afterAll(() => behind.stop());

  test("a move whose answer never comes is lost, and the next look finds it made; a call that takes longer than its limit is a timeout", async () => {
    for (const ask of ways) {
      expect(await ask(STATUS)).toMatchObject({ kind: "ok", value: { records: [{ OperationalMachines: ["NODEA <Active, Quorum Owner>", "NODEB"] }] } });
      expect(await ask(MOVE, 1_800_000)).toMatchObject({ kind: "lost" });
      expect(await ask(STATUS)).toMatchObject({ kind: "ok", value: { records: [{ State: "Online", OperationalMachines: ["NODEA <Quorum Owner>", "NODEB <Active>"] }] } });
      expect(await ask(STATUS, 10)).toMatchObject({ kind: "timeout" });
      expect(await ask(STATUS)).toMatchObject({ kind: "ok" });
    }
  });
});
