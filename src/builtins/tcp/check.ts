import { defineBuiltin } from "../../core/builtin.ts";
import { failureOf } from "../../core/facts.ts";
import { parseReading, withoutReading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { excerpt } from "../../formats/excerpt.ts";

/** Exit code of `timeout(1)` where the limit passed. */
const TIMED_OUT = 124;

/** What a machine lacks that cannot look, whatever the port does: `timeout`, a bash since 4.3, one that was built with `/dev/tcp`. Undefined where it can. */
function lackOf(exitCode: number, stderr: string): string | undefined {
  // Exit codes of bash for a program that is not there, and for a wrong use of what it has itself: they are the same in every language.
  if (exitCode === 126 || exitCode === 127) return "the program `timeout` (coreutils)";
  if (exitCode === 2) return "a bash of version 4.3 or later";
  return /\/dev\/tcp\/\S+: No such file or directory/.test(stderr) ? "a bash that opens connections (`/dev/tcp`)" : undefined;
}

/**
 * Begins a connection anew each second, beside those that wait still: one packet that is lost is no outage, and who comes back is seen at
 * once. Ends with the first that is answered. `wait -n` is bash 4.3 and later.
 */
const TRY = `for ((i = 0; i < $3; i++)); do
  (exec 3<>"/dev/tcp/$1/$2") &
  (exec timeout 1 sleep 9) &
  wait -n
  code=$?
  [ $code = ${TIMED_OUT} ] || break
done
kill $(jobs -p) 2>/dev/null
exit $code`;

/** `tcp.check`: whether a port takes connections. */
export const tcpCheck = defineBuiltin({
  name: "tcp.check",
  title: "See whether a port takes connections",
  docs: [
    "Opens a connection to a port and closes it again, from the target, or without one from the machine that runs the runbook. The other side has `seconds`; a refusal counts at once. That nobody listens is an answer (`open: false`, with what the system said), so it can be waited for, and watched by a probe.",
    "",
    "In a probe, `seconds` is what the measure is worth: silence that is shorter is not seen. A lost packet is no outage: a connection is begun anew each second.",
    "",
    "Needs `bash` and `timeout` where it acts: every Linux system has them.",
  ].join("\n"),
  examples: [{ title: "The database answers on its address", yaml: ["- id: reachable", "  uses: tcp.check", "  with: { host: db.example.org, port: 5432 }", "  wait-until: outputs.open", "  timeout: 2m"].join("\n") }],
  inputs: {
    host: { type: "string", format: "hostname", description: "Name or address" },
    port: { type: "integer", minimum: 1, maximum: 65_535, description: "Port" },
    seconds: { type: "integer", minimum: 1, maximum: 60, default: 5, description: "How long the other side has to answer" },
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
      make: (inputs) => ({ kind: "program", program: "bash", args: ["-c", TRY, "bash", inputs.host, String(inputs.port), String(inputs.seconds)] }),
    },
  },
  look: () => ({ connection: { action: "connect" } }),
  decide(inputs, facts, past) {
    const failure = failureOf(facts, "connection");
    if (failure !== undefined) return withoutReading(past, failure);
    const seen = parseReading(facts, "connection", "program", ok);
    if (seen.kind === "error") return withoutReading(past, seen.error);
    const { exitCode, stderr } = seen.value;
    const lack = exitCode === TIMED_OUT ? undefined : lackOf(exitCode, stderr);
    if (lack !== undefined) return withoutReading(past, { code: "not_found", because: `the port cannot be looked at from there: it lacks ${lack}` });
    const at = `${inputs.host} port ${inputs.port}`;
    const said = stderr.split("\n").map((line) => /(?:connect|\/dev\/tcp\/\S+): (.+)$/.exec(line)?.[1]).find((text) => text !== undefined) ?? excerpt(stderr);
    const because = exitCode === 0 ? `${at} takes connections` : exitCode === TIMED_OUT ? `${at} did not answer within ${inputs.seconds === 1 ? "a second" : `${inputs.seconds} seconds`}` : `${at}: ${said}`;
    return { kind: "done", outputs: { open: exitCode === 0, because }, because };
  },
});
