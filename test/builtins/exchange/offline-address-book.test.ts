import { expect, test } from "vitest";
import { exchangeOfflineAddressBook } from "../../../src/builtins/exchange/offline-address-book.ts";
import type { Fact } from "../../../src/core/builtin.ts";
import { ABSENT_KEY, GARBLED, LOST, PAIR, printed, turn } from "./ccr-pair.ts";

const KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeSA\\Parameters\\EXCLUS1";
const QUERY = `reg.exe query ${KEY} /v EnableOabGenOnThisNode`;
const named = (value: string): Fact => printed(`\r\nHKEY_LOCAL_MACHINE${KEY.slice(4)}\r\n    EnableOabGenOnThisNode    REG_SZ    ${value}\r\n\r\n`);
const decide = (fact: Fact) => turn(exchangeOfflineAddressBook, { identity: "EXCLUS1" }, { ...PAIR, [QUERY]: fact }).decision;

test("the node that the registry names is given, in one case", () => {
  expect(decide(named("nodea"))).toEqual({ kind: "done", outputs: { node: "NODEB", generating_node: "NODEA", key: KEY }, because: "NODEB names NODEA as the node that generates the offline address book" });
});
test.each([["there is no value", ABSENT_KEY], ["it is empty", named("")]])("no node is given where %s", (_case, fact) => {
  expect(decide(fact)).toEqual({ kind: "done", outputs: { node: "NODEB", key: KEY }, because: "NODEB names no node that generates the offline address book" });
});
test.each(Object.entries(GARBLED))("%s is unreadable, not an absent value", (_case, fact) => {
  expect(decide(fact)).toMatchObject({ kind: "refuse", code: "unreadable" });
});
test("no answer is no absent value", () => {
  expect(decide(LOST)).toMatchObject({ kind: "refuse", code: "unreachable" });
  expect(decide(printed("", 1, "ERROR: Access is denied.\r\n"))).toMatchObject({ kind: "refuse", code: "denied" });
});
