import type { CmdletResult } from "../../core/action.ts";
import { defineBuiltin, type Facts } from "../../core/builtin.ts";
import { unreadable, withoutReading, type Reading } from "../../core/reading.ts";
import { ok } from "../../core/result.ts";
import { recordsOf, textField } from "../../formats/cmdlet-record.ts";
import { excerpt } from "../../formats/excerpt.ts";
import { isBeforeServicePack1, readVersion, versionIn } from "./shared/mailbox-server.ts";
import { parseExchangeReading } from "./shared/exchange-cmdlet.ts";

/** Results of a check (from memory; domain page, 3.4). */
const RESULTS = ["Passed", "Warning", "Failed"] as const;

/** One check of `Test-ReplicationHealth`. Its name is data: which checks there are depends on the service pack. */
interface HealthCheck {
  readonly check: string;
  readonly result: (typeof RESULTS)[number];
  readonly error: string | undefined;
}

function parseChecks(answer: CmdletResult): Reading<readonly HealthCheck[]> {
  const what = "`Test-ReplicationHealth`";
  const records = recordsOf(what, answer);
  if (records.kind === "error") return records;
  const checks: HealthCheck[] = [];
  for (const record of records.value) {
    const check = textField(record, "Check");
    const shown = textField(record, "Result");
    const result = RESULTS.find((known) => known.toLowerCase() === shown?.replaceAll("*", "").toLowerCase());
    if (check === undefined) return unreadable(what, "a record has no `Check`");
    if (result === undefined) return unreadable(what, `\`Result\` of ${check} is \`${excerpt(shown ?? "")}\`, expected ${RESULTS.join(", ")}`);
    checks.push({ check, result, error: textField(record, "Error") });
  }
  return checks.length === 0 ? unreadable(what, "it made no check") : ok(checks);
}

function checksIn(facts: Facts): Reading<readonly HealthCheck[]> {
  return parseExchangeReading(facts, "checks", "Test-ReplicationHealth", parseChecks);
}

/** `exchange.replication_health`: what Exchange itself finds wrong with cluster and copies. */
export const exchangeReplicationHealth = defineBuiltin({
  name: "exchange.replication_health",
  title: "Let Exchange check the replication of a node",
  docs: `Runs \`Test-ReplicationHealth\` on the node, which checks the cluster, the witness, the replication service and the copies as Exchange sees them.
It is a second opinion beside \`exchange.copy_status\`, \`cluster.nodes\` and \`cluster.quorum\`.

\`passed\` is true if no check failed; warnings are listed apart. Names of checks are data: there are others with each service pack.

The cmdlet exists from service pack 1 on. Before it \`available\` is false and nothing was tested, so \`passed\` is absent: write \`!outputs.available || outputs.passed\`.

Source: domain page, 3.4 (from memory) and F8.`,
  examples: [{
    title: "Nothing is wrong on NodeB",
    yaml: `- id: replication
  uses: exchange.replication_health
  target: node_b
  with: { identity: "{{inputs.cms}}" }
  expect:
    - that: '!outputs.available || outputs.passed'
      because: "{{outputs.summary}}"`,
  }],
  inputs: { identity: { type: "string", description: "Name of the clustered mailbox server, whose version is read" } },
  outputs: {
    available: { type: "boolean", description: "The cmdlet exists: service pack 1 or later" },
    passed: { type: "boolean", required: false, description: "No check failed; absent where nothing was tested" },
    checks: {
      type: "list", description: "Every check; empty where nothing was tested",
      items: {
        type: "object",
        properties: {
          name: { type: "string", description: "Its name, as Exchange gives it" },
          result: { type: "string", enum: RESULTS, description: "What came of it" },
          error: { type: "string", required: false, description: "What is wrong" },
        },
      },
    },
    failed: { type: "list", items: { type: "string" }, description: "Names of the checks that failed" },
    warnings: { type: "list", items: { type: "string" }, description: "Names of the checks that warn" },
    summary: { type: "string", description: "What is wrong, in one line" },
  },
  codes: {},
  place: "required",
  timeoutMs: 300_000,
  actions: {
    read_version: readVersion,
    test: {
      effect: "reads",
      title: "Run the replication checks",
      make: () => ({ kind: "cmdlet", name: "Test-ReplicationHealth", parameters: {}, properties: ["Check", "Result", "Error"] }),
    },
  },
  look(_inputs, facts) {
    const version = versionIn(facts);
    const first = { version: { action: "read_version" } };
    return version.kind === "error" || isBeforeServicePack1(version.value) ? first : { ...first, checks: { action: "test" } };
  },
  decide(inputs, facts, past) {
    const version = versionIn(facts);
    if (version.kind === "error") return withoutReading(past, version.error);
    if (isBeforeServicePack1(version.value)) {
      const summary = `${inputs.identity} has ${version.value}, and Test-ReplicationHealth exists only from service pack 1 on`;
      return { kind: "done", outputs: { available: false, checks: [], failed: [], warnings: [], summary }, because: summary };
    }
    const checks = checksIn(facts);
    if (checks.kind === "error") return withoutReading(past, checks.error);
    const withResult = (result: HealthCheck["result"]): readonly HealthCheck[] => checks.value.filter((check) => check.result === result);
    const failed = withResult("Failed");
    const wrong = [...failed, ...withResult("Warning")];
    const summary = wrong.length === 0 ? `all ${checks.value.length} checks passed` : wrong.map(({ check, result, error }) => `${check} ${result}${error === undefined ? "" : `: ${error}`}`).join("; ");
    return {
      kind: "done",
      outputs: {
        available: true,
        passed: failed.length === 0,
        checks: checks.value.map(({ check, result, error }) => ({ name: check, result, ...(error === undefined ? {} : { error }) })),
        failed: failed.map(({ check }) => check),
        warnings: withResult("Warning").map(({ check }) => check),
        summary,
      },
      because: summary,
    };
  },
});
