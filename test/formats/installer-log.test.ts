import { expect, test } from "vitest";
import { failureInLog } from "../../src/formats/installer-log.ts";

const log = (...lines: readonly string[]): string => lines.map((line) => `MSI (s) (A4:5C) [09:12:13:144]: ${line}\r\n`).join("");

test.each<[string, string, readonly string[]]>([
  ["a log without a failure says nothing", log("Doing action: InstallFiles", "MainEngineThread is returning 0"), []],
  ["nor does an empty one", "", []],
  ["the first action that failed is quoted with the two lines before it, and the engine's last word",
    log("Doing action: InstallFiles", "Executing op", "Error 1306. The file is in use.", "Action ended: InstallFiles. Return value 3.", "Doing action: Rollback", "Action ended: INSTALL. Return value 3.", "MainEngineThread is returning 1603"),
    ["Executing op", "Error 1306. The file is in use.", "Action ended: InstallFiles. Return value 3.", "MainEngineThread is returning 1603"]],
  ["noise is left out", log("Error 1306. The file is in use.", "Note: 1: 2262 2: Error 3: -2147287038", "Note: 1: 2235 2:  3: X", "DEBUG: Error 2262:  Stream does not exist", "Return value 3."), ["Error 1306. The file is in use.", "Return value 3."]],
  ["an end without a failed action is quoted alone", log("Command line read", "MainEngineThread is returning 1642"), ["MainEngineThread is returning 1642"]],
  ["lines without a prefix, and blank ones, are lines, too", "\r\nProduct: X -- Error 1920.\r\n\r\n   Return value 3.\n", ["Product: X -- Error 1920.", "Return value 3."]],
  ["control characters cannot leave the quotation", "a\u001b[31mb\u0007\r\nReturn value 3.\r\n", ["a [31mb", "Return value 3."]],
  ["a line of the client has another prefix", "MSI (c) (0C:1F): Return value 3.\r\n", ["Return value 3."]],
])("%s", (_case, text, lines) => {
  expect(failureInLog(text)).toEqual(lines);
});

test("a long line is cut", () => {
  expect(failureInLog(`${"x".repeat(5_000)}\r\nReturn value 3.`)[0]).toHaveLength(161);
});
