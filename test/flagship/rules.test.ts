import { describe, expect, test } from "vitest";
import type { Registry } from "../../src/core/builtin.ts";
import { builtins } from "../../src/builtins/index.ts";
import { changedWorld, runOnWorld } from "../kit/ccr-kit.ts";
import { removalsOf } from "../kit/removals.ts";
import { registryWithout } from "../kit/unguarded.ts";
import { loadWithout } from "../kit/without.ts";
import { FAILURES } from "./failures/catalogue.ts";

function guard(id: string): Registry {
  const [builtin = "", code = ""] = id.split(":");
  return registryWithout({ id, builtin, code });
}

/** Every run in these tests is held to the rules of the domain page, 7.4; so it must be able to break them. */
describe("a run that breaks a rule fails the test that made it", () => {
  test.each<[rule: string, world: string, part: string | undefined, registry: Registry]>([
    ["I1", "the cluster's own group comes to the node", undefined, guard("exchange.install_rollup:owns_group")],
    ["I4", "a witness that goes away before setup", undefined, guard("exchange.install_rollup:no_quorum_margin")],
    ["I3", "a queue that grows with the approval", undefined, guard("exchange.move_mailbox_server:copies_unhealthy")],
    ["I10", "a backup of the copies when setup is to start", "parts/update-passive-node.yml steps.no_backup", builtins],
  ])("%s: %s", async (rule, name, part, registry) => {
    const found = FAILURES.find((failure) => failure.name === name);
    const removal = removalsOf().find(({ id }) => id === part);
    const { runbook } = loadWithout(removal, registry);
    if (found === undefined || runbook === undefined || (part !== undefined && removal === undefined)) throw new Error(`there is no ${name}, or no ${part ?? ""}`);
    const world = await changedWorld(found.world, ...(found.changes ?? []));
    await expect(runOnWorld(world, { runbook, inputs: found.inputs ?? {} })).rejects.toThrow(new RegExp(`the run broke (.*; )?${rule}: `));
  });
});
