import { createServer } from "node:net";
import { expect, test } from "vitest";
import { tcpCheck } from "../../../src/builtins/tcp/check.ts";
import { localTransport } from "../../../src/world/local-transport.ts";
import { turn } from "../pacemaker-pair.ts";
import { LOST, printed } from "../turns.ts";

const INPUTS = { host: "127.0.0.1", port: 9, seconds: 5 };

test.each([
  ["a connection", printed(""), { open: true, because: "127.0.0.1 port 9 takes connections" }],
  ["a refusal", printed("", 1, "bash: connect: Connection refused\nbash: line 1: /dev/tcp/127.0.0.1/9: Connection refused\n"), { open: false, because: "127.0.0.1 port 9: Connection refused" }],
  ["silence", printed("", 124), { open: false, because: "127.0.0.1 port 9 did not answer within 5 seconds" }],
])("%s is an answer", (_case, connection, outputs) => {
  expect(turn(tcpCheck, INPUTS, { connection }).decision).toEqual({ kind: "done", outputs, because: outputs.because });
});

test.each([
  ["no timeout", "bash: line 3: exec: timeout: not found\n", 127, "it lacks the program `timeout` (coreutils)"],
  ["an old bash", "bash: line 4: wait: -n: invalid option\nwait: usage: wait [n]\n", 2, "it lacks a bash of version 4.3 or later"],
  ["a bash without /dev/tcp", "bash: line 2: /dev/tcp/127.0.0.1/9: No such file or directory\n", 1, "it lacks a bash that opens connections (`/dev/tcp`)"],
])("a machine with %s cannot look, which is no answer about the port", (_case, stderr, exitCode, lacks) => {
  expect(turn(tcpCheck, INPUTS, { connection: printed("", exitCode, stderr) }).decision).toMatchObject({ kind: "refuse", code: "not_found", because: `the port cannot be looked at from there: ${lacks}` });
});

test("a channel that breaks is none", () => {
  expect(turn(tcpCheck, INPUTS, { connection: LOST }).decision).toMatchObject({ kind: "refuse", code: "unreachable" });
});

test("the program that it names opens a connection to a real port, and is refused by one that nobody listens to", async () => {
  const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const look = async () => {
    const call = tcpCheck.actions["connect"]?.make({ host: "127.0.0.1", port, seconds: 1 }, {});
    if (call?.kind !== "program") throw new Error("it names a program");
    const outcome = await localTransport({ state: "/nowhere", fetched: "/nowhere" }).run(call, { limitMs: 10_000, onOutput: () => undefined, signal: new AbortController().signal });
    if (outcome.kind !== "ok") throw new Error(outcome.kind);
    return turn(tcpCheck, { host: "127.0.0.1", port, seconds: 1 }, { connection: { kind: "ok", value: outcome.value } }).decision;
  };
  expect(await look()).toMatchObject({ outputs: { open: true } });
  await new Promise((resolve) => server.close(resolve));
  expect(await look()).toMatchObject({ outputs: { open: false, because: `127.0.0.1 port ${port}: Connection refused` } });
});
