import { defineBuiltin } from "../../core/builtin.ts";
import { failureOf } from "../../core/facts.ts";
import { parseReading, withoutReading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { excerpt } from "../../formats/excerpt.ts";

/** How long the other side has to answer. Ours. */
const PATIENCE_SECONDS = 5;

/** Exit code of `timeout(1)` where the limit passed. */
const TIMED_OUT = 124;

/** `tcp.check`: whether a port takes connections. */
export const tcpCheck = defineBuiltin({
  name: "tcp.check",
  title: "See whether a port takes connections",
  docs: [
    "Opens a connection to a port and closes it again, from the target, or without one from the machine that runs the runbook. The other side has five seconds. That nobody listens is an answer (`open: false`, with what the system said), so it can be waited for, and watched by a probe.",
    "",
    "Needs `bash` and `timeout` where it acts: every Linux system has them.",
  ].join("\n"),
  examples: [{ title: "The database answers on its address", yaml: ["- id: reachable", "  uses: tcp.check", "  with: { host: db.example.org, port: 5432 }", "  wait-until: outputs.open", "  timeout: 2m"].join("\n") }],
  inputs: {
    host: { type: "string", format: "hostname", description: "Name or address" },
    port: { type: "integer", minimum: 1, maximum: 65_535, description: "Port" },
  },
  outputs: {
    open: { type: "boolean", description: "It took a connection" },
    because: { type: "string", description: "What was seen" },
  },
  codes: {},
  place: "optional",
  timeoutMs: 120_000,
  actions: {
    connect: {
      effect: "reads", title: "Open a connection",
      // Host and port are arguments of the shell, never a part of its text.
      make: (inputs) => ({ kind: "program", program: "timeout", args: [String(PATIENCE_SECONDS), "bash", "-c", 'exec 3<>"/dev/tcp/$1/$2"', "bash", inputs.host, String(inputs.port)] }),
    },
  },
  look: () => ({ connection: { action: "connect" } }),
  decide(inputs, facts, past) {
    const failure = failureOf(facts, "connection");
    if (failure !== undefined) return withoutReading(past, failure);
    const seen = parseReading(facts, "connection", "program", ok);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { exitCode, stderr } = seen.value;
    const at = `${inputs.host} port ${inputs.port}`;
    const said = stderr.split("\n").map((line) => /(?:connect|\/dev\/tcp\/\S+): (.+)$/.exec(line)?.[1]).find((text) => text !== undefined) ?? excerpt(stderr);
    const because = exitCode === 0 ? `${at} takes connections` : exitCode === TIMED_OUT ? `${at} did not answer within ${PATIENCE_SECONDS} seconds` : `${at}: ${said}`;
    return { kind: "done", outputs: { open: exitCode === 0, because }, because };
  },
});
