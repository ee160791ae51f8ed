import { expect, test } from "vitest";
import type { ClusterNode, ClusterResource } from "../../src/formats/cluster-exe.ts";
import { countVotes, mailboxServerGroups, majorityOf } from "../../src/formats/cluster-resources.ts";

const node = (name: string, state: ClusterNode["state"]): ClusterNode => ({ name, state });
const resource = (name: string, group: string, state: ClusterResource["state"] = "Online"): ClusterResource => ({ name, group, owner: "NODEA", state });

test.each([
  ["both nodes and the witness", [node("A", "Up"), node("B", "Up")], [resource("File Share Witness (\\\\h\\s)", "Cluster Group")], { votes: 3, of: 3, witnessOnline: true }],
  ["a paused node votes", [node("A", "Up"), node("B", "Paused")], [resource("Majority Node Set", "Cluster Group")], { votes: 3, of: 3, witnessOnline: true }],
  ["a node that joins does not vote", [node("A", "Up"), node("B", "Joining")], [resource("File Share Witness", "Cluster Group")], { votes: 2, of: 3, witnessOnline: true }],
  ["a failed witness does not vote", [node("A", "Up"), node("B", "Up")], [resource("File Share Witness", "Cluster Group", "Failed")], { votes: 2, of: 3, witnessOnline: false }],
  ["a cluster without a witness", [node("A", "Up"), node("B", "Down")], [], { votes: 1, of: 2, witnessOnline: false }],
])("votes are counted: %s", (_case, nodes, resources, votes) => {
  expect(countVotes(nodes, resources)).toEqual(votes);
});

test.each([[1, 1], [2, 2], [3, 2], [4, 3], [5, 3]])("of %i votes, %i are a majority", (of, needed) => {
  expect(majorityOf({ votes: 0, of, witnessOnline: false })).toBe(needed);
});

test("groups of mailbox servers are known by their resources, whatever the group is called", () => {
  const found = mailboxServerGroups([resource("Exchange System Attendant Instance (EX1)", "G1"), resource("information store instance (EX2)", "G2"), resource("Disk Q:", "Available Storage")]);
  expect([...found]).toEqual(["G1", "G2"]);
});
