import { expect, test } from "vitest";
import { dwordOf, parseRegistryQuery } from "../../src/formats/registry-query.ts";

const result = (stdout: string, exitCode = 0, stderr = "") => ({ exitCode, stdout, stderr, droppedBytes: 0 });

test("keys and values are read, names without regard to case", () => {
  const parsed = parseRegistryQuery("x", result("\r\nHKEY_LOCAL_MACHINE\\A\\B\r\n    Display Name    REG_SZ    Two  words    and more\r\n    State    REG_DWORD    0x1\r\n    Empty    REG_SZ    \r\n    (Default)    REG_SZ\r\n\r\nHKEY_LOCAL_MACHINE\\A\\C\r\n"));
  expect(parsed.kind === "ok" && parsed.value.map(({ path, values }) => [path, Object.fromEntries(values)])).toEqual([
    ["HKEY_LOCAL_MACHINE\\A\\B", { "display name": "Two  words    and more", state: "0x1", empty: "", "(default)": "" }],
    ["HKEY_LOCAL_MACHINE\\A\\C", {}],
  ]);
});

test("the layout of Server 2003, with tabs and a banner, is read alike", () => {
  const parsed = parseRegistryQuery("x", result("\r\n! REG.EXE VERSION 3.0\r\n\r\nHKEY_LOCAL_MACHINE\\A\r\n\tState\tREG_DWORD\t0x2\r\n"));
  expect(parsed.kind === "ok" && parsed.value[0]?.values.get("state")).toBe("0x2");
});

test("a value named like a property of every object is only a value", () => {
  const parsed = parseRegistryQuery("x", result("HKEY_LOCAL_MACHINE\\A\r\n    __proto__    REG_SZ    1\r\n"));
  expect(parsed.kind === "ok" && parsed.value[0]?.values.get("__proto__")).toBe("1");
});

test.each([
  ["exit code 1 means that nothing is there", result("", 1, "ERROR: The system was unable to find"), { kind: "ok", value: [] }],
  ["exit code 1 with a denial is a denial", result("", 1, "ERROR: Access is denied.\r\n"), { kind: "error", error: { code: "denied" } }],
  ["another exit code is unreadable", result("", 7), { kind: "error", error: { code: "unreadable" } }],
  ["no key at all is unreadable", result(""), { kind: "error", error: { code: "unreadable" } }],
  ["a value before the first key is unreadable", result("    A    REG_SZ    b\r\n"), { kind: "error", error: { code: "unreadable" } }],
  ["a line of another kind is unreadable", result("HKEY_LOCAL_MACHINE\\A\r\nfoo\r\n"), { kind: "error", error: { code: "unreadable" } }],
])("%s", (_case, answer, expected) => {
  expect(parseRegistryQuery("x", answer)).toMatchObject(expected);
});

test.each([["0x1", 1], ["0xFF", 255], ["1", undefined], ["0x", undefined], [undefined, undefined]])("the DWORD %s is %s", (text, number) => {
  expect(dwordOf(text)).toBe(number);
});
