import { expect, test } from "vitest";
import { parseOperationalMachine } from "../../src/formats/operational-machines.ts";

test.each([
  ["NODEA <Active, Quorum Owner>", { name: "NODEA", active: true, quorumOwner: true }],
  ["nodeb <Active>", { name: "NODEB", active: true, quorumOwner: false }],
  ["NODEA <Quorum Owner>", { name: "NODEA", active: false, quorumOwner: true }],
  ["NODEB", { name: "NODEB", active: false, quorumOwner: false }],
  ["Active", { name: "ACTIVE", active: false, quorumOwner: false }],
  ["NODEA <Active", undefined],
  ["NODE A", undefined],
  ["", undefined],
])("`%s` is %o", (text, machine) => {
  expect(parseOperationalMachine(text)).toEqual(machine);
});
