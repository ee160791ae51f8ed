import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { formatDuration } from "../../core/quantity.ts";
import { unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { oneRecord, textField } from "../../formats/cmdlet-record.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { parseTimeSpan } from "../../formats/time-span.ts";
import { parseExchangeReading } from "./shared/exchange-cmdlet.ts";

/** What came of the test message. */
interface MailFlow {
  /** As the cmdlet says it: `Success`, `*FAILURE*`. */
  readonly result: string;
  readonly delivered: boolean;
  /** Undefined where it did not arrive. */
  readonly latencyMs: number | undefined;
}

/** The reading `flow`. */
function mailFlowIn(facts: Facts): Reading<MailFlow> {
  return parseExchangeReading(facts, "flow", "Test-Mailflow", (answer) => {
    const record = oneRecord("`Test-Mailflow`", answer);
    if (record.kind === "error") return record;
    const result = textField(record.value, "TestMailflowResult");
    if (result === undefined) return unreadable("`Test-Mailflow`", "`TestMailflowResult` is empty");
    // Only `Success` is a word of its own; every other result, in whatever language, is none.
    const delivered = result.toLowerCase() === "success";
    const text = textField(record.value, "MessageLatencyTime") ?? "";
    const latencyMs = delivered ? parseTimeSpan(text) : undefined;
    if (delivered && latencyMs === undefined) return unreadable("`Test-Mailflow`", `\`MessageLatencyTime\` is \`${excerpt(text)}\`, expected \`00:00:02.1340000\``);
    return ok({ result, delivered, latencyMs });
  });
}

/** `exchange.mail_flow`: whether a test message arrives. */
export const exchangeMailFlow = defineBuiltin({
  name: "exchange.mail_flow",
  title: "Test whether mail is delivered",
  docs: `Lets the mailbox server send a message from its system mailbox to itself with \`Test-Mailflow\`, and waits until it has arrived. It tests submission, transport
and delivery. No user sees the message, and nothing else is changed; so it counts as reading. Each look sends one, so use it as a step or a check, not as a postcondition.

A message that does not arrive within \`within_seconds\` is an answer, not a failure: \`delivered\` is false. Directly after a move the first message can be late; wait with \`wait-until\`.

Source: domain page, F41; the words of the result are from memory.`,
  examples: [{
    title: "Mail flows after the move",
    yaml: `- id: mail
  uses: exchange.mail_flow
  target: node_b
  with: { identity: "{{inputs.cms}}" }
  wait-until:
    that: outputs.delivered
    because: A test message did not arrive
  every: 30s
  timeout: 15m`,
  }],
  inputs: {
    identity: { type: "string", description: "Name of the mailbox server" },
    within_seconds: { type: "integer", default: 30, minimum: 1, maximum: 50, description: "How many seconds the message may take; the last look of a `wait-until` has one minute in all" },
  },
  outputs: {
    delivered: { type: "boolean", description: "The message arrived" },
    result: { type: "string", description: "The cmdlet's word for it" },
    latency: { type: "duration", required: false, description: "How long the message took; absent where it did not arrive" },
  },
  codes: {},
  place: "required",
  timeoutMs: 180_000,
  actions: {
    test: {
      effect: "reads",
      title: "Send a test message",
      make: ({ identity, within_seconds: seconds }) => ({
        kind: "cmdlet",
        name: "Test-Mailflow",
        parameters: { Identity: identity, ExecutionTimeout: seconds },
        properties: ["TestMailflowResult", "MessageLatencyTime"],
      }),
    },
  },
  look: () => ({ flow: { action: "test" } }),
  decide(inputs, facts, past) {
    const flow = mailFlowIn(facts);
    if (flow.kind === "error") return withoutReading(past, flow.error);
    const { delivered, result, latencyMs } = flow.value;
    const latency = latencyMs === undefined ? undefined : formatDuration(latencyMs);
    return {
      kind: "done",
      outputs: { delivered, result, ...(latency === undefined ? {} : { latency }) },
      because: delivered ? `a test message of ${inputs.identity} arrived after ${latency ?? ""}` : `a test message of ${inputs.identity} did not arrive within ${formatDuration(inputs.within_seconds * 1000)} (${result}); \`Test-Mailflow ${inputs.identity}\` shows it`,
    };
  },
});
