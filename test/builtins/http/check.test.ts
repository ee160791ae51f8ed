import { createServer } from "node:http";
import { expect, test } from "vitest";
import { httpCheck } from "../../../src/builtins/http/check.ts";
import { localTransport } from "../../../src/world/local-transport.ts";
import { turn } from "../pacemaker-pair.ts";
import { printed, refused } from "../turns.ts";

const INPUTS = { url: "http://127.0.0.1:9/", redirects: 0, seconds: 10 };

test.each([
  ["a page", printed("fine\u001e200 0.012345"), { answered: true, status: 200, body: "fine", took_ms: 12 }],
  ["an error of the server", printed("no\u001e503 0.1"), { answered: true, status: 503 }],
  ["a redirect that is not followed", printed("\u001e302 0.1", 47, "curl: (47) Maximum (0) redirects followed\n"), { answered: true, status: 302 }],
  ["an answer that does not end in its time", printed("fi\u001e200 10.0", 28, "curl: (28) Operation timed out after 10000 milliseconds with 2 out of 40 bytes received\n"), { answered: false, status: 0, because: expect.stringContaining("begins to answer 200, and the answer does not come whole: curl: (28)") }],
  ["an answer that is cut off", printed("fi\u001e200 0.1", 18, "curl: (18) transfer closed with 38 bytes remaining to read\n"), { answered: false, status: 0 }],
  ["nobody there", printed("\u001e000 0.0004", 7, "curl: (7) Failed to connect to 127.0.0.1 port 9 after 0 ms: Couldn't connect to server\n"), { answered: false, status: 0 }],
])("%s is an answer", (_case, answer, outputs) => {
  expect(turn(httpCheck, INPUTS, { answer }).decision).toMatchObject({ kind: "done", outputs });
});

test("a machine without curl is refused", () => {
  expect(turn(httpCheck, INPUTS, { answer: refused("not_found", "this machine has no program curl") }).decision).toMatchObject({ kind: "refuse", code: "not_found" });
});

test.each([["a name with a blank", { "X Y": "1" }], ["a value with a line break", { X: "1\r\nEvil: 1" }]])("a header with %s is refused", (_case, headers) => {
  expect(turn(httpCheck, { ...INPUTS, headers }, { answer: printed("\u001e200 0") }).decision).toMatchObject({ kind: "refuse", code: "bad_header" });
});

test("headers and address reach a real server as they are, and stand in no list of processes", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url, request.headers["x-token"]?.toString());
    response.end(String.raw`body "with" \ all`);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const inputs = { ...INPUTS, url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/a?b=%22c%22`, headers: { "X-Token": String.raw`a "quoted" \n $(id)` } };
  const call = httpCheck.actions["get"]?.make(inputs, {});
  if (call?.kind !== "program") throw new Error("it names a program");
  expect([call.program, ...call.args].join(" ")).toBe("curl --silent --show-error --config -");
  const outcome = await localTransport({ state: "/nowhere", fetched: "/nowhere" }).run(call, { limitMs: 10_000, onOutput: () => undefined, signal: new AbortController().signal });
  if (outcome.kind !== "ok") throw new Error(outcome.kind);
  expect(turn(httpCheck, inputs, { answer: { kind: "ok", value: outcome.value } }).decision).toMatchObject({ outputs: { status: 200, body: String.raw`body "with" \ all` } });
  expect(seen).toEqual(["/a?b=%22c%22", String.raw`a "quoted" \n $(id)`]);
  await new Promise((resolve) => server.close(resolve));
});
