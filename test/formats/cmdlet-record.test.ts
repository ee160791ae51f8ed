import { expect, test } from "vitest";
import { countField, flagField, oneRecord, recordsOf, textField, textsField } from "../../src/formats/cmdlet-record.ts";

test.each([
  [{ A: " x " }, "x"], [{ A: "" }, undefined], [{ A: null }, undefined], [{ A: 1 }, undefined], [{}, undefined],
])("the text of %o is %s", (record, text) => {
  expect(textField(record, "A")).toBe(text);
});

test.each([[{ A: 3 }, 3], [{ A: 0 }, 0], [{ A: -1 }, undefined], [{ A: 1.5 }, undefined], [{ A: "3" }, undefined]])("the count of %o is %s", (record, count) => {
  expect(countField(record, "A")).toBe(count);
});

test("a flag is true or false and nothing else", () => {
  expect([flagField({ A: true }, "A"), flagField({ A: false }, "A"), flagField({ A: "True" }, "A")]).toEqual([true, false, undefined]);
});

test.each([[{ A: ["x", "y"] }, ["x", "y"]], [{ A: "x" }, ["x"]], [{}, []], [{ A: null }, []], [{ A: [1] }, undefined], [{ A: { b: 1 } }, undefined]])("the texts of %o are %o", (record, texts) => {
  expect(textsField(record, "A")).toEqual(texts);
});

test("a property of every object is not a property of a record", () => {
  expect([textField({}, "constructor"), textsField({}, "toString")]).toEqual([undefined, []]);
});

test("one record is asked for: none does not exist, several are unreadable", () => {
  expect(oneRecord("x", { records: [{ A: 1 }] })).toEqual({ kind: "ok", value: { A: 1 } });
  expect(oneRecord("x", { records: [] })).toMatchObject({ kind: "error", error: { code: "not_found" } });
  expect(oneRecord("x", { records: [{}, {}] })).toMatchObject({ kind: "error", error: { code: "unreadable" } });
});

test("an answer that is no list of records is unreadable", () => {
  expect(recordsOf("x", { records: [[]] as never })).toMatchObject({ kind: "error", error: { code: "unreadable" } });
  expect(recordsOf("x", {} as never)).toMatchObject({ kind: "error", error: { code: "unreadable" } });
});
