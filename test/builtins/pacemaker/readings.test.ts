import { expect, test } from "vitest";
import { pacemakerGroups } from "../../../src/builtins/pacemaker/groups.ts";
import { pacemakerNodes } from "../../../src/builtins/pacemaker/nodes.ts";
import { cluster, HEALTHY, recorded, turn } from "../pacemaker-pair.ts";
import { printed } from "../turns.ts";

test("groups are told with where they run and who leads, without the devices that fence", () => {
  expect(turn(pacemakerGroups, {}, HEALTHY).decision).toEqual({
    kind: "done",
    outputs: {
      quorate: true,
      groups: [
        { name: "db-clone", kind: "clone", state: "started", nodes: ["node1", "node2"], promoted: ["node1"] },
        { name: "core", kind: "group", state: "started", nodes: ["node1"], promoted: [] },
        { name: "cms", kind: "group", state: "started", nodes: ["node1"], promoted: [] },
      ],
    },
    because: "db-clone is started on node1 and node2, promoted on node1; core is started on node1; cms is started on node1",
  });
});

test("a group of which a part failed is failed, and one of which a part is stopped is partly started", () => {
  const core = '<resource id="core-name" resource_agent="ocf:pacemaker:Dummy" role="Started" active="true" orphaned="false" blocked="false" managed="true" failed="false"';
  const state = (changed: string) => turn(pacemakerGroups, {}, { cluster: cluster([core, changed]) }).decision;
  expect(state(core.replace('failed="false"', 'failed="true"'))).toMatchObject({ outputs: { groups: [{}, { state: "failed" }, {}] } });
  expect(state(core.replace('role="Started"', 'role="Stopped"'))).toMatchObject({ outputs: { groups: [{}, { state: "partly started" }, {}] } });
});

test("nodes are told with their states", () => {
  expect(turn(pacemakerNodes, {}, HEALTHY).decision).toMatchObject({ kind: "done", outputs: { all_online: true, quorate: true, maintenance: false }, because: "node1 is online, node2 is online" });
  expect(turn(pacemakerNodes, {}, { cluster: printed(recorded("standby")) }).decision).toMatchObject({ kind: "done", outputs: { all_online: false, nodes: [{ name: "node1", state: "online" }, { name: "node2", state: "standby" }] } });
  expect(turn(pacemakerNodes, {}, { cluster: cluster(['maintenance-mode="false"', 'maintenance-mode="true"']) }).decision).toMatchObject({ kind: "done", outputs: { all_online: false, maintenance: true } });
});
